"""Clashes, confrontations and their ends, from the two data sets of conflict.

Gibler-Miller-Little count onsets of militarised disputes between two states in each year; hostility levels are those of
the whole dispute, so they say nothing of war within a pair. International Crisis Behavior dates crises from trigger to
termination and says how each ended; it treats July 2017 to June 2018 as one crisis and ends there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from record.estimates import Rate, rate, share
from record.tables import DAYS_PER_YEAR, Row

USA, PRK, ROK, JPN, PRC = "2", "731", "732", "740", "710"
PEACE = (1954, 2010)
"""Years since the armistice that the dispute data cover."""
LATE = (1993, 2010)
"""Those since the nuclear question is open."""
FADES = "7"
"""ICB's system-level form of outcome of a crisis that nobody ended."""


@dataclass(frozen=True)
class Crisis:
    """A crisis with the states in it: its crisis actors and the state that triggered it."""

    states: frozenset[str]
    start: date
    years: float
    form: str
    """ICB's form of outcome: 1, 2 agreement; 3 tacit; 4 unilateral act; 5 imposed; 7 faded; '' unknown."""


def disputes(rows: Iterable[Row], one: str, other: str, years: tuple[int, int] = PEACE) -> tuple[int, int]:
    """Onsets of disputes between two states, and of those in which some state used force (hostility level 4 or 5)."""
    onsets = [
        int(row["hostlev"])
        for row in rows
        if (row["ccode1"], row["ccode2"]) == (one, other)
        and years[0] <= int(row["year"]) <= years[1]
        and row["gmlmidonset"] == "1"
    ]
    return len(onsets), sum(level >= 4 for level in onsets)


def joined(rows: Sequence[Row], one: str, other: str, third: str, years: tuple[int, int] = PEACE) -> tuple[int, int]:
    """Disputes of two states with force, and those of them in which `third` faced `one` too in the same dispute."""
    onsets = {
        row["dispnum"]
        for row in rows
        if (row["ccode1"], row["ccode2"]) == (one, other)
        and years[0] <= int(row["year"]) <= years[1]
        and row["gmlmidonset"] == "1"
        and int(row["hostlev"]) >= 4
    }
    with_third = {row["dispnum"] for row in rows if (row["ccode1"], row["ccode2"]) == (third, one)}
    return len(onsets), len(onsets & with_third)


def all_crises(systems: Iterable[Row], actors: Iterable[Row]) -> list[Crisis]:
    """Every crisis since the armistice."""
    involved: dict[str, set[str]] = {}
    for row in actors:
        involved.setdefault(row["crisno"], set()).add(row.get("cracid") or row["ccode"])
    found = []
    for row in systems:
        start, end = _crisis_date(row, "trig"), _crisis_date(row, "term")
        trigger = row.get("trigent") or row.get("trigger_entity_cow") or ""
        states = frozenset(involved.get(row["crisno"], set()) | {trigger})
        form = row.get("forout") or row.get("form_of_outcome") or ""
        if start.year >= PEACE[0]:
            found.append(Crisis(states, start, (end - start).days / DAYS_PER_YEAR, form))
    return found


def among(found: Iterable[Crisis], members: set[str], strangers: set[str]) -> list[Crisis]:
    """Crises with all of `members` and none of `strangers` in them."""
    return [crisis for crisis in found if members <= crisis.states and not strangers & crisis.states]


def crises(systems: Iterable[Row], actors: Iterable[Row], members: set[str], strangers: set[str]) -> list[float]:
    """Years that each crisis since 1954 lasted with all of `members` and none of `strangers` in it."""
    return [crisis.years for crisis in among(all_crises(systems, actors), members, strangers)]


def dispute_rates(rows: Sequence[Row]) -> list[Rate]:
    """Onsets of disputes by pair, since the armistice and since 1993."""
    source, theme = "gml-mid", "clashes and disputes"
    lines = []
    for years, suffix, since in ((PEACE, "", "1954-2010"), (LATE, "_since_1993", "1993-2010")):
        span = years[1] - years[0] + 1

        def line(name: str, events: int, about: str, *, span: int = span, end: str = suffix, when: str = since) -> Rate:
            return rate(name + end, events, span, about=f"{about}, {when}", source=source, theme=theme)

        onsets, force = disputes(rows, PRK, ROK, years)
        lines.append(line("north_south_disputes", onsets, "Onsets of disputes of North and South"))
        lines.append(line("clash_rate", force, "Disputes of North and South in which force was used"))
        onsets, force = disputes(rows, USA, PRK, years)
        lines.append(line("us_dprk_disputes", onsets, "Onsets of disputes of the United States and North Korea"))
        lines.append(line("us_dprk_disputes_with_force", force, "Those in which force was used"))
        onsets, force = disputes(rows, JPN, PRK, years)
        lines.append(line("japan_dprk_disputes", onsets, "Onsets of disputes of Japan and North Korea"))
        lines.append(line("japan_dprk_disputes_with_force", force, "Those in which force was used"))
        onsets, force = disputes(rows, PRC, PRK, years)
        lines.append(line("china_dprk_disputes", onsets, "Onsets of disputes of China and North Korea"))
        onsets, force = disputes(rows, USA, PRC, years)
        lines.append(line("us_china_disputes", onsets, "Onsets of disputes of the United States and China"))
        onsets, force = disputes(rows, JPN, PRC, years)
        lines.append(line("japan_china_disputes", onsets, "Onsets of disputes of Japan and China"))
    if rows and "dispnum" in rows[0]:
        for third, name, who in ((USA, "us_in_clash", "the United States"), (JPN, "japan_in_clash", "Japan")):
            total, drawn = joined(rows, PRK, ROK, third)
            about = f"Share of clashes of North and South, 1954-2010, that {who} was a party to"
            lines.append(share(name, drawn, total - drawn, about=about, source=source, theme=theme))
    return lines


def crisis_rates(systems: Sequence[Row], actors: Sequence[Row], clashes: int = 0) -> list[Rate]:
    """Onsets, lengths and ends of crises; `clashes` is the number of clashes seen, for the escalation of one."""
    source, theme = "icb", "crises"
    found = all_crises(systems, actors)
    watched = _last_year(systems) - PEACE[0] + 1
    standoffs, local = among(found, {USA, PRK}, set()), among(found, {PRK, ROK}, {USA})
    inside, inside_local = sum(c.years for c in standoffs), sum(c.years for c in local)
    late = [c for c in standoffs if c.start.year >= LATE[0]]

    def line(name: str, events: float, years: float, about: str) -> Rate:
        return rate(name, events, years, about=about, source=source, theme=theme)

    lines = [
        line("standoff_rate", len(standoffs), watched, "Crises of the United States with North Korea, 1954-2018"),
        line("standoff_rate_since_1993", len(late), watched - (LATE[0] - PEACE[0]), "The same, 1993-2018"),
        line("standoff_cools", len(standoffs), inside, "Ends of those crises per year of crisis"),
        line("standoff_escalates", 0, inside, "Wars per year of such crisis"),
        line("north_south_crises", len(local), watched, "Crises of North and South without the United States"),
        line("clash_cools", len(local), inside_local, "Ends of those crises per year of crisis"),
        line("china_crises", len(among(found, {PRC}, set())), watched, "Crises with China in them, 1954-2018"),
    ]
    for name, group, about in (
        ("standoff_with_rok", among(standoffs, {ROK}, set()), "Share of those crises with South Korea in them"),
        ("standoff_with_japan", among(standoffs, {JPN}, set()), "Share of those crises with Japan in them"),
    ):
        rest = len(standoffs) - len(group)
        lines.append(share(name, len(group), rest, about=about, source=source, theme=theme))
    known = [c for c in (*standoffs, *local) if c.form]
    if known:
        faded = sum(c.form == FADES for c in known)
        about = "Share of crises that nobody ended: they faded"
        lines.append(share("left_alone", faded, len(known) - faded, about=about, source=source, theme=theme))
    if clashes and local:
        years = clashes * inside_local / len(local)
        about = "Wars per year of clash, each clash as long as the mean crisis of North and South"
        lines.append(rate("clash_escalates", 0, years, about=about, source="gml-mid, icb", theme=theme))
    return lines


def _crisis_date(row: Row, which: str) -> date:
    """First or last day of a crisis; ICB writes 66, 77 and 88 for early, middle and late in the month."""
    text = row.get({"trig": "trigger_date", "term": "termination_date"}[which])
    parts = text.split("-") if text else [row.get(f"{part}{which}") or "" for part in ("yr", "mo", "da")]
    year, month, day = (int(part) if part else 0 for part in (*parts, "", "")[:3])
    return date(year, month or 6, {0: 15, 66: 5, 77: 15, 88: 25}.get(day, day))


def _last_year(systems: Sequence[Row]) -> int:
    return max(_crisis_date(row, "term").year for row in systems)
