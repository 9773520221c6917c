"""The situations from which the future is asked for, and why they are coded so."""

from __future__ import annotations

from equipoise.report.gather import Evidence
from equipoise.report.sections.section import Content
from equipoise.scenario.models import Scenario
from equipoise.scenario.phrases import words


def starts(evidence: Evidence) -> Content:
    """Every start with the reasons for its levels."""
    scenario = evidence.scenario
    return {
        "rows": [
            {"name": words(name), "about": start.about or "", "why": _why(scenario, name)}
            for name, start in scenario.initial.items()
        ]
    }


def _why(scenario: Scenario, start: str) -> list[Content]:
    return [
        {
            "factor": words(factor),
            "level": scenario.initial[start].state[factor],
            "says": why.says,
            "source": why.source,
        }
        for factor, why in scenario.initial[start].because.items()
    ]
