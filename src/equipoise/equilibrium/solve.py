"""From a game to an equilibrium: follow the curve, refine, certify."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, partial
from itertools import product

import numpy as np

from equipoise.equilibrium.certificate import Certificate, certify
from equipoise.equilibrium.convention import CONTROL_COST, Convention
from equipoise.equilibrium.equations import RESCUE, Equations
from equipoise.equilibrium.evaluation import solver_systems
from equipoise.equilibrium.felt import felt_value, row_rate
from equipoise.equilibrium.follow import CAREFUL, NORMAL, Curve, Point, Progress, Trace, refined
from equipoise.equilibrium.newton import newton
from equipoise.equilibrium.settle import QUICK, THOROUGH, settle
from equipoise.game.game import Floats, Game


class Branch(StrEnum):
    """How an equilibrium was reached, which says which one it is."""

    PRINCIPAL = "principal"
    """The first crossing of the game's own noise by the curve from infinite noise."""
    LATER = "later crossing"
    """A later crossing of the same curve."""
    NEIGHBOUR = "continued from a neighbour"
    """Newton's method from the equilibrium of a similar game, within a unit of log odds."""
    JUMPED = "jumped"
    """The curve could not be followed to the end; it was left for another branch on the way."""
    SEARCHED = "found from a random start"
    """One of those that `others` finds."""
    NONE = "none"
    """No equilibrium was found; the numbers are the nearest that was reached."""


FALLS = tuple(product((1, 4, 8, 16), (THOROUGH, QUICK)))
"""In how many steps noise falls once the curve is lost, at once or more and more slowly; and how each is settled."""
STUMBLES = 20
"""How many predictions may be rejected, unless asked otherwise, before the curve of a large game is left."""
ON_THE_WAY = 8
"""Rounds of learning and elimination at each noise on the way."""
REMEDIES = {
    "shortest step": "raise the noise, or ask for another convention: near here choices change without limit",
    "most steps": "allow more steps (most_steps), or raise the noise",
    "turned back": "allow more steps with more caution, or raise the noise",
    "stopped": "allow more rejected predictions (most_stumbles), or raise the noise",
    "no start": "check rates and discount rates: even the linear equations at infinite noise could not be solved",
}


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """An equilibrium (or the honest record that none was found) with what is known about it."""

    game: Game
    convention: Convention
    value: Floats
    """(S, N) V, util"""
    policy: Floats
    """(R,) probability that the mover takes this row's move at an opportunity; 0 for events"""
    hold: Floats
    """(S, N) probability that it holds"""
    felt: Floats
    """(S, N) felt value V^f, util: real payoffs only"""
    branch: Branch
    trace: Trace
    certificate: Certificate
    cause: str = ""
    """What went wrong on the way, if anything did."""
    remedy: str = ""
    """What may help then."""

    @property
    def certified(self) -> bool:
        return self.certificate.certified and self.branch is not Branch.NONE

    @cached_property
    def noise_account(self) -> Floats:
        """(S, N) V - V^f, util: what the convention adds for the noise."""
        return self.value - self.felt

    @cached_property
    def row_rate(self) -> Floats:
        """(R,) 1/year at which every row happens while its state lasts."""
        return row_rate(self.game, self.policy)


def solve(
    game: Game,
    *,
    convention: Convention = CONTROL_COST,
    start: Equilibrium | Floats | None = None,
    most_steps: int = 4000,
    most_stumbles: float | None = None,
    most_falls: int = len(FALLS),
    best_response: bool = True,
    progress: Progress | None = None,
) -> Equilibrium:
    """The principal equilibrium of a game, or what kept it from being found.

    Noise is scaled by kappa; the curve of equilibria is followed from kappa = infinity, where everybody plays the
    reference, to its first crossing of kappa = 1 (docs/notation.md). With ``start`` (the equilibrium of a similar game,
    or a V (S, N)) Newton's method is tried from there first. A curve that cannot be followed within ``most_steps``, or
    on which more than ``most_stumbles`` predictions are rejected (None: any number in a game of up to 3,000 unknowns,
    20 in a larger one), is left for another branch, looked for by letting noise fall at most ``most_falls`` times, each
    time more slowly: the result then says `jumped` with cause and remedy, and is no less an equilibrium if certified.
    ``best_response`` False leaves the costliest part of the certificate out.

    Numerical failure is a result, not an exception: look at `certified`, `branch`, `cause` and `remedy`.

    Example:
        >>> from equipoise.game.build import Branch, Row, build_game
        >>> rows = [Row(0, 0, (Branch(1),)), Row(1, 0, (Branch(0),)), Row(1, None, (Branch(2),), rate=0.1)]
        >>> game = build_game(rows, flow=[[0.0], [1.0]], tempo=2, noise=0.5, discount=0.1, end_value=[[-9.0]])
        >>> solve(game).branch.value
        'principal'
    """
    equations = Equations(game, convention)
    if start is not None:
        value = start.value if isinstance(start, Equilibrium) else np.asarray(start, float)
        near = refined(equations, value)
        if near is not None:
            guess = start.noise_account if isinstance(start, Equilibrium) else None
            return _result(equations, near, Branch.NEIGHBOUR, Trace(), best_response=best_response, account=guess)
    hasty = most_stumbles is not None
    if most_stumbles is None:
        most_stumbles = STUMBLES if equations.size > RESCUE else math.inf
    curve, point = _first_crossing(equations, most_steps, progress, most_stumbles, hasty=hasty)
    trace = curve.trace
    if point is not None:
        return _result(equations, point.value, Branch.PRINCIPAL, trace, best_response=best_response)
    cause = f"the curve was followed to kappa = {trace.kappa:.3g}, no further: {trace.ended} after {trace.steps} steps"
    found = _jump(equations, curve, most_falls)
    branch = Branch.NONE if found is None else Branch.JUMPED
    reached = curve.farthest.value if found is None else found
    result = _result(equations, reached, branch, trace, best_response=best_response and found is not None)
    return replace(result, cause=cause, remedy=REMEDIES[trace.ended])


def later_crossings(
    equilibrium: Equilibrium, *, most_steps: int = 2000, beyond: float = 2.0, progress: Progress | None = None
) -> Iterator[Equilibrium]:
    """Further crossings of kappa = 1 by the curve that led to a principal equilibrium, in order.

    The curve is followed until kappa falls below e^-beyond or steps run out; then there may be more.
    """
    equations = Equations(equilibrium.game, equilibrium.convention)
    curve, _ = _first_crossing(equations, most_steps, progress)
    while curve.trace.ended == "arrived":
        point = _next_crossing(curve, beyond, most_steps)
        if point is None:
            return
        yield _result(equations, point.value, Branch.LATER, curve.trace, best_response=True)


def others(
    equilibrium: Equilibrium, *, starts: int = 20, seed: int = 0, progress: Progress | None = None
) -> list[Equilibrium]:
    """Other equilibria of the same game, from random starts; no list of them is ever known to be complete.

    Each start is the value of a random policy; half of the starts are led on by learning (stable equilibria, as
    a rule), half by damped Newton steps (unstable ones too). Equilibria count as different where V differs by more
    than a thousandth of the noise somewhere.
    """
    equations = Equations(equilibrium.game, equilibrium.convention)
    rng = np.random.default_rng(seed)
    noise = equilibrium.game.noise.ravel()
    seen, found = [equilibrium.value.ravel()], []
    for k in range(starts):
        start = _random_value(equations, rng)
        near = newton(equations, start, most_steps=400) if k % 2 else settle(equations, start, most_rounds=4)[0]
        value = None if near is None else refined(equations, near)
        if progress is not None:
            progress((k + 1) / starts)
        if value is None or any(float(np.abs((value - old) / noise).max()) < 1e-3 for old in seen):
            continue
        result = _result(equations, value, Branch.SEARCHED, Trace(), best_response=True)
        if result.certified:
            seen.append(value)
            found.append(result)
    return found


def _first_crossing(
    equations: Equations,
    most_steps: int,
    progress: Progress | None,
    most_stumbles: float = math.inf,
    *,
    hasty: bool = False,
) -> tuple[Curve, Point | None]:
    """Follow the curve; once more with more care if it was lost and nobody asked for haste."""
    for caution in (NORMAL,) if hasty else (NORMAL, CAREFUL):
        curve = Curve.from_reference(equations, caution)
        if not np.isfinite(curve.points[0].value).all():
            curve.trace.ended = "no start"
            return curve, None
        stop = partial(_stumbles, curve.trace, most_stumbles)
        point = curve.advance_to(curve.end, most_steps=most_steps, progress=progress, stop=stop)
        if point is not None:
            refined = curve.refine(point)
            if refined is not None:
                return curve, refined
            curve.trace.ended = "shortest step"
        elif curve.trace.ended in ("most steps", "stopped"):
            break
    return curve, None


def _stumbles(trace: Trace, most: float, _: Point) -> bool:
    """Whether more predictions were rejected than may be."""
    return trace.rejected > most


def _next_crossing(curve: Curve, beyond: float, most_steps: int) -> Point | None:
    """The next crossing of kappa = 1; None if the curve leaves for noise below e^-beyond or runs out of steps."""
    landed = curve.advance_to(curve.end, most_steps=most_steps, stop=lambda point: point.level > curve.end + beyond)
    return None if landed is None else curve.refine(landed)


def _jump(equations: Equations, curve: Curve, most_falls: int) -> Floats | None:
    """V of some equilibrium: noise falls from where the curve was lost, and everybody learns anew each time."""
    game, kappa = equations.game, 1 / curve.beta(max(curve.farthest.level, 1e-3))
    for steps, manner in FALLS[:most_falls]:
        value = curve.farthest.value
        for scale in np.geomspace(kappa, 1, steps + 1)[1:-1]:
            noisier = Equations(replace(game, noise=game.noise * scale), equations.convention)
            value, _ = settle(noisier, value, manner, most_rounds=ON_THE_WAY)
        value, arrived = settle(equations, value, manner)
        if arrived:
            return value
    return None


def _random_value(equations: Equations, rng: np.random.Generator) -> Floats:
    """Value of a random policy: the reference replaced by a random one, which everybody plays at beta = 0."""
    arrays = equations.arrays
    tilted = arrays._replace(
        kind_log_reference=arrays.kind_log_reference + rng.normal(0, 4, arrays.kind_log_reference.shape),
        hold_log_reference=arrays.hold_log_reference + rng.normal(0, 4, arrays.hold_log_reference.shape),
    )
    return equations.with_arrays(tilted).reference_value()


def _result(
    equations: Equations,
    value: Floats,
    branch: Branch,
    trace: Trace,
    *,
    best_response: bool,
    account: Floats | None = None,
) -> Equilibrium:
    """Everything about V; `account` is a guess of the noise account, if there is one."""
    value = value.reshape(equations.shape)
    policy, hold, _ = equations.policy(value)
    systems = solver_systems(equations, value, policy)
    felt = felt_value(
        equations.game,
        policy,
        guess=value if account is None else value - account,
        untrusted=None if systems is None else systems.evaluate,
    )
    certificate = certify(
        equations.game,
        equations.convention,
        value,
        felt=felt,
        best_response=best_response,
        untrusted=systems,
        folds=len(trace.folds) if branch is Branch.PRINCIPAL else None,
        branch=branch.value,
    )
    return Equilibrium(equations.game, equations.convention, value, policy, hold, felt, branch, trace, certificate)
