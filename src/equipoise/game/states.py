"""States as integers: one level of every factor, packed into a mixed-radix code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from equipoise.game.game import Ints
from equipoise.scenario.models import Branch, Condition, Factor

Levels = NDArray[np.uint8] | NDArray[np.uint16]
"""(F, n) level of every factor in each of n states."""
Flags = NDArray[np.bool_]
Guard = tuple[tuple[tuple[int, tuple[int, ...]], ...], ...]
"""Conjunctions of (factor, admissible levels), of which one must hold; no conjunction: always."""
Columns = Mapping[int, NDArray[np.unsignedinteger]]
"""New level columns of the factors that change."""

LARGEST_CODE = 2**62


@dataclass(frozen=True)
class Space:
    """All combinations of levels, possible or not. Only here do the names of factors and levels become integers."""

    factors: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    ordered: tuple[bool, ...]
    strides: tuple[int, ...]

    @classmethod
    def of(cls, factors: Mapping[str, Factor]) -> Space:
        """The space that the factors of a scenario span; the last factor varies fastest."""
        levels = tuple(factor.levels for factor in factors.values())
        sizes = [len(names) for names in levels]
        return cls(
            factors=tuple(factors),
            levels=levels,
            ordered=tuple(factor.ordered for factor in factors.values()),
            strides=tuple(prod(sizes[k + 1 :]) for k in range(len(sizes))),
        )

    @property
    def size(self) -> int:
        """Number of combinations, however many."""
        return prod(len(names) for names in self.levels)

    def encode(self, state: Mapping[str, str]) -> int:
        """Code of a named state."""
        return sum(
            names.index(state[factor]) * stride
            for factor, names, stride in zip(self.factors, self.levels, self.strides, strict=True)
        )

    def decode(self, codes: Ints) -> Levels:
        """(F, n) levels of the states with these codes."""
        kind = np.uint8 if max(map(len, self.levels)) <= 2**8 else np.uint16
        out = np.empty((len(self.levels), codes.size), kind)
        for k, (names, stride) in enumerate(zip(self.levels, self.strides, strict=True)):
            out[k] = codes // stride % len(names)
        return out

    def tell(self, state: NDArray[np.unsignedinteger]) -> str:
        """One state (F,) in words: ``threat: open, office: hawk``."""
        named = zip(self.factors, self.levels, state, strict=True)
        return ", ".join(f"{factor}: {names[level]}" for factor, names, level in named)

    def guard(self, condition: Condition) -> Guard:
        """A condition in integers."""
        return tuple(
            tuple((k := self.factors.index(factor), tuple(self.levels[k].index(name) for name in names))
                  for factor, names in conjunction.items())
            for conjunction in condition
        )  # fmt: skip


@dataclass(frozen=True)
class Effect:
    """What one branch does to a state."""

    absolute: tuple[tuple[int, int], ...]
    """(factor, new level)"""
    relative: tuple[tuple[int, int], ...]
    """(factor, +1 or -1), stopping at the ends of the scale"""
    end: int | None
    """Outcome, if the branch ends the system."""

    @classmethod
    def of(cls, branch: Branch, space: Space, outcomes: Sequence[str]) -> Effect:
        """A branch in integers."""
        absolute, relative = [], []
        for factor, name in branch.set.items():
            k = space.factors.index(factor)
            if space.ordered[k] and name in ("up", "down"):
                relative.append((k, 1 if name == "up" else -1))
            else:
                absolute.append((k, space.levels[k].index(name)))
        return cls(tuple(absolute), tuple(relative), None if branch.end is None else outcomes.index(branch.end))

    def columns(self, levels: Levels, space: Space) -> Columns:
        """The factors that it sets, at their new levels."""
        new: dict[int, NDArray[np.unsignedinteger]] = {
            k: np.full(levels.shape[1], level, levels.dtype) for k, level in self.absolute
        }
        for k, step in self.relative:
            moved = levels[k].astype(np.int32) + step
            new[k] = moved.clip(0, len(space.levels[k]) - 1).astype(levels.dtype)
        return new


def holds(guard: Guard, levels: Levels, changed: Columns | None = None) -> Flags:
    """(n,) whether each state meets the condition, with some factors changed."""
    changed = changed or {}
    n = levels.shape[1]
    if not guard:
        return np.ones(n, bool)
    met = np.zeros(n, bool)
    for conjunction in guard:
        all_of = np.ones(n, bool)
        for factor, allowed in conjunction:
            column = changed.get(factor, levels[factor])
            one_of = column == allowed[0]
            for level in allowed[1:]:
                one_of |= column == level
            all_of &= one_of
        met |= all_of
    return met


def shift(columns: Columns, levels: Levels, space: Space) -> Ints:
    """(n,) change of the states' codes when factors change."""
    total = np.zeros(levels.shape[1], np.int64)
    for k, column in columns.items():
        total += (column.astype(np.int64) - levels[k]) * space.strides[k]
    return total
