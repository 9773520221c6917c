"""Rankings: which states each actor prefers, in grades without unit, and where that comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.errors import RequestError
from equipoise.game.game import Floats, Game
from equipoise.stability.graph import GraphModel, Index

STATEMENTS = "preference statements"
EXPLICIT = "explicit ranking"
FELT = "felt flow and outcome values"
_SAME = 1e-9
"""Worths that differ by less than this share of their range are a tie: sums of the same terms may round differently."""


@dataclass(frozen=True, eq=False)
class Ranking:
    """For each of N actors a grade for each of S states: larger is better, equal is a tie."""

    grade: Index
    """(N, S), from 0 up, without gaps."""
    source: tuple[str, ...]
    """(N,) where each actor's grades come from: `STATEMENTS`, `EXPLICIT` or `FELT`."""

    def __post_init__(self) -> None:
        self.grade.setflags(write=False)


def graded(worth: NDArray[np.number], *, same: float = 0.0) -> Index:
    """(S,) grades in the order of ``worth`` (S,); neighbours that differ by no more than ``same`` are a tie."""
    order = np.argsort(worth, kind="stable")
    steps = np.diff(worth[order]) > same
    grade = np.empty(worth.size, np.int32)
    grade[order] = np.concatenate([[0], np.cumsum(steps)])[: worth.size]
    return grade


def explicit(best_to_worst: Sequence[int | Sequence[int]], n_states: int) -> Index:
    """(S,) grades from a list of states, best first; a list within it is a tie.

    Raises:
        RequestError: a state is missing, named twice, or unknown.

    Example:
        >>> explicit([2, [0, 1]], 3).tolist()
        [0, 0, 1]
    """
    grade = np.full(n_states, -1, np.int32)
    for k, entry in enumerate(reversed(best_to_worst)):
        for state in [entry] if isinstance(entry, int | np.integer) else entry:
            if not 0 <= state < n_states:
                raise RequestError(f"no state {state} to be ranked; right would be 0 to {n_states - 1}")
            if grade[state] >= 0:
                raise RequestError(f"state {state} is ranked twice; right would be every state once")
            grade[state] = k
    if missing := np.flatnonzero(grade < 0).tolist():
        told = ", ".join(map(str, missing[:10])) + (" and others" if len(missing) > 10 else "")
        raise RequestError(f"the ranking leaves out {told}; right would be every state once")
    return graded(grade)


def by_statements(statements: Sequence[NDArray[np.bool_]]) -> Index:
    """(S,) grades from preference statements, most important first: which states (S,) make each of them true.

    Option prioritisation: of two states the one is better that makes true the most important statement on which they
    differ, so with n statements

        Psi(s) = sum over k = 1..n of 2^(n-k) [statement k is true in s]

    orders the states. It is never formed: states are sorted by the statements in turn, however many there are. Source:
    K. W. Hipel, D. M. Kilgour, L. Fang and X. Peng, "The decision support system GMCR II in environmental conflict
    management", Applied Mathematics and Computation 83 (1997).
    """
    if not statements:
        raise RequestError("no preference statements; right would be at least one")
    grade = np.zeros(statements[0].size, np.int64)
    for true in statements:
        grade = np.unique(2 * grade + true, return_inverse=True)[1]
    return grade.astype(np.int32)


def felt(game: Game) -> Ranking:
    """What a game's own numbers say without looking ahead: (N, S) grades of its states and ends.

        worth_i(s) = u_i(s) / rho_i   (staying in s for ever),     worth_i(e) = v_i(e)   (an end)

    Costs, impacts, tempo, noise and events play no part.
    """
    worth: Floats = np.concatenate([game.flow / game.discount, game.end_value])
    grade = np.array([graded(column, same=_SAME * (np.ptp(column) or 1.0)) for column in worth.T])
    return Ranking(grade.reshape(game.n_actors, -1), (FELT,) * game.n_actors)


def check(graph: GraphModel, ranking: Ranking) -> None:
    """Raises `RequestError` unless there is a grade for every actor and state."""
    if ranking.grade.shape != (graph.n_actors, graph.n_states):
        raise RequestError(
            f"the ranking has shape {ranking.grade.shape}; right would be {(graph.n_actors, graph.n_states)}"
        )
