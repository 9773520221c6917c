"""Payoff terms in integers: for whom they count, where, and how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from equipoise.errors import KeyPath
from equipoise.game.game import Floats, Ints
from equipoise.game.products import MonomialTable, Product, distinct
from equipoise.game.states import Guard, Levels, Space, holds
from equipoise.game.structure import Index, Label, TermMap
from equipoise.scenario.models import Scenario, Term
from equipoise.scenario.uses import keyed


@dataclass(frozen=True, eq=False)
class PayoffTerm:
    """One term."""

    label: int
    sign: Floats
    """(N,) +1 for whom it is a gain, -1 for whom it is a cost."""
    guard: Guard
    product: Product


class TermFactory:
    """Turns terms into integers and keeps their labels."""

    def __init__(self, scenario: Scenario, space: Space, monomials: MonomialTable) -> None:
        self.scenario, self.space, self.monomials = scenario, space, monomials
        self.labels: list[Label] = []

    def terms(self, terms: Sequence[Term], path: KeyPath) -> list[PayoffTerm]:
        """A list of terms that stands at ``path``."""
        made = []
        for key, term in keyed(terms):
            self.labels.append(Label(term.id or str(term.parameter), (*path, key)))
            made.append(
                PayoffTerm(
                    label=len(self.labels) - 1,
                    sign=self._sign(term),
                    guard=self.space.guard(term.when),
                    product=Product.of(term.parameter, term.times, self.space, self.monomials),
                )
            )
        return made

    def _sign(self, term: Term) -> Floats:
        who: set[str] = set()
        for name in term.actor:
            if name == "everyone":
                who.update(self.scenario.actors)
            elif name in self.scenario.seats:
                who.update(self.scenario.seats[name].sitters.values())
            else:
                who.add(name)
        amount = 1.0 if term.cost is None else -1.0
        return np.array([amount if actor in who else 0.0 for actor in self.scenario.actors])


class TermColumns:
    """The columns of one `TermMap`: a term with one set of active multipliers each."""

    def __init__(self, n_actors: int) -> None:
        self.n_actors = n_actors
        self.found: dict[tuple[int, int], int] = {}
        self.sign: list[Floats] = []

    def numbers(self, term: PayoffTerm, levels: Levels) -> Index:
        """(n,) 1 + the column that counts in each state, 0 where the term does not count."""
        out = np.zeros(levels.shape[1], np.int32)
        here = np.flatnonzero(holds(term.guard, levels))
        if here.size:
            monomials, which = distinct([term.product.numbers(levels[:, here])])
            out[here] = np.array([self._column(term, int(m)) for m in monomials[:, 0]], np.int32)[which]
        return out

    def freeze(self, rows: Sequence[NDArray[np.integer]] | csr_array) -> TermMap:
        """The map in whose row x the columns listed count."""
        if not isinstance(rows, csr_array):
            sizes = np.array([len(row) for row in rows], np.int64)
            flat = np.concatenate(rows) if len(rows) else np.empty(0)
            rows = pattern_array(np.concatenate([[0], np.cumsum(sizes)]), flat.astype(np.int32), len(self.found))
        keys = np.array(list(self.found), np.int32).reshape(-1, 2)
        sign = np.array(self.sign).reshape(-1, self.n_actors)
        return TermMap(active=rows, sign=sign, monomial=keys[:, 1].copy(), term=keys[:, 0].copy())

    def _column(self, term: PayoffTerm, monomial: int) -> int:
        if monomial == MonomialTable.zero:
            return 0
        column = self.found.setdefault((term.label, monomial), len(self.found))
        if column == len(self.sign):
            self.sign.append(term.sign)
        return column + 1


def flow_map(terms: Sequence[PayoffTerm], levels: Levels, n_actors: int) -> TermMap:
    """What counts in every state: one pass over the terms to count, one to write."""
    columns = TermColumns(n_actors)
    S = levels.shape[1]
    counted = [
        (np.flatnonzero(numbers), numbers[numbers > 0] - 1) for numbers in (columns.numbers(t, levels) for t in terms)
    ]
    size = np.zeros(S + 1, np.int64)
    for here, _ in counted:
        size[here + 1] += 1
    start = np.cumsum(size)
    indices = np.empty(start[-1], np.int32)
    at = start[:-1].copy()
    for here, column in counted:
        indices[at[here]] = column
        at[here] += 1
    return columns.freeze(pattern_array(start, indices, len(columns.found)))


def pattern_array(indptr: Ints, indices: Index, n_columns: int) -> csr_array:
    """Sparse array of ones; one byte each, for there may be tens of millions."""
    if indptr[-1] < 2**31:
        indptr = indptr.astype(np.int32)
    shape = (indptr.size - 1, n_columns)
    return csr_array((np.ones(indices.size, np.int8), indices, indptr), shape=shape)
