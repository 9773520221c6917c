"""The inverse question: what an actor would have to prefer for a state to be stable for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.errors import no_such
from equipoise.stability.graph import GraphModel
from equipoise.stability.ranking import Ranking, check
from equipoise.stability.reach import reach
from equipoise.stability.solo import CONCEPTS

INVERTIBLE = ("Nash", "GMR", "SMR", "SEQ")
"""Concepts for which the question is answered."""
MOST_CHANGES = 20
"""Ways that are listed, the smallest first."""
_MOST_LOOKED_AT = 200_000


@dataclass(frozen=True)
class Change:
    """States that the actor now prefers to the given one and would have to like no better than it."""

    states: tuple[int, ...]
    grades: int
    """By how many grades they stand above it, all together: of changes of as many states, the lesser comes first."""


@dataclass(frozen=True)
class Inverse:
    """What it would take for a state to be stable for an actor."""

    actor: int
    state: int
    concept: str
    stable: bool
    """Whether it is as things stand."""
    rise: int
    """Least number of grades by which the state would have to rise in the actor's ranking, all else as it is; 0 if it
    is stable."""
    changes: tuple[Change, ...]
    """Minimal sets of comparisons to be reversed, at most `MOST_CHANGES`; none if it is stable."""
    complete: bool
    """Whether the search for them ran to its end."""


def inverse(graph: GraphModel, ranking: Ranking, state: int, actor: int, concept: str) -> Inverse:
    """What an actor would have to prefer for a state to be stable for it, smallest change first.

    Only comparisons with the state s matter, and only for this actor. With the set W of states no better than s,

        Nash: R_i(s) is in W
        GMR:  for each s1 in R_i(s), some s2 in {s1} + R_{N-i}(s1) is in W
        SMR:  the same, and R_i(s2) is in W (if s2 is not s1)
        SEQ:  as GMR with R_{N-i}+(s1), which does not depend on i's preferences

    so what has to be added to W is a smallest set that hits every s1. Sets are found by trying, for an s1 not yet hit,
    each way to hit it. Source: R. A. Kinsara, D. M. Kilgour and K. W. Hipel, "Inverse approach to the graph model for
    conflict resolution", IEEE Transactions on Systems, Man, and Cybernetics: Systems 45 (2015).

    Raises:
        RequestError: there is no such state or concept.
    """
    if concept not in INVERTIBLE:
        raise no_such("concept", concept, INVERTIBLE)
    check(graph, ranking)
    graph.describe(state)
    grade = ranking.grade[actor]
    better = frozenset(np.flatnonzero(grade > grade[state]).tolist())
    tasks = [_ways(graph, ranking, state, actor, int(s1), concept, better) for s1 in graph.moves(actor, state)]
    tasks = [ways for ways in tasks if frozenset() not in ways]
    # The least rise: every task needs one of its ways to lie below, and a way needs all of its states to.
    level = max((min(max(int(grade[s]) for s in way) for way in ways) for ways in tasks), default=int(grade[state]))
    found: set[frozenset[int]] = set()
    looked = 0
    for chosen in _hitting(sorted(tasks, key=len), frozenset()):
        looked += 1
        if looked > _MOST_LOOKED_AT:
            break
        found.add(chosen)
    minimal = [x for x in found if not any(y < x for y in found)] if len(found) < 5_000 else list(found)
    changes = sorted(
        (Change(tuple(sorted(x)), sum(int(grade[s] - grade[state]) for s in x)) for x in minimal if x),
        key=lambda change: (len(change.states), change.grades, change.states),
    )
    return Inverse(
        actor=actor,
        state=state,
        concept=concept,
        stable=bool(CONCEPTS[concept](graph, ranking, actor)[state]),
        rise=level - int(grade[state]),
        changes=tuple(changes[:MOST_CHANGES]),
        complete=looked <= _MOST_LOOKED_AT and len(found) < 5_000,
    )


def _ways(
    graph: GraphModel, ranking: Ranking, state: int, actor: int, s1: int, concept: str, better: frozenset[int]
) -> list[frozenset[int]]:
    """Minimal sets of states that would have to be no better than ``state``, each enough to keep the actor from s1."""
    ways = {frozenset({s1} & better)}
    if concept != "Nash":
        replies = reach(graph, s1, ranking=ranking, improving=concept == "SEQ", without=actor)
        for s2 in np.flatnonzero(replies.steps >= 0).tolist():
            needed = {s2, *graph.moves(actor, s2).tolist()} if concept == "SMR" and s2 != s1 else {s2}
            ways.add(frozenset(needed & better))
    least = sorted(ways, key=len)
    if len(least) > 2_000:
        return least
    kept: list[frozenset[int]] = []
    for way in least:
        if not any(other <= way for other in kept):
            kept.append(way)
    return kept


def _hitting(tasks: Sequence[list[frozenset[int]]], chosen: frozenset[int]) -> Iterator[frozenset[int]]:
    """Unions of one way for each task, in which a way that is already in costs nothing."""
    for k, ways in enumerate(tasks):
        if not any(way <= chosen for way in ways):
            for way in ways:
                yield from _hitting(tasks[k + 1 :], chosen | way)
            return
    yield chosen
