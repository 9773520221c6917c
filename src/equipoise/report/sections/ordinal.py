"""What a report says about stability without numbers, as plain data."""

from __future__ import annotations

from collections import Counter

from equipoise.report.gather import Evidence
from equipoise.report.sections.section import Content
from equipoise.scenario.phrases import listed, percent, span, words
from equipoise.stability.disagreement import foremost, stays_told
from equipoise.stability.reading import JUDGED_BY
from equipoise.stability.telling import rankings_told, situation

_EXAMPLES = 4
"""Disagreements of each kind that are told one by one."""


def ordinal(evidence: Evidence) -> Content:
    """Whose ranking, equilibria, regimes, and where the probabilistic reading disagrees."""
    reading = evidence.reading
    S = reading.game.n_states
    stable = reading.stability[JUDGED_BY].equilibrium[:S]
    equilibria = []
    for concept, of in reading.stability.items():
        starts = [words(name) for name, state in reading.game.starts.items() if of.equilibrium[state]]
        equilibria.append(
            {
                "concept": concept,
                "count": f"{int(of.equilibrium[:S].sum()):,} of {S:,}",
                "starts": listed(starts) or "none",
            }
        )
    regimes = []
    for name, by_concept in reading.regimes().items():
        first = next(iter(by_concept.values()))
        inside = reading.game.where(reading.scenario.regimes[name].when)
        regimes.append(
            {
                "regime": words(name),
                "stable": percent(float(stable[inside].mean())),
                "leaving": f"{first.leaving:,}",
                "unsanctioned": {
                    concept: "none: it holds" if of.holds else f"{len(of.unsanctioned):,}"
                    for concept, of in by_concept.items()
                    if concept != "Nash"
                },
            }
        )
    found = reading.disagreements or ()
    kinds = Counter(("stable, but short-lived" if d.stable else "not stable, but lasting", d.cause) for d in found)
    return {
        "concept": JUDGED_BY,
        "rankings": list(rankings_told(reading)),
        "equilibria": equilibria,
        "regimes": regimes,
        "brief": span(reading.brief),
        "lasting": span(reading.lasting),
        "causes": [{"kind": kind, "cause": cause, "count": f"{n:,}"} for (kind, cause), n in kinds.most_common()],
        "disagreements": [
            {"situation": situation(reading, d.state), "text": f"{stays_told(d)} {d.text}"}
            for d in foremost(found, _EXAMPLES)
        ],
    }
