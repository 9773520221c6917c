"""The table of `northeast-asia`: what in the scenario stands for what in the record, and what the fit may move."""

from __future__ import annotations

from datetime import date

from record import history as coded
from record.conduct import doubt
from record.judgements import KOREA, KOREAN_WAR_INTERVAL
from record.names import Aspect, Correspondence, Happening, Passage, War

SITUATIONS = {
    "june-1994": date(1994, 6, 14),
    "january-2003": date(2003, 1, 15),
    "november-2010": date(2010, 11, 30),
    "autumn-2017": date(2017, 10, 15),
    "autumn-2018": date(2018, 10, 15),
    "autumn-2026": date(2026, 8, 25),
}
"""The starting situations of the scenario in order of time, and the day on which each is read off the record."""


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

NORTHEAST_ASIA = Correspondence(
    scenario="northeast-asia",
    module="scripts/record/northeast_asia.py",
    page=coded.EVIDENCE.parent / "record.md",
    read=coded.load,
    situations=SITUATIONS,
    until=date(2026, 8, 25),
    aspects=ASPECTS,
    passages=PASSAGES,
    happenings=HAPPENINGS,
    fitted=FITTED,
    war=War("no war since 1953", KOREAN_WAR_INTERVAL, KOREA),
    happened=coded.EVIDENCE / "northeast-asia-tests.csv",
)
