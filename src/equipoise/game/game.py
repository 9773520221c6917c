"""The compiled game: one finite graph as frozen arrays with labels.

Shapes use S states, N actors, R rows, B branches, K kinds, E ends, F factors, O outcomes.
A *row* is one move or event in one state; a *kind* is what all rows of one move or event share
that have the same numbers (cost, rate, weights, impacts, reference), so that a million states need
only a few hundred kinds. An *end* is an outcome together with what it is worth to everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from equipoise.errors import RequestError
from equipoise.game.soundness import faults

if TYPE_CHECKING:
    from equipoise.game.structure import Structure

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Game:
    """A continuous-time stochastic game in which opportunities arrive one actor at a time.

    The rows of actor i in state s are ``row_ptr[s*(N+1)+i] : row_ptr[s*(N+1)+i+1]``; the group i = N holds
    the events. The branches of row r are ``branch_ptr[r] : branch_ptr[r+1]``, the k-th of them having the
    probability and impact of entry ``kind_branch_ptr[row_kind[r]] + k``. A target below S is a state, a
    target S + e is the end e. `hold` is never a row.
    """

    actors: tuple[str, ...]
    factors: tuple[str, ...]
    factor_levels: tuple[tuple[str, ...], ...]
    outcomes: tuple[str, ...]
    steps: tuple[str, ...]
    """Ids of moves and events."""
    starts: Mapping[str, int]
    """State of every named starting situation; the first is the default."""

    levels: NDArray[np.uint16]
    """(S, F) level of every factor in every state."""
    row_ptr: Ints
    """(S*(N+1)+1,)"""
    row_kind: NDArray[np.int32]
    """(R,)"""
    branch_ptr: Ints
    """(R+1,)"""
    target: NDArray[np.int32]
    """(B,)"""

    kind_step: NDArray[np.int32]
    """(K,) index into `steps`."""
    kind_actor: NDArray[np.int32]
    """(K,) the mover, N for an event."""
    kind_cost: Floats
    """(K,) util, paid once by the mover; 0 for an event."""
    kind_rate: Floats
    """(K,) 1/year, Poisson rate of an event; 0 for a move."""
    kind_share: Floats
    """(K,) share of the moves' part of the reference, families counted once; 0 for an event."""
    kind_uniform: Floats
    """(K,) reference of a move if hold and all moves count alike, 1/(1 + moves); 0 for an event."""
    kind_branch_ptr: Ints
    """(K+1,)"""
    probability: Floats
    """(kind_branch_ptr[-1],) of each branch of a kind, summing to one over the kind."""
    impact: Floats
    """(kind_branch_ptr[-1], N) util, felt once by each actor when that branch happens."""

    flow: Floats
    """(S, N) util/year"""
    tempo: Floats
    """(S, N) 1/year; 0 for an actor who has no moves there."""
    noise: Floats
    """(S, N) util, above 0."""
    discount: Floats
    """(N,) 1/year, above 0."""
    end_outcome: NDArray[np.int32]
    """(E,)"""
    end_value: Floats
    """(E, N) util"""

    structure: Structure | None = field(default=None, repr=False)
    """How the numbers follow from the parameters; None for a game built from arrays."""

    def __post_init__(self) -> None:
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @property
    def n_states(self) -> int:
        return int(self.flow.shape[0])

    @property
    def n_actors(self) -> int:
        return int(self.flow.shape[1])

    @property
    def n_rows(self) -> int:
        return int(self.row_kind.size)

    @cached_property
    def row_group(self) -> Ints:
        """(R,) index s*(N+1)+i of the group every row belongs to."""
        return np.repeat(np.arange(self.row_ptr.size - 1), np.diff(self.row_ptr))

    @property
    def row_state(self) -> Ints:
        """(R,) state of every row."""
        return self.row_group // (self.n_actors + 1)

    @property
    def row_actor(self) -> Ints:
        """(R,) mover of every row, N for nature."""
        return self.row_group % (self.n_actors + 1)

    @property
    def branch_row(self) -> Ints:
        """(B,) row of every branch."""
        return np.repeat(np.arange(self.n_rows), np.diff(self.branch_ptr))

    @cached_property
    def branch_entry(self) -> Ints:
        """(B,) entry of `probability` and `impact` that every branch uses."""
        counts = np.diff(self.branch_ptr)
        first = self.kind_branch_ptr[self.row_kind] - self.branch_ptr[:-1]
        return np.arange(self.target.size) + np.repeat(first, counts)

    def with_parameters(self, values: Mapping[str, float]) -> Game:
        """The same graph with other values of some parameters.

        Raises:
            RequestError: a name is unknown, a value is negative or not finite, the numbers that follow cannot be
                played (noise 0, say), or the game was built without parameters.
        """
        if self.structure is None:
            raise RequestError("this game was built from numbers, not from a scenario: it has no parameters")
        structure = self.structure.with_parameters(values)
        numbers: dict[str, Any] = structure.numbers().fields()
        game = replace(self, structure=structure, **numbers)
        found = faults(game)
        if found:
            raise RequestError("; ".join(f"{problem.found}; right would be {problem.right}" for problem in found))
        return game

    def where(self, condition: Iterable[Mapping[str, Iterable[str]]]) -> NDArray[np.bool_]:
        """(S,) whether each state meets a condition: any of the conjunctions; all states if there is none."""
        conjunctions = list(condition)
        if not conjunctions:
            return np.ones(self.n_states, bool)
        met = np.zeros(self.n_states, bool)
        for conjunction in conjunctions:
            holds = np.ones(self.n_states, bool)
            for factor, names in conjunction.items():
                column = self.factors.index(factor)
                allowed = np.isin(self.factor_levels[column], list(names))
                holds &= allowed[self.levels[:, column]]
            met |= holds
        return met

    def describe(self, state: int) -> dict[str, str]:
        """The level of every factor in a state."""
        return {
            name: levels[level]
            for name, levels, level in zip(self.factors, self.factor_levels, self.levels[state], strict=True)
        }
