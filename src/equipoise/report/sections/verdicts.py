"""Each claim, whether it follows, and by what numbers."""

from __future__ import annotations

import math

from equipoise.claims.ablation import Ablation
from equipoise.claims.verdict import Finding, Verdict
from equipoise.claims.wording import STATED, tell_contest, tell_numbers, tell_splits
from equipoise.report.gather import Evidence
from equipoise.report.sections.section import Content
from equipoise.report.sections.telling import signed
from equipoise.scenario.claim_english import tell_amount, tell_measure, tell_test
from equipoise.scenario.models import Scenario
from equipoise.scenario.phrases import percent, sentence, words

_UNDIVIDED = "cannot be said"


def verdicts(evidence: Evidence) -> Content:
    """Every verdict with its evidence."""
    return {
        "conventions": list(evidence.trial.conventions),
        "claims": [_verdict(evidence, verdict) for verdict in evidence.trial.verdicts],
    }


def _verdict(evidence: Evidence, verdict: Verdict) -> Content:
    scenario = evidence.scenario
    claim = verdict.claim
    return {
        "id": claim.id,
        "says": claim.says,
        "status": verdict.status.value,
        "sentence": tell_numbers(scenario, verdict) or STATED[verdict.status],
        "split": tell_splits(verdict),
        "contest": tell_contest(verdict),
        "test": sentence(f"it holds if {tell_test(scenario, claim.test)}") if claim.test else "",
        "judges": [{"id": name, "says": scenario.argument.get(name, "")} for name in claim.judges],
        "source": claim.source or "",
        "findings": [_finding(scenario, finding) for finding in verdict.findings],
        "basis": [
            f"{basis.case}: {basis.states:,} states, {basis.branch} equilibrium, "
            + ("certified" if basis.certified else "not certified")
            + (f", {basis.folds} folds passed" if basis.folds else "")
            for basis in verdict.basis
        ],
        "challenges": [{"under": c.under, "status": c.status.value} for c in verdict.challenges],
        "contested": bool(verdict.contested),
        "carried": _carried(scenario, evidence.ablation, claim.id),
    }


def _finding(scenario: Scenario, finding: Finding) -> Content:
    unit = finding.unit
    assert finding.test.measure is not None  # single tests have one
    split = any(witness.differences for witness in finding.witnesses)
    rows = []
    for witness in finding.witnesses:
        numbers = [
            f"{reading.label}: {'no such number' if math.isnan(reading.value) else tell_amount(reading.value, unit)}"
            for reading in witness.readings
        ]
        rows.append(
            {
                "start": words(witness.start),
                "actor": scenario.actors[witness.actor].name or words(witness.actor) if witness.actor else "",
                "numbers": numbers,
                "assumed": [signed(d.assumed, unit) if d.divided else _UNDIVIDED for d in witness.differences],
                "emergent": [signed(d.emergent, unit) if d.divided else _UNDIVIDED for d in witness.differences],
                "known": [percent(d.known) for d in witness.differences],
                "status": witness.status.value,
            }
        )
    return {
        "measure": sentence(
            tell_measure(scenario, finding.test.measure) + " by each of these" * bool(finding.test.ranked)
        ),
        "status": finding.status.value,
        "split": split,
        "starts": any(row["start"] for row in rows),
        "actors": any(row["actor"] for row in rows),
        "rows": rows,
    }


def _carried(scenario: Scenario, ablation: Ablation | None, claim: str) -> list[Content]:
    """The mechanisms without which a claim comes to something else."""
    if ablation is None:
        return []
    by_name = {removal.mechanism: removal for removal in ablation.removals}
    return [
        {"id": name, "says": scenario.argument.get(name, ""), "status": by_name[name].verdicts[claim].value}
        for name in ablation.carried(claim)
    ]
