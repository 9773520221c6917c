"""Where the system spends its time."""

from __future__ import annotations

from equipoise.report.gather import Evidence
from equipoise.report.sections.section import Content


def regimes(evidence: Evidence) -> Content | None:
    """The regimes that the section's figures show; nothing if there are none."""
    return {"names": list(evidence.assessment.regimes)} if evidence.assessment.regimes else None
