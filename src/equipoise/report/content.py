"""What a report says, as plain data: the same for HTML, Markdown and JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from equipoise.claims.roads import road_to_dict
from equipoise.claims.verdict import Status
from equipoise.report.gather import Evidence
from equipoise.report.sections import SECTIONS
from equipoise.report.sections.futures import futures_data
from equipoise.scenario.claims import AS_WRITTEN
from equipoise.scenario.phrases import listed, one_in, percent, sentence, span, words

Content = dict[str, Any]


def content(evidence: Evidence) -> Content:
    """Everything a report says, section by section in its order; the form is described in docs/json.md."""
    told = {section.name: section.tell(evidence) for section in SECTIONS}
    return {
        "title": evidence.scenario.title,
        "summary": _summary(evidence, evidence.told[0]),
        "counts": {status.value: evidence.trial.count(status) for status in Status},
        "sections": [{"name": each.name, "title": each.title} for each in SECTIONS if told[each.name] is not None],
        **told,
    }


def data(evidence: Evidence) -> Content:
    """The same with every number behind it, for other programs."""
    return {
        "report": content(evidence),
        "assessment": evidence.assessment.to_dict(),
        "verdicts": [verdict.to_dict() for verdict in evidence.trial.verdicts],
        "headlines": {case: asdict(headline) for case, headline in evidence.headlines.items()},
        "curves": {s: {c: curve.tolist() for c, curve in by.items()} for s, by in evidence.curves.items()},
        "ledgers": [ledger.to_dict() for ledger in evidence.ledgers],
        "roads": [road_to_dict(road) for road in (*evidence.roads, *evidence.ways)],
        "undoings": [asdict(undoing) for undoing in evidence.undoings],
        "futures": futures_data(evidence.exploration),
        "ablation": evidence.ablation.to_dict() if evidence.ablation else None,
    }


def _summary(evidence: Evidence, first: str) -> list[str]:
    """The report in a few sentences."""
    trial = evidence.trial
    judged = [v for v in trial.verdicts if v.status in (Status.HOLDS, Status.FAILS, Status.UNRESOLVED)]
    told = []
    if judged:
        parts = [
            f"{trial.count(status)} {verb if trial.count(status) != 1 else verb + 's'}"
            for status, verb in ((Status.HOLDS, "hold"), (Status.FAILS, "fail"))
        ]
        if trial.count(Status.UNRESOLVED):
            parts.append(f"{trial.count(Status.UNRESOLVED)} cannot be decided")
        told.append(sentence(f"of {len(judged)} claims judged at the scenario's own numbers, {listed(parts)}"))
    contested = [v.claim.id for v in trial.verdicts if v.contested]
    if contested:
        told.append(
            sentence(f"another noise convention or another equilibrium decides otherwise on {listed(contested)}")
        )
    if evidence.assessment.outcomes:
        chance = evidence.headlines[AS_WRITTEN].risk[first]
        worst = max(evidence.headlines[AS_WRITTEN].risk.items(), key=lambda item: item[1])
        ends = [f"{name} comes" for name in evidence.assessment.outcomes.values()]
        end = ends[0] if len(ends) == 1 else "it ends in one of the ways below"
        text = f"from {words(first)} the chance that {end} within {span(evidence.scenario.horizon)} is "
        text += f"{percent(chance)}, {one_in(chance)}"
        text += f"; from {words(worst[0])} it is {percent(worst[1])}, {one_in(worst[1])}" if worst[0] != first else ""
        told.append(sentence(text))
    return told
