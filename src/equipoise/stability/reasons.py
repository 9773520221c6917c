"""Why a state is stable for an actor, or not, in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from equipoise.errors import no_such
from equipoise.kernels.ordinal import joint_results
from equipoise.scenario.phrases import listed, sentence, words
from equipoise.stability.graph import GraphModel
from equipoise.stability.ranking import Ranking, check
from equipoise.stability.reach import Reach, path, reach
from equipoise.stability.solo import CONCEPTS

MOST_TOLD = 12
"""Improvements that are told one by one."""


@dataclass(frozen=True)
class Reason:
    """What an improvement comes to."""

    to: int
    """Where the actor would rather be."""
    sanctioned: bool
    answer: tuple[tuple[int, int], ...]
    """Who moves where to answer it, if anybody does; under SIM one entry, the joint result, with the actor itself."""
    text: str
    """The same in a sentence."""


@dataclass(frozen=True)
class Verdict:
    """Why a state is stable for an actor under one concept, or not."""

    actor: int
    state: int
    concept: str
    stable: bool
    reasons: tuple[Reason, ...]
    """One for each improvement, those that nothing deters first."""
    text: str
    """A sentence on the whole."""


def explain(
    graph: GraphModel,
    ranking: Ranking,
    state: int,
    actor: int,
    concept: str,
    *,
    names: Mapping[str, str] | None = None,
) -> Verdict:
    """Who would want to go where, who answers how, why that deters, or what is missing.

    ``names`` has the actors' names by key. Answers are searched anew, by shortest sequences, not read off `solo`.

    Raises:
        RequestError: there is no such state or concept.
    """
    if concept not in CONCEPTS:
        raise no_such("concept", concept, CONCEPTS)
    check(graph, ranking)
    graph.describe(state)
    teller = _Teller(graph, ranking, state, actor, names or {})
    grade = ranking.grade[actor]
    wanted = [int(t) for t in graph.moves(actor, state) if grade[t] > grade[state]]
    if concept == "SIM":
        _, joint = joint_results(
            state, actor, graph.move_ptr, graph.target, ranking.grade, graph.codes, graph.table, graph.changed
        )
        reasons = [teller.jointly(to, int(result)) for to, result in zip(wanted, joint, strict=True)]
    else:
        reasons = [teller.answered(to, concept) for to in wanted]
    reasons.sort(key=lambda reason: reason.sanctioned)
    stable = all(reason.sanctioned for reason in reasons)
    return Verdict(actor, state, concept, stable, tuple(reasons), teller.whole(reasons, concept))


@dataclass(frozen=True)
class _Teller:
    graph: GraphModel
    ranking: Ranking
    state: int
    actor: int
    names: Mapping[str, str]

    def who(self, actor: int) -> str:
        key = self.graph.actors[actor]
        return self.names.get(key, key)

    def move(self, actor: int, before: int, to: int) -> str:
        """``[threaten] to threat open``: the move's name, if it has one, and what it changes."""
        what = changes(self.graph, before, to)
        return f"[{self.graph.name_of_move(actor, before, to)}] to {what}" if self.graph.steps else f"to {what}"

    def whole(self, reasons: list[Reason], concept: str) -> str:
        who = self.who(self.actor)
        if not reasons:
            count = len(self.graph.moves(self.actor, self.state))
            if not count:
                return f"{who} can do nothing here, so there is nothing to be deterred from."
            what = "the only possible move leads" if count == 1 else f"all {count} possible moves lead"
            return f"{who} would rather stay: {what} to what is liked no better."
        free = sum(not reason.sanctioned for reason in reasons)
        if not free:
            return f"{who} would like to move on but can be deterred ({concept}): every improvement may be answered."
        if concept == "Nash":
            return f"{who} would rather be elsewhere and can go there unaided."
        some = "nothing answers" if free == len(reasons) else f"nothing answers {free} of {len(reasons)} improvements"
        return f"{who} cannot be deterred ({concept}): {some} in a way that would leave it no better off."

    def answered(self, to: int, concept: str) -> Reason:
        wish = f"{self.who(self.actor)} would rather go {self.move(self.actor, self.state, to)}"
        if concept == "Nash":
            return Reason(to, False, (), sentence(f"{wish}, and nothing is asked about answers"))
        found = reach(self.graph, to, ranking=self.ranking, improving=concept == "SEQ", without=self.actor)
        worse = self._no_better(found)
        if concept == "SMR":
            held = [s for s in worse if not self._escapes(s)]
            if worse and not held:
                s2 = min(worse, key=lambda s: found.steps[s])
                out = int(self._escapes(s2)[0])
                told = (
                    f"{wish}; {self._sequence(to, path(self.graph, found, s2))} would leave it no better, but it could "
                    f"then escape {self.move(self.actor, s2, out)}"
                )
                return Reason(to, False, (), sentence(told))
            worse = held
        if not worse:
            would = "would" if concept == "SEQ" else "can"
            moved = (found.steps > 0).any()
            others = self._unmoved(concept) if moved else f"nobody else {would} then move"
            return Reason(to, False, (), sentence(f"{wish}, and {others}"))
        s2 = min(worse, key=lambda s: found.steps[s])
        sequence = path(self.graph, found, s2)
        willing = " gladly" if concept == "SEQ" else ""
        escape = ", from where it cannot escape to anything better" if concept == "SMR" else ""
        told = f"{wish}, but then {self._sequence(to, sequence)}{willing}, which leaves it no better off{escape}"
        return Reason(to, True, tuple(sequence), sentence(told))

    def jointly(self, to: int, result: int) -> Reason:
        wish = f"{self.who(self.actor)} would rather go {self.move(self.actor, self.state, to)}"
        if result < 0:
            told = f"{wish}, and no improvement that others make at the same moment spoils that"
            return Reason(to, False, (), sentence(told))
        movers = [
            self.who(k)
            for k in range(self.graph.n_actors)
            if k != self.actor and (self.ranking.grade[k, self.graph.moves(k, self.state)] > self._own(k)).any()
        ]
        told = (
            f"{wish}, but if {listed(movers, 'or')} improved at the same moment, it could end "
            f"with {changes(self.graph, self.state, result)}, which is no better"
        )
        return Reason(to, True, ((self.actor, result),), sentence(told))

    def _own(self, actor: int) -> int:
        return int(self.ranking.grade[actor, self.state])

    def _no_better(self, found: Reach) -> list[int]:
        grade = self.ranking.grade[self.actor]
        return np.flatnonzero((found.steps > 0) & (grade <= grade[self.state])).tolist()

    def _escapes(self, s2: int) -> list[int]:
        grade = self.ranking.grade[self.actor]
        return [int(t) for t in self.graph.moves(self.actor, s2) if grade[t] > grade[self.state]]

    def _unmoved(self, concept: str) -> str:
        willing = "by moves that they like themselves " if concept == "SEQ" else ""
        return f"nothing the others can then do {willing}leaves it as badly off as now"

    def _sequence(self, start: int, sequence: list[tuple[int, int]]) -> str:
        told, at = [], start
        for mover, to in sequence:
            told.append(f"{self.who(mover)} can go on {self.move(mover, at, to)}")
            at = to
        return listed(told, "and then")


def changes(graph: GraphModel, before: int, to: int) -> str:
    """What differs in the second of two states: ``threat open and talks no``, or the name of an end."""
    here, there = graph.describe(before), graph.describe(to)
    if "end" in there and to >= len(graph.levels):
        return words(there["end"])
    return listed([f"{words(f)} {level}" for f, level in there.items() if here.get(f) != level]) or "the same"
