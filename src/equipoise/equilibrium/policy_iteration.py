"""Come near an equilibrium from what everybody does in a similar game: policy iteration, in turns and accelerated.

Newton's method may leave the range of values that any policy has; the value of a policy never does. V is replaced by
the value of everybody's reply to it, which for one actor alone is Howard's (1960) policy iteration, most of the way at
a time and extrapolated as by Anderson (1965), J. ACM 12. SciPy's `anderson` does the extrapolating.
"""

from __future__ import annotations

from contextlib import suppress

import numpy as np
from scipy.optimize import NoConvergence, anderson

from equipoise.equilibrium.equations import Equations
from equipoise.equilibrium.evaluation import Evaluation
from equipoise.equilibrium.felt import row_rate
from equipoise.equilibrium.linear import Linear
from equipoise.game.game import Floats

SHARE = 0.7
"""Of the way to the value of the replies; all of it makes actors circle around each other."""
MEMORY = 2
"""Steps that are extrapolated from."""
ROUGH = 0.01
"""Relative residual of the evaluations."""
NEAR = 0.2
"""log odds; below, Newton's method arrives as a rule and is faster."""
STEPS = 60
"""Most evaluations; those that arrive were seen to need ten to fifty."""


def policy_value(equations: Equations, policy: Floats) -> Floats:
    """(S, N) felt value of a policy (R,), roughly: where to start from in a game that is not the policy's own."""
    rate = row_rate(equations.game, policy)
    return Evaluation(equations, rate)(None, Linear(equations.game).reward(rate), ROUGH * ROUGH)


def iterate_policies(
    equations: Equations, value: Floats, beta: float = 1.0, *, near: float = NEAR, most_steps: int = STEPS
) -> tuple[Floats, float]:
    """The V (S, N) that comes nearest to the value of everybody's replies to it, and how near, in log odds.

    Stops where that is at most `near`, or after `most_steps` evaluations. Which equilibrium is come near is that of
    learning from the first guess; there may be others, and this may circle around all of them.
    """
    game, weight = equations.game, equations.arrays.inverse_noise * beta
    best, nearest = value.reshape(equations.shape), np.inf

    def lead(scaled: Floats) -> Floats:
        nonlocal best, nearest
        now = scaled / weight
        policy, _, residual = equations.policy(now, beta)
        change = -weight * Evaluation(equations, row_rate(game, policy))(None, residual, ROUGH)
        far = float(np.abs(change).max(initial=0.0))
        if far < nearest:
            best, nearest = now, far
        return change

    # SciPy complains where it does not arrive, or comes to a standstill (ValueError): the best so far is what we want.
    with suppress(NoConvergence, ValueError), np.errstate(all="ignore"):
        anderson(
            lead,
            best * weight,
            alpha=SHARE,
            M=MEMORY,
            maxiter=most_steps,
            f_tol=near,
            tol_norm=lambda change: np.abs(change).max(initial=0.0),
            line_search=None,
        )
    return best, nearest
