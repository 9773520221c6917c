"""The coded record: how each aspect of the system stood, day by day, since the early 1990s.

`docs/evidence/northeast-asia-timeline.csv` has one row per change of an aspect: dimension, date from which it holds,
level, the fact, the key of its source in `northeast-asia-sources.csv`, and how sure it is: `high` (a document or two
accounts), `medium` (one account), `judged` (the fact is on record, the level is the coder's reading of it). A level
holds until the next row of its dimension.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from record.tables import DAYS_PER_YEAR, UnreadableError, read

EVIDENCE = Path(__file__).parents[2] / "docs" / "evidence"
TIMELINE = EVIDENCE / "northeast-asia-timeline.csv"
SOURCES = EVIDENCE / "northeast-asia-sources.csv"
CONFIDENCE = ("high", "medium", "judged")

WATCHED = (date(1993, 1, 1), date(2026, 8, 31))
"""Days between which the conduct of all is coded."""


@dataclass(frozen=True)
class Entry:
    """One coded change."""

    dimension: str
    date: date
    level: str
    fact: str
    source: str
    confidence: str


@dataclass(frozen=True)
class Spell:
    """A time through which an aspect stood at one level."""

    level: str
    start: date
    end: date
    entry: Entry

    @property
    def years(self) -> float:
        return (self.end - self.start).days / DAYS_PER_YEAR


History = Mapping[str, tuple[Entry, ...]]
"""Entries of each dimension in order of time."""


def load(path: Path = TIMELINE, sources: Path = SOURCES) -> History:
    """The coded record; UnreadableError with every fault if a row is out of order or its source unknown."""
    known = {row["key"] for row in read(sources, "key", "cite")}
    history: dict[str, list[Entry]] = {}
    faults = []
    for number, row in enumerate(read(path, "dimension", "date", "level", "fact", "source", "confidence"), start=2):
        try:
            day, rest = (
                date.fromisoformat(row["date"]),
                [row[name] for name in ("level", "fact", "source", "confidence")],
            )
        except (ValueError, KeyError):
            faults.append(f"{path}:{number}: six fields are needed, the second an ISO date; found {row}")
            continue
        entry = Entry(row["dimension"], day, *rest)
        earlier = history.setdefault(entry.dimension, [])
        if earlier and earlier[-1].date >= entry.date:
            faults.append(f"{path}:{number}: {entry.date} does not come after {earlier[-1].date}")
        if entry.source not in known:
            faults.append(f"{path}:{number}: no source is called '{entry.source}' in {sources.name}")
        if entry.confidence not in CONFIDENCE:
            faults.append(f"{path}:{number}: confidence is '{entry.confidence}', not one of {', '.join(CONFIDENCE)}")
        earlier.append(entry)
    if faults:
        raise UnreadableError("\n".join(faults))
    return {dimension: tuple(entries) for dimension, entries in history.items()}


def entry_at(history: History, dimension: str, day: date) -> Entry:
    """The entry that holds on a day; KeyError if the dimension is unknown, LookupError if it was not yet coded."""
    before = [entry for entry in history[dimension] if entry.date <= day]
    if not before:
        raise LookupError(f"{dimension} is not coded before {history[dimension][0].date}")
    return before[-1]


def spells(history: History, dimension: str, since: date = WATCHED[0], until: date = WATCHED[1]) -> list[Spell]:
    """Spells of a dimension between two days; neighbouring entries of the same level make one spell."""
    entries = history[dimension]
    ends = [*(entry.date for entry in entries[1:]), until]
    runs: list[Spell] = []
    for entry, end in zip(entries, ends, strict=True):
        start, end = max(entry.date, since), min(end, until)
        if start >= end:
            continue
        if runs and runs[-1].level == entry.level:
            runs[-1] = Spell(entry.level, runs[-1].start, end, runs[-1].entry)
        else:
            runs.append(Spell(entry.level, start, end, entry))
    return runs


def passages(
    history: History,
    dimension: str,
    origins: Collection[str],
    targets: Collection[str],
    since: date = WATCHED[0],
    until: date = WATCHED[1],
) -> tuple[int, float]:
    """How often a dimension went from one of `origins` to one of `targets`, and the years it stood at the origins."""
    runs = spells(history, dimension, since, until)
    events = sum(before.level in origins and after.level in targets for before, after in itertools.pairwise(runs))
    return events, sum(run.years for run in runs if run.level in origins)


def share_of_time(
    history: History, dimension: str, levels: Collection[str], since: date = WATCHED[0], until: date = WATCHED[1]
) -> float:
    """Share of the days between two days on which a dimension stood at one of the levels."""
    runs = spells(history, dimension, since, until)
    return sum(run.years for run in runs if run.level in levels) / sum(run.years for run in runs)


def combined(history: History, dimensions: Sequence[str], level: Callable[..., str]) -> tuple[Entry, ...]:
    """Entries of a factor that is made of several dimensions: one at every change of any of them.

    An entry carries the fact and source of the change that brought it; where several dimensions change on the same day,
    those of the last of them.
    """
    first = max(history[dimension][0].date for dimension in dimensions)
    changes = sorted({entry.date for dimension in dimensions for entry in history[dimension] if entry.date >= first})
    entries: list[Entry] = []
    for day in changes:
        parts = [entry_at(history, dimension, day) for dimension in dimensions]
        newest = max(parts, key=lambda part: part.date)
        stands = level(*(part.level for part in parts))
        if not entries or entries[-1].level != stands:
            entries.append(replace(newest, dimension="+".join(dimensions), date=day, level=stands))
    return tuple(entries)
