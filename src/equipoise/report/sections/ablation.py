"""Which premises carry the argument: every mechanism removed in turn."""

from __future__ import annotations

import math
from collections.abc import Mapping

from equipoise.claims.ablation import Ablation, Removal
from equipoise.claims.verdict import Finding, Verdict
from equipoise.claims.wording import turning
from equipoise.report.gather import Evidence
from equipoise.report.sections.section import Content
from equipoise.report.sections.telling import grouped, signed, told_chance
from equipoise.scenario.phrases import listed, percent, sentence, words

STRAYED = "*"
"""Marks a removal of which some case is off the principal branch."""


def ablation(evidence: Evidence) -> Content | None:
    """What each removal changes; None if mechanisms were not removed."""
    found = evidence.ablation
    if found is None:
        return None
    judged = any(removal.verdicts for removal in found.removals)
    return {
        "judged": judged,
        "carries": [_carried(found, verdict) for verdict in evidence.trial.verdicts if judged and verdict.findings],
        "strayed": any(removal.strayed for removal in found.removals),
        "mechanisms": [_mechanism(found, removal) for removal in found.removals],
        "starts": grouped({start: _from(found, start) for start in evidence.told}),
    }


def _carried(found: Ablation, verdict: Verdict) -> Content:
    """A claim, how far it is from another verdict, and the mechanisms without which it comes to something else."""
    by_name = {removal.mechanism: removal for removal in found.removals}
    return {
        "id": verdict.claim.id,
        "says": verdict.claim.says,
        "status": verdict.status.value,
        "distance": listed([signed(_distance(finding), finding.unit) for finding in turning(verdict)]),
        "by": [f"{name}{STRAYED * bool(by_name[name].strayed)}" for name in found.carried(verdict.claim.id)],
    }


def _distance(finding: Finding) -> float:
    """How far a finding is from another status: the lead where all witnesses hold, the longest lag where one fails.

    Where one of several others is enough, the best of them counts.
    """
    groups: dict[tuple[str, str], list[float]] = {}
    for witness in finding.witnesses:
        if math.isfinite(witness.lead):
            key = (witness.start, witness.actor)
            groups.setdefault(key, []).append(witness.lead)
    best = max if finding.test.than_one_of else min
    return min((best(leads) for leads in groups.values()), default=0.0)


def _mechanism(found: Ablation, removal: Removal) -> Content:
    """What a removal is, and which verdicts it turns."""
    return {
        "id": removal.mechanism,
        "says": removal.says,
        "lines": removal.lines,
        "turned": [
            {"id": claim, "was": found.verdicts[claim].value, "is": status.value}
            for claim, status in removal.verdicts.items()
            if status is not found.verdicts[claim]
        ],
        "certified": removal.certified,
        "branch": removal.branch,
        "strayed": list(removal.strayed),
        "doubt": _doubt(removal),
    }


def _doubt(removal: Removal) -> str:
    """What a reader should know before trusting the numbers without a mechanism."""
    if not removal.certified:
        return "No certified equilibrium was found without it."
    return sentence(f"off the principal branch: {listed(removal.strayed)}") if removal.strayed else ""


def _from(found: Ablation, start: str) -> Content:
    return {
        "whole": told_chance(found.whole.risk[start]),
        "rows": [_change(found, removal, start) for removal in found.removals],
    }


def _change(found: Ablation, removal: Removal, start: str) -> Content:
    """What a removal does to the headline measures from a start."""
    time = _largest(found.whole.time[start], removal.headline.time[start])
    return {
        "risk": told_chance(removal.headline.risk[start]),
        "change": signed(removal.headline.risk[start] - found.whole.risk[start], "chance"),
        "regime": f"{words(time[0])} {percent(time[1])} to {percent(time[2])} of the time" if time else "",
    }


def _largest(before: Mapping[str, float], after: Mapping[str, float]) -> tuple[str, float, float] | None:
    """The regime whose share of time changes most."""
    name = max(before, key=lambda key: abs(after[key] - before[key]), default=None)
    return (name, before[name], after[name]) if name is not None else None
