"""The roads to each end from every start that is told, and who could still turn back."""

from __future__ import annotations

from collections.abc import Iterable

from equipoise.claims.roads import Road
from equipoise.report.gather import Evidence
from equipoise.report.sections.section import Content
from equipoise.report.sections.telling import grouped, told_chance
from equipoise.scenario.claim_english import quoted
from equipoise.scenario.models import Scenario
from equipoise.scenario.phrases import percent, sentence, words

_MOST, _LEAST = 5, 0.005
"""Stories that are told, and the share of the chance that each must make up at least."""


def roads(evidence: Evidence) -> Content | None:
    """The roads to every outcome."""
    return {"starts": roads_by_start(evidence.scenario, evidence.roads)} if evidence.roads else None


def roads_by_start(scenario: Scenario, found: Iterable[Road]) -> list[Content]:
    """Some roads, by where they begin."""
    by_start: dict[str, list[Content]] = {}
    for road in found:
        by_start.setdefault(road.start, []).append(_road(scenario, road))
    return grouped(by_start)


def _road(scenario: Scenario, road: Road) -> Content:
    heading = f"from {words(road.start)} to {quoted(road.end) if road.end in scenario.regimes else road.name}"
    return {
        "heading": sentence(heading).removesuffix("."),
        "start": words(road.start),
        "end": words(road.end),
        "name": road.name if road.name != road.end else words(road.end),
        "chance": told_chance(road.chance),
        "covered": percent(min(1.0, road.stories.covered)),
        "stories": [
            {"text": story.text, "chance": percent(story.probability)}
            for story in road.stories.stories[:_MOST]
            if story.probability > _LEAST * road.chance
        ],
        "turns": [
            {
                "text": sentence(turn.text),
                "move": words(turn.move),
                "without": told_chance(turn.risk),
                "leads": turn.change < 0,
            }
            for turn in road.turns[:6]
        ],
    }
