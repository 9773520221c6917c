"""How the numbers of a compiled game follow from its parameters.

Rates, costs, weights, tempo and noise are monomials in the parameters (log-linear, proportional hazards); flow payoffs,
impacts and outcome values are sums of monomials with a sign (linear terms). Nothing here knows the graph.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from equipoise.errors import KeyPath, RequestError, no_such
from equipoise.game.game import Floats, Ints

Index = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Monomials:
    """M products of parameters."""

    table: Index
    """(M, W) parameters whose product each monomial is; P stands for the number 1, P + 1 for 0."""
    n_parameters: int

    def values(self, theta: Floats) -> Floats:
        """(M,) value of each at the parameters ``theta`` (P,)."""
        with np.errstate(over="ignore"):
            values: Floats = self._factors(theta).prod(axis=1)
        return values

    def derivative(self, theta: Floats) -> csr_array:
        """(M, P) d value / d theta, correct also where a parameter is 0."""
        factors = self._factors(theta)
        M, W = self.table.shape
        others = np.stack([np.delete(factors, w, axis=1).prod(axis=1) for w in range(W)], axis=1)
        row, column = np.repeat(np.arange(M), W), self.table.ravel()
        true = column < self.n_parameters
        return csr_array((others.ravel()[true], (row[true], column[true])), shape=(M, self.n_parameters))

    def _factors(self, theta: Floats) -> Floats:
        factors: Floats = np.concatenate([theta, [1.0, 0.0]])[self.table]
        return factors


@dataclass(frozen=True)
class Label:
    """What a payoff term is called and where it stands."""

    name: str
    """Its id, or the parameter that counts."""
    path: KeyPath
    """Path of keys in the scenario, e.g. ``("payoffs", 3)`` or, if it has an id, ``("payoffs", "fear")``."""


@dataclass(frozen=True, eq=False)
class TermMap:
    """Sums of payoff terms: value[x, i] = sum_c active[x, c] sign[c, i] m[monomial[c]].

    A column c is one term with one set of active multipliers; x runs over states, ends or branch entries.
    """

    active: csr_array
    """(X, C) 1 where the column counts."""
    sign: Floats
    """(C, N) +1 a gain to that actor, -1 a cost, 0 nothing."""
    monomial: Index
    """(C,)"""
    term: Index
    """(C,) index into `Structure.terms`."""

    def values(self, monomials: Floats, *, term: int | None = None) -> Floats:
        """(X, N) util or util/year, given the values of the monomials (M,); of one term only, if named."""
        amount = monomials[self.monomial] if term is None else monomials[self.monomial] * (self.term == term)
        return np.ascontiguousarray(self.active @ (self.sign * amount[:, None]))

    def pullback(self, gradient: Floats, n_monomials: int) -> Floats:
        """(M,) gradient with respect to the monomials, given that with respect to the values (X, N)."""
        per_column = ((self.active.T @ gradient) * self.sign).sum(axis=1)
        return np.bincount(self.monomial, weights=per_column, minlength=n_monomials).astype(float)


@dataclass(frozen=True, eq=False)
class Numbers:
    """The numbers of a game that depend on parameters, or their derivatives; shapes and units as in `Game`."""

    kind_cost: Floats
    kind_rate: Floats
    probability: Floats
    impact: Floats
    flow: Floats
    tempo: Floats
    noise: Floats
    discount: Floats
    end_value: Floats

    def fields(self) -> dict[str, Floats]:
        """The arrays by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, eq=False)
class Structure:
    """The map from P parameters to the numbers of a game, by way of M monomials."""

    parameters: tuple[str, ...]
    theta: Floats
    """(P,) the parameters' values."""
    monomials: Monomials
    terms: tuple[Label, ...]
    """Payoff terms: flows, outcome values, impacts."""
    flow: TermMap
    """X = S states."""
    end_value: TermMap
    """X = E ends."""
    impact: TermMap
    """X = kind_branch_ptr[-1] branch entries."""
    kind_cost: Index
    """(K,) monomials."""
    kind_rate: Index
    """(K,) monomials."""
    branch_weight: Index
    """(kind_branch_ptr[-1],) monomials; a kind's weights are normalised to sum to one."""
    kind_branch_ptr: Ints
    tempo: Index
    """(S, N) monomials."""
    noise: Index
    """(S, N) monomials."""
    discount: Index
    """(N,) monomials."""

    def numbers(self) -> Numbers:
        """The numbers at the parameters' values; weights that are all 0 give probabilities that are not a number."""
        m = self.monomials.values(self.theta)
        weight = m[self.branch_weight]
        with np.errstate(invalid="ignore"):
            return self._linear(m, weight / self._per_kind(weight))

    def derivative(self, parameter: str) -> Numbers:
        """d numbers / d theta for one parameter (forward mode)."""
        m = self.monomials.values(self.theta)
        dm = self.monomials.derivative(self.theta)[:, [self._index(parameter)]].toarray().ravel()
        weight, change = m[self.branch_weight], dm[self.branch_weight]
        total = self._per_kind(weight)
        return self._linear(dm, (change - weight / total * self._per_kind(change)) / total)

    def pullback(self, gradient: Numbers) -> Floats:
        """(P,) d measure / d theta, ``gradient`` being d measure / d numbers (adjoint mode)."""
        M = len(self.monomials.table)
        weight = self.monomials.values(self.theta)[self.branch_weight]
        total = self._per_kind(weight)
        by_weight = (gradient.probability - self._per_kind(gradient.probability * weight / total)) / total
        direct = [
            (self.kind_cost, gradient.kind_cost),
            (self.kind_rate, gradient.kind_rate),
            (self.branch_weight, by_weight),
            (self.tempo, gradient.tempo),
            (self.noise, gradient.noise),
            (self.discount, gradient.discount),
        ]
        by_monomial = np.zeros(M)
        for at, by in direct:
            by_monomial += np.bincount(at.ravel(), weights=by.ravel(), minlength=M)
        for terms, by in (
            (self.flow, gradient.flow),
            (self.end_value, gradient.end_value),
            (self.impact, gradient.impact),
        ):
            by_monomial += terms.pullback(by, M)
        return np.asarray(self.monomials.derivative(self.theta).T @ by_monomial)

    def with_parameters(self, values: Mapping[str, float]) -> Structure:
        """The same structure at other values of some parameters.

        Raises:
            RequestError: a name is unknown, or a value is negative or not finite.
        """
        theta = self.theta.copy()
        for name, value in values.items():
            at = self._index(name)
            if not (np.isfinite(value) and value >= 0):
                raise RequestError(f"parameter '{name}' cannot be {value}; right would be a finite number, 0 or above")
            theta[at] = value
        return replace(self, theta=theta)

    def _index(self, parameter: str) -> int:
        if parameter not in self.parameters:
            raise no_such("parameter", parameter, self.parameters)
        return self.parameters.index(parameter)

    def _per_kind(self, entries: Floats) -> Floats:
        """Sum over the branches of a kind, at each of them."""
        if not entries.size:
            return entries
        sums = np.add.reduceat(entries, self.kind_branch_ptr[:-1])
        return np.repeat(sums, np.diff(self.kind_branch_ptr))

    def _linear(self, m: Floats, probability: Floats) -> Numbers:
        return Numbers(
            kind_cost=m[self.kind_cost],
            kind_rate=m[self.kind_rate],
            probability=probability,
            impact=self.impact.values(m),
            flow=self.flow.values(m),
            tempo=m[self.tempo],
            noise=m[self.noise],
            discount=m[self.discount],
            end_value=self.end_value.values(m),
        )
