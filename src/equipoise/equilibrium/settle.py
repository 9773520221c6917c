"""Reach some equilibrium at given noise when the curve cannot be followed: pseudo-transient continuation.

Kelley and Keyes (1998), SIAM J. Numer. Anal. 35: implicit Euler steps of dV/dt = -F with a time step that grows as the
residual falls, ending in Newton's method. Which equilibrium is reached is not controlled, so callers say that it jumped.
"""

from __future__ import annotations

import math

import numpy as np

from equipoise.equilibrium.equations import Equations
from equipoise.game.game import Floats

FIRST_STEP = 0.5
"""years"""
TOLERANCE = 1e-11


def settle(equations: Equations, value: Floats, beta: float, *, most_steps: int = 200, newton: bool = False) -> Floats | None:
    """V (S*N,) with F(V, beta) = 0 near a first guess, or None.

    With `newton` the time step is infinite from the start and every step is shortened until the residual falls, which
    also finds equilibria that no dynamics would reach.
    """
    time_step = math.inf if newton else FIRST_STEP
    weight = equations.arrays.inverse_noise.ravel() * max(beta, 1e-3)
    last = math.inf
    for _ in range(most_steps):
        at = equations.linearise(value, beta)
        size = float(np.abs(at.residual).max())
        if not math.isfinite(size):
            return None
        if not newton and math.isfinite(last):
            time_step = min(max(time_step * min(max(last / max(size, 1e-300), 0.3), 3.0), 1e-3), 1e9)
        last = size
        change, fine = (at if time_step > 1e8 else at.damped(time_step)).solve(-at.residual.ravel(), rtol=1e-2 if size > 1e-4 else 1e-6)
        if not fine and newton:
            return None
        if newton:
            change = _shortened(equations, value, beta, change, size)
            if change is None:
                return None
        value = value + change
        if time_step > 10 and float(np.abs(change * weight).max(initial=0.0)) <= TOLERANCE * max(
            1.0, float(np.abs(value * weight).max(initial=0.0))
        ):
            return value
    return None


def _shortened(equations: Equations, value: Floats, beta: float, change: Floats, size: float) -> Floats | None:
    """The step, halved until the residual falls; None if it does not."""
    for _ in range(12):
        if float(np.abs(equations.policy(value + change, beta)[2]).max()) < size or size < 1e-11:
            return change
        change = change / 2
    return None
