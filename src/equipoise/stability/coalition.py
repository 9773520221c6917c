"""Stability of a state for coalitions: CNash, CGMR, CSMR, CSEQ.

A coalition H is any non-empty set of actors. From s it can reach R_H(s), the ends of legal sequences of its members'
moves (nobody twice in a row); its improvements are those that every member prefers:

    R_H++(s) = {s1 in R_H(s): s1 >_i s for all i in H}

It is deterred from s1 by an answer s2 that is no better than s for at least one member: not (s2 >>_H s). Which
coalitions can form is up to the analyst: all, those up to some size, or a partition of the actors, as the tools of the
graph model have it. A state is stable for an actor if it is stable for every coalition that can form and to which the
actor belongs, and an equilibrium if it is stable for all of them. Where single actors are the only coalitions each
concept is its solo form.

Sources: D. M. Kilgour, K. W. Hipel, L. Fang and X. Peng, "Coalition analysis in group decision support", Group Decision
and Negotiation 10 (2001); T. Inohara and K. W. Hipel, "Coalition analysis in the graph model for conflict resolution",
Systems Engineering 11 (2008).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from equipoise.errors import RequestError, no_such
from equipoise.game.game import Ints
from equipoise.kernels.coalitions import deterred_for_good, group_improvements, in_turn
from equipoise.kernels.fronts import classes, exceeding, fronts
from equipoise.kernels.ordinal import lowest_reachable, transpose
from equipoise.scenario.models import Scenario
from equipoise.stability.graph import GraphModel, Index
from equipoise.stability.ranking import Ranking, check
from equipoise.stability.solo import Flags, Progress, Stability, worst_reply

COALITIONAL = ("CNash", "CGMR", "CSMR", "CSEQ")
"""The coalitional concepts by name; definitions in `Coalitions.stable`."""
MOST_COALITIONS = 2**12 - 1
"""All of twelve actors."""
LARGEST_LIST = 200_000_000
"""Improvements of all coalitions, or best ends of one, that are kept at once."""

Coalition = tuple[int, ...]


def all_coalitions(members: Iterable[int], largest: int | None = None) -> list[Coalition]:
    """Every non-empty set of some actors, or those of at most ``largest``, small ones first.

    Raises:
        RequestError: there are more than `MOST_COALITIONS`.
    """
    members = sorted(members)
    sizes = range(1, min(largest or len(members), len(members)) + 1)
    count = sum(comb(len(members), size) for size in sizes)
    if count > MOST_COALITIONS:
        raise RequestError(
            f"{len(members)} actors have {count:,} coalitions of at most {sizes[-1]}; right would be at most "
            f"{MOST_COALITIONS:,}: smaller ones, or those that the scenario names under `coalitions`"
        )
    return [group for size in sizes for group in combinations(members, size)]


def acting_together(scenario: Scenario) -> list[Coalition]:
    """The partition of the actors that a scenario's `coalitions` make: those who are in none act alone."""
    places = {name: i for i, name in enumerate(scenario.actors)}
    groups = [tuple(sorted(places[name] for name in of.members)) for of in scenario.coalitions.values()]
    joined = {i for group in groups for i in group}
    return sorted([*groups, *((i,) for i in places.values() if i not in joined)])


def coalitional(
    graph: GraphModel,
    ranking: Ranking,
    concept: str,
    *,
    coalitions: Sequence[Coalition] | None = None,
    progress: Progress | None = None,
) -> Stability:
    """What is stable for whom under one coalitional concept, if ``coalitions`` can form (all, if left out).

    `price.price` says beforehand what that takes.

    Raises:
        RequestError: as `Coalitions.stable`.
    """
    return Coalitions(graph, ranking, coalitions).judge(concept, progress=progress)


class Coalitions:
    """The coalitions that can form in a graph model, and what is stable for them; keeps what the concepts share."""

    def __init__(self, graph: GraphModel, ranking: Ranking, coalitions: Sequence[Coalition] | None = None) -> None:
        check(graph, ranking)
        self.graph, self.ranking = graph, ranking
        self.groups = all_coalitions(range(graph.n_actors)) if coalitions is None else list(coalitions)
        self._nash: dict[Coalition, Flags] = {}

    def judge(self, concept: str, *, progress: Progress | None = None) -> Stability:
        """What is stable for whom: for an actor, stable for every coalition to which it belongs."""
        stable = np.ones((self.graph.n_actors, self.graph.n_states), bool)
        for k, group in enumerate(self.groups):
            stable[list(group)] &= self.stable(group, concept)
            if progress:
                progress(concept, (k + 1) / len(self.groups))
        return Stability(concept, stable)

    def stable(self, coalition: Coalition, concept: str) -> Flags:
        """(S,) where one coalition H is stable under one concept.

            CNash: R_H++(s) is empty
            CGMR:  for all s1 in R_H++(s) there is s2 in R_{N-H}(s1) with not s2 >>_H s
            CSMR:  the same, and not s3 >>_H s for all s3 in R_H(s2)
            CSEQ:  for all s1 in R_H++(s) there is s2 in R_C(N-H)++(s1) with not s2 >>_H s

        R_C(N-H)++(s1) has the ends of sequences of coalitional improvements by those coalitions that can form among
        the actors outside H, none acting twice in a row. Source: Inohara and Hipel (2008).

        An answer that is worse for one member is enough. So H is not stable under CNash, CGMR and CSEQ if it can reach
        an s1 from which the answers leave each member, taken alone, better off than s, and only the best such s1
        matter; CSMR asks for one answer that takes all escapes, and is searched for wherever the others leave it open.

        Raises:
            RequestError: there is no such concept, or there are more than `LARGEST_LIST` improvements or best ends.
        """
        if concept not in COALITIONAL:
            raise no_such("concept", concept, COALITIONAL)
        group = np.array(coalition, np.int64)
        others = np.setdiff1d(np.arange(self.graph.n_actors), group)
        grade = self._grades(coalition)
        if concept == "CNash":
            if coalition not in self._nash:
                self._nash[coalition] = ~self._can_exceed(group, grade)
            return self._nash[coalition]
        if concept == "CSEQ":
            return ~self._can_exceed(group, self._least_by_improvements(coalition))
        least = [worst_reply(self.graph, self.ranking, i, answering=others.tolist()) for i in coalition]
        stable = ~self._can_exceed(group, np.ascontiguousarray(np.array(least).T))
        if concept == "CSMR":
            unsure = np.flatnonzero(stable & ~self.stable(coalition, "CNash"))
            if unsure.size:
                arcs = self.graph.move_ptr, self.graph.target
                part, ptr, ends = self._best_ends(group, grade)
                unsure = in_turn(unsure, *arcs, self.graph.n_states, group, part)
                stable[unsure] = deterred_for_good(unsure, *arcs, grade, group, others, part, ptr, ends)
        return stable

    @cached_property
    def improvements(self) -> dict[Coalition, tuple[Ints, Index]]:
        """R_H++ of every coalition, turned round: by t, the states from which it improves to t."""
        found: dict[Coalition, tuple[Ints, Index]] = {}
        left, S = LARGEST_LIST, self.graph.n_states
        arcs = self.graph.move_ptr, self.graph.target
        for group in self.groups:
            members = np.array(group, np.int64)
            part, _ = classes(*arcs, S, members)
            order = in_turn(np.arange(S), *arcs, S, members, part)
            ptr, ends, whole = group_improvements(order, *arcs, self._grades(group), members, part, left)
            if not whole:
                self._too_many("the coalitions that can form have", "improvements")
            left -= ends.size
            into, source = transpose(ptr, ends, S, 1)
            found[group] = into, order[source].astype(np.int32)
        return found

    def _grades(self, group: Coalition) -> Index:
        """(S, h), one row for each state."""
        return np.ascontiguousarray(self.ranking.grade[list(group)].T)

    def _best_ends(self, group: Ints, value: Index) -> tuple[Index, Ints, Index]:
        arcs, S = (self.graph.move_ptr, self.graph.target), self.graph.n_states
        part, parts = classes(*arcs, S, group)
        ptr, ends, whole = fronts(*arcs, S, group, part, parts, value, LARGEST_LIST)
        if not whole:
            self._too_many(f"together {' and '.join(self.graph.actors[i] for i in group)} have", "best ends")
        return part, ptr, ends

    def _can_exceed(self, group: Ints, value: Index) -> Flags:
        """(S,) where a coalition can reach a state whose ``value`` (S, h) is above the grade here for every member."""
        arcs = self.graph.move_ptr, self.graph.target
        part, ptr, ends = self._best_ends(group, value)
        return np.asarray(exceeding(*arcs, group, part, ptr, ends, value, self._grades(tuple(group.tolist()))))

    def _least_by_improvements(self, coalition: Coalition) -> Index:
        """(S, h) least grade of each member to which coalitions of others can bring it by improvements of theirs."""
        answering = [group for group in self.groups if not set(group) & set(coalition)]
        if not answering:
            return self._grades(coalition)
        parts = [self.improvements[group] for group in answering]
        offsets = np.cumsum([0, *(source.size for _, source in parts)])
        ptr = np.concatenate([*(p[:-1] + o for (p, _), o in zip(parts, offsets, strict=False)), offsets[-1:]])
        source = np.concatenate([source for _, source in parts])
        labels = np.ones(len(parts), bool)
        unused = np.zeros((len(parts), self.graph.n_states), np.int32)  # Every arc is an improvement already.
        least = []
        for i in coalition:
            value: NDArray[np.int32] = self.ranking.grade[i]
            order = np.argsort(value, kind="stable")
            least.append(lowest_reachable(ptr, source, unused, labels, False, value, order))
        return np.ascontiguousarray(np.array(least).T)

    def _too_many(self, who: str, what: str) -> None:
        raise RequestError(
            f"{who} more than {LARGEST_LIST:,} {what}; right would be a smaller model, or fewer or smaller coalitions"
        )
