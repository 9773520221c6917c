"""The graph model: who can move the system from where to where. No payoffs, no rates, no chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray

from equipoise.errors import RequestError
from equipoise.game.game import Game, Ints
from equipoise.kernels.ordinal import differing, transpose

Index = NDArray[np.int32]
LARGEST_TABLE = 2**26
"""Combinations of levels up to which states are found by a table instead of by search."""


@dataclass(frozen=True, eq=False)
class GraphModel:
    """States, and for each of N actors the states it can move the system to by itself.

    The first C of the S states are combinations of levels; those after them are ends, which nobody leaves. The states
    to which actor i can move from s, R_i(s), are ``target[move_ptr[i * S + s] : move_ptr[i * S + s + 1]]``: sorted,
    each once, never s itself. Source: D. M. Kilgour, K. W. Hipel and L. Fang, "The graph model for conflicts",
    Automatica 23 (1987).
    """

    actors: tuple[str, ...]
    factors: tuple[str, ...]
    factor_levels: tuple[tuple[str, ...], ...]
    levels: NDArray[np.uint16]
    """(C, F) level of every factor, in order of their codes, the last factor varying fastest."""
    ends: tuple[str, ...]
    """(S - C) names."""
    move_ptr: Ints
    """(N*S+1,)"""
    target: Index
    """(A,)"""
    steps: tuple[str, ...] = ()
    """Names of moves; none if moves are told by what they change."""
    step: Index | None = None
    """(A,) the move that does it (the first, if several do); None if moves have no names."""

    def __post_init__(self) -> None:
        if np.any(np.diff(self.codes) <= 0):
            raise RequestError("states are not in order of their levels; right would be sorted states, each once")

    @property
    def n_states(self) -> int:
        return len(self.levels) + len(self.ends)

    @property
    def n_actors(self) -> int:
        return len(self.actors)

    @cached_property
    def codes(self) -> Ints:
        """(C,) one number for each combination of levels, the last factor varying fastest."""
        code = np.zeros(len(self.levels), np.int64)
        for k, names in enumerate(self.factor_levels):
            code = code * len(names) + self.levels[:, k]
        return code

    @cached_property
    def table(self) -> Index:
        """State of every code, -1 where there is none; empty if there are too many codes."""
        size = prod(map(len, self.factor_levels))
        if size > LARGEST_TABLE:
            return np.empty(0, np.int32)
        table = np.full(size, -1, np.int32)
        table[self.codes] = np.arange(self.codes.size)
        return table

    @cached_property
    def into(self) -> tuple[Ints, Index]:
        """The moves by actor and by where they lead: the states from which i can move to t."""
        return transpose(self.move_ptr, self.target, self.n_states, self.n_actors)

    @property
    def changing(self) -> tuple[int, ...]:
        """The factors that can change at all; fewer than 64, or states could not be numbered."""
        return tuple(f for f, names in enumerate(self.factor_levels) if len(names) > 1)

    @cached_property
    def changed(self) -> NDArray[np.uint64]:
        """(A,) which factors each move changes, the k-th bit for factor ``changing[k]``; none for a move to an end."""
        columns = np.array(self.changing, np.int64)
        return np.asarray(differing(self.move_ptr, self.target, self.levels, columns, self.n_states))

    def moves(self, actor: int, state: int) -> Index:
        """R_i(s)."""
        at = actor * self.n_states + state
        return self.target[self.move_ptr[at] : self.move_ptr[at + 1]]

    def describe(self, state: int) -> dict[str, str]:
        """The level of every factor, or ``{"end": name}``."""
        if not 0 <= state < self.n_states:
            raise RequestError(f"no state {state}; right would be 0 to {self.n_states - 1}")
        if state >= len(self.levels):
            return {"end": self.ends[state - len(self.levels)]}
        return {
            name: names[level]
            for name, names, level in zip(self.factors, self.factor_levels, self.levels[state], strict=True)
        }

    def name_of_move(self, actor: int, state: int, to: int) -> str:
        """The move's name, or else what it changes; the move must exist."""
        at = actor * self.n_states + state
        if self.step is not None:
            k = self.move_ptr[at] + np.searchsorted(self.moves(actor, state), to)
            return self.steps[int(self.step[k])]
        before, after = self.describe(state), self.describe(to)
        return ", ".join(f"{name}: {level}" for name, level in after.items() if before.get(name) != level)


def graph_model(
    moves: Sequence[Mapping[int, Sequence[int]]], n_states: int, *, actors: Sequence[str] | None = None
) -> GraphModel:
    """The graph model in which actor i can move from s to each of ``moves[i][s]``; states are 0 to n_states - 1.

    Raises:
        RequestError: a state is none of these.

    Example:
        >>> graph = graph_model([{0: [1]}, {1: [2]}], 3)
        >>> graph.moves(0, 0).tolist(), graph.moves(1, 0).tolist()
        ([1], [])
    """
    if n_states > 2**16:
        raise RequestError(f"{n_states} states without factors; right would be at most {2**16}")
    for i, of_actor in enumerate(moves):
        for s, reached in of_actor.items():
            wrong = [x for x in (s, *reached) if not 0 <= x < n_states]
            if wrong:
                raise RequestError(f"actor {i} moves by state {wrong[0]}; right would be 0 to {n_states - 1}")
    names = tuple(actors) if actors is not None else tuple(f"actor-{i}" for i in range(len(moves)))
    arcs = [(i, s, t) for i, of_actor in enumerate(moves) for s, reached in of_actor.items() for t in reached]
    columns = np.array(arcs, np.int64).reshape(-1, 3)
    move_ptr, target, _ = lay_moves(columns[:, 0], columns[:, 1], columns[:, 2], len(names), n_states)
    return GraphModel(
        actors=names,
        factors=("state",),
        factor_levels=(tuple(str(s) for s in range(n_states)),),
        levels=np.arange(n_states, dtype=np.uint16)[:, None],
        ends=(),
        move_ptr=move_ptr,
        target=target,
    )


def of_game(game: Game) -> GraphModel:
    """The graph model in a compiled game.

    Only moves count; events are left out, for nobody chooses them. In every state the sitter of a seat moves. A move
    with several branches can reach the state of each branch that has a chance at all, as if its mover could count on
    that branch: what is merely possible deters and tempts. Every end (an outcome with its worth) is a state of its own
    that nobody leaves. Moves that change nothing are no moves here.
    """
    entry = game.branch_entry
    row = game.branch_row
    actor, state = game.row_actor[row], game.row_state[row]
    counts = (actor < game.n_actors) & (game.probability[entry] > 0) & (game.target != state)
    step = game.kind_step[game.row_kind[row]]
    n = game.n_states + game.end_outcome.size
    move_ptr, target, kept = lay_moves(actor[counts], state[counts], game.target[counts], game.n_actors, n)
    return GraphModel(
        actors=game.actors,
        factors=game.factors,
        factor_levels=game.factor_levels,
        levels=game.levels,
        ends=tuple(game.outcomes[o] for o in game.end_outcome),
        move_ptr=move_ptr,
        target=target,
        steps=game.steps,
        step=step[counts][kept].astype(np.int32),
    )


def lay_moves(
    actor: NDArray[np.integer], state: NDArray[np.integer], to: NDArray[np.integer], n_actors: int, n_states: int
) -> tuple[Ints, Index, Ints]:
    """Moves as `GraphModel.move_ptr` and `GraphModel.target`, sorted and each once; and which of those given are kept.

    Moves of a state to itself are left out.
    """
    group = actor.astype(np.int64) * n_states + state
    order = np.lexsort((to, group))
    group, to = group[order], to[order]
    keep = (group % n_states) != to
    keep[1:] &= (group[1:] != group[:-1]) | (to[1:] != to[:-1])
    group, to = group[keep], to[keep]
    move_ptr = np.concatenate([[0], np.cumsum(np.bincount(group, minlength=n_actors * n_states))]).astype(np.int64)
    return move_ptr, to.astype(np.int32), order[keep]
