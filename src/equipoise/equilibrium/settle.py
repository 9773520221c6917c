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
SHORTEST_STEP, LONGEST_STEP = 1e-3, 1e8
"""years; at the longest the steps are Newton's"""
FARTHEST = 4.0
"""log odds; a longer change is tried again with a shorter step: values may not run away"""
CLOSE = 1e-9
"""log odds: the last step moves no choice by more"""


def settle(
    equations: Equations, value: Floats, beta: float, *, most_steps: int = 400, newton: bool = False
) -> tuple[Floats, bool]:
    """V (S*N,) with F(V, beta) = 0 near a first guess, and whether it was reached; else the last V tried.

    With `newton` the time step is infinite from the start and every step is shortened until the residual falls, which
    also finds equilibria that no dynamics would reach.
    """
    weight = equations.arrays.inverse_noise.ravel() * max(beta, 1e-3)
    time_step, last = math.inf if newton else FIRST_STEP, math.inf
    for _ in range(most_steps):
        at = equations.linearise(value, beta)
        size = float(np.linalg.norm(at.residual))
        if not newton and math.isfinite(last):
            time_step = min(max(time_step * min(max(last / max(size, 1e-300), 0.3), 2.0), SHORTEST_STEP), LONGEST_STEP)
        last, rhs, rtol = size, -at.residual.ravel(), 1e-2 if size > 1e-3 else 1e-5
        change, fine = (at if time_step >= LONGEST_STEP else at.damped(time_step)).solve(rhs, rtol=rtol)
        while not newton and time_step > SHORTEST_STEP and float(np.abs(change * weight).max(initial=0.0)) > FARTHEST:
            time_step = max(0.3 * time_step, SHORTEST_STEP)
            change, fine = at.damped(time_step).solve(rhs, rtol=rtol)
        if newton:
            shorter = _shortened(equations, value, beta, change, size) if fine else None
            if shorter is None:
                break
            change = shorter
        if not np.isfinite(change).all():
            break
        value = value + change
        if time_step > 10 and float(np.abs(change * weight).max(initial=0.0)) <= CLOSE:
            return value, True
    return value, False


def _shortened(equations: Equations, value: Floats, beta: float, change: Floats, size: float) -> Floats | None:
    """The step, halved until the residual falls; None if it does not."""
    for _ in range(12):
        if size < 1e-10 or float(np.linalg.norm(equations.policy(value + change, beta)[2])) < size:
            return change
        change = change / 2
    return None
