"""By how much a claim holds or fails, as one number with its derivatives by every parameter."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from equipoise.claims.cases import cases_of, side_case
from equipoise.claims.judge import ROUNDING
from equipoise.claims.levers import aligned, gradients
from equipoise.claims.measuring import measured
from equipoise.claims.solutions import Solution, Solutions
from equipoise.deciding.classes import Floats
from equipoise.scenario.claims import Claim, ClaimTest, Measure, amount


class Term(NamedTuple):
    """One number in a lead, and how it counts."""

    sign: float
    measure: Measure
    solution: Solution
    state: int
    actor: str
    number: float


@dataclass(frozen=True, eq=False)
class Lead:
    """How far numbers are on the claimed side: a constant plus a sum of numbers with signs."""

    constant: float
    terms: tuple[Term, ...]
    least: float
    """Size that counts; below it the test is unresolved."""

    @property
    def number(self) -> float:
        return self.constant + sum(term.sign * term.number for term in self.terms)

    @property
    def scale(self) -> float:
        """The largest of its numbers in size."""
        return max(abs(self.constant), *(abs(term.number) for term in self.terms))

    def slopes(self, names: Sequence[str], solutions: Solutions) -> Floats:
        """(P,) derivatives by parameters of the scenario."""
        whole = np.zeros(len(names))
        for term in self.terms:
            found = gradients(term.measure, term.solution, term.state)[term.actor]
            whole += term.sign * aligned(found, term.solution, names, solutions.scenario)
        return whole


@dataclass(frozen=True, eq=False)
class Group:
    """Leads that must all be positive, or one of which must."""

    one_suffices: bool
    parts: tuple[Group | Lead, ...]

    def deciding(self, shift: float, scales: Sequence[float]) -> tuple[float, Lead, int]:
        """The lead that decides: its distance in units of its scale, itself, and its place among all leads.

        Every lead is first moved by ``shift`` times the size that counts. The smallest of the distances decides where
        all must be positive, the greatest where one suffices; a lead without a number decides whatever it is in.
        """
        place, best = 0, None
        for part in self.parts:
            if isinstance(part, Lead):
                own = ((part.number + shift * part.least) / scales[place], part, place)
            else:
                number, lead, at = part.deciding(shift, scales[place:])
                own = (number, lead, place + at)
            if best is None or math.isnan(own[0]) or (own[0] > best[0] if self.one_suffices else own[0] < best[0]):
                best = own
            if math.isnan(best[0]):
                break
            place += part.count if isinstance(part, Group) else 1
        assert best is not None  # every test has a lead
        return best

    @property
    def count(self) -> int:
        """Leads in it."""
        return len(self.leads)

    @property
    def leads(self) -> list[Lead]:
        """All leads in it, in order."""
        parts = [[part] if isinstance(part, Lead) else part.leads for part in self.parts]
        return [lead for part in parts for lead in part]


def leads(claim: Claim, solutions: Solutions) -> Group:
    """The leads of a claim's test in some solutions, grouped by what must hold together; compare `claims.judge`."""
    assert claim.test is not None  # only such claims are asked about
    return Group(bool(claim.test.any), tuple(Group(False, tuple(_test(t, solutions))) for t in claim.test.parts))


def _test(test: ClaimTest, solutions: Solutions) -> Iterator[Group]:
    """A group for every start and actor."""
    assert test.measure is not None  # single tests have one
    starts = test.starts or tuple(solutions.scenario.initial)
    for start in ("",) if test.sides and test.sides[0].start is not None else starts:
        rows = (
            _sides(test, test.measure, solutions, start) if test.sides else _cases(test, test.measure, solutions, start)
        )
        for actor in rows[0]:
            terms = [row[actor] for row in rows]
            yield Group(bool(test.than_one_of), tuple(_leads(test, terms)))


def _sides(test: ClaimTest, measure: Measure, solutions: Solutions, start: str) -> list[dict[str, Term]]:
    places = [solutions.place(side_case(side), side.start or start, side.state) for side in test.sides]
    return [_terms(measure, *place) for place in places]


def _cases(test: ClaimTest, measure: Measure, solutions: Solutions, start: str) -> list[dict[str, Term]]:
    cases = cases_of(solutions.scenario, test)
    if not test.ranked:
        return [_terms(measure, *solutions.place(case, start, {})) for case in cases]
    place = solutions.place(cases[0], start, {})
    regimes = solutions.scenario.regimes
    of = [
        {"during": names[0]} if measure.kind == "exits" and names[0] in regimes else {"by": tuple(names)}
        for names in test.ranked.values()
    ]
    return [_terms(measure.model_copy(update=update), *place) for update in of]


def _terms(measure: Measure, solution: Solution, state: int) -> dict[str, Term]:
    numbers = measured(measure, solution, state)
    return {actor: Term(1.0, measure, solution, state, actor, number) for actor, number in numbers.items()}


def _leads(test: ClaimTest, terms: Sequence[Term]) -> Iterator[Lead]:
    """The distances that must be positive."""
    first, *others = terms
    above = None if test.above is None else amount(test.above)
    if test.sides:
        sign = 1.0 if test.higher else -1.0
        found = [(0.0, [(sign, first), (-sign, other)]) for other in others]
    elif test.series is not None:
        sign = 1.0 if test.rising else -1.0
        found = [(0.0, [(sign, later), (-sign, earlier)]) for earlier, later in pairwise(terms)]
    elif test.ranked:
        found = [(0.0, [(1.0, earlier), (-1.0, later)]) for earlier, later in pairwise(terms)]
    else:
        found = [] if above is None else [(-above, [(1.0, first)])]
        if test.needs and above is not None:
            found += [(above, [(-1.0, other)]) for other in others]
        elif test.below is not None:
            found += [(amount(test.below), [(-1.0, first)])]
    for constant, parts in found:
        numbers = [term.number for _, term in parts if math.isfinite(term.number)]
        least = max(amount(test.margin), ROUNDING * max(map(abs, numbers), default=0.0), 1e-12)
        yield Lead(constant, tuple(term._replace(sign=sign) for sign, term in parts), least)
