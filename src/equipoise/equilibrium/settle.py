"""Reach some equilibrium at given noise when the curve cannot be followed: pseudo-transient continuation.

Kelley and Keyes (1998), SIAM J. Numer. Anal. 35: implicit Euler steps of dV/dt = -F with a time step that grows,
ending in Newton's method. Which equilibrium is reached is not controlled: callers say that it jumped.
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
GROWTH = 1.5
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
    time_step = math.inf if newton else FIRST_STEP
    for _ in range(most_steps):
        at = equations.linearise(value, beta)
        size, rhs = float(np.linalg.norm(at.residual)), -at.residual.ravel()
        rtol = 1e-2 if size > 1e-3 else 1e-5
        change, fine = (at if time_step >= LONGEST_STEP else at.damped(time_step)).solve(rhs, rtol=rtol)
        moved = float(np.abs(change * weight).max(initial=0.0))
        if newton:
            shorter = shortened(equations, value, beta, change, size) if fine else None
            if shorter is None:
                break
            change = shorter
        elif not fine or not moved <= FARTHEST:
            while time_step > SHORTEST_STEP and (not fine or not moved <= FARTHEST):
                time_step = max(0.3 * time_step, SHORTEST_STEP)
                change, fine = at.damped(time_step).solve(rhs, rtol=rtol)
                moved = float(np.abs(change * weight).max(initial=0.0))
        else:
            # Longer steps whatever the residual does: implicit steps calm a circling that short ones would follow.
            time_step = min(GROWTH * time_step, LONGEST_STEP)
        if not np.isfinite(change).all():
            break
        value = value + change
        if time_step > 10 and moved <= CLOSE:
            return value, True
    return value, False


def shortened(
    equations: Equations, value: Floats, beta: float, change: Floats, size: float, *, tries: int = 12
) -> Floats | None:
    """The step, halved until the residual falls below its `size` before; None if it does not in so many tries."""
    for _ in range(tries):
        if size < 1e-10 or float(np.linalg.norm(equations.policy(value + change, beta)[2])) < size:
            return change
        change = change / 2
    return None
