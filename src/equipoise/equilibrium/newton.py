"""Newton's method on F(V) = 0 at the game's own noise, each step halved until the residual falls."""

from __future__ import annotations

import numpy as np

from equipoise.equilibrium.equations import Equations
from equipoise.game.game import Floats

NEAR = 0.3
"""log odds; below, the Newton steps of `solve` are safe."""
TRIES = 12
"""Of the step, halved each time."""
ROUGH = 0.03
"""Relative residual of the linear solves on the way."""


def newton(equations: Equations, value: Floats, *, most_steps: int) -> Floats | None:
    """V (S, N) within about `NEAR` log odds of an equilibrium, stable or not; None if it is not come near."""
    weight = equations.arrays.inverse_noise.ravel()
    now = value.ravel()
    for _ in range(most_steps):
        at = equations.linearise(now)
        size = float(np.linalg.norm(at.residual))
        change, fine = at.solve(-at.residual.ravel(), rtol=ROUGH)
        moved = float(np.abs(change * weight).max(initial=0.0))
        if not fine or not np.isfinite(moved):
            return None
        if moved <= NEAR:
            return (now + change).reshape(equations.shape)
        for _ in range(TRIES):
            if float(np.linalg.norm(equations.policy(now + change)[2])) < size:
                break
            change = change / 2
        else:
            return None
        now = now + change
    return None
