"""What each would do at its next decision."""

from __future__ import annotations

from equipoise.outlook.conduct import HOLD
from equipoise.report.gather import Evidence
from equipoise.report.sections.section import Content
from equipoise.scenario.phrases import number, percent, words

_SEEN = 0.005
"""Chances of options below which conduct is not told."""


def conduct(evidence: Evidence) -> Content:
    """Options that are taken, from every start."""
    assessment = evidence.assessment
    rows = [
        {
            "start": words(start),
            "actor": assessment.actors[option.actor],
            "move": words(option.move),
            "chance": percent(option.probability),
            "rate": number(option.rate),
            "prefers": f"{option.prefers:+.3g}".replace("-", "\N{MINUS SIGN}"),
        }
        for start, prospect in assessment.prospects.items()
        for option in prospect.options
        if option.probability >= _SEEN and option.move != HOLD
    ]
    return {"rows": rows}
