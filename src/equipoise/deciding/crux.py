"""Cruxes: the smallest changes of premises at which a verdict flips, found by the levers.

In the terms of structural reliability this is the design point of first-order methods (Hasofer and Lind 1974): the
point of the surface margin = 0 that is nearest to where one stands, distances being counted in normal scores. It is
found by linearising again and again (Rackwitz and Fiessler 1978), here with bounds and, if asked, for few premises.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import numpy as np

from equipoise.deciding.classes import Floats, Integers
from equipoise.deciding.premises import Premises

Margin = Callable[[Floats], tuple[float, Floats]]
"""From the values of the parameters (P,) to the margin, above 0 on the present side, and its derivatives (P,).

The margin is nan where there is none: no certified equilibrium, say."""

FEW = 3
"""Premises of a crux that changes few."""
_STEPS = 20
_HALVINGS = 4
_STILL = 0.01
"""Standard deviations by which the point may still move when it is taken as found."""
_CLOSE = 0.02
"""Share of the margin at the start by which the margin found may miss its aim."""


@dataclass(frozen=True, eq=False)
class Crux:
    """A change of premises at which the verdict flips."""

    scores: Floats
    """(P,) normal scores of the premises there."""
    values: Floats
    """(P,) their values."""
    moved: tuple[int, ...]
    """Premises that change, the one that changes most first."""
    distance: float
    """In standard deviations of what is known of the premises."""
    margin: float
    """Margin there, as solved; below 0 if flipped."""
    flipped: bool
    """Whether the verdict is another one there, by solving, and no linear step leads nearer."""
    solved: int
    """Margins that were computed on the way."""


def nearest(
    margin: Margin,
    premises: Premises,
    *,
    among: Collection[int] | None = None,
    most: int | None = None,
    beyond: float = 0.0,
) -> Crux:
    """The nearest point at which the margin is a little below 0.

    Minimises (z - z0)' M (z - z0) subject to g(z) = aim within the bounds of the premises, z0 being the scenario's own
    scores and M the inverse of their correlations, by a sequence of linear problems

        min (z - z0)' M (z - z0)   subject to   g(z_k) + g'(z_k) (z - z_k) = aim,   low <= z <= high,

    each step being halved while it leads further from the aim. The point is a local one, as all are that derivatives
    lead to.

    Args:
        margin: as `Margin`.
        premises: what may change, and what is known of it.
        among: premises that may change; all of them, if left out.
        most: change at most so many premises, those with the steepest slopes; any number, if left out.
        beyond: how far below 0 the margin has to be for the verdict to be another one.
    """
    return _Search(margin, premises, among, most, beyond).run()


def alone(margin: Margin, premises: Premises, *, beyond: float = 0.0, most: int = 5) -> tuple[Crux, ...]:
    """The premises that flip the verdict when they alone change, the nearest first.

    The derivatives at the scenario's own values say which `most` premises would be nearest if the margin were linear;
    each of these is solved for. Premises that by this prediction need twice their plausible change are left out.
    """
    number, slopes = margin(premises.own)
    slopes = slopes * premises.slopes(premises.start)
    needed = np.full(len(slopes), np.inf)
    steep = np.abs(slopes) > 1e-12 * max(1.0, float(np.abs(slopes).max(initial=0.0)))
    needed[steep] = (number + beyond) / -slopes[steep]
    room = np.where(needed > 0, premises.high - premises.start, premises.start - premises.low)
    likely = np.flatnonzero(np.abs(needed) <= 2 * room)
    order = likely[np.argsort(np.abs(needed[likely]), kind="stable")][:most]
    found = [nearest(margin, premises, among=[int(p)], beyond=beyond) for p in order]
    return tuple(sorted((one for one in found if one.flipped), key=lambda one: one.distance))


def cruxes(margin: Margin, premises: Premises, *, beyond: float = 0.0, singles: int = 5) -> tuple[Crux, ...]:
    """The nearest few distinct cruxes: single premises, up to `FEW` together, and all of them together.

    One that changes more premises is told only if it is nearer than those that change fewer by a twentieth.
    """
    found = list(alone(margin, premises, beyond=beyond, most=singles))
    for most in (FEW, None):
        wider = nearest(margin, premises, most=most, beyond=beyond)
        closest = min((one.distance for one in found), default=np.inf)
        if wider.flipped and wider.distance < 0.95 * closest:
            found.append(wider)
    return tuple(sorted(found, key=lambda one: (len(one.moved), one.distance)))


class _Search:
    """One search for a design point."""

    def __init__(
        self, margin: Margin, premises: Premises, among: Collection[int] | None, most: int | None, beyond: float
    ) -> None:
        self.margin, self.premises, self.most, self.beyond = margin, premises, most, beyond
        self.allowed = np.ones(len(premises.names), bool)
        if among is not None:
            self.allowed[:] = False
            self.allowed[list(among)] = True
        self.solved = 0

    def run(self) -> Crux:
        z = self.premises.start
        g, slope = self._at(z)
        close = _CLOSE * abs(g) + 1e-12
        # Half of what may be missed is aimed beyond, so that a point that is found is a point that is flipped.
        aim = -(self.beyond + close / 2)
        found = False
        for _ in range(_STEPS):
            target = self._projected(z, aim - g, slope)
            found = abs(g - aim) <= close / 2 and float(np.linalg.norm(target - z)) <= _STILL
            if found or not np.isfinite(g) or (target == z).all():
                break
            z, g, slope = self._stepped(z, g, slope, target, aim, close)
        moved = np.flatnonzero(z != self.premises.start)
        order = moved[np.argsort(-np.abs((z - self.premises.start)[moved]), kind="stable")]
        flipped = found or bool(abs(g - aim) <= close / 2)
        values = self.premises.values(z)
        return Crux(z, values, tuple(map(int, order)), self.premises.distance(z), g, flipped, self.solved)

    def _at(self, z: Floats) -> tuple[float, Floats]:
        """The margin, and its derivatives by the scores."""
        self.solved += 1
        number, slopes = self.margin(self.premises.values(z))
        return number, np.where(self.allowed, slopes * self.premises.slopes(z), 0.0)

    def _stepped(
        self, z: Floats, g: float, slope: Floats, target: Floats, aim: float, close: float
    ) -> tuple[Floats, float, Floats]:
        """The target, or a point on the way to it that is nearer to the aim than where one stands."""
        for _ in range(_HALVINGS):
            number, slopes = self._at(target)
            if abs(number - aim) < abs(g - aim) or abs(number - aim) <= close / 2:
                return target, number, slopes
            target = (z + target) / 2
        return z, g, np.zeros_like(slope)

    def _projected(self, z: Floats, need: float, slope: Floats) -> Floats:
        """The point nearest to the start where the linearised margin is at its aim; at the bounds if there is none."""
        start = self.premises.start
        part = np.flatnonzero(slope)
        if self.most is not None:
            part = part[np.argsort(-np.abs(slope[part]), kind="stable")][: self.most]
        if not part.size:
            return z
        low, high = (self.premises.low - start)[part], (self.premises.high - start)[part]
        way = np.asarray(np.linalg.solve(self.premises.metric[np.ix_(part, part)], slope[part]), float)
        # What is not in the part goes back to the start, which the linear problem has to make up for.
        wanted = need + float(slope @ (z - start))
        length = _length(way, slope[part], low, high, wanted)
        target = start.copy()
        target[part] += np.clip(length * way, low, high)
        return target


def _length(way: Floats, slope: Floats, low: Floats, high: Floats, wanted: float) -> float:
    """How far along the way, bounds being kept, the slope gives what is wanted; as far as it leads if it never does."""
    with np.errstate(divide="ignore", invalid="ignore"):
        turns = np.concatenate([low / way, high / way])
    turns = np.unique(np.append(turns[np.isfinite(turns)], 0.0))
    given = np.array([slope @ np.clip(turn * way, low, high) for turn in turns])
    # Without correlations what is given rises with the length; with them it may not, and the nearest turn is taken.
    if (np.diff(given) < 0).any():
        given = np.maximum.accumulate(given)
    return float(np.interp(wanted, given, turns))


def shares(crux: Crux, premises: Premises) -> Floats:
    """(P,) share of each premise in the squared distance: the importance factors of first-order reliability."""
    moved = crux.scores - premises.start
    parts = moved * (premises.metric @ moved)
    whole = parts.sum()
    return np.asarray(parts / whole) if whole > 0 else np.zeros_like(parts)


def steepest(margin: Margin, premises: Premises) -> Integers:
    """Premises by the size of the derivative in their own units at the scenario's values, the steepest first."""
    slopes = margin(premises.own)[1] * premises.slopes(premises.start)
    return np.argsort(-np.abs(slopes), kind="stable").astype(np.int64)
