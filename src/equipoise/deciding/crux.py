"""Cruxes: the smallest changes of premises at which a verdict flips, found by the levers.

In the terms of structural reliability this is the design point of first-order methods (Hasofer and Lind 1974): the
point of the surface margin = 0 that is nearest to where one stands, distances being counted in normal scores. It is
found by linearising again and again (Rackwitz and Fiessler 1978), here with bounds and, if asked, for few premises.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from equipoise.deciding.classes import Floats
from equipoise.deciding.premises import Premises


class Margin(Protocol):
    """By how much something is on its present side, at some values of the parameters."""

    @property
    def number(self) -> float:
        """Above 0 on the present side; nan where there is none: no certified equilibrium, say."""

    @property
    def slopes(self) -> Floats:
        """(P,) its derivatives by the parameters; asked for only where they are needed."""


MarginAt = Callable[[Floats], Margin]
"""From the values of the parameters (P,) to the margin there."""

FEW = 3
"""Premises of a crux that changes few."""
_STEPS = 12
_HALVINGS = 4
_STILL = 0.01
"""Standard deviations by which the point may still move when it is taken as found."""
_LAGGING = 0.8
"""Share of the way to the aim that a step may leave; one that leaves more leads to no flip."""
_SECANTS = 8
"""Most margins that are computed for one premise."""
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
    margin: MarginAt,
    premises: Premises,
    *,
    among: Collection[int] | None = None,
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
        beyond: how far below 0 the margin has to be for the verdict to be another one.
    """
    return _Search(margin, premises, among, beyond).run()


def alone(margin: MarginAt, premises: Premises, *, beyond: float = 0.0, most: int = 5) -> tuple[Crux, ...]:
    """The premises that flip the verdict when they alone change, the nearest first.

    The derivatives at the scenario's own values say which `most` premises would be nearest if the margin were linear;
    each of these is solved for, by secants within a bracket. Premises that by this prediction need twice their
    plausible change are left out.
    """
    here = margin(premises.own)
    if not np.isfinite(here.number):
        return ()
    slopes = here.slopes * premises.slopes(premises.start)
    needed = np.full(len(slopes), np.inf)
    steep = np.abs(slopes) > 1e-12 * max(1e-300, float(np.abs(slopes).max(initial=0.0)))
    needed[steep] = (here.number + beyond) / -slopes[steep]
    room = np.where(needed > 0, premises.high - premises.start, premises.low - premises.start)
    likely = np.flatnonzero((np.abs(needed) <= 2 * np.abs(room)) & (room != 0))
    order = likely[np.argsort(np.abs(needed[likely]), kind="stable")][:most]
    found = [_single(margin, premises, int(p), float(needed[p]), float(room[p]), beyond) for p in order]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.distance))


def _single(margin: MarginAt, premises: Premises, p: int, needed: float, room: float, beyond: float) -> Crux | None:
    """The point on the axis of one premise at which the margin is at its aim; None if there is none within its room."""

    def scores(moved: float) -> Floats:
        z = premises.start.copy()
        z[p] += moved
        return z

    whole = margin(premises.own).number
    close = _CLOSE * abs(whole)
    aim = -(beyond + close / 2)
    inner, outer, bracketed = (0.0, whole), (room, np.nan), False
    x = float(np.clip(needed, min(0.0, room), max(0.0, room)))
    for solved in range(1, _SECANTS + 1):
        z = scores(x)
        number = margin(premises.values(z)).number
        if abs(number - aim) <= close / 2:
            return Crux(z, premises.values(z), (p,), premises.distance(z), number, True, solved)
        if number > aim:
            if x == room:
                return None
            (before, height), inner = inner, (x, number)
            if not bracketed:
                # Further along the chord; as far as there is room if that leads back, or hardly nearer.
                leads = number - aim < _LAGGING * (height - aim)
                ahead = (x - before) * (number - aim) / (height - number) if leads else room - x
                x = float(np.clip(x + ahead, min(x, room), max(x, room)))
                continue
        else:
            outer, bracketed = (x, number), True
        x = _between(inner, outer, aim)
    return None


def _between(inner: tuple[float, float], outer: tuple[float, float], aim: float) -> float:
    """Where the chord between two points is at the aim, but not next to either; the middle if one has no number."""
    if not np.isfinite(outer[1]):
        return (inner[0] + outer[0]) / 2
    part = float(np.clip((inner[1] - aim) / (inner[1] - outer[1]), 0.1, 0.9))
    return inner[0] + part * (outer[0] - inner[0])


def cruxes(margin: MarginAt, premises: Premises, *, beyond: float = 0.0, singles: int = 5) -> tuple[Crux, ...]:
    """The nearest few distinct cruxes: single premises, up to `FEW` together, and all of them together.

    The few are those with the greatest shares in the squared distance of all together. One that changes more premises
    is told only if it is nearer than those that change fewer by a twentieth.
    """
    found = list(alone(margin, premises, beyond=beyond, most=singles))
    together = nearest(margin, premises, beyond=beyond)
    weights = shares(together, premises)
    few = [int(p) for p in np.argsort(-weights, kind="stable")[:FEW] if weights[p] > 0]
    wider = [nearest(margin, premises, among=few, beyond=beyond)] if 1 < len(few) < len(together.moved) else []
    for one in (*wider, together):
        closest = min((each.distance for each in found), default=np.inf)
        if one.flipped and one.moved and one.distance < 0.95 * closest:
            found.append(one)
    return tuple(sorted(found, key=lambda one: (len(one.moved), one.distance)))


class _Search:
    """One search for a design point."""

    def __init__(self, margin: MarginAt, premises: Premises, among: Collection[int] | None, beyond: float) -> None:
        self.margin, self.premises, self.beyond = margin, premises, beyond
        self.allowed = np.ones(len(premises.names), bool)
        if among is not None:
            self.allowed[:] = False
            self.allowed[list(among)] = True
        self.solved = 0

    def run(self) -> Crux:
        z = self.premises.start
        here = self._at(z)
        close = _CLOSE * abs(here.number) + 1e-12
        # Half of what may be missed is aimed beyond, so that a point that is found is a point that is flipped.
        aim = -(self.beyond + close / 2)
        for _ in range(_STEPS):
            if not np.isfinite(here.number):
                break
            slope = np.where(self.allowed, here.slopes * self.premises.slopes(z), 0.0)
            target = self._projected(z, aim - here.number, slope)
            near = abs(here.number - aim) <= close / 2
            if (target == z).all() or (near and float(np.linalg.norm(target - z)) <= _STILL):
                break
            step = self._step(z, here, target, aim, close)
            if step is None:
                break
            missed, (z, here) = here.number - aim, step
            if here.number - aim > max(close / 2, _LAGGING * missed) and missed > 0:
                break
        moved = np.flatnonzero(z != self.premises.start)
        order = moved[np.argsort(-np.abs((z - self.premises.start)[moved]), kind="stable")]
        flipped = bool(abs(here.number - aim) <= close / 2)
        values = self.premises.values(z)
        return Crux(z, values, tuple(map(int, order)), self.premises.distance(z), here.number, flipped, self.solved)

    def _at(self, z: Floats) -> Margin:
        self.solved += 1
        return self.margin(self.premises.values(z))

    def _step(self, z: Floats, here: Margin, target: Floats, aim: float, close: float) -> tuple[Floats, Margin] | None:
        """The target, or a point on the way that is clearly nearer to the aim than where one stands; None if none is.

        A target that lies far on the other side is drawn back along the chord; one without a number, or no nearer, half
        of the way.
        """
        missed = abs(here.number - aim)
        for _ in range(_HALVINGS):
            there = self._at(target)
            now = abs(there.number - aim)
            crossed = (there.number - aim) * (here.number - aim) < 0
            if now <= max(close / 2, (0.5 if crossed else 1.0) * missed) and (now < missed or now <= close / 2):
                return target, there
            part = missed / (missed + now) if crossed else 0.5
            target = z + float(np.clip(part, 0.1, 0.9)) * (target - z)
        return None

    def _projected(self, z: Floats, need: float, slope: Floats) -> Floats:
        """The point nearest to the start where the linearised margin is at its aim; at the bounds if there is none."""
        start = self.premises.start
        part = np.flatnonzero(slope)
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
