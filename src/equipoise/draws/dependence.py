"""Parameters that hang together: correlations as a Gaussian copula, orderings by drawing again what breaks them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from equipoise.draws.distribution import Distribution, Floats
from equipoise.errors import KeyPath, Problem, ScenarioError
from equipoise.scenario.models import Scenario
from equipoise.scenario.priors import groups, pearson
from equipoise.scenario.uses import keyed

Ints = NDArray[np.int64]

LEAST_KEPT = 1e-3
"""Orderings that fewer draws than this keep by chance contradict the priors."""
_PILOT = 20_000
"""Draws by which that share is estimated."""
_TRIES = 32
"""New tries of a draw that are looked at together."""
_SMALL = 0.5**31
"""Quantiles keep this far from 0 and 1, where priors without bounds are infinite."""


@dataclass(frozen=True, eq=False)
class Group:
    """G parameters that orderings or correlations tie together, directly or by way of others."""

    members: Ints
    """(G,) places among the parameters of the design."""
    distributions: tuple[Distribution, ...]
    """(G,)"""
    factor: Floats | None
    """(G, G) lower Cholesky factor of the correlations of the normal numbers behind; None if none are correlated."""
    below: Ints
    """(K, 2) pairs of members of which the first is at most the second."""
    at_least: Floats
    """(G,) greatest value of what does not vary and is below; 0 if there is nothing."""
    at_most: Floats
    """(G,) least value of what does not vary and is above; infinite if there is nothing."""
    kept: float = 1.0
    """Share of draws that keep the orderings by chance, as estimated from 20,000."""

    def correlated(self, unit: Floats) -> Floats:
        """(n, G) quantiles with the correlations, of independent ones (n, G): Phi(L Phi^-1(u))."""
        if self.factor is None:
            return unit
        z = ndtri(unit)
        # Not a product of matrices, whose last digits depend on how many rows there are.
        mixed = np.stack([sum(row[j] * z[:, j] for j in range(i + 1)) for i, row in enumerate(self.factor)], axis=1)
        return np.asarray(np.clip(ndtr(mixed), _SMALL, 1 - _SMALL))

    def in_order(self, quantiles: Floats) -> NDArray[np.bool_]:
        """(n,) whether draws with these quantiles (n, G) keep the orderings."""
        values = np.stack([each.quantile(quantiles[:, j]) for j, each in enumerate(self.distributions)], axis=1)
        within = ((values >= self.at_least) & (values <= self.at_most)).all(axis=1)
        return np.asarray(within & (values[:, self.below[:, 0]] <= values[:, self.below[:, 1]]).all(axis=1))

    @property
    def ordered(self) -> bool:
        """Whether any ordering says something of it."""
        return bool(len(self.below) or (self.at_least > 0).any() or np.isfinite(self.at_most).any())

    def quantiles(self, unit: Floats, seed: Sequence[int], first: int) -> Floats:
        """(n, G) quantiles of draws first, first + 1, ..., given their points of the unit cube (n, G).

        A draw that breaks an ordering is drawn again from random numbers of its own, whose seed is its number, until it
        does not: the distribution is that of the priors and the copula given that the orderings hold.
        """
        placed = self.correlated(unit)
        if not self.ordered:
            return placed
        waiting = np.flatnonzero(~self.in_order(placed))
        sources = [np.random.default_rng([*seed, first + k]) for k in waiting.tolist()]
        G = self.members.size
        while waiting.size:
            tries = np.stack([source.random((_TRIES, G)) for source in sources])
            tries = self.correlated(np.clip(tries, _SMALL, 1 - _SMALL).reshape(-1, G))
            good = self.in_order(tries).reshape(-1, _TRIES)
            found = np.asarray(good.any(axis=1))
            placed[waiting[found]] = tries.reshape(-1, _TRIES, G)[found, good[found].argmax(axis=1)]
            sources = [sources[k] for k in np.flatnonzero(~found).tolist()]
            waiting = waiting[~found]
        return placed


def dependence(
    scenario: Scenario, parameters: Sequence[str], distributions: Sequence[Distribution]
) -> tuple[Group, ...]:
    """The groups among the parameters of a design; what does not vary keeps the scenario's own value in orderings.

    Raises:
        ScenarioError: hardly any draw would keep an ordering. Its path is that of the ordering.
    """
    place = {name: j for j, name in enumerate(parameters)}
    correlations = [one for one in scenario.correlations if all(name in place for name in one.between)]
    pairs = [pair for ordering in scenario.orderings for pair in pairwise(ordering.rising)]
    links = [[name for name in pair if name in place] for pair in [*pairs, *(one.between for one in correlations)]]
    found = []
    for names in groups(link for link in links if link):
        members = sorted(place[name] for name in names)
        local = {parameters[j]: i for i, j in enumerate(members)}
        matrix = np.eye(len(members))
        for one in correlations:
            if one.between[0] in local:
                i, j = (local[name] for name in one.between)
                matrix[i, j] = matrix[j, i] = pearson(one.rank)
        at_least, at_most = np.zeros(len(members)), np.full(len(members), np.inf)
        for low, high in pairs:
            if high in local and low not in place:
                at_least[local[high]] = max(at_least[local[high]], scenario.parameters[low].value)
            if low in local and high not in place:
                at_most[local[low]] = min(at_most[local[low]], scenario.parameters[high].value)
        below = [(local[low], local[high]) for low, high in pairs if low in local and high in local]
        group = Group(
            members=np.array(members),
            distributions=tuple(distributions[j] for j in members),
            factor=None if (matrix == np.eye(len(members))).all() else np.asarray(np.linalg.cholesky(matrix), float),
            below=np.array(below, int).reshape(-1, 2),
            at_least=at_least,
            at_most=at_most,
        )
        found.append(_tried(group, _place_of(scenario, names)))
    return tuple(found)


def _tried(group: Group, path: KeyPath) -> Group:
    """The group with the share of draws that keep its orderings. Raises `ScenarioError` if that is next to none."""
    if not group.ordered:
        return group
    unit = np.clip(np.random.default_rng(0).random((_PILOT, group.members.size)), _SMALL, 1 - _SMALL)
    kept = float(group.in_order(group.correlated(unit)).mean())
    if kept < LEAST_KEPT:
        found = f"an ordering that fewer than one in {1 / LEAST_KEPT:,.0f} draws from the priors keep"
        raise ScenarioError([Problem(found, "ranges and priors of which the order can be expected", path)])
    return Group(**{**vars(group), "kept": kept})


def _place_of(scenario: Scenario, names: set[str]) -> KeyPath:
    return next(
        (("orderings", key, "rising") for key, one in keyed(scenario.orderings) if names.intersection(one.rising)), ()
    )
