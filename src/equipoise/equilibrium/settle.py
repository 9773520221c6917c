"""Reach some equilibrium at given noise when the curve cannot be followed: pseudo-transient continuation.

Kelley and Keyes (1998), SIAM J. Numer. Anal. 35: implicit Euler steps of dV/dt = -F with a time step that grows as the
residual falls, ending in Newton's method. Which equilibrium is reached is not controlled: callers say that it jumped.
"""

from __future__ import annotations

import math

import numpy as np

from equipoise.equilibrium.equations import Equations
from equipoise.game.game import Floats

FIRST_STEP = 0.5
"""years"""
LONGEST = 1e8
"""years; from here on the steps are Newton's"""
CLOSE = 1e-9
"""log odds: the last step moves no choice by more"""


def settle(
    equations: Equations, value: Floats, beta: float, *, most_steps: int = 400, newton: bool = False
) -> Floats | None:
    """V (S*N,) with F(V, beta) = 0 near a first guess, or None.

    With `newton` the time step is infinite from the start and every step is shortened until the residual falls, which
    also finds equilibria that no dynamics would reach.
    """
    time_step = math.inf if newton else FIRST_STEP
    weight = equations.arrays.inverse_noise.ravel() * max(beta, 1e-3)
    last = math.inf
    for _ in range(most_steps):
        at = equations.linearise(value, beta)
        size = float(np.linalg.norm(at.residual))
        if not math.isfinite(size):
            return None
        if not newton and math.isfinite(last):
            time_step = min(max(time_step * min(max(last / max(size, 1e-300), 0.3), 2.0), 1e-3), LONGEST)
        last = size
        damped = at if time_step >= LONGEST else at.damped(time_step)
        change, fine = damped.solve(-at.residual.ravel(), rtol=1e-2 if size > 1e-3 else 1e-5)
        if newton:
            shorter = _shortened(equations, value, beta, change, size) if fine else None
            if shorter is None:
                return None
            change = shorter
        value = value + change
        if time_step > 10 and float(np.abs(change * weight).max(initial=0.0)) <= CLOSE:
            return value
    return None


def _shortened(equations: Equations, value: Floats, beta: float, change: Floats, size: float) -> Floats | None:
    """The step, halved until the residual falls; None if it does not."""
    for _ in range(12):
        if size < 1e-10 or float(np.linalg.norm(equations.policy(value + change, beta)[2])) < size:
            return change
        change = change / 2
    return None
