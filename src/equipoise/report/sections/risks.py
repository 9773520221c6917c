"""How likely each end is, from every start and in the variants that claims compare."""

from __future__ import annotations

from equipoise.report.gather import Evidence
from equipoise.report.sections.section import Content
from equipoise.report.sections.telling import case_name, told_chance
from equipoise.scenario.claims import AS_WRITTEN
from equipoise.scenario.phrases import span, words


def risks(evidence: Evidence) -> Content:
    """The chance of each end by the horizon."""
    return {
        "horizon": span(evidence.scenario.horizon),
        "outcomes": evidence.assessment.outcomes,
        "rows": _rows(evidence),
        "variants": _variants(evidence),
    }


def _rows(evidence: Evidence) -> list[Content]:
    whole = evidence.headlines[AS_WRITTEN]
    return [
        {
            "start": words(start),
            "any": told_chance(chance),
            "roads": {outcome: told_chance(p) for outcome, p in whole.roads[start].items()},
        }
        for start, chance in whole.risk.items()
    ]


def _variants(evidence: Evidence) -> Content:
    """Any end, a row for each variant and a column for each start: there may be many variants."""
    scenario = evidence.scenario
    return {
        "starts": [words(start) for start in scenario.initial],
        "rows": [
            {
                "name": case_name(case),
                "about": scenario.variants[case].about if case != AS_WRITTEN else "",
                "risks": [
                    told_chance(headline.risk[start]) if start in headline.risk else None for start in scenario.initial
                ],
            }
            for case, headline in evidence.headlines.items()
        ],
    }
