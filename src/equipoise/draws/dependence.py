"""Parameters that hang together: correlations as a Gaussian copula, orderings by drawing again what breaks them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from equipoise.draws.distribution import Distribution, Floats
from equipoise.errors import Problem, ScenarioError
from equipoise.scenario.models import Scenario
from equipoise.scenario.priors import Correlation, groups, pearson
from equipoise.scenario.uses import keyed

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

LEAST_KEPT = 1e-3
"""Orderings that fewer draws than this keep by chance contradict the priors."""
_PILOT = 20_000
"""Draws by which that share is estimated."""
_MOST_TRIES = 64
"""Most new tries of a draw that are looked at together."""
_CELLS = 1_000_000
"""Numbers of the pilot that are in memory at once."""
_SMALL = 0.5**31
"""Quantiles keep this far from 0 and 1, where priors without bounds are infinite."""


@dataclass(frozen=True, eq=False)
class Order:
    """Which of G parameters may not be above which, and above or below what does not vary."""

    below: Ints
    """(K, 2) pairs of which the first is at most the second."""
    at_least: Floats
    """(G,) greatest number that does not vary and is below; 0 if there is none."""
    at_most: Floats
    """(G,) least number that does not vary and is above; infinite if there is none."""

    def kept(self, values: Floats) -> Bools:
        """(n,) whether the values of each draw (n, G) keep it."""
        within = ((values >= self.at_least) & (values <= self.at_most)).all(axis=1)
        return np.asarray(within & (values[:, self.below[:, 0]] <= values[:, self.below[:, 1]]).all(axis=1))


@dataclass(frozen=True, eq=False)
class Group:
    """G parameters that orderings or correlations tie together, directly or by way of others."""

    members: Ints
    """(G,) places among the parameters of the design."""
    distributions: tuple[Distribution, ...]
    """(G,)"""
    factor: Floats | None
    """(G, G) lower Cholesky factor of the correlations of the normal numbers behind; None if none are correlated."""
    order: Order | None
    """None if nothing is ordered."""
    kept: float = 1.0
    """Share of draws that keep the order by chance, estimated from 20,000."""

    def quantiles(self, unit: Floats, seed: Sequence[int], first: int) -> Floats:
        """(n, G) quantiles of draws first, first + 1, ..., given their points of the unit cube (n, G).

        A draw that breaks an ordering is drawn again from random numbers of its own, whose seed is its number, until it
        does not: the distribution is that of the priors and the copula given that the orderings hold.
        """
        placed = self._correlated(unit)
        if self.order is None:
            return placed
        waiting = np.flatnonzero(~self._in_order(placed))
        sources = {k: np.random.default_rng([*seed, first + k]) for k in waiting.tolist()}
        G, T = self.members.size, min(_MOST_TRIES, math.ceil(2 / self.kept))
        while waiting.size:
            tries = self._at_random(np.concatenate([sources[k].random((T, G)) for k in waiting.tolist()]))
            good = self._in_order(tries).reshape(-1, T)
            found = np.asarray(good.any(axis=1))
            placed[waiting[found]] = tries.reshape(-1, T, G)[found, good[found].argmax(axis=1)]
            waiting = waiting[~found]
        return placed

    def tried(self, key: str | int | None) -> Group:
        """The same with the share of draws that keep its order; ``key`` names an ordering in it.

        Raises:
            ScenarioError: hardly any would.
        """
        if self.order is None:
            return self
        source, G = np.random.default_rng(0), self.members.size
        rows = np.diff(np.append(np.arange(0, _PILOT, max(1, _CELLS // G)), _PILOT))
        kept = sum(int(self._in_order(self._at_random(source.random((n, G)))).sum()) for n in rows.tolist()) / _PILOT
        if kept < LEAST_KEPT:
            found = f"an ordering that fewer than one in {1 / LEAST_KEPT:,.0f} draws from the priors keep"
            right = "ranges and priors of which the order can be expected"
            raise ScenarioError([Problem(found, right, ("orderings", key or 0, "rising"))])
        return replace(self, kept=kept)

    def _at_random(self, unit: Floats) -> Floats:
        """(n, G) quantiles of random numbers in [0, 1) of the same shape."""
        return self._correlated(np.clip(unit, _SMALL, 1 - _SMALL))

    def _correlated(self, unit: Floats) -> Floats:
        """(n, G) quantiles with the correlations, of independent ones (n, G): Phi(L Phi^-1(u))."""
        if self.factor is None:
            return unit
        z = ndtri(unit)
        # Not a product of matrices, whose last digits depend on how many rows there are.
        mixed = [sum(weight * z[:, j] for j, weight in enumerate(row[: i + 1])) for i, row in enumerate(self.factor)]
        return np.asarray(np.clip(ndtr(np.stack(mixed, axis=1)), _SMALL, 1 - _SMALL))

    def _in_order(self, quantiles: Floats) -> Bools:
        assert self.order is not None  # only asked of what is ordered
        values = [each.quantile(quantiles[:, j]) for j, each in enumerate(self.distributions)]
        return self.order.kept(np.stack(values, axis=1))


def dependence(
    scenario: Scenario, parameters: Sequence[str], distributions: Sequence[Distribution]
) -> tuple[Group, ...]:
    """The groups among the parameters of a design; what does not vary keeps the scenario's own value in orderings.

    Raises:
        ScenarioError: hardly any draw would keep an ordering. Its path is that of the ordering.
    """
    place = {name: j for j, name in enumerate(parameters)}
    steps = [(pair, key) for key, ordering in keyed(scenario.orderings) for pair in pairwise(ordering.rising)]
    ties = [tie for tie in scenario.correlations if all(name in place for name in tie.between)]
    links = [[name for name in pair if name in place] for pair, _ in steps] + [list(tie.between) for tie in ties]
    found = []
    for tied in groups(link for link in links if link):
        names = sorted(tied, key=place.__getitem__)
        within = set(names)
        inner = [(pair, key) for pair, key in steps if within.intersection(pair)]
        group = Group(
            members=np.array([place[name] for name in names]),
            distributions=tuple(distributions[place[name]] for name in names),
            factor=_factor(names, [tie for tie in ties if tie.between[0] in within]),
            order=_order(scenario, names, [pair for pair, _ in inner]),
        )
        found.append(group.tried(inner[0][1] if inner else None))
    return tuple(found)


def _factor(names: Sequence[str], ties: Iterable[Correlation]) -> Floats | None:
    matrix = np.eye(len(names))
    for tie in ties:
        i, j = (names.index(name) for name in tie.between)
        matrix[i, j] = matrix[j, i] = pearson(tie.rank)
    return np.asarray(np.linalg.cholesky(matrix), float) if np.triu(matrix, 1).any() else None


def _order(scenario: Scenario, names: Sequence[str], pairs: Sequence[tuple[str, str]]) -> Order | None:
    if not pairs:
        return None
    at = {name: i for i, name in enumerate(names)}
    at_least, at_most = np.zeros(len(names)), np.full(len(names), np.inf)
    for low, high in pairs:
        if low not in at:
            at_least[at[high]] = max(at_least[at[high]], scenario.parameters[low].value)
        if high not in at:
            at_most[at[low]] = min(at_most[at[low]], scenario.parameters[high].value)
    below = [(at[low], at[high]) for low, high in pairs if low in at and high in at]
    return Order(np.array(below, int).reshape(-1, 2), at_least, at_most)
