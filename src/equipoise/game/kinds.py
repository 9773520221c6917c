"""Kinds of rows and ends of the game: what rows, or absorbing branches, with the same numbers share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from equipoise.errors import KeyPath
from equipoise.game.game import Ints
from equipoise.game.products import MonomialTable, Product, distinct
from equipoise.game.states import Levels, Space
from equipoise.game.steps import Step
from equipoise.game.structure import Index, TermMap
from equipoise.game.terms import PayoffTerm, TermColumns, TermFactory
from equipoise.scenario.models import Event, Outcome


@dataclass(frozen=True, eq=False)
class StepNumbers:
    """The numbers of one move or event as functions of the state."""

    cost: Product
    rate: Product
    weights: list[Product]
    """Of each branch."""
    impacts: list[list[PayoffTerm]]
    """Of each branch, those of the step included."""

    @classmethod
    def of(cls, step: Step, space: Space, monomials: MonomialTable, factory: TermFactory) -> StepNumbers:
        """In integers."""
        source = step.source
        event = isinstance(source, Event)
        always = factory.terms(source.impact, (*step.path, "impact"))
        impacts = [
            always + factory.terms(branch.impact, (*step.branch_path(b), "impact"))
            for b, branch in enumerate(source.branches)
        ]
        return cls(
            cost=Product.of(
                0 if isinstance(source, Event) else source.cost, () if event else source.times, space, monomials
            ),
            rate=Product.of(
                source.rate if isinstance(source, Event) else 0, source.times if event else (), space, monomials
            ),
            weights=[Product.of(branch.weight, branch.times, space, monomials) for branch in source.branches],
            impacts=impacts,
        )

    def columns(self, levels: Levels, impact: TermColumns) -> list[Index]:
        """Cost, rate, the branches' weights, then their impacts, each (n,), as numbers of monomials and columns."""
        products = [self.cost, self.rate, *self.weights]
        terms = [impact.numbers(term, levels) for branch in self.impacts for term in branch]
        return [product.numbers(levels) for product in products] + terms


class KindTable:
    """All kinds, in the order of steps."""

    def __init__(self) -> None:
        self.step: list[int] = []
        self.heads: list[Ints] = []
        self.weight: list[Ints] = []
        self.impact: list[Ints] = []
        self.branches: list[int] = []

    def add(self, step: int, numbers: StepNumbers, rows: Iterable[Ints]) -> Index:
        """Take up kinds of a step and number them.

        A row holds mover, families times members, moves (as in the reference), then `StepNumbers.columns`.
        """
        B = len(numbers.weights)
        ends = np.cumsum([0, *map(len, numbers.impacts)]) + 5 + B
        first = len(self.heads)
        for row in rows:
            self.step.append(step)
            self.heads.append(row[:5])
            self.branches.append(B)
            self.weight.extend(row[5 : 5 + B])
            for b in range(B):
                active = row[ends[b] : ends[b + 1]]
                self.impact.append(active[active > 0] - 1)
        return np.arange(first, len(self.heads), dtype=np.int32)

    def arrays(self, n_actors: int) -> dict[str, Any]:
        """Those fields of `Game` that depend on no parameter."""
        heads = self._heads()
        move = heads[:, 0] < n_actors
        with np.errstate(divide="ignore"):
            share, uniform = np.where(move, 1 / heads[:, 1], 0.0), np.where(move, 1 / (1 + heads[:, 2]), 0.0)
        return {
            "kind_step": np.array(self.step, np.int32),
            "kind_actor": heads[:, 0].astype(np.int32),
            "kind_share": share,
            "kind_uniform": uniform,
            "kind_branch_ptr": np.concatenate([[0], np.cumsum(self.branches, dtype=np.int64)]),
        }

    def monomials(self) -> tuple[Index, Index, Index]:
        """Cost (K,), rate (K,) and weight (kind_branch_ptr[-1],) as monomials."""
        heads = self._heads().astype(np.int32)
        return heads[:, 3], heads[:, 4], np.array(self.weight, np.int32)

    def _heads(self) -> Ints:
        return np.array(self.heads, np.int64).reshape(-1, 5)


class EndTable:
    """Ends: an outcome with what it is worth, judged in the state that is left."""

    def __init__(self, outcomes: Sequence[Outcome], names: Sequence[str], factory: TermFactory, n_actors: int) -> None:
        paths: list[KeyPath] = [("outcomes", name, "value") for name in names]
        self.terms = [factory.terms(outcome.value, path) for outcome, path in zip(outcomes, paths, strict=True)]
        self.columns = TermColumns(n_actors)
        self.found: dict[tuple[int, tuple[int, ...]], int] = {}

    def numbers(self, outcome: int, levels: Levels) -> Index:
        """(n,) the end that the outcome is when reached from each state."""
        if not self.terms[outcome]:
            return np.full(levels.shape[1], self.found.setdefault((outcome, ()), len(self.found)), np.int32)
        patterns, which = distinct([self.columns.numbers(term, levels) for term in self.terms[outcome]])
        numbers = [
            self.found.setdefault((outcome, tuple(c - 1 for c in pattern if c)), len(self.found))
            for pattern in patterns.tolist()
        ]
        return np.array(numbers, np.int32)[which]

    def outcomes(self) -> Index:
        """(E,) outcome of every end."""
        return np.array([outcome for outcome, _ in self.found], np.int32)

    def values(self) -> TermMap:
        """Worth of every end."""
        return self.columns.freeze([np.array(columns, np.int32) for _, columns in self.found])
