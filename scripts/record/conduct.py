"""Rates of change of every aspect in the coded record: openings and ends of talks, exercises, guarantees and so on."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from record import history as coded
from record.estimates import Rate, rate
from record.tables import DAYS_PER_YEAR

Change = tuple[str, str, tuple[str, ...], tuple[str, ...], str, str]

CHANGES: Sequence[Change] = (
    # name, dimension, from, to, what it counts, theme
    ("us_talks_open", "talks", ("absent",), ("underway",), "US-DPRK talks opened", "talks"),
    ("us_talks_end", "talks", ("underway",), ("absent",), "US-DPRK talks ended", "talks"),
    ("inter_korean_open", "inter-korean", ("absent",), ("underway",), "Talks of North and South opened", "talks"),
    ("inter_korean_end", "inter-korean", ("underway",), ("absent",), "Talks of North and South ended", "talks"),
    ("japan_talks_open", "japan-talks", ("absent",), ("underway",), "Talks of Japan and the North opened", "talks"),
    ("japan_talks_end", "japan-talks", ("underway",), ("absent",), "Talks of Japan and the North ended", "talks"),
    ("north_flaunts", "conduct", ("frozen", "building"), ("flaunting",), "Turns to tests and provocations", "tests"),
    ("north_quietens", "conduct", ("flaunting",), ("frozen", "building"), "Turns away from them", "tests"),
    ("north_freezes", "conduct", ("building", "flaunting"), ("frozen",), "Freezes of the programme", "tests"),
    ("north_unfreezes", "conduct", ("frozen",), ("building", "flaunting"), "Ends of a freeze", "tests"),
    ("north_pledges", "pledge", ("none",), ("ambiguous",), "Promises to disarm", "pledges"),
    ("north_renounces", "pledge", ("ambiguous",), ("none",), "Promises renounced", "pledges"),
    ("credit_worn", "credit", ("believed", "strained"), ("strained", "exposed"), "Steps of credit lost", "pledges"),
    ("us_threatens", "threat", ("quiet",), ("open",), "Open American threats begun", "threats"),
    ("us_threats_drop", "threat", ("open",), ("quiet",), "Open American threats dropped", "threats"),
    ("us_takes_up_story", "line", ("insist", "accept"), ("fiction",), "Washington takes up the story", "pledges"),
    ("us_drops_story", "line", ("fiction",), ("insist", "accept"), "Washington drops the story", "pledges"),
    ("china_squeezes", "squeeze", ("lenient",), ("partial",), "China begins to enforce", "sanctions"),
    ("china_relents", "squeeze", ("partial",), ("lenient",), "China stops enforcing", "sanctions"),
    ("china_courts", "china-client", ("distant",), ("close",), "China draws near", "sanctions"),
    ("china_cools", "china-client", ("close",), ("distant",), "China draws away", "sanctions"),
    ("exercises_suspended", "exercises", ("held", "scaled"), ("suspended",), "Exercises suspended", "exercises"),
    ("exercises_resumed", "exercises", ("suspended",), ("held", "scaled"), "Exercises resumed", "exercises"),
    ("guarantees_given", "guarantees", ("none",), ("given",), "American guarantees given", "guarantees"),
    ("guarantees_broken", "guarantees", ("given",), ("none",), "American guarantees withdrawn", "guarantees"),
    ("status_rises", "status", ("pariah",), ("partial",), "Steps out of isolation", "guarantees"),
    ("status_falls", "status", ("partial",), ("pariah",), "Falls back into isolation", "guarantees"),
    ("aim_given_up", "aim", ("open",), ("given-up",), "The aim of another regime given up", "guarantees"),
    ("aim_taken_up", "aim", ("given-up",), ("open",), "The aim taken up again", "guarantees"),
    ("trust_lost", "alliance", ("trusted",), ("doubted",), "Doubt of the American guarantee", "alliance"),
    ("trust_regained", "alliance", ("doubted",), ("trusted",), "Doubt overcome", "alliance"),
    ("seoul_engages", "rok-stance", ("guarded",), ("engaging",), "Seoul turns to engagement", "governments"),
    ("seoul_guards", "rok-stance", ("engaging",), ("guarded",), "Seoul turns away", "governments"),
    ("clashes_coded", "crisis", ("calm",), ("clash",), "Clashes begun while calm", "clashes and disputes"),
    ("clashes_end_coded", "crisis", ("clash",), ("calm",), "Clashes ended", "clashes and disputes"),
    ("standoffs_coded", "crisis", ("calm",), ("standoff",), "Confrontations begun while calm", "crises"),
    ("standoffs_end_coded", "crisis", ("standoff",), ("calm",), "Confrontations ended", "crises"),
    ("spill_over", "crisis", ("clash",), ("standoff",), "Clashes that became confrontations", "crises"),
)

ENDS_OF_TALKS = (
    ("wrecking", ("flaunting",), "US-DPRK talks ended while the North tests and provokes"),
    ("talks_lapse_quiet", ("frozen", "building"), "US-DPRK talks ended while it does not"),
)


def conduct_rates(history: coded.History) -> list[Rate]:
    """Every change of `CHANGES` per year in which it could happen, 1993 to 2026, and talks ended by conduct."""
    lines = [
        rate(
            name, *coded.passages(history, dimension, origins, targets), about=about, source="coded-facts", theme=theme
        )
        for name, dimension, origins, targets, about, theme in CHANGES
    ]
    for name, levels, about in ENDS_OF_TALKS:
        events, years = ends_while(history, "talks", "underway", "conduct", levels)
        lines.append(rate(name, events, years, about=about, source="coded-facts", theme="talks"))
    doubts = {"doubt": coded.combined(history, ("alliance", "hedging"), doubt)}
    events, years = coded.passages(doubts, "doubt", ("trusted",), ("doubted",))
    about = "Doubt of the American guarantee with preparations for a bomb of one's own"
    return [*lines, rate("doubt_rate", events, years, about=about, source="coded-facts", theme="alliance")]


def doubt(alliance: str, hedging: str) -> str:
    """The scenario's level of the alliance: doubt counts once an ally prepares to do without the guarantee."""
    return "doubted" if alliance == "doubted" and hedging == "latent" else "trusted"


def ends_while(
    history: coded.History, dimension: str, level: str, other: str, levels: Collection[str]
) -> tuple[int, float]:
    """How often a level ended on a day on which another dimension stood at `levels`, and the years in which both held.

    A spell of the other that starts on that very day counts, since it is what ended the first.
    """
    runs = [run for run in coded.spells(history, dimension) if run.level == level]
    others = [run for run in coded.spells(history, other) if run.level in levels]
    ends = [run.end for run in runs if run.end < coded.WATCHED[1]]
    events = sum(any(run.start <= end < run.end for run in others) for end in ends)
    return events, sum(_overlap(run, held) for run in runs for held in others) / DAYS_PER_YEAR


def _overlap(one: coded.Spell, other: coded.Spell) -> int:
    return max((min(one.end, other.end) - max(one.start, other.start)).days, 0)
