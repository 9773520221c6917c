"""What the record says of each window: the time from one starting situation to the next."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from record import history as coded
from record.names import Correspondence, Happening, Passage
from record.tables import DAYS_PER_YEAR, read


@dataclass(frozen=True)
class Window:
    """From a starting situation to the next.

    What happens on its last day belongs to it, on its first to the one before: a start may be read off the very day on
    which something brought it about.
    """

    start: str
    since: date
    until: date

    @property
    def years(self) -> float:
        return (self.until - self.since).days / DAYS_PER_YEAR


@dataclass(frozen=True)
class Evidence:
    """What a fit looks at."""

    counts: Mapping[str, Sequence[int]]
    """Of every series, in each window."""
    shares: Mapping[str, Mapping[str, Sequence[float]]] = field(default_factory=dict)
    """Share of each window that every factor stood at each level."""
    looks: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """For every weighed factor how many independent looks each window takes at it."""


def evidence(table: Correspondence, history: coded.History) -> Evidence:
    """All of it, off the record."""
    return Evidence(counts(table, history), shares(table, history), looks(table, history))


def windows(table: Correspondence) -> tuple[Window, ...]:
    """Windows that do not overlap and together cover the time from the first start to the end of the record."""
    names, days = list(table.situations), list(table.situations.values())
    spans = (Window(name, day, end) for name, day, end in zip(names, days, [*days[1:], table.until], strict=True))
    return tuple(span for span in spans if span.until > span.since)


def factors(table: Correspondence, history: coded.History) -> coded.History:
    """The record as the scenario's factors: entries of each in the scenario's own levels."""
    return {each.factor: coded.combined(history, each.dimensions, each.level) for each in table.aspects}


def counts(table: Correspondence, history: coded.History) -> dict[str, list[int]]:
    """For every series how often it was seen in each window."""
    stands, spans = factors(table, history), windows(table)
    happened = table.happened and read(table.happened, "date", "kind")
    dated = [(date.fromisoformat(row["date"]), row["kind"]) for row in happened or ()]
    seen = {each.series: [_passed(stands, each, span) for span in spans] for each in table.passages}
    for each in table.happenings:
        days = {day for day, kind in dated if kind == each.kind}
        seen[each.series] = [sum(_counts(stands, each, day, span) for day in days) for span in spans]
    return seen


def shares(table: Correspondence, history: coded.History) -> dict[str, dict[str, list[float]]]:
    """For every factor and recorded level the share of each window's days that it stood there."""
    stands = factors(table, history)
    return {
        factor: {
            level: [coded.share_of_time(stands, factor, (level,), w.since, w.until) for w in windows(table)]
            for level in dict.fromkeys(entry.level for entry in stands[factor])
        }
        for factor in stands
    }


def looks(table: Correspondence, history: coded.History) -> dict[str, list[float]]:
    """For every weighed factor how many independent looks each window takes at it: its years over the mean spell's."""
    stands, spans = factors(table, history), windows(table)
    found = {}
    for each in table.aspects:
        if each.weighed:
            spells = len(coded.spells(stands, each.factor, spans[0].since, spans[-1].until))
            found[each.factor] = [spells * span.years / sum(s.years for s in spans) for span in spans]
    return found


def _passed(stands: coded.History, passage: Passage, window: Window) -> int:
    number = 0
    for before, after in itertools.pairwise(stands[passage.factor]):
        eve = after.date - timedelta(days=1)
        number += (
            window.since < after.date <= window.until
            and before.level in passage.origins
            and after.level in passage.targets
            and all(coded.entry_at(stands, other, eve).level in levels for other, levels in passage.given.items())
        )
    return number


def _counts(stands: coded.History, happening: Happening, day: date, window: Window) -> bool:
    if not window.since < day <= window.until:
        return False
    if happening.while_at is None:
        return True
    factor, level = happening.while_at
    # The test that proves reach ends the level on its own day, and is one of those that count.
    return any(run.level == level and run.start <= day <= run.end for run in coded.spells(stands, factor))
