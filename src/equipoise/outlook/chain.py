"""The Markov chain that policies induce on a game's states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from equipoise.errors import RequestError
from equipoise.game.game import Floats, Game, Ints
from equipoise.kernels.chain import Sparse

Start = int | ArrayLike
"""A state, states (n,), a distribution (S,) or distributions (n, S)."""


@dataclass(frozen=True, eq=False)
class Chain:
    """A continuous-time Markov chain on S states with absorbing outcomes, whose every transition has a cause.

    A *row* is one cause in one state: it happens at `rate[row]` per year and then takes branch b with
    `probability[b]`. Rows are sorted by state. A target below S is a state, S + e the end e, an instance of the outcome
    `end_outcome[e]`. Rows that change nothing count as happening, not as transitions.
    """

    steps: tuple[str, ...]
    """Names of the causes: ids of moves and events."""
    outcomes: tuple[str, ...]
    n_states: int
    row_state: Ints
    """(R,)"""
    row_step: NDArray[np.int32]
    """(R,) index into `steps`."""
    row_rate: Floats
    """(R,) 1/year"""
    branch_ptr: Ints
    """(R+1,) branches of each row."""
    target: NDArray[np.int32]
    """(B,)"""
    probability: Floats
    """(B,)"""
    end_outcome: NDArray[np.int32]
    """(E,)"""

    def __post_init__(self) -> None:
        if np.any(np.diff(self.row_state) < 0):
            raise RequestError("the rows of a chain are not in order of their states; right would be sorted rows")
        if not np.all(np.isfinite(self.row_rate) & (self.row_rate >= 0)):
            raise RequestError("a rate of the chain is negative or not finite; right would be at least 0 per year")

    @cached_property
    def branch_row(self) -> Ints:
        """(B,) row of every branch."""
        return np.repeat(np.arange(self.row_rate.size), np.diff(self.branch_ptr))

    @cached_property
    def branch_state(self) -> Ints:
        """(B,) state that every branch leaves."""
        return self.row_state[self.branch_row]

    @cached_property
    def branch_rate(self) -> Floats:
        """(B,) rate at which every branch happens, 1/year."""
        return self.row_rate[self.branch_row] * self.probability

    @cached_property
    def transition(self) -> sp.csr_array:
        """(S, S) rates between different states, 1/year; the diagonal is empty."""
        inside = (self.target < self.n_states) & (self.target != self.branch_state) & (self.branch_rate > 0)
        return self._summed(inside, self.target, self.n_states)

    @cached_property
    def absorption(self) -> sp.csr_array:
        """(S, O) rates into outcomes, 1/year."""
        out = (self.target >= self.n_states) & (self.branch_rate > 0)
        outcome = np.zeros(self.target.size, np.int64)
        outcome[out] = self.end_outcome[self.target[out] - self.n_states]
        return self._summed(out, outcome, len(self.outcomes))

    @cached_property
    def exit_rate(self) -> Floats:
        """(S,) total rate of leaving each state, 1/year."""
        return np.asarray(self.transition.sum(axis=1) + self.absorption.sum(axis=1)).ravel()

    @cached_property
    def clock(self) -> float:
        """Uniformisation rate Lambda: the greatest exit rate, 1/year."""
        return float(self.exit_rate.max(initial=0.0))

    @cached_property
    def jumps(self) -> Sparse:
        """P = I + Q / Lambda by rows: row s holds where s leads."""
        clock = self.clock or 1.0
        stay = sp.dia_array((1 - self.exit_rate[None, :] / clock, [0]), shape=(self.n_states,) * 2)
        return as_sparse(self.transition / clock + stay)

    @cached_property
    def pulls(self) -> Sparse:
        """P transposed, by rows: row s holds where s is reached from."""
        jumps = self.jumps
        shape = (self.n_states, self.n_states)
        return as_sparse(sp.csr_array((jumps.weight, jumps.column, jumps.ptr), shape=shape).T)

    def only(self, inside: NDArray[np.bool_]) -> Chain:
        """The same chain, frozen as soon as it stands outside ``inside`` (S,)."""
        return replace(self, row_rate=np.where(inside[self.row_state], self.row_rate, 0.0))

    def ending_in(self, regime: NDArray[np.bool_], name: str) -> Chain:
        """The same chain, but entering ``regime`` (S,) from outside ends it, in one more outcome of that name."""
        end = np.append(regime, np.zeros(self.end_outcome.size, bool))[self.target]
        target = np.where(end, self.n_states + self.end_outcome.size, self.target).astype(np.int32)
        ends = np.append(self.end_outcome, len(self.outcomes)).astype(np.int32)
        return replace(self, target=target, outcomes=(*self.outcomes, name), end_outcome=ends)

    def distribution(self, start: Start) -> tuple[Floats, bool]:
        """Starts as distributions (n, S), and whether it was one start only."""
        given = np.asarray(start)
        if np.issubdtype(given.dtype, np.integer) and given.ndim <= 1:
            states = np.atleast_1d(given)
            if np.any((states < 0) | (states >= self.n_states)):
                raise RequestError(f"start {given.tolist()} is not one of the {self.n_states} states")
            out = np.zeros((states.size, self.n_states))
            out[np.arange(states.size), states] = 1.0
            return out, given.ndim == 0
        out = np.atleast_2d(np.asarray(given, float))
        sound = out.ndim == 2 and out.shape[1] == self.n_states
        if not sound or np.any(~(out >= 0)) or np.any(np.abs(out.sum(axis=1) - 1) > 1e-9):
            raise RequestError(f"a start is no distribution; right would be {self.n_states} shares that sum to 1")
        return out, given.ndim == 1

    def _summed(self, chosen: NDArray[np.bool_], column: NDArray[np.integer], width: int) -> sp.csr_array:
        entries = (self.branch_rate[chosen], (self.branch_state[chosen], column[chosen]))
        return sp.csr_array(sp.coo_array(entries, shape=(self.n_states, width)))


def induced_rates(game: Game, policy: Floats) -> Floats:
    """(R,) rate of every row, 1/year: lambda_i(s) sigma_i(a|s) for moves, q_e(s) for events.

    ``policy`` (R,) is the probability that the mover takes the row's move at an opportunity.
    """
    own = game.row_actor < game.n_actors
    rate = game.kind_rate[game.row_kind].copy()
    rate[own] = game.tempo[game.row_state[own], game.row_actor[own]] * policy[own]
    return rate


def induced_chain(game: Game, row_rate: Floats) -> Chain:
    """The chain in which every row of the game happens at its ``row_rate`` (R,), 1/year."""
    rates = np.asarray(row_rate, float)
    if rates.shape != (game.n_rows,):
        raise RequestError(f"{rates.size} rates for {game.n_rows} rows; right would be one each")
    return Chain(
        steps=game.steps,
        outcomes=game.outcomes,
        n_states=game.n_states,
        row_state=game.row_state,
        row_step=game.kind_step[game.row_kind],
        row_rate=rates,
        branch_ptr=game.branch_ptr,
        target=game.target,
        probability=game.probability[game.branch_entry],
        end_outcome=game.end_outcome,
    )


def rate_chain(rates: sp.sparray | ArrayLike, *, outcomes: Sequence[str]) -> Chain:
    """The chain with ``rates`` (S, S+O), 1/year, whose last O columns lead to the outcomes; each rate is a cause.

    Example:
        >>> chain = rate_chain([[0.0, 0.5, 0.0], [4.0, 0.0, 0.1]], outcomes=["war"])
        >>> chain.exit_rate.tolist()
        [0.5, 4.1]
    """
    matrix = sp.csr_array(rates)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    states, width = matrix.shape
    if width != states + len(outcomes):
        raise RequestError(f"{width} columns for {states} states and {len(outcomes)} outcomes")
    entries = matrix.nnz
    return Chain(
        steps=("transition",),
        outcomes=tuple(outcomes),
        n_states=states,
        row_state=np.repeat(np.arange(states), np.diff(matrix.indptr)),
        row_step=np.zeros(entries, np.int32),
        row_rate=np.asarray(matrix.data, float),
        branch_ptr=np.arange(entries + 1),
        target=matrix.indices.astype(np.int32),
        probability=np.ones(entries),
        end_outcome=np.arange(len(outcomes), dtype=np.int32),
    )


def as_sparse(matrix: sp.sparray) -> Sparse:
    """A SciPy matrix in the form that the compiled loops read."""
    rows = sp.csr_array(matrix)
    rows.sort_indices()
    return Sparse(rows.indptr.astype(np.uint32), rows.indices.astype(np.uint32), np.asarray(rows.data, float))
