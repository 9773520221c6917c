"""Every number of the scenario with its source, and the argument that they stand for."""

from __future__ import annotations

from equipoise.report.gather import Evidence
from equipoise.report.sections.section import Content
from equipoise.scenario.english import tell_quantity
from equipoise.scenario.models import Scenario
from equipoise.scenario.rules.names import cited_keys


def parameters(evidence: Evidence) -> Content:
    """Parameters, sources, mechanisms and results."""
    scenario = evidence.scenario
    return {
        "rows": _rows(scenario),
        "sources": [
            {"key": key, "cite": source.cite, "url": source.url or "", "note": source.note or ""}
            for key, source in scenario.sources.items()
        ],
        "argument": [{"id": key, "says": says} for key, says in scenario.argument.items()],
    }


def _rows(scenario: Scenario) -> list[Content]:
    return [
        {
            "name": name,
            "about": parameter.about or "",
            "quantity": tell_quantity(parameter),
            "source": parameter.source,
            "keys": [key for key in cited_keys(parameter.source) if key in scenario.sources],
        }
        for name, parameter in scenario.parameters.items()
    ]
