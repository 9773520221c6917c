"""Numbers that carry their derivatives along, so that a measure is written as the formula that it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from equipoise.game.game import Floats


@dataclass(frozen=True, eq=False)
class Differential:
    """A number read off a chain, with its derivatives by the rate of every branch and by the game's own numbers."""

    number: float
    by_branch: Floats
    """(B,) by the rate at which each branch happens, 1/year"""
    direct: Mapping[str, Floats] = field(default_factory=dict)
    """By numbers of the game, called as in `Numbers`, as far as they count without changing any rate."""

    def __add__(self, other: Differential) -> Differential:
        direct = {**other.direct, **self.direct}
        direct |= {name: self.direct[name] + other.direct[name] for name in self.direct.keys() & other.direct.keys()}
        return Differential(self.number + other.number, self.by_branch + other.by_branch, direct)

    def __sub__(self, other: Differential) -> Differential:
        return self + other.times(-1.0)

    def __truediv__(self, other: Differential) -> Differential:
        quotient = self.number / other.number
        change = (self - other.times(quotient)).times(1 / other.number)
        return Differential(quotient, change.by_branch, change.direct)

    def times(self, factor: float) -> Differential:
        """The number multiplied by a constant."""
        direct = {name: factor * by for name, by in self.direct.items()}
        return Differential(factor * self.number, factor * self.by_branch, direct)
