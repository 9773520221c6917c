"""Verdicts in plain sentences."""

from __future__ import annotations

import math

from equipoise.claims.verdict import Difference, Finding, Reading, Status, Verdict, Witness
from equipoise.scenario.claim_english import tell_amount, tell_bound, tell_measure
from equipoise.scenario.claims import ClaimTest, MeasureUnit, amount
from equipoise.scenario.models import Scenario
from equipoise.scenario.phrases import listed, number, percent, sentence, span, words

STATED = {
    Status.HOLDS: "It holds.",
    Status.FAILS: "It fails.",
    Status.UNRESOLVED: "It cannot be decided.",
    Status.REFUSED: "No verdict: the test is not fair.",
    Status.UNTESTED: "No verdict: the claim has no test.",
}
"""What a status means, as a sentence."""


def tell_verdict(scenario: Scenario, verdict: Verdict) -> str:
    """The verdict, the numbers that decide it, what they are made of and who disagrees, in a few sentences."""
    parts = [STATED[verdict.status], tell_numbers(scenario, verdict), tell_splits(verdict), tell_contest(verdict)]
    return " ".join(part for part in parts if part)


def tell_numbers(scenario: Scenario, verdict: Verdict) -> str:
    """The numbers that a verdict turns on, or why there is none."""
    parts = [sentence(reason.found) for reason in verdict.reasons]
    parts += [tell_finding(scenario, finding) for finding in turning(verdict)]
    doubtful = [basis.case for basis in verdict.basis if not basis.certified]
    parts += [sentence(f"no equilibrium could be certified: {listed(doubtful)}")] if doubtful else []
    return " ".join(part for part in parts if part)


def tell_splits(verdict: Verdict) -> str:
    """How much of each difference that a verdict turns on is assumed and how much emerges."""
    told = []
    for finding in turning(verdict):
        witness = deciding(finding)
        if witness is not None and witness.differences and witness.status is not Status.UNRESOLVED:
            told.append(tell_difference(witness.differences[0], finding.unit))
    return " ".join(part for part in told if part)


def tell_contest(verdict: Verdict) -> str:
    """Where a verdict comes out differently."""
    told = [f"under {challenge.under} it {_verb(challenge.status)}" for challenge in verdict.contested]
    return f"But {listed(told)}." if told else ""


def turning(verdict: Verdict) -> tuple[Finding, ...]:
    """The findings that decide a verdict: those that share its status."""
    return tuple(finding for finding in verdict.findings if finding.status is verdict.status) or verdict.findings


def tell_finding(scenario: Scenario, finding: Finding) -> str:
    """The numbers of the witness that decides a single test."""
    witness = deciding(finding)
    if witness is None:
        return ""
    if any(math.isnan(reading.value) for reading in witness.readings):
        assert finding.test.measure is not None  # single tests have one
        start = f"from {words(witness.start)}, " if witness.start else ""
        return sentence(f"{start}there is no such thing as {tell_measure(scenario, finding.test.measure)}")
    told = sentence(tell_witness(scenario, finding.test, witness))
    return f"{told} {sentence(witness.why)}" if witness.why else told


def deciding(finding: Finding) -> Witness | None:
    """The witness that a finding turns on: of those that share its status, the one with the smallest lead."""
    own = [witness for witness in finding.witnesses if witness.status is finding.status] or list(finding.witnesses)
    return min(own, key=lambda witness: abs(witness.lead) if witness.lead == witness.lead else 0.0, default=None)


def tell_witness(scenario: Scenario, test: ClaimTest, witness: Witness) -> str:
    """One witness's numbers, as a clause."""
    assert test.measure is not None  # single tests have one
    unit = test.measure.unit
    whom = f", to {_who(scenario, witness.actor)}" if witness.actor else ""
    measure = tell_measure(scenario, test.measure)
    if witness.actor:
        measure = {"value": "the felt value of the future", "loss": _loss(scenario, test)}[test.measure.kind]
    lead = f"from {words(witness.start)}{whom}, " if witness.start else f"{whom.removeprefix(', ')}, ".lstrip(", ")
    readings = witness.readings
    if test.ranked:
        shares = listed([f"{reading.label} {tell_amount(reading.value, unit)}" for reading in readings])
        return f"{lead}{measure} by each: {shares}"
    if test.sides:
        first, second = readings
        return f"{lead}{measure} is {_of(first, unit)}, against {_of(second, unit)}"
    if test.series is not None:
        steps = [f"{tell_amount(reading.value, unit)} at {reading.label}" for reading in readings]
        return f"{lead}{measure} is {listed(steps, 'and at last')}"
    if test.needs:
        return f"{lead}{measure} is {listed([_of(reading, unit) for reading in readings])}"
    return f"{lead}{measure} is {tell_amount(readings[0].value, unit)}{_asked(test, unit)}"


def tell_difference(split: Difference, unit: MeasureUnit) -> str:
    """How much of a difference is assumed and how much emerges."""
    if abs(split.total) < 1e-12:
        return ""
    if not split.divided:
        return (
            f"The difference of {signed(split.total, unit)} cannot be divided into what is assumed and what emerges: "
            f"the scenario as written knows {percent(split.known)} of the situations met."
        )
    told = f"Of this difference of {signed(split.total, unit)}, {signed(split.assumed, unit)} is assumed"
    told += f" and {signed(split.emergent, unit)} emerges from what the actors do."
    if split.known < 0.99:
        told += f" (The scenario as written knows {percent(split.known)} of the situations met.)"
    return told


def _verb(status: Status) -> str:
    return {Status.HOLDS: "holds", Status.FAILS: "fails"}.get(status, "cannot be decided")


def _of(reading: Reading, unit: MeasureUnit) -> str:
    return f"{tell_amount(reading.value, unit)} ({reading.label})"


def _asked(test: ClaimTest, unit: MeasureUnit) -> str:
    bounds = [(word, bound) for word, bound in (("above", test.above), ("below", test.below)) if bound is not None]
    return "; claimed was " + listed([f"{word} {tell_bound(amount(bound), unit)}" for word, bound in bounds])


def signed(value: float, unit: MeasureUnit) -> str:
    """A change of a number in the unit of a measure: ``+1.2 points``."""
    sign = "\N{MINUS SIGN}" if value < 0 else "+"
    size = abs(value)
    if unit in ("chance", "share"):
        return f"{sign}{number(100 * size)}\N{NO-BREAK SPACE}points"
    if unit == "years":
        return f"{sign}{span(size)}"
    return sign + number(size) + {"util": " util", "times": " times", "count": "", "1/year": " a year"}[unit]


def _loss(scenario: Scenario, test: ClaimTest) -> str:
    assert test.measure is not None
    return f"what outcomes and incidents cost within {span(test.measure.within or scenario.horizon)}"


def _who(scenario: Scenario, actor: str) -> str:
    return scenario.actors[actor].name or words(actor)
