"""How names of a scenario meet names of its record: one table for each scenario that has a record.

The tables are `record.northeast_asia` and `south_asia.names`. When a factor, level, move, event or parameter of a
scenario is renamed, its table changes and nothing else. Whatever names a thing that the scenario does not have is
reported by `unknown_names`, never passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from equipoise.errors import nearest
from equipoise.scenario.models import Scenario
from record.history import History
from record.judgements import Judgement


def same(level: str) -> str:
    """The factor's levels are called as the record's."""
    return level


@dataclass(frozen=True)
class Aspect:
    """A factor of the scenario and the dimensions of the coded record that it is made of."""

    factor: str
    dimensions: tuple[str, ...]
    level: Callable[..., str] = same
    """The factor's level, given the level of each dimension."""
    weighed: bool = False
    """Whether the fit looks at the shares of time at its levels."""


@dataclass(frozen=True)
class Passage:
    """How often a factor goes from some of its levels to others, in the record and in the model."""

    series: str
    factor: str
    origins: tuple[str, ...]
    targets: tuple[str, ...]
    fitted: bool
    """Whether the fit looks at it; if not it is only shown."""
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Levels of other factors from which alone it counts."""


@dataclass(frozen=True)
class Happening:
    """How often moves or events of the scenario happen, against dated happenings of the record."""

    series: str
    steps: tuple[str, ...]
    """Ids of moves and events."""
    kind: str
    """Kind in the table's `happened`; '' for what never happened."""
    while_at: tuple[str, str] | None = None
    """Factor and level at which alone the scenario has the step, so that only such days of the record count."""
    fitted: bool = False


@dataclass(frozen=True)
class War:
    """What is shown of war beside the scenario's risk; none of it enters a fit."""

    record: str
    """What the record says, in words."""
    interval: tuple[float, float]
    """1/year: nineteen twentieths of Jeffreys' posterior."""
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True)
class Correspondence:
    """What in a scenario stands for what in its record, and what a fit looks at and may move."""

    scenario: str
    module: str
    """File of the table, as errors name it."""
    page: Path
    """Document into which the tables are written."""
    read: Callable[[], History]
    """The coded record."""
    situations: Mapping[str, date]
    """Starting situations in order of time, and the day on which each is read off the record."""
    until: date
    """Last day of the record."""
    aspects: tuple[Aspect, ...]
    passages: tuple[Passage, ...]
    happenings: tuple[Happening, ...]
    fitted: tuple[str, ...]
    """Parameters that the fit may move."""
    war: War
    happened: Path | None = None
    """Table of dated happenings with columns `date` and `kind`."""

    @property
    def lines(self) -> tuple[Passage | Happening, ...]:
        """Passages, then happenings."""
        return (*self.passages, *self.happenings)

    @property
    def series(self) -> list[str]:
        """Names of all of them, in order."""
        return [each.series for each in self.lines]


def unknown_names(scenario: Scenario, table: Correspondence) -> list[str]:
    """Every name of the table that the scenario does not have, with the nearest that it has."""
    return [f"{table.module}: {fault}" for fault in _unknown(scenario, table)]


def _unknown(scenario: Scenario, table: Correspondence) -> Iterator[str]:
    for each in table.aspects:
        yield from _missing("factor", [each.factor], list(scenario.factors))
    for passage in table.passages:
        for factor, levels in ((passage.factor, (*passage.origins, *passage.targets)), *passage.given.items()):
            known = scenario.factors[factor].levels if factor in scenario.factors else ()
            yield from _missing(f"level of '{factor}'", levels, known)
    steps = [step.id for step in scenario.steps]
    for happening in table.happenings:
        yield from _missing("move or event", happening.steps, steps)
    yield from _missing("starting situation", table.situations, list(scenario.initial))
    yield from _missing("parameter", table.fitted, list(scenario.parameters))


def _missing(what: str, named: Collection[str], names: Collection[str]) -> Iterator[str]:
    for name in named:
        if name not in names:
            near = nearest(name, names)
            hint = f"did you mean '{near}'?" if near else f"there are {', '.join(names)}"
            yield f"the scenario has no {what} called '{name}'; {hint}"
