"""The leads of a claim's witnesses as sums of measures, so that their derivatives can be taken.

`judge` says what a claim comes to; here is what its leads are made of. A claim turns where its smallest lead passes
through zero, which is where whoever looks for what would turn it goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from equipoise.claims.cases import Case, cases_of, side_case
from equipoise.claims.gradients import Part, Slopes
from equipoise.claims.measuring import measured
from equipoise.claims.solutions import Solutions
from equipoise.levers.adjoint import Gradient
from equipoise.scenario.claims import Claim, ClaimTest, Measure, amount
from equipoise.scenario.models import Scenario


@dataclass(frozen=True, eq=False)
class Margin:
    """One distance by which a test is on the claimed side, or not: constant + sum of factor times measure."""

    test: ClaimTest
    start: str
    """Empty where the difference is the start."""
    actor: str
    """Empty where the measure is no actor's own."""
    parts: tuple[Part, ...]
    constant: float
    lead: float
    """The distance, in the unit of the measure; nan where there is no such number."""

    def gradient(self, slopes: Slopes) -> Gradient:
        """The lead with its derivatives."""
        return slopes.of(self.parts, self.actor, self.constant)


def margins(claim: Claim, solutions: Solutions, *, starts: Sequence[str] = ()) -> tuple[Margin, ...]:
    """Every lead of every witness of a fair claim, test by test, as `judge` finds them."""
    tests = claim.test.parts if claim.test is not None else ()
    return tuple(margin for test in tests for margin in _of_test(test, solutions, starts))


def _of_test(test: ClaimTest, solutions: Solutions, starts: Sequence[str]) -> Iterator[Margin]:
    assert test.measure is not None  # single tests have one
    if test.sides and test.sides[0].start is not None:
        asked: Sequence[str] = ("",)
    else:
        asked = starts or test.starts or tuple(solutions.scenario.initial)
    for start in asked:
        placed = list(_placed(test, test.measure, solutions, start))
        numbers = [measured(measure, *solutions.place(case, at, levels)) for measure, case, at, levels in placed]
        parts = [(measure, *solutions.place(case, at, levels)) for measure, case, at, levels in placed]
        for actor in numbers[0]:
            for factors, constant in _leads(test, len(placed)):
                lead = constant + sum(factor * numbers[k][actor] for k, factor in factors)
                used = tuple(Part(factor, *parts[k]) for k, factor in factors)
                yield Margin(test, start, actor, used, constant, lead)


Placed = tuple[Measure, Case, str, dict[str, str]]
"""A measure, where it is read off: case, start, and levels that differ from the start's."""


def _placed(test: ClaimTest, measure: Measure, solutions: Solutions, start: str) -> Iterator[Placed]:
    """The readings that a test compares."""
    if test.sides:
        for side in test.sides:
            yield measure, side_case(side), side.start or start, dict(side.state)
        return
    cases = cases_of(solutions.scenario, test)
    if test.ranked:
        for names in test.ranked.values():
            yield of_group(measure, names, solutions.scenario), cases[0], start, {}
        return
    for case in cases:
        yield measure, case, start, {}


def of_group(measure: Measure, names: Sequence[str], scenario: Scenario) -> Measure:
    """The measure of one group of a ranking: a regime, or moves and events."""
    one_regime = measure.kind == "exits" and names[0] in scenario.regimes
    return measure.model_copy(update={"during": names[0]} if one_regime else {"by": tuple(names)})


def _leads(test: ClaimTest, count: int) -> list[tuple[tuple[tuple[int, float], ...], float]]:
    """Every lead as factors of readings and a constant; all of them must be positive."""
    if test.sides:
        sign = 1.0 if test.higher else -1.0
        return [(((0, sign), (k, -sign)), 0.0) for k in range(1, count)]
    if test.series is not None or test.ranked:
        sign = 1.0 if test.rising else -1.0
        return [(((later, sign), (earlier, -sign)), 0.0) for earlier, later in pairwise(range(count))]
    above = None if test.above is None else amount(test.above)
    found: list[tuple[tuple[tuple[int, float], ...], float]] = []
    if above is not None:
        found += [(((0, 1.0),), -above)]
        found += [(((k, -1.0),), above) for k in range(1, count if test.needs else 1)]
    if test.below is not None:
        found += [(((0, -1.0),), amount(test.below))]
    return found
