"""Stability of a state for one actor who faces the others: Nash, GMR, SMR, SEQ, SIM.

Notation: R_i(s) where i can move from s by itself; R_i+(s) those that i prefers to s; R_H(s) where the actors of H can
get by a legal sequence of their moves, in which nobody moves twice in a row; R_H+(s) the same with every move an
improvement for whoever makes it; s2 <=_i s: s2 is no better for i than s.

A state is an *equilibrium* of a concept if it is stable for every actor.

Sources: J. Nash (1951); N. Howard, *Paradoxes of Rationality* (1971) for GMR and SMR; N. M. Fraser and K. W. Hipel,
*Conflict Analysis* (1984) for SEQ and SIM; all in graph form with more than two actors in L. Fang, K. W. Hipel and D.
M. Kilgour, *Interactive Decision Making* (1993).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.errors import no_such
from equipoise.kernels.ordinal import best_next, deterred, deterred_jointly, lowest_reachable
from equipoise.stability.graph import GraphModel, Index
from equipoise.stability.ranking import Ranking, check

LARGEST_FLOOR = 2**22
"""Combinations of levels up to which vain searches for simultaneous sanctions are foreseen."""
_DIMENSIONS = 60
"""Axes that an array may have."""

Flags = NDArray[np.bool_]
Progress = Callable[[str, float], None]


@dataclass(frozen=True, eq=False)
class Stability:
    """What is stable under one concept."""

    concept: str
    stable: Flags
    """(N, S) for each actor or, in a coalitional concept, for every coalition it belongs to."""

    @property
    def equilibrium(self) -> Flags:
        """(S,) stable for all."""
        return np.asarray(self.stable.all(axis=0))


def nash(graph: GraphModel, ranking: Ranking, actor: int) -> Flags:
    """(S,) where ``actor`` has no improvement: R_i+(s) is empty. Source: Nash; Fang, Hipel and Kilgour (1993)."""
    return _deterred(graph, ranking, actor, ranking.grade[actor])


def gmr(graph: GraphModel, ranking: Ranking, actor: int) -> Flags:
    """(S,) general metarationality: every improvement can be answered by the others, whatever that costs them.

        for all s1 in R_i+(s) there is s2 in R_{N-i}(s1) with s2 <=_i s

    Source: Howard (1971); Fang, Hipel and Kilgour (1993).
    """
    return _deterred(graph, ranking, actor, worst_reply(graph, ranking, actor))


def smr(graph: GraphModel, ranking: Ranking, actor: int) -> Flags:
    """(S,) symmetric metarationality: the answer leaves i no escape either.

        for all s1 in R_i+(s) there is s2 in R_{N-i}(s1) with s2 <=_i s and s3 <=_i s for all s3 in R_i(s2)

    Source: Howard (1971); Fang, Hipel and Kilgour (1993).
    """
    return _deterred(graph, ranking, actor, worst_reply(graph, ranking, actor, escaping=True))


def seq(graph: GraphModel, ranking: Ranking, actor: int) -> Flags:
    """(S,) sequential stability: the answer consists of improvements for those who give it.

        for all s1 in R_i+(s) there is s2 in R_{N-i}+(s1) with s2 <=_i s

    Source: Fraser and Hipel (1984); Fang, Hipel and Kilgour (1993).
    """
    return _deterred(graph, ranking, actor, worst_reply(graph, ranking, actor, improving=True))


def sim(graph: GraphModel, ranking: Ranking, actor: int) -> Flags:
    """(S,) simultaneous stability: others who improve at the same moment may spoil every improvement.

        for all s1 in R_i+(s) there are opponents J and t_j in R_j+(s) for every j in J, J not empty,
        such that s1 and all t_j together give s2 <=_i s

    Together: the changes of all of them at once, if no two change the same factor and the combination is a state; an
    end prevails over changes, and two different ends have no joint result. Where states are not combinations of factors
    nothing has a joint result, and SIM is Nash. The number of joint moves grows with the product of the opponents'
    improvements; the search stops at the first that deters, and leaves out what cannot. Source: Fraser and Hipel
    (1984), for two actors; here for any number.
    """
    check(graph, ranking)
    return np.asarray(
        deterred_jointly(
            actor,
            graph.move_ptr,
            graph.target,
            ranking.grade,
            graph.codes,
            graph.table,
            graph.changed,
            _floor(graph, ranking, actor),
        )
    )


CONCEPTS: dict[str, Callable[[GraphModel, Ranking, int], Flags]] = {
    "Nash": nash,
    "GMR": gmr,
    "SMR": smr,
    "SEQ": seq,
    "SIM": sim,
}
"""The solo concepts by name."""


def solo(graph: GraphModel, ranking: Ranking, concept: str, *, progress: Progress | None = None) -> Stability:
    """What is stable for whom under one concept. Raises `RequestError` if there is no such concept."""
    if concept not in CONCEPTS:
        raise no_such("concept", concept, CONCEPTS)
    check(graph, ranking)
    stable = np.empty((graph.n_actors, graph.n_states), bool)
    for i in range(graph.n_actors):
        stable[i] = CONCEPTS[concept](graph, ranking, i)
        if progress:
            progress(concept, (i + 1) / graph.n_actors)
    return Stability(concept, stable)


def worst_reply(
    graph: GraphModel,
    ranking: Ranking,
    actor: int,
    *,
    answering: Sequence[int] | None = None,
    improving: bool = False,
    escaping: bool = False,
) -> Index:
    """(S,) least grade for ``actor`` to which those ``answering`` can bring it from each state, or let it be.

    All others answer, if it is not said who does. With ``improving`` each of them moves only to what it prefers. With
    ``escaping`` a state counts as much as the best to which the actor can move on from it.
    """
    check(graph, ranking)
    ptr, source = graph.into
    value = best_next(ptr, source, ranking.grade, actor) if escaping else ranking.grade[actor]
    actors = np.arange(graph.n_actors)
    others = actors != actor if answering is None else np.isin(actors, answering)
    order = np.argsort(value, kind="stable")
    return np.asarray(lowest_reachable(ptr, source, ranking.grade, others, improving, value, order))


def _deterred(graph: GraphModel, ranking: Ranking, actor: int, worst: Index) -> Flags:
    check(graph, ranking)
    ptr, source = graph.into
    return np.asarray(deterred(ptr, source, ranking.grade, actor, worst))


def _floor(graph: GraphModel, ranking: Ranking, actor: int) -> Index:
    """(N+1, codes) least grade for ``actor`` among the codes that actors k and above can make of one, by any changes.

    The last row is the code's own grade, the greatest number where there is no state. Without columns if there are
    more than `LARGEST_FLOOR` codes.
    """
    N, S, shape = graph.n_actors, graph.n_states, tuple(map(len, graph.factor_levels))
    if not 0 < graph.table.size <= LARGEST_FLOOR or len(shape) > _DIMENSIONS:
        return np.empty((N + 1, 0), np.int32)
    grade = ranking.grade[actor]
    worst_end = grade[len(graph.levels) :].min(initial=np.iinfo(np.int32).max)
    least = np.full(graph.table.size, np.iinfo(np.int32).max, np.int32)
    least[graph.codes] = grade[: len(graph.levels)]
    floor = np.empty((N + 1, graph.table.size), np.int32)
    floor[N] = least
    least = least.reshape(shape)
    for k in range(N - 1, -1, -1):
        if k != actor:
            mine = slice(graph.move_ptr[k * S], graph.move_ptr[(k + 1) * S])
            changes = np.bitwise_or.reduce(graph.changed[mine], initial=np.uint64(0))
            axes = tuple(f for bit, f in enumerate(graph.changing) if int(changes) >> bit & 1)
            least = np.minimum(np.broadcast_to(least.min(axis=axes, keepdims=True), shape), worst_end)
        floor[k] = least.ravel()
    return floor
