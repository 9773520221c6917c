"""Products of parameters, numbered as they are met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.game.game import Ints
from equipoise.game.states import Guard, Levels, Space, holds
from equipoise.game.structure import Index, Monomials
from equipoise.scenario.models import Multipliers


class MonomialTable:
    """Monomials in the scenario's parameters, each numbered once; number 0 is the constant 0."""

    zero = 0

    def __init__(self, parameters: Sequence[str]) -> None:
        self.index = {name: k for k, name in enumerate(parameters)}
        self.one_factor, self.zero_factor = len(self.index), len(self.index) + 1
        self.found: dict[tuple[int, ...], int] = {(self.zero_factor,): self.zero}

    def factor(self, ref: str | int) -> int:
        """A parameter's index; the numbers 1 and 0 stand behind the last parameter."""
        if isinstance(ref, str):
            return self.index[ref]
        return self.one_factor if ref else self.zero_factor

    def number(self, factors: Sequence[int]) -> int:
        """Number of the product of these factors."""
        if self.zero_factor in factors:
            return self.zero
        product = tuple(sorted(factor for factor in factors if factor != self.one_factor))
        return self.found.setdefault(product, len(self.found))

    def freeze(self) -> Monomials:
        """All that were met, as arrays."""
        width = max(map(len, self.found))
        padded = [(*product, *[self.one_factor] * (width - len(product))) for product in self.found]
        return Monomials(np.array(padded, np.int32), len(self.index))


@dataclass(frozen=True)
class Product:
    """A base parameter times multipliers under conditions."""

    base: int
    multipliers: tuple[tuple[Guard, int], ...]
    table: MonomialTable

    @classmethod
    def of(cls, base: str | int, times: Multipliers, space: Space, table: MonomialTable) -> Product:
        """In integers."""
        return cls(table.factor(base), tuple((space.guard(m.when), table.factor(m.by)) for m in times), table)

    def numbers(self, levels: Levels) -> Index:
        """(n,) monomial that it is in each state."""
        if not self.multipliers:
            return np.full(levels.shape[1], self.table.number([self.base]), np.int32)
        patterns, which = distinct([holds(guard, levels).view(np.uint8) for guard, _ in self.multipliers])
        by = [factor for _, factor in self.multipliers]
        monomials = [
            self.table.number([self.base, *(factor for factor, on in zip(by, pattern, strict=True) if on)])
            for pattern in patterns.tolist()
        ]
        return np.array(monomials, np.int32)[which]


def distinct(columns: Sequence[NDArray[np.integer]]) -> tuple[Ints, Index]:
    """The distinct rows (U, J) of J columns of small numbers from 0 up, and which of them each row is (n,)."""
    n = columns[0].size
    if not n:
        return np.empty((0, len(columns)), np.int64), np.empty(0, np.int32)
    code, span = np.zeros(n, np.int64), 1
    for column in columns:
        size = int(column.max()) + 1
        if span * size > 2**62:
            code, span = _renumbered(code, span)
        code, span = code * size + column, span * size
    code, span = _renumbered(code, span)
    first = np.empty(span, np.int64)
    first[code[::-1]] = np.arange(n - 1, -1, -1)
    return np.stack([column[first].astype(np.int64) for column in columns], axis=1), code.astype(np.int32)


def _renumbered(code: Ints, span: int) -> tuple[Ints, int]:
    """The same codes as consecutive numbers, and how many there are."""
    if span > max(4 * code.size, 1 << 16):
        values, code = np.unique(code, return_inverse=True)
        return code, values.size
    present = np.zeros(span, bool)
    present[code] = True
    number = np.cumsum(present) - 1
    return number[code], int(number[-1]) + 1
