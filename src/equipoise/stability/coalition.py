"""Stability of a state for coalitions: CNash, CGMR, CSMR, CSEQ.

A coalition H is any non-empty set of actors. From s it can reach R_H(s), the ends of legal sequences of its members'
moves (nobody twice in a row); its improvements are those that every member prefers:

    R_H++(s) = {s1 in R_H(s): s1 >_i s for all i in H}

It is deterred from s1 by an answer s2 that is no better than s for at least one member: not (s2 >>_H s). A state is
stable for an actor if it is stable for every coalition to which it belongs, and an equilibrium if it is stable for all
coalitions. Single actors are coalitions too, so each concept implies its solo form but CSEQ, in which the others may
answer by coalitions.

Sources: D. M. Kilgour, K. W. Hipel, L. Fang and X. Peng, "Coalition analysis in group decision support", Group Decision
and Negotiation 10 (2001); T. Inohara and K. W. Hipel, "Coalition analysis in the graph model for conflict resolution",
Systems Engineering 11 (2008).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from equipoise.errors import RequestError, no_such
from equipoise.game.game import Ints
from equipoise.kernels.coalitions import group_deterred, group_improvements
from equipoise.stability.graph import GraphModel, Index
from equipoise.stability.ranking import Ranking, check
from equipoise.stability.solo import Flags, Progress, Stability

COALITIONAL = ("CNash", "CGMR", "CSMR", "CSEQ")
"""The coalitional concepts by name; definitions in `coalition_stable`."""
LARGEST_LIST = 50_000_000
"""Improvements of one coalition that are kept at once."""
_ARCS_PER_SECOND = 1e8

Coalition = tuple[int, ...]


@dataclass(frozen=True)
class Cost:
    """What coalitional analysis takes."""

    coalitions: int
    seconds: float
    """At most, roughly: if every coalition could reach every state."""


def all_coalitions(members: Iterable[int]) -> list[Coalition]:
    """Every non-empty set of some actors, small ones first."""
    members = sorted(members)
    return [group for size in range(1, len(members) + 1) for group in combinations(members, size)]


def cost(graph: GraphModel, coalitions: Sequence[Coalition] | None = None) -> Cost:
    """What it takes to find the improvements of the coalitions: one search of the graph from each state for each."""
    groups = all_coalitions(range(graph.n_actors)) if coalitions is None else coalitions
    counts = np.diff(graph.move_ptr).reshape(graph.n_actors, graph.n_states).sum(axis=1)
    arcs = sum(int(counts[list(group)].sum()) for group in groups)
    return Cost(len(groups), arcs * graph.n_states / _ARCS_PER_SECOND)


def coalitional(
    graph: GraphModel,
    ranking: Ranking,
    concept: str,
    *,
    coalitions: Sequence[Coalition] | None = None,
    progress: Progress | None = None,
) -> Stability:
    """What is stable for whom under one coalitional concept, against ``coalitions`` or all there could be.

    `cost` says beforehand what that takes.

    Raises:
        RequestError: there is no such concept, or a coalition has more than `LARGEST_LIST` improvements.
    """
    if concept not in COALITIONAL:
        raise no_such("concept", concept, COALITIONAL)
    check(graph, ranking)
    groups = all_coalitions(range(graph.n_actors)) if coalitions is None else list(coalitions)
    stable = np.ones((graph.n_actors, graph.n_states), bool)
    improved: _Improvements = {}
    for k, group in enumerate(groups):
        stable[list(group)] &= coalition_stable(graph, ranking, group, concept, _improved=improved)
        if progress:
            progress(concept, (k + 1) / len(groups))
    return Stability(concept, stable)


_Improvements = dict[Coalition, tuple[Ints, Index]]


def coalition_stable(
    graph: GraphModel,
    ranking: Ranking,
    coalition: Coalition,
    concept: str,
    *,
    _improved: _Improvements | None = None,
) -> Flags:
    """(S,) where one coalition H is stable under one concept.

        CNash: R_H++(s) is empty
        CGMR:  for all s1 in R_H++(s) there is s2 in R_{N-H}(s1) with not s2 >>_H s
        CSMR:  the same, and not s3 >>_H s for all s3 in R_H(s2)
        CSEQ:  for all s1 in R_H++(s) there is s2 in R_{P(N-H)}++(s1) with not s2 >>_H s

    R_{P(N-H)}++(s1) has the ends of sequences of coalitional improvements by sets of the actors outside H, no set
    acting twice in a row. Source: Inohara and Hipel (2008), definitions 9 to 12.
    """
    improved = {} if _improved is None else _improved
    S = graph.n_states
    ptr, ends = _improvements(graph, ranking, coalition, improved)
    if concept == "CNash":
        return np.asarray(np.diff(ptr) == 0)
    others = [i for i in range(graph.n_actors) if i not in coalition]
    if concept == "CSEQ":
        answers = [_improvements(graph, ranking, group, improved) for group in all_coalitions(others)]
    else:
        answers = [_own(graph, i) for i in others]
    return np.asarray(
        group_deterred(
            ptr,
            ends,
            *_joined(answers, S),
            ranking.grade,
            np.array(coalition, np.int64),
            *_joined([_own(graph, i) for i in coalition], S),
            concept == "CSMR",
        )
    )


def _improvements(graph: GraphModel, ranking: Ranking, group: Coalition, known: _Improvements) -> tuple[Ints, Index]:
    """R_H++ by state: (S+1,) and the states."""
    if group not in known:
        ptr, ends, whole = group_improvements(
            graph.move_ptr, graph.target, ranking.grade, np.array(group, np.int64), LARGEST_LIST
        )
        if not whole:
            names = " and ".join(graph.actors[i] for i in group)
            raise RequestError(
                f"together {names} have more than {LARGEST_LIST:,} improvements; right would be a smaller model"
            )
        known[group] = (ptr, ends)
    return known[group]


def _own(graph: GraphModel, actor: int) -> tuple[Ints, Index]:
    """R_i by state."""
    ptr = graph.move_ptr[actor * graph.n_states : (actor + 1) * graph.n_states + 1]
    return ptr - ptr[0], graph.target[ptr[0] : ptr[-1]]


def _joined(parts: Sequence[tuple[Ints, Index]], n_states: int) -> tuple[Ints, Index]:
    """Arcs of several labels, by label and start."""
    offsets = np.cumsum([0, *(ends.size for _, ends in parts)])
    starts = [ptr[:-1] + offset for (ptr, _), offset in zip(parts, offsets[:-1], strict=True)]
    ptr = np.concatenate([*starts, offsets[-1:]]).astype(np.int64)
    return ptr, np.concatenate([ends for _, ends in parts]) if parts else np.empty(0, np.int32)
