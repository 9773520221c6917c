"""The rules of docs/evidence/south-asia-ranges.md: from a rule and its argument to a value and what it may be."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scipy.stats import gamma

from record.history import EVIDENCE
from record.tables import DAYS_PER_YEAR, read
from south_asia.history import Count, counted, spells

RULES = EVIDENCE / "south-asia-rules.csv"
RUNGS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
FACTOR = 3.0
"""A judged number may be this many times too high or too low."""
DEAD_PER_UTIL = (4519 + 2055) / 5
"""Civilians and security forces killed in Kashmir a year, 1999-2003."""
QUARTERLY = 4.0
CLASSES = {"contested": 2.0, "agreed": 2.0, "strong": 3.0}
"""Spread of a multiplier: its p90 over its median."""
CHANCES = {"unlikely": (1, 3), "even": (2, 2), "likely": (3, 1)}
FIRST_WEAPONS = (1945.5, 1949.7, 1952.8, 1960.1, 1964.8, 1998.4, 1998.4, 2006.8)
"""First tests of the eight states that have tested; India's of 1974 was not a weapon."""
WINDOW_ENDS = 2026.0
WAR_DAYS = 30
"""6 to 23 September 1965 and 3 to 16 December 1971."""

OUT_OF_WAR = {"calm", "incursion", "attack", "mobilised"}
ON_THE_BRINK = {"incursion", "mobilised"}
COUNTS = {
    "army_discount": Count("chief"),
    "coup_rate": Count("rule", {"elected"}),
    "barracks_rate": Count("rule", {"generals"}),
    "attack_rate": Count(
        "crisis",
        {"calm"},
        {"attack"},
        weights={
            ("campaign", "sponsored"): "prodded",
            ("campaign", "curbed"): "held_back",
            ("kashmir", "restive"): "anger",
            ("dialogue", "underway"): "spoilers",
        },
    ),
    "evidence_rate": Count(
        "denial",
        {"plausible"},
        given={"crisis": {"attack", "mobilised"}},
        weights={("campaign", "curbed"): "innocent"},
    ),
    "forgetting": Count("denial", {"exposed"}, given={"crisis": {"calm"}}),
    "unrest_rate": Count("kashmir", {"quiet"}, given={"crisis": OUT_OF_WAR}),
    "calming_rate": Count(
        "kashmir", {"restive"}, given={"crisis": OUT_OF_WAR}, weights={("campaign", "sponsored"): "stoked"}
    ),
    "spark_rate": Count("crisis", ON_THE_BRINK, {"war"}, weights={("doctrine", "swift"): "hair_trigger"}),
    "exchange_widens": Count("crisis", {"exchange"}, {"war"}, weights={("doctrine", "swift"): "hair_trigger"}),
}
ENDS = {
    "incursion": Count("crisis", {"incursion"}),
    "attack": Count("crisis", {"attack"}),
    "mobilised": Count("crisis", {"mobilised"}),
    "fire": Count("crisis", {"strikes", "exchange"}),
    "answered": Count("crisis", {"attack"}, {"mobilised", "strikes"}),
}
COUNTRIES = ("india", "pakistan", "usa")
NOT_ELECTED = {"none", "caretaker"}
ANSWERED_DAYS = 5 + 11 + 12 + 15
"""From the attacks of 2001, 2016, 2019 and 2025 to mobilisation or strike."""


@dataclass(frozen=True)
class Rule:
    """A row of the table of rules."""

    parameter: str
    rule: str
    argument: str
    dead: str
    why: str
    source: str


@dataclass(frozen=True)
class Number:
    """What a parameter is and may be: `form` is `range` or a form of prior."""

    value: float
    form: str
    numbers: Mapping[str, float] | tuple[float, float]


def rules() -> dict[str, Rule]:
    """The table of rules by parameter."""
    columns = ("parameter", "rule", "argument", "dead", "why", "source")
    return {row["parameter"]: Rule(*(row[column] for column in columns)) for row in read(RULES, *columns)}


def rounded(number: float, digits: int = 2) -> float:
    """A number with so many significant digits."""
    return float(f"{number:.{digits}g}")


def within(value: float, low: float | None = None, high: float | None = None) -> Number:
    """Within a factor either side, or between two ends, equally likely in the logarithm."""
    low, high = low or value / FACTOR, high or value * FACTOR
    return Number(rounded(value), "loguniform", {"low": rounded(low), "high": rounded(high)})


def rate(events: int, years: float) -> Number:
    """Events in years, with Jeffreys' posterior as the prior."""
    years = rounded(years, 4)
    value = events / years if events else float(gamma.median(0.5, scale=1 / years))
    return Number(rounded(value, 4), "gamma", {"events": events, "years": years})


def share(successes: int, failures: int) -> Number:
    """Successes over trials."""
    value = rounded(successes / (successes + failures), 4)
    return Number(value, "beta", {"successes": successes, "failures": failures})


def multiplier(value: float, spread: float) -> Number:
    """Lognormal with a median and a spread."""
    return Number(rounded(value, 3), "lognormal", {"median": rounded(value, 3), "p90": rounded(value * spread, 3)})


def rung(rule: Rule) -> Number:
    """The higher of the rungs by kind and by dead."""
    by_kind, by_dead = float(rule.argument), 0.0
    if rule.dead:
        utils = float(rule.dead) / DEAD_PER_UTIL
        by_dead = min(RUNGS, key=lambda each: abs(math.log(each / utils)))
    return within(max(by_kind, by_dead))


def pace(which: str) -> Number:
    """How much faster than once a quarter decisions came."""
    events, years = counted(ENDS["answered" if which == "crisis" else "fire"], {})
    seen = events * DAYS_PER_YEAR / ANSWERED_DAYS if which == "crisis" else events / years * 2 / 3
    return multiplier(seen / QUARTERLY, 2.0)


def tenure(years: float) -> Number:
    """One over a term, between the lowest and the highest rate of leaving office of the three countries."""
    rates = [events / years for events, years in (in_office(country) for country in COUNTRIES)]
    return within(1 / years, min(rates), max(rates))


def in_office(country: str) -> tuple[int, float]:
    """Elected leaders who left office, and years in which there was one."""
    elected = {spell.levels[country] for spell in spells()} - NOT_ELECTED
    return counted(Count(country, elected), {})


def made(rule: Rule, values: Mapping[str, float]) -> Number:
    """The number that a rule gives. `values` are the multipliers that weight a count."""
    argument = rule.argument
    first, _, second = argument.partition("/")
    by_rule: dict[str, Callable[[], Number]] = {
        "rung": lambda: rung(rule),
        "unit": lambda: Number(float(argument), "range", (float(argument), float(argument))),
        "between": lambda: within(math.sqrt(float(first) * float(second))),
        "tempo": lambda: within(float(argument)),
        "pace": lambda: pace(argument),
        "tenure": lambda: tenure(float(argument)),
        "term": lambda: term(float(first), int(second)),
        "share": lambda: share(int(first), int(second) - int(first)),
        "chance": lambda: share(*CHANCES[argument]),
        "count": lambda: rate(*counted(COUNTS[argument], values)),
        "third": lambda: third(argument),
        "days": lambda: rate(int(first), int(second) / DAYS_PER_YEAR),
        "remote": lambda: remote(float(first) / float(second)),
        "peaceful": lambda: rate(0, sum(WINDOW_ENDS - first for first in FIRST_WEAPONS) / float(argument)),
    }
    if rule.rule in CLASSES:
        return multiplier(float(argument), CLASSES[rule.rule])
    return by_rule[rule.rule]()


def term(years: float, elections: int) -> Number:
    """One over a term, up to the elections seen in the window."""
    seen = elections * DAYS_PER_YEAR / sum(spell.days for spell in spells())
    return Number(rounded(1 / years), "range", (rounded(1 / years), rounded(seen)))


def third(which: str) -> Number:
    """A third of the ends seen per year."""
    events, years = counted(ENDS[which], {})
    return within(events / years / 3)


def remote(chance: float) -> Number:
    """The rate whose chance against the ends of wars is as given."""
    return within(chance / (1 - chance) * 2 * DAYS_PER_YEAR / WAR_DAYS)


def numbers() -> dict[str, Number]:
    """Every parameter's number: the multipliers first, since they weight counts."""
    table = rules()
    first = {name: made(rule, {}) for name, rule in table.items() if rule.rule in CLASSES}
    values = {name: number.value for name, number in first.items()}
    return {name: first.get(name) or made(rule, values) for name, rule in table.items()}
