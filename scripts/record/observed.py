"""What the record says of each window: the time from one starting situation to the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from record import history as coded
from record.names import ASPECTS, HAPPENINGS, PASSAGES, SITUATIONS, Happening
from record.tables import DAYS_PER_YEAR, read

TESTS = coded.EVIDENCE / "northeast-asia-tests.csv"


@dataclass(frozen=True)
class Window:
    """From a starting situation to the next."""

    start: str
    since: date
    until: date

    @property
    def years(self) -> float:
        return (self.until - self.since).days / DAYS_PER_YEAR


def windows() -> tuple[Window, ...]:
    """Windows that do not overlap and together cover the time from the first start to the last."""
    names, days = list(SITUATIONS), list(SITUATIONS.values())
    return tuple(Window(name, day, end) for name, day, end in zip(names, days, days[1:], strict=False))


def factors(history: coded.History) -> coded.History:
    """The record as the scenario's factors: entries of each in the scenario's own levels."""
    return {each.factor: coded.combined(history, each.dimensions, each.level) for each in ASPECTS}


def counts(history: coded.History, tests: Path = TESTS) -> dict[str, list[int]]:
    """For every series how often it was seen in each window."""
    stands = factors(history)
    happened = [(date.fromisoformat(row["date"]), row["kind"]) for row in read(tests, "date", "kind")]
    seen = {
        each.series: [
            coded.passages(stands, each.factor, each.origins, each.targets, window.since, window.until)[0]
            for window in windows()
        ]
        for each in PASSAGES
    }
    for each in HAPPENINGS:
        days = {day for day, kind in happened if kind == each.kind}
        seen[each.series] = [sum(_counts(stands, each, day, window) for day in days) for window in windows()]
    return seen


def shares(history: coded.History) -> dict[str, dict[str, list[float]]]:
    """For every factor and recorded level the share of each window's days that it stood there."""
    stands = factors(history)
    return {
        factor: {
            level: [coded.share_of_time(stands, factor, (level,), w.since, w.until) for w in windows()]
            for level in dict.fromkeys(entry.level for entry in stands[factor])
        }
        for factor in stands
    }


def _counts(stands: coded.History, happening: Happening, day: date, window: Window) -> bool:
    if not window.since <= day < window.until:
        return False
    if happening.while_at is None:
        return True
    factor, level = happening.while_at
    # The test that proves reach ends the level on its own day, and is one of those that count.
    return any(run.level == level and run.start <= day <= run.end for run in coded.spells(stands, factor))
