"""Whether a regime holds: is every improvement that leads out of it sanctioned?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.errors import RequestError, no_such
from equipoise.game.game import Game, Ints
from equipoise.stability.graph import GraphModel, of_game
from equipoise.stability.ranking import Ranking, check
from equipoise.stability.solo import worst_reply

SANCTIONING = ("Nash", "GMR", "SMR", "SEQ")
"""Concepts by which the question can be asked; under Nash nothing is sanctioned."""


@dataclass(frozen=True, eq=False)
class Sanctioning:
    """The improvements that lead out of a regime, and which of them nothing deters."""

    concept: str
    states: int
    """States of the regime."""
    leaving: int
    """Improvements that lead out of it."""
    unsanctioned: Ints
    """(n, 3) of those, actor, state and where it leads, for each that nothing deters."""

    @property
    def holds(self) -> bool:
        """Whether every improvement that leaves is sanctioned."""
        return len(self.unsanctioned) == 0


def regime_sanctioned(
    game: Game | GraphModel, ranking: Ranking, regime_states: NDArray[np.bool_], concept: str = "SEQ"
) -> Sanctioning:
    """Whether every improvement that leaves a regime W is sanctioned.

        for all s in W, i, s1 in R_i+(s) outside W there is an answer to s1 that leaves i no better than in s

    where the answers are those of the concept (`solo`). Unlike stability of all its states this says nothing about
    improvements within the regime.

    Args:
        game: a compiled game, or a graph model.
        ranking: everybody's preferences over its states and ends.
        regime_states: (S,) or, without the ends, (C,) the states of the regime, at least one.
        concept: one of `SANCTIONING`.

    Raises:
        RequestError: there is no such concept, the shapes do not fit, or the regime has no states.
    """
    if concept not in SANCTIONING:
        raise no_such("concept", concept, SANCTIONING)
    graph = of_game(game) if isinstance(game, Game) else game
    check(graph, ranking)
    if regime_states.size not in (graph.n_states, len(graph.levels)):
        raise RequestError(f"a regime of {regime_states.size} states; right would be {len(graph.levels)}")
    inside = np.zeros(graph.n_states, bool)
    inside[: regime_states.size] = regime_states
    if not inside.any():
        raise RequestError("the regime has no states that can be reached; right would be at least one")
    S, leaving, found = graph.n_states, 0, []
    for i in range(graph.n_actors):
        mine = slice(graph.move_ptr[i * S], graph.move_ptr[(i + 1) * S])
        to = graph.target[mine]
        state = np.repeat(np.arange(S), np.diff(graph.move_ptr[i * S : (i + 1) * S + 1]))
        grade = ranking.grade[i]
        leaves = inside[state] & ~inside[to] & (grade[to] > grade[state])
        leaving += int(leaves.sum())
        worst = (
            grade
            if concept == "Nash"
            else worst_reply(graph, ranking, i, improving=concept == "SEQ", escaping=concept == "SMR")
        )
        free = leaves & (worst[to] > grade[state])
        found.append(np.stack([np.full(int(free.sum()), i), state[free], to[free]], axis=1))
    return Sanctioning(concept, int(inside.sum()), leaving, np.concatenate(found).astype(np.int64))
