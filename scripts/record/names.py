"""The one place where names of the scenario meet names of the record.

When a factor, level, move, event or parameter of the scenario is renamed, this file changes and nothing else. Whatever
names a thing that the scenario does not have is reported by `unknown_names`, never passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from equipoise.errors import nearest
from equipoise.scenario.models import Scenario
from record.conduct import doubt

SITUATIONS = {
    "june-1994": date(1994, 6, 14),
    "january-2003": date(2003, 1, 15),
    "november-2010": date(2010, 11, 30),
    "autumn-2017": date(2017, 10, 15),
    "autumn-2018": date(2018, 10, 15),
    "autumn-2026": date(2026, 8, 25),
}
"""The starting situations of the scenario in order of time, and the day on which each is read off the record."""


def same(level: str) -> str:
    """The factor's levels are called as the record's."""
    return level


@dataclass(frozen=True)
class Aspect:
    """A factor of the scenario and the dimensions of the coded record that it is made of."""

    factor: str
    dimensions: tuple[str, ...]
    level: Callable[..., str] = same
    """The factor's level, given the level of each dimension."""


@dataclass(frozen=True)
class Passage:
    """How often a factor goes from some of its levels to others, in the record and in the model."""

    series: str
    factor: str
    origins: tuple[str, ...]
    targets: tuple[str, ...]
    fitted: bool
    """Whether the fit looks at it. What claims judge (the pledge, its credit, the story told of it) is only shown."""


@dataclass(frozen=True)
class Happening:
    """How often moves or events of the scenario happen, against dated happenings of the record."""

    series: str
    steps: tuple[str, ...]
    """Ids of moves and events."""
    kind: str
    """Kind in docs/evidence/northeast-asia-tests.csv; '' for what never happened."""
    while_at: tuple[str, str] | None = None
    """Factor and level at which alone the scenario has the step, so that only such days of the record count."""
    fitted: bool = False


def promise(pledge: str, credit: str) -> str:
    """A pledge that stands is as good as its credit."""
    return "none" if pledge == "none" else credit


def posture(threat: str, aim: str, exercises: str, guarantees: str) -> str:
    """The farthest that Washington has gone; recognition was never reached."""
    if threat == "open":
        return "threats"
    if guarantees == "given":
        return "guarantee"
    if exercises == "suspended":
        return "restraint"
    return "hostility" if aim == "open" else "coexistence"


def neighbours(inter_korean: str, japan_talks: str) -> str:
    """Whether Seoul or Tokyo talks with Pyongyang."""
    return "talking" if "underway" in (inter_korean, japan_talks) else "guarded"


def beijing(squeeze: str) -> str:
    """What China does with the sanctions."""
    return {"lenient": "shielding", "partial": "squeezing"}[squeeze]


ASPECTS = (
    Aspect("arsenal", ("arsenal",)),
    Aspect("conduct", ("conduct",)),
    Aspect("pledge", ("pledge", "credit"), promise),
    Aspect("line", ("line",)),
    Aspect("posture", ("threat", "aim", "exercises", "guarantees"), posture),
    Aspect("office", ("office",)),
    Aspect("talks", ("talks",)),
    Aspect("neighbours", ("inter-korean", "japan-talks"), neighbours),
    Aspect("alliance", ("alliance", "hedging"), doubt),
    Aspect("beijing", ("squeeze",), beijing),
    Aspect("crisis", ("crisis",)),
)

SOFT = ("coexistence", "restraint", "guarantee", "recognition")
PASSAGES = (
    Passage("North turns to tests and provocations", "conduct", ("frozen", "building"), ("flaunting",), True),
    Passage("North turns away from them", "conduct", ("flaunting",), ("frozen", "building"), True),
    Passage("North freezes its programme", "conduct", ("building", "flaunting"), ("frozen",), True),
    Passage("North ends a freeze", "conduct", ("frozen",), ("building", "flaunting"), True),
    Passage("US threats begin", "posture", ("hostility", *SOFT), ("threats",), True),
    Passage("US threats dropped", "posture", ("threats",), ("hostility", *SOFT), True),
    Passage(
        "exercises suspended or more",
        "posture",
        ("threats", "hostility", "coexistence"),
        ("restraint", "guarantee", "recognition"),
        True,
    ),
    Passage(
        "exercises resumed, guarantees gone",
        "posture",
        ("restraint", "guarantee", "recognition"),
        ("threats", "hostility", "coexistence"),
        True,
    ),
    Passage("US-DPRK talks open", "talks", ("absent",), ("underway",), True),
    Passage("US-DPRK talks end", "talks", ("underway",), ("absent",), True),
    Passage("neighbours begin to talk", "neighbours", ("guarded",), ("talking",), True),
    Passage("neighbours stop", "neighbours", ("talking",), ("guarded",), True),
    Passage("China begins to squeeze", "beijing", ("shielding",), ("squeezing",), True),
    Passage("China relents", "beijing", ("squeezing",), ("shielding",), True),
    Passage("clashes", "crisis", ("calm",), ("clash",), True),
    Passage("confrontations", "crisis", ("calm", "clash"), ("standoff",), True),
    Passage("pledges", "pledge", ("none",), ("exposed", "strained", "believed"), False),
    Passage("pledges renounced", "pledge", ("exposed", "strained", "believed"), ("none",), False),
    Passage("story taken up", "line", ("insist", "accept"), ("fiction",), False),
    Passage("story dropped", "line", ("fiction",), ("insist", "accept"), False),
    Passage("hawks take Washington", "office", ("dealmaker",), ("hawk",), False),
    Passage("deal-seekers take Washington", "office", ("hawk",), ("dealmaker",), False),
    Passage("doubt of the guarantee", "alliance", ("trusted",), ("doubted",), False),
    Passage("collapse", "crisis", ("calm", "clash", "standoff"), ("collapse",), False),
    Passage("weapons made", "arsenal", ("none", "threshold"), ("regional", "testing", "intercontinental"), False),
    Passage("campaign for reach", "arsenal", ("none", "threshold", "regional"), ("testing", "intercontinental"), False),
    Passage("reach proven", "arsenal", ("testing",), ("intercontinental",), False),
)

HAPPENINGS = (
    Happening(
        "long-range tests before reach is proven", ("test-long-range",), "long-range-test", ("arsenal", "testing")
    ),
    Happening("US strikes or attacks", ("strike-programme", "attack"), ""),
    Happening("North strikes first or widens a clash", ("strike-first", "widen"), ""),
    Happening("parts of the arsenal given up", ("dismantle",), ""),
)

FITTED = (
    "prk_tempo",
    "us_tempo",
    "provoking",
    "threat_upkeep",
    "diplomacy",
    "squeeze_risk",
    "american_pressure",
    "turning",
    "threatening",
    "audience",
    "broken_word",
    "standing",
    "coercion",
)
"""Parameters that the fit may move: judged ones of everyday conduct. None is a multiplier whose sign a claim turns on,
none a cost of war, none counted from data."""


def unknown_names(scenario: Scenario) -> list[str]:
    """Every name of this file that the scenario does not have, with the nearest that it has."""
    return list(_unknown(scenario))


def _unknown(scenario: Scenario) -> Iterator[str]:
    steps = [step.id for step in scenario.steps]
    for each in ASPECTS:
        if each.factor not in scenario.factors:
            yield _told("factor", each.factor, list(scenario.factors))
            continue
    for passage in PASSAGES:
        levels = scenario.factors[passage.factor].levels if passage.factor in scenario.factors else ()
        named = (*passage.origins, *passage.targets)
        yield from (_told(f"level of '{passage.factor}'", level, levels) for level in named if level not in levels)
    for happening in HAPPENINGS:
        yield from (_told("move or event", step, steps) for step in happening.steps if step not in steps)
    yield from (
        _told("starting situation", name, list(scenario.initial)) for name in SITUATIONS if name not in scenario.initial
    )
    yield from (
        _told("parameter", name, list(scenario.parameters)) for name in FITTED if name not in scenario.parameters
    )


def _told(what: str, name: str, names: list[str] | tuple[str, ...]) -> str:
    near = nearest(name, names)
    hint = f"did you mean '{near}'?" if near else f"there are {', '.join(names)}"
    return f"scripts/record/names.py: the scenario has no {what} called '{name}'; {hint}"
