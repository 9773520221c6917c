"""How the regimes come about whose coming and going the claims speak of, and what ends them."""

from __future__ import annotations

import math

from equipoise.claims.roads import Undoing
from equipoise.outlook.storylines import clauses
from equipoise.report.gather import Evidence
from equipoise.report.sections.roads import roads_by_start
from equipoise.report.sections.section import Content
from equipoise.report.sections.telling import grouped, told_chance
from equipoise.scenario.models import Scenario
from equipoise.scenario.phrases import percent, sentence, span, words


def settling(evidence: Evidence) -> Content | None:
    """Ways into regimes, and what ends a first visit."""
    if not (evidence.ways or evidence.undoings):
        return None
    scenario = evidence.scenario
    ways = {group["key"]: group["told"] for group in roads_by_start(scenario, evidence.ways)}
    undone: dict[str, list[Content]] = {}
    for undoing in evidence.undoings:
        undone.setdefault(undoing.start, []).append(_undoing(scenario, undoing))
    starts = [start for start in scenario.initial if start in ways or start in undone]
    told = {start: {"ways": ways.get(start, []), "undoings": undone.get(start, [])} for start in starts}
    return {"horizon": span(scenario.horizon), "starts": grouped(told)}


def _undoing(scenario: Scenario, undoing: Undoing) -> Content:
    told = {step: sentence(text) for step, text in clauses(scenario).items()}
    return {
        "regime": words(undoing.regime),
        "start": words(undoing.start),
        "reached": told_chance(undoing.reached),
        "inside": undoing.inside,
        "dwell": span(undoing.dwell) if not math.isnan(undoing.dwell) else "never reached",
        "causes": [
            {
                "step": words(step),
                "text": told[step],
                "into": scenario.outcomes[end].name or words(end) if end else "another situation",
                "share": percent(share),
            }
            for step, end, share in undoing.causes
            if share >= 1e-3
        ],
    }
