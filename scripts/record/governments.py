"""Sanctions voted in the Security Council, leaders and their ends, and nuclear possession."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from record.estimates import Rate, rate, share
from record.tables import DAYS_PER_YEAR, Row

ARMISTICE = date(1953, 7, 27)
STATES = {"2": "USA", "710": "China", "731": "North Korea", "732": "South Korea", "740": "Japan"}


def sanctions_rates(rows: Sequence[Row]) -> list[Rate]:
    """How China voted on drafts with sanctions, and how many a year were adopted from 2006 on."""
    drafts = [row for row in rows if row["resolution_type"].startswith("sanctions") and row["china_vote"]]
    yes = sum(row["china_vote"].upper().startswith("Y") for row in drafts)
    adopted = [row for row in drafts if row["outcome"] == "adopted"]
    until = max(int(row["date"][:4]) for row in rows) + 1
    kind = {"source": "security-council", "theme": "sanctions"}
    return [
        share(
            "china_votes_for_sanctions",
            yes,
            len(drafts) - yes,
            about="Drafts with sanctions that China voted for",
            **kind,
        ),
        rate(
            "sanctions_resolutions", len(adopted), until - 2006, about="Resolutions with sanctions since 2006", **kind
        ),
    ]


def leader_rates(rows: Iterable[Row]) -> list[Rate]:
    """Ends in office per year since the armistice by state, and how many of them were irregular (Archigos).

    Archigos ends in 2015; a leader then in office is no end. Whether a regime falls with its leader it does not say.
    """
    lines = []
    ends: dict[str, list[str]] = {state: [] for state in STATES}
    years = dict.fromkeys(STATES, 0.0)
    for row in rows:
        state = (row.get("ccode") or row.get("gwcode") or "").split(".")[0]
        start, end = date.fromisoformat(row["startdate"]), date.fromisoformat(row["enddate"])
        if state not in STATES or end < ARMISTICE:
            continue
        years[state] += (end - max(start, ARMISTICE)).days / DAYS_PER_YEAR
        if row["exit"] != "Still in Office":
            ends[state].append(row["exit"])
    kind = {"source": "archigos", "theme": "governments"}
    for state, exits in ends.items():
        if not years[state]:
            continue
        name, key = STATES[state], STATES[state].lower().replace(" ", "_")
        lines.append(rate(f"leader_change_{key}", len(exits), years[state], about=f"Leaders' ends in {name}", **kind))
        irregular = exits.count("Irregular") + exits.count("Foreign")
        about = f"Irregular ends of leaders in {name}"
        lines.append(rate(f"irregular_exit_{key}", irregular, years[state], about=about, **kind))
    return lines


def possession_years(rows: Iterable[Row]) -> int:
    """State-years in which a state of the file possessed nuclear weapons."""
    return sum(row["nuclear_weapons_status"] == "3" for row in rows)


def accident_rates(rows: Sequence[Row]) -> list[Rate]:
    """Nuclear explosions by accident per year of possession: none was seen."""
    about = "Nuclear explosions by accident per state-year of possession by the states of the file"
    return [rate("accident", 0, possession_years(rows), about=about, source="bleek-status", theme="nuclear accident")]
