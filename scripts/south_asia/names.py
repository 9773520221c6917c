"""The table of `south-asia`: what in the scenario stands for what in the record, and what the fit may move."""

from __future__ import annotations

from datetime import date

from record.history import EVIDENCE
from record.names import Aspect, Correspondence, Passage, War
from south_asia.history import UNTIL, entries
from south_asia.rules import movable

SITUATIONS = {
    "spring-1999": date(1999, 2, 21),
    "december-2001": date(2001, 12, 13),
    "november-2008": date(2008, 11, 27),
    "february-2019": date(2019, 2, 14),
    "august-2019": date(2019, 8, 7),
    "may-2025": date(2025, 5, 7),
}
"""Those that begin with an attack or a strike are read off the record of its very day."""


def temperament(prime_minister: str) -> str:
    """Who holds New Delhi: the governments of 2014, 2019 and 2024 answered attacks with force across the line."""
    return "punishment" if prime_minister == "Modi" else "restraint"


ASPECTS = (
    Aspect("campaign", ("campaign",), weighed=True),
    Aspect("denial", ("denial",), weighed=True),
    Aspect("dialogue", ("dialogue",), weighed=True),
    Aspect("crisis", ("crisis",), weighed=True),
    Aspect("doctrine", ("doctrine",), weighed=True),
    Aspect("kashmir", ("kashmir",)),
    Aspect("office", ("india",), temperament),
    Aspect("rule", ("rule",)),
)

FIRE = ("strikes", "exchange")
RESTRAINT, PUNISHMENT = {"office": ("restraint",)}, {"office": ("punishment",)}
PASSAGES = (
    Passage("militants given more rope", "campaign", ("curbed",), ("tolerated", "sponsored"), True),
    Passage("militants sponsored", "campaign", ("curbed", "tolerated"), ("sponsored",), True),
    Passage("sponsorship ended", "campaign", ("sponsored",), ("curbed", "tolerated"), True),
    Passage("militants curbed", "campaign", ("tolerated", "sponsored"), ("curbed",), True),
    Passage("denials exposed", "denial", ("plausible",), ("exposed",), True),
    Passage("denials believed again", "denial", ("exposed",), ("plausible",), True),
    Passage("dialogue opens", "dialogue", ("absent",), ("underway",), True),
    Passage("dialogue ends", "dialogue", ("underway",), ("absent",), True),
    Passage("the line crossed", "crisis", ("calm",), ("incursion",), True),
    Passage("incursions ended without more", "crisis", ("incursion",), ("calm",), True),
    Passage("attacks", "crisis", ("calm",), ("attack",), True),
    Passage("attacks let be", "crisis", ("attack",), ("calm",), True),
    Passage("mobilisations", "crisis", ("attack", "incursion"), ("mobilised",), True),
    Passage("mobilisations ended without more", "crisis", ("mobilised",), ("calm",), True),
    Passage("strikes by a restrained New Delhi", "crisis", ("attack", "mobilised"), FIRE, True, RESTRAINT),
    Passage("strikes by a punishing New Delhi", "crisis", ("attack", "mobilised"), FIRE, True, PUNISHMENT),
    Passage("strikes answered", "crisis", ("strikes",), ("exchange",), True),
    Passage("strikes not answered", "crisis", ("strikes",), ("calm",), True),
    Passage("exchanges ended without more", "crisis", ("exchange",), ("calm",), True),
    Passage("quick thrusts readied", "doctrine", ("slow",), ("swift",), True),
    Passage("quick thrusts shelved", "doctrine", ("swift",), ("slow",), True),
    Passage("risings of the valley", "kashmir", ("quiet",), ("restive",), False),
    Passage("the valley calms", "kashmir", ("restive",), ("quiet",), False),
    Passage("punishers elected", "office", ("restraint",), ("punishment",), False),
    Passage("restraint elected", "office", ("punishment",), ("restraint",), False),
    Passage("coups", "rule", ("elected",), ("generals",), False),
    Passage("generals give way", "rule", ("generals",), ("elected",), False),
    Passage("wars", "crisis", ("calm", "incursion", "attack", "mobilised", *FIRE), ("war",), False),
)

SOUTH_ASIA = Correspondence(
    scenario="south-asia",
    module="scripts/south_asia/names.py",
    page=EVIDENCE / "south-asia-fit.md",
    read=entries,
    situations=SITUATIONS,
    until=UNTIL,
    aspects=ASPECTS,
    passages=PASSAGES,
    happenings=(),
    fitted=movable(),
    war=War("no war in the 27.6 years since May 1998", (0.0, 0.0696)),
)
