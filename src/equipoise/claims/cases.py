"""The edits of a scenario that a test compares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from equipoise.scenario.claim_english import levels_of, values_of
from equipoise.scenario.claims import AS_WRITTEN, Claim, ClaimTest, Side
from equipoise.scenario.models import FrozenDict, Scenario, Situation, Variant
from equipoise.scenario.phrases import listed, number, words
from equipoise.scenario.rules.common import met
from equipoise.scenario.variants import apply


@dataclass(frozen=True)
class Case:
    """One edit of the scenario: a variant, and what a test pins, sets or takes out on top of it."""

    variant: str = AS_WRITTEN
    pin: tuple[tuple[str, str], ...] = ()
    settings: tuple[tuple[str, float], ...] = ()
    without: tuple[str, ...] = ()
    start: tuple[str, tuple[tuple[str, str], ...]] | None = None
    """A starting situation with some levels changed, if no start of the scenario leads to that state."""

    def __str__(self) -> str:
        own = "as written" if self.variant == AS_WRITTEN else words(self.variant)
        added = [f"{words(factor)} at {level}" for factor, level in self.pin]
        added += [f"{words(name)} at {number(value)}" for name, value in self.settings]
        added += [f"without {listed(self.without)}"] if self.without else []
        return own if not added else listed(added if own == "as written" else [own, *added])

    @property
    def as_written(self) -> bool:
        """Whether nothing is edited."""
        return self == replace(Case(), start=self.start)


def edited(scenario: Scenario, case: Case) -> Scenario:
    """The scenario as a case has it. Raises `RequestError` if a name is unknown."""
    if case.start is not None:
        start, levels = case.start
        state = FrozenDict({**scenario.initial[start].state, **dict(levels)})
        initial = FrozenDict({**scenario.initial, _name(case.start): Situation(state=state)})
        scenario = scenario.model_copy(update={"initial": initial})
    if case.variant != AS_WRITTEN:
        scenario = apply(scenario, case.variant)
    if case.pin or case.settings or case.without:
        extra = Variant(about=str(case), pin=FrozenDict(case.pin), set=FrozenDict(case.settings), without=case.without)
        scenario = apply(scenario, extra)
    return _without_lost_starts(scenario)


def _without_lost_starts(scenario: Scenario) -> Scenario:
    """Without the starts that pins have made impossible; a test that asks from one of them is refused as unfair."""
    kept = {
        name: start
        for name, start in scenario.initial.items()
        if not any(conjunction and met(conjunction, start.state) for conjunction in scenario.impossible)
    }
    return scenario if len(kept) == len(scenario.initial) else scenario.model_copy(update={"initial": FrozenDict(kept)})


def cases_of(scenario: Scenario, test: ClaimTest) -> tuple[Case, ...]:
    """The cases that a single test compares, in its own order; one for a threshold or a ranking."""
    if test.sides:
        return tuple(side_case(side) for side in test.sides)
    series = test.series
    if series is not None and series.parameter is not None:
        return tuple(Case(settings=((series.parameter, value),)) for value in values_of(scenario, series))
    if series is not None and series.factor is not None:
        return tuple(Case(pin=((series.factor, level),)) for level in levels_of(scenario, series))
    if series is not None:
        return tuple(Case(variant) for variant in series.variants)
    return (Case(test.variant), *(Case(test.variant, without=(mechanism,)) for mechanism in test.needs))


def side_case(side: Side) -> Case:
    """The case of a side of a comparison; its start is looked up in it."""
    return Case(side.variant)


def all_cases(scenario: Scenario, claims: Iterable[Claim]) -> tuple[Case, ...]:
    """Every case that some claims need, each once, the scenario as written first."""
    tests = [part for claim in claims if claim.test is not None for part in claim.test.parts]
    return tuple(dict.fromkeys((Case(), *(case for test in tests for case in cases_of(scenario, test)))))


def _name(start: tuple[str, tuple[tuple[str, str], ...]]) -> str:
    return start[0] + "".join(f" {factor} {level}" for factor, level in start[1])
