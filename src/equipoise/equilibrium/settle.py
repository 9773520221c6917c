"""Reach some equilibrium at the game's own noise when the curve of equilibria cannot be followed there.

Two steps take turns. In the first everybody learns: with L the Jacobian at fixed policies and K what the change of
policies adds, J = L - K, the step -h (L + h J)^-1 F is one of implicit Euler for dV/dt = V^pi(V) - V, where V^pi(V) is
the value of everybody's reply to V. Short steps are those of policy iteration, long ones Newton's; long steps calm a
circling that short ones would follow. The length is controlled as in pseudo-transient continuation (Kelley and Keyes
1998, SIAM J. Numer. Anal. 35).

Where choices are nearly sharp, learning settles in all but a few states. In the second step these are a game of their
own, with all other states as ends: small enough for its curve to be followed. That is nonlinear elimination (Lanzkron,
Rose and Wilkes 1996, SIAM J. Sci. Comput. 17; Cai and Li 2011, SIAM J. Sci. Comput. 33).

Which equilibrium is reached is not controlled: callers say that it jumped.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from equipoise.equilibrium.equations import Equations
from equipoise.equilibrium.felt import row_rate
from equipoise.equilibrium.follow import Curve, refined
from equipoise.game.game import Floats
from equipoise.game.part import around, part

ROUNDS = 30
"""Of learning and elimination."""
FIRST, SHORTEST, LONGEST = 1.0, 1e-3, 1e6
"""Length h of steps, in units of the time in which V goes to the value of the replies."""
GROWTH = 2.0
FARTHEST = (30.0, 8.0)
"""log odds; a longer change is tried again with a shorter step. In turns: what one circles in the other may leave."""
CLOSE = 0.05
"""log odds; when nearly a Newton step moves no choice by more, Newton's method takes over."""
ROUGH = 0.02
"""Relative residual of the linear solves."""
WORST = 0.01
"""Of the largest lag: states that lag behind by more are solved as a game of their own."""
PATIENCE = 300
"""Steps along its curve."""


class Manner(NamedTuple):
    """How the two steps take turns."""

    steps: int
    """Of learning in a round."""
    parts: tuple[int, ...]
    """States of the game that is solved alone, at most; in turns."""


THOROUGH, QUICK = Manner(15, (300, 100, 30)), Manner(10, (30,))


def settle(
    equations: Equations, value: Floats, manner: Manner = THOROUGH, *, most_rounds: int = ROUNDS
) -> tuple[Floats, bool]:
    """V (S, N) with F(V) = 0, from a first guess, and whether it was reached; else the last V tried."""
    value = np.asarray(value, float).ravel()
    for count in range(most_rounds):
        value, calm = _learn(equations, value, FARTHEST[count % 2], manner.steps)
        found = refined(equations, value) if calm else None
        if found is not None:
            return found.reshape(equations.shape), True
        if not np.isfinite(value).all():
            break
        if count + 1 < most_rounds:
            value = _eliminate(equations, value, manner.parts[count % len(manner.parts)])
    return value.reshape(equations.shape), False


def lag(equations: Equations, value: Floats) -> Floats:
    """(S,) by how many log odds, at most, V changes in each state when everybody learns there alone."""
    policy, _, residual = equations.policy(value)
    pace = equations.pace(row_rate(equations.game, policy))
    return np.asarray(np.abs(residual / pace * equations.arrays.inverse_noise).max(axis=1))


def _learn(equations: Equations, value: Floats, farthest: float, steps: int) -> tuple[Floats, bool]:
    """Implicit steps of learning; whether the last of them was nearly Newton's and short."""
    weight, length = equations.arrays.inverse_noise.ravel(), FIRST
    for _ in range(steps):
        while True:
            share = length / (1 + length)
            at = equations.linearise(value, reply=share)
            change, fine = at.solve(-share * at.residual.ravel(), rtol=ROUGH)
            moved = float(np.abs(change * weight).max(initial=0.0))
            if (fine and moved <= farthest) or length <= SHORTEST:
                break
            length = max(0.4 * length, SHORTEST)
        value = value + change
        if not moved > CLOSE and share > 0.9:
            return value, True
        length = min(GROWTH * length, LONGEST)
    return value, False


def _eliminate(equations: Equations, value: Floats, largest: int) -> Floats:
    """V with the states that lag behind most solved as a game of their own; unchanged if that is not solved."""
    game, behind = equations.game, lag(equations, value)
    states = around(game, np.flatnonzero(behind > WORST * behind.max()))
    if states.size > largest:
        states = np.sort(np.argsort(-behind, kind="stable")[:largest])
    alone = Equations(part(game, states, value), equations.convention)
    curve = Curve.from_reference(alone)
    landed = curve.advance_to(curve.end, most_steps=PATIENCE)
    point = None if landed is None else curve.refine(landed)
    if point is not None:
        found, calm = point.value, True
    else:
        found, calm = _learn(alone, curve.farthest.value, FARTHEST[0], THOROUGH.steps)
    if not calm:
        return value
    value = value.reshape(equations.shape).copy()
    value[states] = found.reshape(alone.shape)
    return value.ravel()
