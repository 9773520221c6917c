"""The terms of the field, in plain words."""

from __future__ import annotations

from equipoise.report.gather import Evidence
from equipoise.report.glossary import GLOSSARY
from equipoise.report.sections.section import Content


def glossary(_: Evidence) -> Content:
    """Every term and what it means."""
    return {"rows": [{"word": word, "means": means} for word, means in GLOSSARY]}
