"""What certifies the numbers, how to get them again, and what no number here can know."""

from __future__ import annotations

from dataclasses import asdict, replace

from equipoise.game.size import measure
from equipoise.report.gather import Evidence
from equipoise.report.glossary import LIMITS
from equipoise.report.sections.section import Content


def trust(evidence: Evidence) -> Content:
    """Certificate, provenance and limits."""
    return {
        "certificate": _certificate(evidence),
        "provenance": asdict(evidence.provenance),
        "equilibria": evidence.trial.equilibria,
        "limits": list(LIMITS),
        "about": evidence.scenario.about or "",
    }


def _certificate(evidence: Evidence) -> Content:
    equilibrium = evidence.assessment.equilibrium
    names = tuple(evidence.assessment.actors[actor] for actor in equilibrium.certificate.actors)
    size = measure(evidence.assessment.scenario, evidence.assessment.game)
    return {
        "text": str(replace(equilibrium.certificate, actors=names)),
        "branch": equilibrium.branch.value,
        "cause": equilibrium.cause,
        "convention": equilibrium.convention.name,
        "states": f"{size.states:,}",
        "rows": f"{size.move_rows + size.event_rows:,}",
        "cases": len(evidence.trial.solutions.solved),
        "uncertified": [str(c) for c, s in evidence.trial.solutions.solved.items() if not s.equilibrium.certified],
    }
