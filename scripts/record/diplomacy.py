"""Talks and what goes with them, from the CSIS lists, and exercises from the list of multinational exercises.

CSIS codes meetings by month from 1990 to August 2018. A spell of talks is a run of months with meetings at most three
months apart. Its list of provocations counts 32 balloons in 2024, which are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from record.estimates import Rate, rate, ratio
from record.tables import Row, month, spells


def talks(
    rows: Iterable[Row], watched: tuple[str, str] = ("1993-01", "2018-08")
) -> tuple[list[tuple[int, int]], float, float]:
    """Spells of US-DPRK talks, years within them and years outside, in the months watched."""
    first, last = map(month, watched)
    met = [
        row["year_month"]
        for row in rows
        if {"USA", "PRK"} <= set(re.findall(r"[A-Z]{3}", row.get("parties_iso3") or row.get("parties", "")))
    ]
    runs = [run for run in spells(met) if first <= run[0] <= last]
    inside = sum(end - start + 1 for start, end in runs)
    return runs, inside / 12, (last - first + 1 - inside) / 12


def provocations_by_talks(
    provocations: Iterable[Row], runs: Sequence[tuple[int, int]], years: tuple[int, int] = (1993, 2017)
) -> tuple[int, float, int, float]:
    """Provocations and years inside spells of talks, then outside."""
    inside = {number for start, end in runs for number in range(start, end + 1)}
    return _split(provocations, inside, years)


def provocations_by_exercises(
    provocations: Iterable[Row], exercises: Iterable[Row], years: tuple[int, int] = (1990, 2010)
) -> tuple[int, float, int, float]:
    """Provocations and years in months with a US-ROK exercise, then without."""
    inside: set[int] = set()
    for row in exercises:
        members = set(re.findall(r"[A-Z]{3}", row["participants_iso3"]))
        if {"USA", "KOR"} <= members and row["start_date"].count("-"):
            end = row["end_date"] if row["end_date"].count("-") else row["start_date"]
            inside.update(range(month(row["start_date"]), month(end) + 1))
    return _split(provocations, inside, years)


def talk_rates(rows: Sequence[Row]) -> list[Rate]:
    """Openings of talks per year without, ends per year within."""
    runs, inside, outside = talks(rows)
    kind = {"source": "csis-negotiations", "theme": "talks"}
    return [
        rate("talks_begin", len(runs), outside, about="Spells of US-DPRK talks per year without, 1993-2018", **kind),
        rate("talks_lapse", len(runs), inside, about="Ends of spells of US-DPRK talks per year of talks", **kind),
    ]


def provocations_during_talks(provocations: Sequence[Row], rows: Sequence[Row]) -> Rate:
    """Rate of provocations in spells of talks over the rate outside."""
    within, years_in, without, years_out = provocations_by_talks(provocations, talks(rows)[0])
    about = "Provocations while there are talks against those without, 1993-2017; quiet also makes for talks"
    kind = {"source": "csis-provocations", "theme": "talks"}
    return ratio("provocations_during_talks", (within, years_in), (without, years_out), about=about, **kind)


def provocations_during_exercises(provocations: Sequence[Row], exercises: Sequence[Row]) -> Rate:
    """Rate of provocations in months with exercises over the rate in the others."""
    within, years_in, without, years_out = provocations_by_exercises(provocations, exercises)
    about = "Provocations in months with a joint exercise against the others, 1990-2010"
    kind = {"source": "csis-provocations", "theme": "exercises"}
    return ratio("provocations_during_exercises", (within, years_in), (without, years_out), about=about, **kind)


def exercise_rates(exercises: Sequence[Row], years: tuple[int, int] = (1993, 2010)) -> list[Rate]:
    """US-ROK exercises per year."""
    held = sum(
        {"USA", "KOR"} <= set(re.findall(r"[A-Z]{3}", row["participants_iso3"]))
        and years[0] <= int(row["start_date"][:4]) <= years[1]
        for row in exercises
    )
    about = f"Joint exercises of the United States and South Korea, {years[0]}-{years[1]}"
    return [rate("exercises_held", held, years[1] - years[0] + 1, about=about, source="mme", theme="exercises")]


def _split(provocations: Iterable[Row], inside: set[int], years: tuple[int, int]) -> tuple[int, float, int, float]:
    watched = range(years[0] * 12, years[1] * 12 + 12)
    counts = [month(row["date"]) for row in provocations if row.get("category") != "trash_balloon"]
    within = sum(number in inside for number in counts if number in watched)
    without = sum(number not in inside for number in counts if number in watched)
    years_inside = sum(number in inside for number in watched) / 12
    return within, years_inside, without, len(watched) / 12 - years_inside
