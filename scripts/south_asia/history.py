"""What stood when between India and Pakistan, and counts over it.

`docs/evidence/south-asia-timeline.csv` has one row per change of a dimension: from which day, to which level, the fact,
and how sure the coding is. A level holds until the next row of its dimension.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from record.history import EVIDENCE
from record.tables import DAYS_PER_YEAR, read

TIMELINE = EVIDENCE / "south-asia-timeline.csv"
UNTIL = date(2025, 12, 31)
"""Last day of the window; it begins with the first row."""


@dataclass(frozen=True)
class Spell:
    """Days during which nothing changed, and what changed at their end."""

    levels: Mapping[str, str]
    days: int
    after: Mapping[str, str]


@dataclass(frozen=True)
class Count:
    """Ends of a level, and the years of it in which they could be seen."""

    dimension: str
    leaves: Collection[str] | None = None
    """Levels that are left; all if None."""
    reaches: Collection[str] | None = None
    """Levels that count as an event; all if None. An empty collection counts none."""
    given: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Levels of other dimensions in which it is counted."""
    weights: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Multipliers that act on the rate, by dimension and level."""


def spells() -> list[Spell]:
    """The window cut at every change."""
    rows = read(TIMELINE, "dimension", "from", "level", "fact", "confidence")
    days = sorted({date.fromisoformat(row["from"]) for row in rows})
    states: list[dict[str, str]] = []
    for day in days:
        change = {row["dimension"]: row["level"] for row in rows if row["from"] == day.isoformat()}
        states.append({**(states[-1] if states else {}), **change})
    ends, afters = [*days[1:], UNTIL], [*states[1:], states[-1]]
    return [
        Spell(state, (end - day).days, after) for day, end, state, after in zip(days, ends, states, afters, strict=True)
    ]


def counted(count: Count, values: Mapping[str, float]) -> tuple[int, float]:
    """Events, and years, each weighted by the multipliers that act in it."""
    events, years = 0, 0.0
    for spell in spells():
        level = spell.levels[count.dimension]
        if count.leaves is not None and level not in count.leaves:
            continue
        if any(spell.levels[other] not in allowed for other, allowed in count.given.items()):
            continue
        weight = 1.0
        for (dimension, at), multiplier in count.weights.items():
            weight *= values[multiplier] if spell.levels[dimension] == at else 1.0
        years += weight * spell.days / DAYS_PER_YEAR
        reached = spell.after[count.dimension]
        events += reached != level and (count.reaches is None or reached in count.reaches)
    return events, years
