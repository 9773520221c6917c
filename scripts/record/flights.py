"""Tests: how many missiles fly, how many succeed by class of range, and how many nuclear devices are tested.

The CNS/NTI database has one row per missile of at least 500 kg and 300 km, dated in UTC; early tests have month
precision. CSIS's list of provocations is not used for this: it lacks the Hwasong-15 of 28 November 2017.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from record import history as coded
from record.estimates import Rate, rate, share
from record.tables import Row, loose_date

LONG_RANGE = ("IRBM", "ICBM", "SLV")
CLASSES = {
    "short_range_success": (("SRBM",), "short range (SRBM)"),
    "medium_range_success": (("MRBM",), "medium range (MRBM)"),
    "submarine_success": (("SLBM",), "launch from the sea (SLBM)"),
    "intermediate_range_success": (("IRBM",), "intermediate range (IRBM)"),
    "intercontinental_success": (("ICBM",), "intercontinental range (ICBM)"),
    "satellite_launch_success": (("SLV",), "satellite launchers (SLV)"),
    "test_success": (LONG_RANGE, "long range (IRBM, ICBM, satellite launchers)"),
}

NUCLEAR_TESTS = ("2006-10-09", "2009-05-25", "2013-02-12", "2016-01-06", "2016-09-09", "2017-09-03")
"""Days of the six tests, local time (CTBTO, USGS)."""

OVER_JAPAN = ("1998-08-31", "2009-04-05", "2017-08-29", "2017-09-15", "2022-10-04")
"""Days on which a missile or launcher flew over the main islands of Japan (Japan Ministry of Defense)."""


def missile_tests(rows: Iterable[Row], types: Sequence[str] = LONG_RANGE) -> tuple[int, int]:
    """Successes and failures of tests of the given types; unknown outcomes are left out."""
    outcomes = [row["test_outcome"].lower() for row in rows if row["missile_type"].upper() in types]
    return outcomes.count("success"), outcomes.count("failure")


def campaigns(rows: Iterable[Row], types: Sequence[str]) -> list[date]:
    """Days on which at least one missile of the types flew, in order; a salvo counts once."""
    days = {loose_date(row.get("date_utc") or row["date"]) for row in rows if row["missile_type"].upper() in types}
    return sorted(days)


def flight_rates(rows: Sequence[Row], history: coded.History) -> list[Rate]:
    """Shares of success by class, and days of flights per year of each conduct that the coded record tells apart."""
    source, theme = "cns-missiles", "tests"
    lines = [
        share(
            name,
            *missile_tests(rows, types),
            about=f"Share of tests that succeeded, {what}",
            source=source,
            theme=theme,
        )
        for name, (types, what) in CLASSES.items()
        if sum(missile_tests(rows, types))
    ]
    last = max(loose_date(row.get("date_utc") or row["date"]) for row in rows)
    every = tuple({row["missile_type"].upper() for row in rows})
    for name, types, what in (
        ("launch_days", every, "any missile"),
        ("long_range_launch_days", LONG_RANGE, "a long-range missile"),
    ):
        for conduct, levels in (("flaunting", ("flaunting",)), ("otherwise", ("building", "frozen"))):
            days = campaigns(rows, types)
            runs = [run for run in coded.spells(history, "conduct", until=last) if run.level in levels]
            seen = sum(run.start <= day < run.end for run in runs for day in days)
            about = f"Days on which {what} flew, per year of conduct coded as {' or '.join(levels)}"
            years = sum(run.years for run in runs)
            lines.append(rate(f"{name}_{conduct}", seen, years, about=about, source=source, theme=theme))
    return lines


def coded_tests(history: coded.History) -> list[Rate]:
    """Nuclear tests per year since the first, and flights over Japan."""
    source, theme = "coded-facts", "tests"
    since, until = date(2006, 10, 9), coded.WATCHED[1]
    runs = [run for run in coded.spells(history, "conduct", since, until) if run.level == "flaunting"]
    days = [date.fromisoformat(day) for day in NUCLEAR_TESTS]
    watched = (until - since).days / 365.25
    flaunting = sum(run.years for run in runs)
    inside = sum(run.start <= day < run.end for run in runs for day in days)
    over = (until - date(1998, 8, 31)).days / 365.25
    # The first test opens the time watched, so it is not counted.
    return [
        rate(
            "nuclear_test_rate",
            len(days) - 1,
            watched,
            about="Nuclear tests after the first",
            source=source,
            theme=theme,
        ),
        rate(
            "nuclear_tests_flaunting",
            inside - 1,
            flaunting,
            about="The same per year of flaunting",
            source=source,
            theme=theme,
        ),
        rate(
            "flights_over_japan",
            len(OVER_JAPAN) - 1,
            over,
            about="Flights over Japan after the first",
            source=source,
            theme=theme,
        ),
    ]
