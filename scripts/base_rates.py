"""Base rates behind the numbers of the scenario `northeast-asia`, computed from public data.

The data are not part of this project. Download them from their providers, save each as CSV and name the files:

    python scripts/base_rates.py --mid gml_ddydisps.csv --icb icb1v14.csv --icb-actors icb2v14.csv \
        --missiles missile_tests.csv --talks negotiations.csv --provocations provocations.csv \
        --status nuclear_status.csv

Any of them may be left out; its rows are then missing from the table. Columns that are read:

--mid           Gibler-Miller-Little Militarized Interstate Disputes, directed dyad-years, as in the R package
                peacesciencer: ccode1, ccode2, year, gmlmidonset, hostlev
--icb           International Crisis Behavior, system level: crisno, yrtrig, motrig, datrig, yrterm, moterm, daterm
                (or trigger_date and termination_date as ISO dates)
--icb-actors    International Crisis Behavior, actor level: crisno, cracid (or ccode)
--missiles      James Martin Center (CNS/NTI) North Korea Missile Test Database: Date (or date_utc), Missile Type,
                Test Outcome
--talks         CSIS Beyond Parallel, 25 Years of Negotiations and Provocations: year_month, parties (or parties_iso3)
--provocations  CSIS Beyond Parallel, Database of North Korean Provocations: date, category (optional)
--status        Bleek's nuclear weapons status (Our World in Data): year, nuclear_weapons_status (3 is possession)

Facts too few for a data set (terms in office, pledges, steps of the programme) are coded below, each with its dates.
A rate is events over years watched; where nothing was ever seen it is the median of Jeffreys' posterior
Gamma(events + 1/2, years). A share of successes is plain successes over trials.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scipy.stats import gamma as gamma_distribution

Row = Mapping[str, str]

USA, PRK, ROK = "2", "731", "732"
DAYS_PER_YEAR = 365.25
PEACE = (1954, 2010)
"""Years since the armistice that the dispute data cover."""

PLEDGES = (
    ("1992-04-10", "1993-03-12", "safeguards agreement in force; withdrawal from the NPT announced"),
    ("1994-10-21", "2002-10-16", "Agreed Framework; United States announces an enrichment programme"),
    ("2005-09-19", "2006-10-09", "Six-Party joint statement; first nuclear test"),
    ("2007-02-13", "2009-04-14", "initial-actions agreement; quits the Six-Party Talks"),
    ("2012-02-29", "2012-04-13", "Leap Day deal; satellite launch"),
    ("2018-04-20", "2019-12-31", "end of tests announced; no longer bound by the moratorium"),
)
"""When a disarmament pledge was made, when events had plainly exposed it, and by what."""

STEPS = (
    ("none", "1986-01-01", "1992-09-01", "the Yongbyon reactor starts; inspectors find a discrepancy of plutonium"),
    ("threshold", "2002-12-12", "2006-10-09", "announces that it restarts Yongbyon; first nuclear test"),
    ("regional", "2006-10-09", "2016-01-06", "first nuclear test; begins the tests of 2016 with a claimed new weapon"),
    ("testing", "2016-01-06", "2017-11-28", "the campaign begins; Hwasong-15 flies"),
)
"""How long each step of the programme took while it was not frozen: level left, from, until, what happened."""

INAUGURATIONS = (
    (1993, "deal"), (1997, "deal"), (2001, "hawk"), (2005, "hawk"), (2009, "deal"),
    (2013, "deal"), (2017, "hawk"), (2021, "deal"), (2025, "deal"),
)  # fmt: skip
"""Whether the administration sworn in was ready to deal with Pyongyang or held that it must be forced."""

WING_CHANGES = (
    ("2007-02-13", "deal", "the second Bush administration signs the initial-actions agreement"),
    ("2018-03-08", "deal", "Trump agrees to meet Kim"),
    ("2019-02-28", "hawk", "Hanoi ends without agreement after the maximal demand is put"),
)
"""Changes of line within a term."""
WINGS_WATCHED = ("1993-01-20", "2026-01-20")

SEOUL = (
    (1998, "engaging"), (2003, "engaging"), (2008, "guarded"), (2013, "guarded"), (2017, "engaging"),
    (2022, "guarded"), (2025, "engaging"),
)  # fmt: skip
"""Whether the South Korean president sworn in began with engagement of the North."""

LONG_RANGE = ("IRBM", "ICBM", "SLV")


@dataclass(frozen=True)
class Rate:
    """One line of the table."""

    name: str
    value: float
    unit: str
    seen: str
    """The counts it rests on."""


def rate(name: str, events: float, years: float, unit: str = "1/year") -> Rate:
    """Events per year; where none was seen, the median of Jeffreys' posterior Gamma(1/2, years)."""
    value = events / years if events else float(gamma_distribution.median(0.5, scale=1 / years))
    note = "" if events else ", median of Jeffreys' posterior"
    return Rate(name, value, unit, f"{events:g} in {years:.4g} years{note}")


def share(name: str, successes: int, failures: int) -> Rate:
    """Share of successes."""
    return Rate(name, successes / (successes + failures), "share", f"{successes} of {successes + failures}")


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


def crises(systems: Iterable[Row], actors: Iterable[Row], members: set[str], strangers: set[str]) -> list[float]:
    """Years that each crisis since 1954 lasted with all of `members` and none of `strangers` in it.

    A crisis's members are its crisis actors and the state that triggered it.
    """
    involved: dict[str, set[str]] = {}
    for row in actors:
        involved.setdefault(row["crisno"], set()).add(row.get("cracid") or row["ccode"])
    lengths = []
    for row in systems:
        start, end = _crisis_date(row, "trig"), _crisis_date(row, "term")
        trigger = row.get("trigent") or row.get("trigger_entity_cow") or ""
        states = involved.get(row["crisno"], set()) | {trigger}
        if start.year >= PEACE[0] and members <= states and not strangers & states:
            lengths.append((end - start).days / DAYS_PER_YEAR)
    return lengths


def missile_tests(rows: Iterable[Row], types: Sequence[str] = LONG_RANGE) -> tuple[int, int]:
    """Successes and failures of tests of the given types; unknown outcomes are left out."""
    outcomes = [row["test_outcome"].lower() for row in rows if row["missile_type"].upper() in types]
    return outcomes.count("success"), outcomes.count("failure")


def spells(months: Iterable[str], gap: int = 3) -> list[tuple[int, int]]:
    """Runs of months (as counted from year 0) that lie at most `gap` months apart."""
    runs: list[tuple[int, int]] = []
    for month in sorted({_month(text) for text in months}):
        if runs and month - runs[-1][1] <= gap:
            runs[-1] = (runs[-1][0], month)
        else:
            runs.append((month, month))
    return runs


def talks(
    rows: Iterable[Row], watched: tuple[str, str] = ("1993-01", "2018-08")
) -> tuple[list[tuple[int, int]], float, float]:
    """Spells of US-DPRK talks, years within them and years outside, in the months watched."""
    first, last = map(_month, watched)
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
    inside = {month for start, end in runs for month in range(start, end + 1)}
    watched = range(years[0] * 12, years[1] * 12 + 12)
    counts = [_month(row["date"][:7]) for row in provocations if row.get("category") != "trash_balloon"]
    within = sum(month in inside for month in counts if month in watched)
    without = sum(month not in inside for month in counts if month in watched)
    years_inside = sum(month in inside for month in watched) / 12
    return within, years_inside, without, len(watched) / 12 - years_inside


def possession_years(rows: Iterable[Row]) -> int:
    """State-years in which a state of the file possessed nuclear weapons."""
    return sum(row["nuclear_weapons_status"] == "3" for row in rows)


def table(paths: Mapping[str, Path | None]) -> list[Rate]:
    """All rates that the given files allow."""
    files = {name: read(path) for name, path in paths.items() if path}
    rates: list[Rate] = []
    span = PEACE[1] - PEACE[0] + 1
    clashes = 0
    if "mid" in files:
        onsets, clashes = disputes(files["mid"], PRK, ROK)
        rates += [rate("north_south_disputes", onsets, span), rate("clash_rate", clashes, span)]
        onsets, force = disputes(files["mid"], USA, PRK)
        rates += [rate("us_dprk_disputes", onsets, span), rate("us_dprk_disputes_with_force", force, span)]
    if "icb" in files and "icb_actors" in files:
        confrontations = crises(files["icb"], files["icb_actors"], {USA, PRK}, set())
        local = crises(files["icb"], files["icb_actors"], {PRK, ROK}, {USA})
        watched = _last_year(files["icb"]) - PEACE[0] + 1
        rates += [
            rate("standoff_rate", len(confrontations), watched),
            rate("standoff_cools", len(confrontations), sum(confrontations)),
            rate("standoff_escalates", 0, sum(confrontations)),
            rate("north_south_crises", len(local), watched),
            rate("clash_cools", len(local), sum(local)),
        ]
        if clashes:
            rates.append(rate("clash_escalates", 0, clashes * sum(local) / len(local)))
    if "missiles" in files:
        rates.append(share("test_success", *missile_tests(files["missiles"])))
    if "talks" in files:
        runs, inside, outside = talks(files["talks"])
        rates += [rate("talks_begin", len(runs), outside), rate("talks_lapse", len(runs), inside)]
        if "provocations" in files:
            within, years_in, without, years_out = provocations_by_talks(files["provocations"], runs)
            ratio = (within / years_in) / (without / years_out)
            seen = f"{within} in {years_in:.4g} years against {without} in {years_out:.4g} years"
            rates.append(Rate("provocations_during_talks", ratio, "ratio", seen))
    if "status" in files:
        rates.append(rate("accident", 0, possession_years(files["status"])))
    return rates + coded()


def coded() -> list[Rate]:
    """Rates from the facts coded above."""
    believed = sum(_years(start, end) for start, end, _ in PLEDGES)
    deals = sum(wing == "deal" for _, wing in INAUGURATIONS)
    friends = sum(stance == "engaging" for _, stance in SEOUL)
    steps = [rate(f"leaves_{level}", 1, _years(start, end)) for level, start, end, _ in STEPS]
    return [
        rate("pledge_exposed", len(PLEDGES), believed),
        rate("evidence (two steps from believed to exposed)", 2 * len(PLEDGES), believed),
        rate("us_election", 1, 4),
        share("hawk_share", len(INAUGURATIONS) - deals, deals),
        rate("wing_change_within_term", len(WING_CHANGES), _years(*WINGS_WATCHED)),
        rate("south_korean_election", 1, 5),
        share("engaging_share", friends, len(SEOUL) - friends),
        *steps,
    ]


def read(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV file, headers in lower case with underscores."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        header = [re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") for name in next(rows)]
        return [dict(zip(header, row, strict=False)) for row in rows]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Base rates of the scenario northeast-asia from public data.")
    for name in ("mid", "icb", "icb-actors", "missiles", "talks", "provocations", "status"):
        parser.add_argument(f"--{name}", type=Path)
    print(f"{'rate':<46} {'value':>8}  {'unit':<7} seen")
    for line in table(vars(parser.parse_args())):
        print(f"{line.name:<46} {line.value:>8.4f}  {line.unit:<7} {line.seen}")


def _years(start: str, end: str) -> float:
    return (date.fromisoformat(end) - date.fromisoformat(start)).days / DAYS_PER_YEAR


def _month(text: str) -> int:
    year, month = text.split("-")[:2]
    return int(year) * 12 + int(month) - 1


def _crisis_date(row: Row, which: str) -> date:
    """First or last day of a crisis; ICB writes 66, 77 and 88 for early, middle and late in the month."""
    text = row.get({"trig": "trigger_date", "term": "termination_date"}[which])
    parts = text.split("-") if text else [row.get(f"{part}{which}") or "" for part in ("yr", "mo", "da")]
    year, month, day = (int(part) if part else 0 for part in (*parts, "", "")[:3])
    return date(year, month or 6, {0: 15, 66: 5, 77: 15, 88: 25}.get(day, day))


def _last_year(systems: Sequence[Row]) -> int:
    return max(_crisis_date(row, "term").year for row in systems)


if __name__ == "__main__":
    main()
