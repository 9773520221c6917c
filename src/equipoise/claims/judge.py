"""A claim judged in the solved cases that its test compares."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from equipoise.claims.cases import Case, cases_of, side_case
from equipoise.claims.margins import of_group
from equipoise.claims.measuring import measured
from equipoise.claims.solutions import Solution, Solutions
from equipoise.claims.verdict import Basis, Difference, Finding, Reading, Status, Verdict, Witness, every, some
from equipoise.errors import ScenarioError
from equipoise.outlook.regimes import years_in
from equipoise.scenario.claim_english import tell_series, tell_side
from equipoise.scenario.claims import Claim, ClaimTest, Measure, Side, amount
from equipoise.scenario.phrases import words
from equipoise.scenario.rules.fairness import unfair

ROUNDING = 1e-7
"""Relative difference of two numbers below which they count as the same: what the solver leaves."""


def judge(claim: Claim, solutions: Solutions, *, starts: Sequence[str] = ()) -> Verdict:
    """What a claim comes to in the scenario of ``solutions``, at its own numbers and under its convention.

    It holds if the test holds from every start and for every actor it names, by more than the margin; it fails if the
    numbers are on the other side by more than the margin anywhere; otherwise it is unresolved. An unfair test is
    refused with the reason. ``starts`` replace those of the tests, where the difference is not the start.
    """
    scenario, convention = solutions.scenario, solutions.convention.name
    if claim.test is None:
        return Verdict(claim, Status.UNTESTED, convention)
    reasons = tuple(unfair(scenario, claim))
    if reasons:
        return Verdict(claim, Status.REFUSED, convention, reasons=reasons)
    try:
        findings = tuple(_finding(test, solutions, starts) for test in claim.test.parts)
    except ScenarioError as error:
        # A level that a test pins may leave steps without a possible end: that is seen only when it is compiled.
        return Verdict(claim, Status.REFUSED, convention, reasons=error.problems)
    combine = some if claim.test.any else every
    cases = dict.fromkeys(case for test in claim.test.parts for case in cases_of(scenario, test))
    return Verdict(
        claim,
        combine([finding.status for finding in findings]),
        convention,
        findings,
        tuple(_basis(solutions[case]) for case in cases),
    )


def _finding(test: ClaimTest, solutions: Solutions, starts: Sequence[str]) -> Finding:
    assert test.measure is not None  # single tests have one
    solutions.prepare(cases_of(solutions.scenario, test))
    if test.sides and test.sides[0].start is not None:
        witnesses = tuple(_compared(test, test.measure, solutions, ""))
    else:
        asked = starts or test.starts or tuple(solutions.scenario.initial)
        judged = _compared if test.sides else _followed
        witnesses = tuple(witness for start in asked for witness in judged(test, test.measure, solutions, start))
    doubtful = [case for case in cases_of(solutions.scenario, test) if not solutions[case].equilibrium.certified]
    if doubtful:
        return Finding(test, Status.UNRESOLVED, ())
    if not test.than_one_of:
        return Finding(test, every([witness.status for witness in witnesses]), witnesses)
    groups = dict.fromkeys((witness.start, witness.actor) for witness in witnesses)
    statuses = [some([w.status for w in witnesses if (w.start, w.actor) == group]) for group in groups]
    return Finding(test, every(statuses), witnesses)


def _compared(test: ClaimTest, measure: Measure, solutions: Solutions, start: str) -> Iterator[Witness]:
    """A witness for every actor and every other side: the first side is higher or lower than it."""
    first, *others = test.sides
    sign = 1.0 if test.higher else -1.0
    own = _side_numbers(measure, solutions, first, start)
    for side in others:
        other = _side_numbers(measure, solutions, side, start)
        for actor, value in own.items():
            readings = (_side_reading(first, value), _side_reading(side, other[actor]))
            splits: tuple[Difference, ...] = ()
            if side.variant != first.variant:
                splits = _split(measure, solutions, side_case(first), side_case(side), start, actor)
            yield _witness(test, start, actor, readings, [sign * (value - other[actor])], splits)


def _followed(test: ClaimTest, measure: Measure, solutions: Solutions, start: str) -> Iterator[Witness]:
    """A witness for every actor: thresholds, rises and falls, rankings and needs."""
    scenario = solutions.scenario
    cases = cases_of(scenario, test)
    if test.ranked:
        measures = [of_group(measure, names, scenario) for names in test.ranked.values()]
        numbers = [_numbers(each, solutions, cases[0], start) for each in measures]
        labels: Sequence[str] = [words(group) for group in test.ranked]
    else:
        numbers = [_numbers(measure, solutions, case, start) for case in cases]
        labels = tell_series(scenario, test.series)[1] if test.series else [str(case) for case in cases]
    for actor in numbers[0]:
        values = [number[actor] for number in numbers]
        readings = tuple(map(Reading, labels, values))
        pairs = [(cases[-1], cases[0])] if test.series else [(case, cases[0]) for case in cases[1:]]
        splits = tuple(d for pair in pairs for d in _split(measure, solutions, *pair, start, actor))
        yield _witness(test, start, actor, readings, _leads(test, values), splits)


def _leads(test: ClaimTest, values: Sequence[float]) -> list[float]:
    """Distances by which values are on the claimed side; all must be positive."""
    if test.series is not None:
        sign = 1.0 if test.rising else -1.0
        return [sign * (later - earlier) for earlier, later in pairwise(values)]
    if test.ranked:
        return [earlier - later for earlier, later in pairwise(values)]
    above = None if test.above is None else amount(test.above)
    if test.needs and above is not None:
        return [values[0] - above, *(above - value for value in values[1:])]
    leads = [values[0] - above] if above is not None else []
    return leads + ([amount(test.below) - values[0]] if test.below is not None else [])


def _witness(
    test: ClaimTest,
    start: str,
    actor: str,
    readings: tuple[Reading, ...],
    leads: Sequence[float],
    differences: tuple[Difference, ...],
) -> Witness:
    lead = math.nan if any(math.isnan(value) for value in leads) else min(leads)
    largest = max((abs(r.value) for r in readings if math.isfinite(r.value)), default=0.0)
    least = max(amount(test.margin), ROUNDING * largest, 1e-12)
    if math.isnan(lead):
        missing = [reading.label for reading in readings if math.isnan(reading.value)]
        why = f"there is no such number: {', '.join(missing)}" if missing else "both numbers are without limit"
        return Witness(start, actor, readings, lead, Status.UNRESOLVED, differences, why)
    if lead > least:
        return Witness(start, actor, readings, lead, Status.HOLDS, differences)
    if lead < -least:
        return Witness(start, actor, readings, lead, Status.FAILS, differences)
    why = "the difference is smaller than the margin" if amount(test.margin) else "the numbers are the same"
    return Witness(start, actor, readings, lead, Status.UNRESOLVED, differences, why)


def _numbers(measure: Measure, solutions: Solutions, case: Case, start: str) -> dict[str, float]:
    solution, state = solutions.place(case, start, {})
    return measured(measure, solution, state)


def _side_numbers(measure: Measure, solutions: Solutions, side: Side, start: str) -> dict[str, float]:
    solution, state = solutions.place(side_case(side), side.start or start, side.state)
    return measured(measure, solution, state)


def _side_reading(side: Side, value: float) -> Reading:
    return Reading(tell_side(side, alone=True) if side.start else str(side_case(side)), value)


def _split(
    measure: Measure, solutions: Solutions, one: Case, other: Case, start: str, actor: str
) -> tuple[Difference, ...]:
    """The difference of two cases, split into what is assumed and what emerges; none where there is no number.

    With m(c | as written) the measure in case c if everybody went on as in the scenario as written,
    assumed = m(one | as written) - m(other | as written) and emergent = total - assumed.
    """
    if not solutions.split:
        return ()
    one_number, one_frozen, one_known = _with_policies_as_written(measure, solutions, one, start, actor)
    number, frozen, known = _with_policies_as_written(measure, solutions, other, start, actor)
    total, assumed = one_number - number, one_frozen - frozen
    if not (math.isfinite(total) and math.isfinite(assumed)):
        return ()
    return (Difference(str(one), str(other), total, assumed, total - assumed, min(known, one_known)),)


def _with_policies_as_written(
    measure: Measure, solutions: Solutions, case: Case, start: str, actor: str
) -> tuple[float, float, float]:
    """A case's number; the same if everybody went on as in the scenario as written; the share of time that knows."""
    solution, state = solutions.place(case, start, {})
    number = measured(measure, solution, state)[actor]
    if case.as_written:
        return number, number, 1.0
    frozen = solutions.frozen(case, Case())
    both = np.column_stack([frozen.known, ~frozen.known])
    years = years_in(frozen.chain, state, [solution.scenario.horizon], both)[0]
    known = float(years[0] / years.sum()) if years.sum() > 0 else 1.0
    return number, measured(measure, solution, state, chain=frozen.chain)[actor], known


def _basis(solution: Solution) -> Basis:
    equilibrium = solution.equilibrium
    return Basis(
        str(solution.case),
        equilibrium.branch.value,
        equilibrium.certified,
        solution.game.n_states,
        len(equilibrium.trace.folds),
    )
