"""Is it an equilibrium? An answer by a route that shares no code with the solver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from equipoise.equilibrium.convention import Convention
from equipoise.equilibrium.felt import Evaluate, felt_value, row_rate
from equipoise.equilibrium.gains import Played, best_response_gains, one_shot_gain
from equipoise.equilibrium.jacobian import SMALL, Jacobian, Solve
from equipoise.equilibrium.linear import Discounted, Linear
from equipoise.equilibrium.replies import movers
from equipoise.game.game import Floats, Game

RESIDUAL = 1e-9
"""Greatest residual of a certified equilibrium, relative to the actor's scale of values."""
HOPELESS = 1e-6
"""Relative residual above which the inverse Jacobian of a large game is not looked for: it would decide nothing."""
ERROR = 1e-6
"""Greatest error of its values, relative to that scale."""
BLUR = 1e-3
"""Greatest error of its values relative to the noise: policies are known about as well as this."""


@dataclass(frozen=True)
class Untrusted:
    """Linear systems solved elsewhere: their answers count as far as the certificate's own residuals bear them out."""

    jacobian: Solve
    evaluate: Evaluate


@dataclass(frozen=True)
class Certificate:
    """What was found about a claimed equilibrium. Numbers per actor are greatest over states.

    An actor's `scale` is the range of its V over states, or its least noise if that is more. Gains without noise are
    in felt payoffs: what a perfectly consistent actor could still get from the others' policies. Gains with noise are
    under the convention's own objective and vanish in an equilibrium.
    """

    convention: Convention
    actors: tuple[str, ...]
    scale: tuple[float, ...]
    """util"""
    residual: tuple[float, ...]
    """util, of the equilibrium equation divided by rho plus the rate of everything that happens."""
    relative_residual: tuple[float, ...]
    """The same in units of `scale`."""
    evaluation_gap: tuple[float, ...]
    """util, |V - the linear evaluation of the policies that V implies|, or a bound on it where that is small."""
    noise_account: tuple[float, ...]
    """util, greatest |V - felt value|."""
    one_shot_gain: tuple[float, ...]
    """util, without noise: from one better choice, counted from the opportunity at which it is made."""
    one_shot_gain_noisy: tuple[float, ...]
    """util, the same with noise."""
    best_response_gain: tuple[float, ...] | None
    """util, without noise: from the best of all policies, counted from any state, to three digits; None if not asked
    for."""
    best_response_gain_noisy: tuple[float, ...] | None
    """util, the same with noise; under `agent-error` the change of value if the actor alone replied once more."""
    gains_within: tuple[float, ...] | None
    """util, bound on the error of the best-response gains without noise."""
    inverse_jacobian: float
    """How much larger than relative residuals errors of V/scale can be; grows without limit towards a fold."""
    inverse_jacobian_by: str
    """`factorised`, `iterated` (from below, within a factor of two), `failed`, `skipped` if the residual is large."""
    forward_error: float
    """Estimated distance of V from the equilibrium, in units of `scale`: inverse Jacobian times residual."""
    reason: str
    """What kept it from being certified; empty if nothing did."""
    folds: int | None = None
    """Folds passed on the way from infinite noise; None if it was not followed from there."""
    branch: str = ""
    """Which equilibrium it is, e.g. ``principal``."""

    @property
    def certified(self) -> bool:
        return not self.reason

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data, numbers per actor under the actors' names; None for what is not finite."""
        plain: dict[str, Any] = {
            "certified": self.certified,
            "reason": self.reason,
            "convention": self.convention.name,
            "branch": self.branch,
            "folds": self.folds,
            "inverse_jacobian": _finite(self.inverse_jacobian),
            "inverse_jacobian_by": self.inverse_jacobian_by,
            "forward_error": _finite(self.forward_error),
        }
        for name in PER_ACTOR:
            numbers = getattr(self, name)
            plain[name] = None if numbers is None else dict(zip(self.actors, map(_finite, numbers), strict=True))
        return plain

    def __str__(self) -> str:
        if not self.certified:
            return f"Not certified as an equilibrium under {self.convention.name}: {self.reason}."
        told = (
            f"An equilibrium under {self.convention.name}: the equations hold to {max(self.relative_residual):.1e} of "
            f"the values' range, and the values to about {self.forward_error:.1e} of it."
        )
        if self.best_response_gain is not None:
            most = int(np.argmax(self.best_response_gain))
            told += (
                f" Without noise {self.actors[most]} could gain most by conducting itself otherwise, "
                f"{self.best_response_gain[most]:.3g} util."
            )
        if self.folds:
            told += f" {self.folds} fold{'s' if self.folds > 1 else ''} passed on the way from infinite noise."
        return told


PER_ACTOR = (
    "scale",
    "residual",
    "relative_residual",
    "evaluation_gap",
    "noise_account",
    "one_shot_gain",
    "one_shot_gain_noisy",
    "best_response_gain",
    "best_response_gain_noisy",
    "gains_within",
)


def certify(
    game: Game,
    convention: Convention,
    value: Floats,
    *,
    felt: Floats | None = None,
    best_response: bool = True,
    untrusted: Untrusted | None = None,
    folds: int | None = None,
    branch: str = "",
) -> Certificate:
    """Judge whether V (S, N), util, is an equilibrium of a game.

    Only V is taken from the solver (and `felt`, its felt value, if that is at hand): policies, residuals, values and
    gains are computed anew, by other code. Large linear systems may be handed to `untrusted`. `best_response` False
    leaves out the costliest part.
    """
    value = np.asarray(value, float)
    if value.shape != game.flow.shape or not np.isfinite(value).all():
        return _refused(game, convention, "the values are not finite numbers for every state and actor", folds, branch)
    linear, parts = Linear(game), movers(game, convention)
    replies = [mover.logit(value[:, mover.actor]) for mover in parts]
    policy = np.zeros(game.n_rows)
    for mover, reply in zip(parts, replies, strict=True):
        policy[mover.rows] = reply.policy
    rate = row_rate(game, policy)
    inflow, outflow, reward = linear.inflow(rate), linear.outflow(rate), linear.reward(rate)
    scale = np.array([_scale(game, value, i) for i in range(game.n_actors)])

    numbers: dict[str, list[float]] = {name: [] for name in PER_ACTOR}
    felt = felt_value(game, policy, guess=value) if felt is None else felt
    true = np.empty_like(value)
    for mover, reply in zip(parts, replies, strict=True):
        i = mover.actor
        system = Discounted(inflow, outflow, float(game.discount[i]))
        bonus = mover.tempo * (reply.worth - reply.mean)
        left_over = system.residual(value[:, i], reward[:, i] + bonus)
        residual = float(np.abs(left_over / (game.discount[i] + outflow)).max())
        # The inverse of the system has norm 1/rho: that bounds the gap. Solved for only if the bound says too little.
        truth, real, gap = value[:, i], felt[:, i], float(np.abs(left_over).max()) / system.rho
        if not gap <= 1e-2 * ERROR * scale[i]:
            # For the difference, not from V: a guess of V would pass for a solution wherever V almost is one.
            step, error = system.solve(left_over, goal=1e-3 * gap)
            truth, gap = truth + step, float(np.abs(step).max()) + error
        numbers["scale"].append(float(scale[i]))
        numbers["residual"].append(residual)
        numbers["relative_residual"].append(residual / float(scale[i]))
        numbers["evaluation_gap"].append(gap)
        numbers["noise_account"].append(float(np.abs(value[:, i] - real).max()))
        numbers["one_shot_gain"].append(one_shot_gain(mover, real, reply, noisy=False))
        numbers["one_shot_gain_noisy"].append(one_shot_gain(mover, truth, reply, noisy=True))
        true[:, i] = truth
    if best_response:
        played = Played(linear, rate, inflow, outflow, reward, replies)
        given = {"scale": scale, "untrusted": None if untrusted is None else untrusted.evaluate}
        hard = best_response_gains(played, parts, felt, noisy=False, **given)  # type: ignore[arg-type]
        soft = best_response_gains(played, parts, true, noisy=True, **given)  # type: ignore[arg-type]
        numbers["best_response_gain"], numbers["gains_within"] = map(list, zip(*hard, strict=True))
        numbers["best_response_gain_noisy"] = [gain for gain, _ in soft]

    relative = np.array(numbers["relative_residual"])
    amplification, how = np.nan, "skipped"
    if value.size <= SMALL or relative.max() <= HOPELESS:
        amplification, how = Jacobian.at(value, linear, parts, replies, inflow, outflow).inverse_norm(
            scale, None if untrusted is None else untrusted.jacobian
        )
    forward_error = amplification * float(relative.max())
    certificate = Certificate(
        convention=convention,
        actors=game.actors,
        inverse_jacobian=amplification,
        inverse_jacobian_by=how,
        forward_error=forward_error,
        folds=folds,
        branch=branch,
        reason=_reason(game, numbers, scale, forward_error, how),
        **{name: tuple(found) if found else None for name, found in numbers.items()},  # type: ignore[arg-type]
    )
    return certificate


def _finite(number: float) -> float | None:
    return number if np.isfinite(number) else None


def _scale(game: Game, value: Floats, actor: int) -> float:
    spread = float(np.ptp(value[:, actor]))
    moving = game.tempo[:, actor] > 0
    if moving.any():
        return max(spread, float(game.noise[moving, actor].min()))
    return spread or float(np.abs(value[:, actor]).max()) or 1.0


def _reason(game: Game, numbers: dict[str, list[float]], scale: Floats, forward_error: float, how: str) -> str:
    """The first threshold missed, in words; empty if none was."""
    relative = np.array(numbers["relative_residual"])
    gap = np.array(numbers["evaluation_gap"]) / scale
    gain = np.array(numbers["best_response_gain_noisy"] or numbers["one_shot_gain_noisy"]) / scale
    least_noise = np.where(game.tempo > 0, game.noise, np.inf).min(axis=0)
    blur = float((forward_error * scale / least_noise).max())
    if not relative.max() <= RESIDUAL:
        name = game.actors[int(relative.argmax())]
        return f"the residual of {name} is {relative.max():.1e} of its values' range, above {RESIDUAL:.0e}"
    if not gap.max() <= ERROR:
        name = game.actors[int(gap.argmax())]
        return f"the values of {name} differ from what its policy earns by {gap.max():.1e} of their range"
    if not gain.max() <= ERROR:
        name = game.actors[int(gain.argmax())]
        return f"{name} could gain {gain.max():.1e} of its values' range under its own objective"
    if how == "failed":
        return "the linearised equations could not be solved, so that the error of the values is unknown"
    if not forward_error <= ERROR:
        return f"a fold may be near: the values are known to {forward_error:.1e} of their range only"
    if not blur <= BLUR:
        return f"the error of the values is {blur:.1e} of the noise, so that policies are not known"
    return ""


def _refused(game: Game, convention: Convention, reason: str, folds: int | None, branch: str) -> Certificate:
    unknown = (np.nan,) * game.n_actors
    per_actor: dict[str, Any] = dict.fromkeys(PER_ACTOR, unknown)
    return Certificate(
        convention=convention,
        actors=game.actors,
        inverse_jacobian=np.nan,
        inverse_jacobian_by="failed",
        forward_error=np.nan,
        reason=reason,
        folds=folds,
        branch=branch,
        **per_actor,
    )
