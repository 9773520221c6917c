"""Come from a similar game's equilibrium near one of this game: policy iteration, then Newton's method.

Newton's method alone leaves the range of values that any policy has if the games differ much; policy iteration alone
is slow at the end, or circles around an equilibrium that learning does not lead to.
"""

from __future__ import annotations

import numpy as np

from equipoise.equilibrium.equations import Equations
from equipoise.equilibrium.policy_iteration import iterate_policies
from equipoise.equilibrium.settle import shortened
from equipoise.game.game import Floats

NEAR = 0.3
"""log odds; below, the Newton steps of `solve` are safe."""
MOST = 10
"""Most steps of Newton's method."""
TRIES = 6
"""Of the step, halved each time."""
ROUGH = 0.03
"""Relative residual of the linear solves on the way."""


def approach(equations: Equations, value: Floats) -> Floats | None:
    """V (S, N) within about ``NEAR`` log odds of an equilibrium, from a first guess; None if none is come near."""
    return _newton(equations, iterate_policies(equations, value)[0])


def _newton(equations: Equations, value: Floats) -> Floats | None:
    """Newton steps on F(V) = 0, each halved until the residual falls."""
    weight = equations.arrays.inverse_noise.ravel()
    now = value.ravel()
    for _ in range(MOST):
        at = equations.linearise(now, 1.0)
        size = float(np.linalg.norm(at.residual))
        change, fine = at.solve(-at.residual.ravel(), rtol=ROUGH)
        moved = float(np.abs(change * weight).max(initial=0.0))
        if not fine or not np.isfinite(moved):
            return None
        if moved <= NEAR:
            return (now + change).reshape(equations.shape)
        shorter = shortened(equations, now, 1.0, change, size, tries=TRIES)
        if shorter is None:
            return None
        now = now + shorter
    return None
