"""A conflict in option form, as the tools of the graph model keep it: decision makers, options, preferences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.errors import RequestError
from equipoise.stability.graph import GraphModel
from equipoise.stability.options import MAX_OPTIONS, option_graph
from equipoise.stability.ranking import EXPLICIT, STATEMENTS, Ranking, by_statements, explicit
from equipoise.stability.solo import Flags

Clause = tuple[tuple[int, bool], ...]
"""Options and whether each must be taken: all of them together."""
Statement = tuple[Clause, ...]
"""Clauses of which one must hold."""
Order = tuple[int | tuple[int, ...], ...]
"""States best first, counted from 1; several in one place are a tie."""


@dataclass(frozen=True)
class Option:
    """Something a decision maker may do or leave."""

    name: str
    direction: str = "both"
    """``both``, ``fwd`` (once taken it stays taken) or ``back`` (once left it stays left)."""


@dataclass(frozen=True)
class DecisionMaker:
    """Who controls which options and wants what."""

    name: str
    options: tuple[int, ...]
    preferences: tuple[Statement, ...] = ()
    """Most important first."""
    ranking: Order = ()
    """Best to worst; empty if unknown."""


@dataclass(frozen=True)
class Conflict:
    """A conflict in option form. Options are numbered as in ``options``; clauses and owners use those numbers."""

    options: tuple[Option, ...]
    decision_makers: tuple[DecisionMaker, ...]
    infeasible: tuple[Statement, ...] = ()
    manual: bool = False
    """Whether rankings are used instead of preferences."""
    coalitions: tuple[tuple[int, ...], ...] = ()
    """A partition of the decision makers; none if empty."""

    @property
    def order(self) -> tuple[int, ...]:
        """The options regrouped by decision maker; the k-th of them has weight 2^k in a state's number."""
        return tuple(option for maker in self.decision_makers for option in maker.options)

    def holds(self, statement: Statement) -> Flags:
        """(2^F,) for every combination of options, by its number, whether a statement is true of it."""
        place = {option: k for k, option in enumerate(self.order)}
        codes = np.arange(2 ** len(self.options))
        true = np.zeros(codes.size, bool)
        for clause in statement:
            met = np.ones(codes.size, bool)
            for option, taken in clause:
                met &= (codes >> place[option] & 1) == taken
            true |= met
        return true

    def feasible(self) -> NDArray[np.int64]:
        """Numbers of the possible combinations, rising: the n-th of them is state n.

        Raises:
            RequestError: there are too many options, or nothing is possible.
        """
        if len(self.options) > MAX_OPTIONS:
            raise RequestError(f"{len(self.options)} options; right would be at most {MAX_OPTIONS}")
        out = np.zeros(2 ** len(self.options), bool)
        for statement in self.infeasible:
            out |= self.holds(statement)
        if out.all():
            raise RequestError("no combination of options is possible; right would be fewer infeasibles")
        return np.flatnonzero(~out)

    def graph(self) -> GraphModel:
        """The graph model; states are numbered from 0 in the order of `feasible`."""
        order = self.order
        place = {option: k for k, option in enumerate(order)}
        possible = np.zeros(2 ** len(order), bool)
        possible[self.feasible()] = True
        return option_graph(
            [[place[option] for option in maker.options] for maker in self.decision_makers],
            len(order),
            actors=[maker.name for maker in self.decision_makers],
            options=[self.options[option].name for option in order],
            infeasible=~possible,
            one_way=[self.options[option].direction for option in order],
        )

    def ranking(self) -> Ranking:
        """Everybody's preferences: the rankings if `manual`, or else the statements; without any, all states tie.

        Raises:
            RequestError: a ranking leaves out a state, or has one twice, or one that is not there.
        """
        feasible = self.feasible()
        grades, source = [], []
        for maker in self.decision_makers:
            if self.manual and maker.ranking:
                try:
                    grades.append(explicit(_from_nought(maker.ranking), feasible.size))
                except RequestError as fault:
                    raise RequestError(f"the ranking of {maker.name} (states counted from 0): {fault}") from None
                source.append(EXPLICIT)
            else:
                statements = [self.holds(statement)[feasible] for statement in maker.preferences]
                grades.append(by_statements(statements) if statements else np.zeros(feasible.size, np.int32))
                source.append(STATEMENTS)
        return Ranking(np.array(grades, np.int32).reshape(len(grades), feasible.size), tuple(source))


def best_to_worst(grade: NDArray[np.integer]) -> Order:
    """An order of states counted from 1 that says the same as the grades (S,)."""
    classes = [tuple((np.flatnonzero(grade == g) + 1).tolist()) for g in range(int(grade.max(initial=-1)), -1, -1)]
    return tuple(states[0] if len(states) == 1 else states for states in classes if states)


def _from_nought(order: Order) -> Sequence[int | Sequence[int]]:
    return [entry - 1 if isinstance(entry, int) else [state - 1 for state in entry] for entry in order]
