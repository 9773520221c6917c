"""Base rates behind the numbers of the scenario `northeast-asia`, computed from public data.

The data are not part of this project. Download them from their providers, save each as CSV and name the files:

    python scripts/base_rates.py --mid gml_ddydisps.csv --icb icb1v14.csv --icb-actors icb2v14.csv \
        --missiles missile_tests.csv --talks negotiations.csv --provocations provocations.csv \
        --status nuclear_status.csv --exercises mme.csv --unsc unsc.csv --leaders archigos.csv

Any of them may be left out; its rows are then missing from the table. Columns that are read:

--mid           Gibler-Miller-Little Militarized Interstate Disputes, directed dyad-years, as in the R package
                peacesciencer: ccode1, ccode2, year, gmlmidonset, hostlev (and dispnum, for who was drawn in)
--icb           International Crisis Behavior, system level: crisno, yrtrig, motrig, datrig, yrterm, moterm, daterm
                (or trigger_date and termination_date as ISO dates), forout (or form_of_outcome)
--icb-actors    International Crisis Behavior, actor level: crisno, cracid (or ccode)
--missiles      James Martin Center (CNS/NTI) North Korea Missile Test Database: Date (or date_utc), Missile Type,
                Test Outcome
--talks         CSIS Beyond Parallel, 25 Years of Negotiations and Provocations: year_month, parties (or parties_iso3)
--provocations  CSIS Beyond Parallel, Database of North Korean Provocations: date, category (optional)
--status        Bleek's nuclear weapons status (Our World in Data): year, nuclear_weapons_status (3 is possession)
--exercises     D'Orazio and Galambos, Multinational Military Exercises: start_date, end_date, participants_iso3
--unsc          Security Council drafts and resolutions on the North: date, outcome, china_vote, resolution_type
--leaders       Archigos as in peacesciencer: gwcode (or ccode), startdate, enddate, exit

Facts too few for a data set are coded with their dates in `record/facts.py`, and how each aspect of the system stood
day by day in `docs/evidence/northeast-asia-timeline.csv`; rates of those are printed without any file. A rate is events
over years watched; where nothing was ever seen it is the median of Jeffreys' posterior Gamma(events + 1/2, years). A
share of successes is plain successes over trials. The 90% interval and the prior are those of the posterior.

    --json     the table as JSON (docs/evidence/northeast-asia-rates.json is this, with every file named)
    --markdown the table by theme (docs/evidence/rates.md)
    --yaml     parameters of a scenario, ready to be pasted under `parameters`
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from record import history as coded_record
from record.conduct import conduct_rates
from record.diplomacy import (
    exercise_rates,
    provocations_by_talks,
    provocations_during_exercises,
    provocations_during_talks,
    talk_rates,
    talks,
)
from record.disputes import PRK, ROK, crises, crisis_rates, dispute_rates, disputes
from record.estimates import Rate, rate, ratio, share, yaml_lines
from record.facts import coded
from record.flights import coded_tests, flight_rates, missile_tests
from record.governments import accident_rates, leader_rates, sanctions_rates
from record.tables import UnreadableError, read, spells

__all__ = [
    "coded",
    "crises",
    "disputes",
    "missile_tests",
    "provocations_by_talks",
    "rate",
    "ratio",
    "share",
    "spells",
    "talks",
]

COLUMNS: Mapping[str, Sequence[str | tuple[str, ...]]] = {
    "mid": ("ccode1", "ccode2", "year", "gmlmidonset", "hostlev"),
    "icb": ("crisno", ("yrtrig", "trigger_date"), ("yrterm", "termination_date")),
    "icb_actors": ("crisno", ("cracid", "ccode")),
    "missiles": (("date", "date_utc"), "missile_type", "test_outcome"),
    "talks": ("year_month", ("parties", "parties_iso3")),
    "provocations": ("date",),
    "status": ("year", "nuclear_weapons_status"),
    "exercises": ("start_date", "end_date", "participants_iso3"),
    "unsc": ("date", "outcome", "china_vote", "resolution_type"),
    "leaders": (("gwcode", "ccode"), "startdate", "enddate", "exit"),
}
"""Files that can be given and the columns that each must have."""


def table(paths: Mapping[str, Path | None]) -> list[Rate]:
    """All rates that the given files allow, those of coded facts and those of the coded record."""
    files = {name: read(path, *COLUMNS[name]) for name, path in paths.items() if path}
    record = coded_record.load()
    rates: list[Rate] = []
    clashes = 0
    if "mid" in files:
        rates += dispute_rates(files["mid"])
        clashes = disputes(files["mid"], PRK, ROK)[1]
    if "icb" in files and "icb_actors" in files:
        rates += crisis_rates(files["icb"], files["icb_actors"], clashes)
    if "missiles" in files:
        rates += flight_rates(files["missiles"], record)
    if "talks" in files:
        rates += talk_rates(files["talks"])
    if "talks" in files and "provocations" in files:
        rates.append(provocations_during_talks(files["provocations"], files["talks"]))
    if "exercises" in files:
        rates += exercise_rates(files["exercises"])
    if "exercises" in files and "provocations" in files:
        rates.append(provocations_during_exercises(files["provocations"], files["exercises"]))
    if "unsc" in files:
        rates += sanctions_rates(files["unsc"])
    if "leaders" in files:
        rates += leader_rates(files["leaders"])
    if "status" in files:
        rates += accident_rates(files["status"])
    return rates + coded_tests(record) + coded() + conduct_rates(record)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, as text, JSON or YAML; 2 if a file cannot be used."""
    parser = argparse.ArgumentParser(description="Base rates of the scenario northeast-asia from public data.")
    for name in COLUMNS:
        parser.add_argument(f"--{name.replace('_', '-')}", type=Path, metavar="CSV")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="the table as JSON")
    form.add_argument("--markdown", action="store_true", help="the table as Markdown, by theme")
    form.add_argument("--yaml", action="store_true", help="parameters of a scenario, to be pasted")
    given = vars(parser.parse_args(arguments))
    as_json, as_yaml, as_markdown = given.pop("json"), given.pop("yaml"), given.pop("markdown")
    try:
        lines = table(given)
    except UnreadableError as error:
        print(error, file=sys.stderr)
        return 2
    if as_json:
        print(json.dumps([asdict(line) for line in lines], indent=1))
    elif as_yaml:
        print("\n".join(yaml_lines(line) for line in lines if " " not in line.name))
    elif as_markdown:
        _print_markdown(lines)
    else:
        _print(lines)
    return 0


def _print(lines: Sequence[Rate]) -> None:
    print(f"{'rate':<46} {'value':>8} {'90% interval':>19}  {'unit':<7} seen")
    for line in lines:
        interval = f"{line.low:.4f} to {line.high:.4f}"
        print(f"{line.name:<46} {line.value:>8.4f} {interval:>19}  {line.unit:<7} {line.seen}")


def _print_markdown(lines: Sequence[Rate]) -> None:
    for theme in dict.fromkeys(line.theme for line in lines):
        print(f"\n### {theme[0].upper()}{theme[1:]}\n")
        print("| rate | value | 90% interval | counted | of what | source |\n|---|---|---|---|---|---|")
        for line in lines:
            if line.theme == theme:
                seen = line.seen.replace(", median of Jeffreys' posterior", " (median)")
                cells = (f"`{line.name.split(' ')[0]}`", f"{line.value:.3g}", f"{line.low:.2g} to {line.high:.2g}")
                print(f"| {' | '.join((*cells, seen, line.about, line.source))} |")


if __name__ == "__main__":
    sys.exit(main())
