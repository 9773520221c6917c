"""The game as sparse matrices, and the discounted linear systems that values solve."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import linalg

from equipoise.equilibrium.bicgstab import bicgstab
from equipoise.game.game import Floats, Game, Ints

DENSE = 150
"""Up to this many states a dense factorisation is faster than iterations, whose steps cost tens of microseconds."""
FACTORISABLE = 30_000
"""Largest system that is factorised when iterations fail."""


@dataclass(frozen=True, eq=False)
class Linear:
    """A game's rows as matrices over states: whatever rates its rows get, values are linear in the rest."""

    game: Game

    @cached_property
    def first_row(self) -> Ints:
        """(S+1,) first row of every state."""
        return self.game.row_ptr[:: self.game.n_actors + 1]

    @cached_property
    def branch_probability(self) -> Floats:
        """(B,)"""
        return self.game.probability[self.game.branch_entry]

    @cached_property
    def kind_impact(self) -> Floats:
        """(K, N) util, expected impact of a step on each actor."""
        game = self.game
        entries = np.diff(game.kind_branch_ptr)
        kind = np.repeat(np.arange(entries.size), entries)
        spread = sparse.csr_array(
            (game.probability, (kind, np.arange(kind.size))), shape=(entries.size, game.probability.size)
        )
        return np.asarray(spread @ game.impact)

    def inflow(self, row_rate: Floats) -> sparse.csr_array:
        """(S, S) rate of going from state (row) to state (column), 1/year."""
        rate = np.repeat(row_rate, np.diff(self.game.branch_ptr)) * self.branch_probability
        return _matrix(rate[self._inside], *self._inner, self.game.n_states)

    def outflow(self, row_rate: Floats) -> Floats:
        """(S,) total rate of everything that happens, 1/year."""
        return np.add.reduceat(np.append(row_rate, 0.0), self.first_row[:-1]) * (np.diff(self.first_row) > 0)

    def reward(self, row_rate: Floats) -> Floats:
        """(S, N) util/year: flow payoffs, impacts and ends, less the movers' own costs."""
        game = self.game
        worth = self.kind_impact - game.kind_cost[:, None] * (
            game.kind_actor[:, None] == np.arange(game.n_actors)[None, :]
        )
        steps = _matrix(row_rate, game.row_kind, self.first_row, worth.shape[0])
        reward = game.flow + steps @ worth
        if game.end_value.size:
            leaving = _matrix(row_rate, np.arange(game.n_rows), self.first_row, game.n_rows) @ self.endings
            reward += leaving @ game.end_value
        return np.asarray(reward)

    @cached_property
    def endings(self) -> sparse.csr_array:
        """(R, E) probability that a row leads to an end."""
        game, outside = self.game, ~self._inside
        before = np.append(0, np.cumsum(outside))[game.branch_ptr]
        ends = game.target[outside] - game.n_states
        return _matrix(self.branch_probability[outside], ends, before, game.end_value.shape[0])

    @cached_property
    def _inside(self) -> NDArray[np.bool_]:
        return self.game.target < self.game.n_states

    @cached_property
    def _inner(self) -> tuple[NDArray[np.int32], Ints]:
        before = np.append(0, np.cumsum(self._inside))
        return self.game.target[self._inside], before[self.game.branch_ptr[self.first_row]]


@dataclass(frozen=True, eq=False)
class Discounted:
    """The system (rho + outflow) x - inflow x = rhs: an M-matrix whose inverse has norm at most 1/rho."""

    inflow: sparse.csr_array
    outflow: Floats
    rho: float

    def residual(self, value: Floats, rhs: Floats) -> Floats:
        """rhs minus the left side, (S,) in util/year."""
        return np.asarray(rhs + self.inflow @ value - (self.rho + self.outflow) * value)

    def solve(self, rhs: Floats, guess: Floats | None = None, *, goal: float) -> tuple[Floats, float]:
        """Solution (S,) and a bound on its error, max|residual|/rho, which is at most `goal` unless rounding forbids.

        A small system is factorised. A larger one is divided by its diagonal and left to BiCGSTAB (van der Vorst 1992),
        restarted on the true residual; a sparse factorisation if that stalls and memory allows.
        """
        if rhs.size <= DENSE:
            value, bound = self._dense(rhs)
            if bound <= max(goal, self._rounding(value)):
                return value, bound
        diagonal = self.rho + self.outflow
        share = 1 / diagonal
        value = rhs / diagonal if guess is None else guess
        residual, bound = self._check(value, rhs)
        for _ in range(6):
            if bound <= goal:
                return value, bound
            rtol = min(max(0.1 * goal / bound, 1e-8), 0.1)
            step, _ = bicgstab(lambda x: x - share * (self.inflow @ x), share * residual, rtol=rtol, most=400)
            candidate = value + step
            residual_new, bound_new = self._check(candidate, rhs)
            if not bound_new < 0.5 * bound:
                break
            value, residual, bound = candidate, residual_new, bound_new
        if bound > max(goal, self._rounding(value)) and rhs.size <= FACTORISABLE:
            value, bound = self._factorised(rhs)
        return value, bound

    def _check(self, value: Floats, rhs: Floats) -> tuple[Floats, float]:
        residual = self.residual(value, rhs)
        bound = float(np.abs(residual).max()) / self.rho
        return residual, bound if np.isfinite(bound) else np.inf

    def _rounding(self, value: Floats) -> float:
        """What rounding alone leaves of the bound."""
        return float(16 * np.finfo(float).eps * np.abs(value).max() * (self.rho + self.outflow).max() / self.rho)

    def _dense(self, rhs: Floats) -> tuple[Floats, float]:
        matrix = np.diag(self.rho + self.outflow) - self.inflow.toarray()
        value = np.linalg.solve(matrix, rhs)
        return value, self._check(value, rhs)[1]

    def _factorised(self, rhs: Floats) -> tuple[Floats, float]:
        matrix = sparse.diags_array(self.rho + self.outflow) - self.inflow
        factors = linalg.splu(matrix.tocsc(), permc_spec="MMD_AT_PLUS_A")
        value = factors.solve(rhs)
        value = value + factors.solve(self.residual(value, rhs))
        return value, self._check(value, rhs)[1]


def _matrix(data: Floats, columns: NDArray[np.integer], first: NDArray[np.integer], width: int) -> sparse.csr_array:
    index = np.int32 if data.size < np.iinfo(np.int32).max else np.int64
    shape = (first.size - 1, width)
    return sparse.csr_array((data, columns.astype(index, copy=False), first.astype(index)), shape=shape)
