"""Follow the curve of equilibria from infinite noise to the game's own: pseudo-arclength continuation.

Allgower and Georg (1990), *Numerical Continuation Methods*. The curve lives in (V, l) with l = log(1 + beta/beta_0),
beta = 1/kappa the inverse of the noise scale and beta_0 the beta at which choices begin to leave the reference. Lengths
of V are measured in log odds: a change of value divided by the scaled noise. Newton's method is safe well inside a unit
of that, and distinct equilibria lie further apart, so that small predictions' errors keep to one branch.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from equipoise.equilibrium.equations import DENSE, SINGLE, Equations
from equipoise.game.game import Floats

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Caution:
    """How carefully the curve is followed; lengths in log odds, steps in the length of the curve."""

    first_step: float = 0.4
    """First step, in l."""
    longest: float = 0.6
    """Longest step, in l."""
    closeness: float = 0.1
    """Newton ends along the way once its correction is no longer than this."""
    target: float = 0.25
    """First correction that the control of steps aims at."""
    farthest: float = 0.7
    """A prediction whose first correction is longer is rejected."""
    turn: float = 0.85
    """Least cosine between where a step was aimed and where it went."""
    corrections: int = 5
    """Most corrections of one prediction."""
    rtol: float = 0.1
    """Relative residual of linear solves along the way, while nothing goes wrong."""
    hurry: bool = True
    """Whether one correction may do where nothing went wrong lately."""


NORMAL = Caution()
CAREFUL = Caution(
    first_step=0.1,
    longest=0.25,
    closeness=0.003,
    target=0.08,
    farthest=0.3,
    turn=0.95,
    corrections=6,
    rtol=1e-4,
    hurry=False,
)
SHORTEST = 1e-7
"""Steps below this are given up."""
AMPLIFIED = 100.0
"""How much longer than their residuals, both relative, errors of a linear solve are taken to be."""
ORIENTED = 1e-3
"""A change of orientation over a step shorter than this is a branch point; over a longer one, a jump."""


@dataclass(frozen=True, eq=False)
class Point:
    """A point of the curve."""

    value: Floats
    """(S*N,) util"""
    level: float
    """l"""
    orientation: int = 0
    """Sign of the determinant of the bordered Jacobian, 0 if unknown: it changes at branch points, not at folds."""


@dataclass
class Trace:
    """What happened on the way."""

    steps: int = 0
    rejected: int = 0
    corrections: int = 0
    folds: list[float] = field(default_factory=list)
    """kappa at every fold passed, in order."""
    branch_points: list[float] = field(default_factory=list)
    """kappa at every branch point (pitchfork) passed; seen in games small enough to factorise."""
    kappa: float = math.inf
    """Least kappa reached."""
    ended: str = "under way"
    """`arrived`, `shortest step`, `most steps`, `turned back`, `stopped` or `no start`."""


class Curve:
    """The curve of one game under one convention."""

    def __init__(self, equations: Equations, start: Floats, beta_0: float, caution: Caution) -> None:
        self.equations, self.caution, self.trace = equations, caution, Trace()
        self.inverse_noise = equations.arrays.inverse_noise.ravel()
        self.beta_0 = beta_0
        self.end = math.log1p(1 / beta_0)
        """l at the game's own noise, kappa = 1."""
        self.points = [Point(start, 0.0)]
        """The last few points."""
        self.farthest = self.points[0]
        """The point with the least noise so far."""
        self.rise = 1.0
        """1 while the last step went towards less noise, -1 while it went back."""
        self.noted: list[tuple[int, int, float]] = []
        """Folds, branch points and rise before each of them."""

    @classmethod
    def from_reference(cls, equations: Equations, caution: Caution = NORMAL) -> Curve:
        """The curve that starts at infinite noise, where everybody plays the reference."""
        value = equations.reference_value()
        return cls(equations, value, 1 / max(1.0, _spread(equations, value)), caution)

    def beta(self, level: float) -> float:
        """1/kappa at a level."""
        return self.beta_0 * math.expm1(level)

    def advance_to(
        self,
        level: float,
        *,
        most_steps: int,
        progress: Progress | None = None,
        stop: Callable[[Point], bool] = lambda point: False,
    ) -> Point | None:
        """The point at which the curve next crosses a level; None if it was not reached (see `trace.ended`)."""
        rtol = self.caution.rtol
        tangent = self._tangent(1e-2)
        aim: tuple[Floats, float] | None = tangent
        step = self.caution.first_step / max(abs(tangent[1]), 0.1)
        # The side the curve comes from, not that of the last point: polishing may have carried that one across.
        side = self.points[-1].level - level
        for _ in range(most_steps):
            self.trace.steps += 1
            last = self.points[-1]
            found = self._step(step, rtol, aim)
            landed = None
            crossed = found is not None and (found[0].level - level) * side < 0
            if found is not None and crossed:
                landed = self._land(last, found[0], level)
            if found is None or (crossed and landed is None):
                self.trace.rejected += 1
                step, rtol = step * 0.4, max(rtol * 0.1, 1e-7)
                if step < SHORTEST:
                    self.trace.ended = "shortest step"
                    return None
                if aim is None:
                    self._polish()
                    aim = self._tangent(rtol)
                elif self.trace.rejected % 4 == 0 and len(self.points) > 2:
                    # What goes wrong here began earlier: a point accepted too loosely where the curve bends.
                    self._retract()
                    self._polish()
                    aim, step = self._tangent(rtol), step * 10
                continue
            point, correction, length = found
            self._accept(point)
            if landed is not None:
                # Onwards from the crossing itself: no later trouble may lead back across it.
                self.points = [last, replace(landed, orientation=point.orientation)]
                self.noted = self.noted[-1:]
                self.trace.ended = "arrived"
                return landed
            side = side or point.level - level
            if point.level < last.level and point.level < 0.5 * self.caution.first_step:
                self.trace.ended = "turned back"
                return None
            if stop(point):
                self.trace.ended = "stopped"
                return None
            if progress is not None:
                progress(min(1.0, max(0.0, point.level / self.end)))
            growth = math.sqrt(self.caution.target / max(correction, 1e-3))
            step, rtol, aim = length * min(2.0, max(0.5, growth)), min(self.caution.rtol, 3 * rtol), None
        self.trace.ended = "most steps"
        return None

    def refine(self, point: Point) -> Point | None:
        """Newton at fixed noise until it no longer moves."""
        found = self._correct(
            point.value, point.level, None, closeness=1e-10, rtol=1e-2, farthest=3.0, corrections=14, calm=True
        )
        return None if found is None else found[0]

    def _step(self, step: float, rtol: float, aim: tuple[Floats, float] | None) -> tuple[Point, float, float] | None:
        """One prediction and its correction: the point, the first correction, the length stepped; None if rejected."""
        last, weight = self.points[-1], self._weight(self.points[-1].level)
        ahead = aim if aim is not None else self._extrapolate(step, weight)
        change, rise = ahead[0] * step, ahead[1] * step
        if abs(rise) > self.caution.longest:
            shorter = self.caution.longest / abs(rise)
            step, change, rise = step * shorter, change * shorter, rise * shorter
        if last.level + rise < 0:
            return None
        long = math.hypot(float(np.linalg.norm(change * weight)), rise)
        moved = float(np.abs(change * weight).max()) + abs(rise)
        found = self._correct(
            last.value + change,
            last.level + rise,
            (change * weight * weight / long, rise / long),
            closeness=self.caution.closeness * min(1.0, 2 * moved),
            rtol=rtol,
            farthest=self.caution.farthest,
            corrections=self.caution.corrections,
            calm=aim is None and rtol >= self.caution.rtol and self.caution.hurry,
        )
        if found is None:
            return None
        point, correction = found
        went = _difference(last, point, weight)
        straight = np.append(ahead[0] * weight, ahead[1]) if aim else _difference(self.points[-2], last, weight)
        cosine = float(straight @ went) / max(float(np.linalg.norm(straight) * np.linalg.norm(went)), 1e-300)
        if cosine < self.caution.turn or (point.orientation * last.orientation < 0 and step > ORIENTED):
            return None
        return point, correction, step

    def _correct(
        self,
        value: Floats,
        level: float,
        plane: tuple[Floats, float] | None,
        *,
        closeness: float,
        rtol: float,
        farthest: float,
        corrections: int,
        calm: bool = False,
    ) -> tuple[Point, float] | None:
        """Newton within a plane given by its normal (at fixed l if None); the point and the first correction."""
        first = last = math.inf
        for count in range(corrections):
            self.trace.corrections += 1
            beta = self.beta(level)
            at = self.equations.linearise(value, beta)
            rhs, rise, sign, accuracy = -at.residual.ravel(), 0.0, 0, rtol
            if plane is None:
                # Superlinear: each solve only as accurate as the correction deserves.
                accuracy = 0.0 if self.equations.size <= DENSE else min(rtol, max(SINGLE, 0.2 * last))
                change, fine = at.solve(rhs, rtol=accuracy)
            else:
                column = at.slope.ravel() * (beta + self.beta_0)
                change, rise, fine, sign = at.solve_bordered(rhs, 0.0, column, *plane, rtol=rtol)
            moved = float(np.abs(change * self._weight(level)).max(initial=0.0)) + abs(rise)
            settled = moved <= max(closeness, 1e-13 * float(np.abs(value * self._weight(level)).max(initial=0.0)))
            if calm and not settled and (plane is None or not count):
                # Newton squares the error: one correction this short leaves less than `closeness`. At the end what
                # the linear solve left over counts in full, and by how much it squares is read off the last two
                # corrections: where J is nearly singular both are large.
                left, bend = (accuracy, 0.5) if plane is not None else (accuracy * AMPLIFIED, self._bend(moved, last))
                settled = fine and bend * moved * moved + left * moved <= closeness
            if not math.isfinite(moved) or moved > farthest or level + rise < 0:
                return None
            if not settled and (not fine or (count and moved > 0.7 * last)):
                if plane is not None:
                    return None
                if last < 1e-7:
                    # At round-off corrections stop shrinking; that is as good as it gets.
                    return Point(value, level, sign), first
                if rtol <= 1e-9:
                    return None
                # Where small residuals leave large errors, solves must be more accurate than corrections suggest.
                rtol = max(1e-4 * rtol, 1e-10)
            value, level = value + change, level + rise
            first, last = (moved if not count else first), moved
            if settled:
                return Point(value, level, sign), first
        return None

    @staticmethod
    def _bend(moved: float, last: float) -> float:
        """Error of Newton's method over the square of its last correction, at most, as two corrections show it."""
        return max(0.5, 2 * moved / (last * last)) if math.isfinite(last) else AMPLIFIED

    def _tangent(self, rtol: float) -> tuple[Floats, float]:
        """Direction of the curve at the last point, of unit length, pointing onwards."""
        last, weight = self.points[-1], self._weight(self.points[-1].level)
        beta = self.beta(last.level)
        at = self.equations.linearise(last.value, beta)
        column = at.slope.ravel() * (beta + self.beta_0)
        row, corner = np.zeros_like(column), 1.0
        if len(self.points) > 1:
            behind = _difference(self.points[-2], last, weight)
            behind /= np.linalg.norm(behind)
            row, corner = behind[:-1] * weight, float(behind[-1])
        change, rise, _, _ = at.solve_bordered(np.zeros_like(column), 1.0, column, row, corner, rtol=min(rtol, 1e-3))
        length = math.hypot(float(np.linalg.norm(change * weight)), rise)
        return change / length, rise / length

    def _polish(self) -> None:
        """Bring the last point much closer to the curve: its error must stay small beside the short steps to come."""
        if len(self.points) == 1:
            return
        last, weight = self.points[-1], self._weight(self.points[-1].level)
        behind = _difference(self.points[-2], last, weight)
        behind /= np.linalg.norm(behind)
        found = self._correct(
            last.value,
            last.level,
            (behind[:-1] * weight, float(behind[-1])),
            closeness=1e-7,
            rtol=1e-3,
            farthest=self.caution.farthest,
            corrections=12,
        )
        if found is not None:
            self.points[-1] = found[0]

    def _extrapolate(self, step: float, weight: Floats) -> tuple[Floats, float]:
        """Mean direction over the next step, by the polynomial through the last two or three points."""
        *before, a, b = self.points[-3:]
        gap = float(np.linalg.norm(_difference(a, b, weight)))
        change, rise = (b.value - a.value) / gap, (b.level - a.level) / gap
        if before:
            earlier = float(np.linalg.norm(_difference(before[0], a, weight)))
            share = (step + gap) / (gap + earlier)
            change = change + share * (change - (a.value - before[0].value) / earlier)
            rise = rise + share * (rise - (a.level - before[0].level) / earlier)
        return change, rise

    def _land(self, before: Point, after: Point, level: float) -> Point | None:
        """The point at exactly a level between two points."""
        share = (level - before.level) / (after.level - before.level)
        found = self._correct(
            before.value + share * (after.value - before.value),
            level,
            None,
            closeness=self.caution.closeness,
            rtol=1e-2,
            farthest=2 * self.caution.farthest,
            corrections=self.caution.corrections,
        )
        return None if found is None else found[0]

    def _retract(self) -> None:
        """Take the last point back, and what was noted with it."""
        self.points.pop()
        folds, branch_points, self.rise = self.noted.pop()
        del self.trace.folds[folds:], self.trace.branch_points[branch_points:]

    def _accept(self, point: Point) -> None:
        last = self.points[-1]
        self.noted = [*self.noted[-2:], (len(self.trace.folds), len(self.trace.branch_points), self.rise)]
        rise = math.copysign(1.0, point.level - last.level)
        if rise != self.rise:
            self.trace.folds.append(1 / self.beta(last.level))
        self.rise = rise
        if point.orientation * last.orientation < 0:
            self.trace.branch_points.append(1 / self.beta(point.level))
        self.points = [*self.points[-2:], point]
        self.farthest = max(self.farthest, point, key=lambda each: each.level)
        self.trace.kappa = min(self.trace.kappa, 1 / max(self.beta(point.level), 1e-300))

    def _weight(self, level: float) -> Floats:
        """(S*N,) log odds per util; near infinite noise as at the first step, where everything is still linear."""
        return self.inverse_noise * self.beta(max(level, self.caution.first_step))


def _difference(a: Point, b: Point, weight: Floats) -> Floats:
    return np.append((b.value - a.value) * weight, b.level - a.level)


def _spread(equations: Equations, value: Floats) -> float:
    """Largest lead of an option over hold, in units of the game's own noise."""
    game, full = equations.game, equations.with_ends(value)
    widest, entry, group = 0.0, game.branch_entry, game.row_group
    for i in range(game.n_actors):
        own = group % (game.n_actors + 1) == i
        worth = game.probability[entry] * (full[game.target, i] + game.impact[entry, i])
        state = group[own] // (game.n_actors + 1)
        lead = np.add.reduceat(worth, game.branch_ptr[:-1])[own] if own.any() else np.zeros(0)
        lead = (lead - full[state, i] - game.kind_cost[game.row_kind[own]]) / game.noise[state, i]
        widest = max(widest, float(np.abs(lead).max(initial=0.0)))
    return widest


def refined(equations: Equations, value: Floats) -> Floats | None:
    """V (S*N,) of the equilibrium within a few log odds of a V, by Newton's method at the game's own noise, or None."""
    curve = Curve(equations, value.ravel(), 1.0, NORMAL)
    found = curve.refine(Point(value.ravel(), curve.end))
    return None if found is None else found.value
