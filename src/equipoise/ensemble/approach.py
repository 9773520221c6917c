"""How a draw's equilibrium is reached from that of its parent.

The parent of every draw is the scenario as written, solved cold once. A draw's own scenario as written starts from the
parent's V; every other case of it from the parent's V of that case, shifted by what the draw changed in the scenario as
written, state by state: what numbers do to one case they nearly do to its edits. The first Newton step at the draw's
numbers is the linear prediction; further ones, shortened until the residual falls, bring V near enough for `solve`.
"""

from __future__ import annotations

import numpy as np

from equipoise.equilibrium.convention import Convention
from equipoise.equilibrium.equations import Equations
from equipoise.game.game import Floats, Game, Ints

NEAR = 0.3
"""log odds; below, the Newton steps of `solve` are safe."""
MOST = 14
"""Most steps; where they do not suffice, the curve from full noise is as fast."""
HALVINGS = 5
ROUGH = 0.03
"""Relative residual of the linear solves on the way."""


def approach(game: Game, convention: Convention, value: Floats) -> Floats | None:
    """V (S, N) within about ``NEAR`` log odds of an equilibrium, from a first guess; None if Newton does not get there.

    Damped Newton steps on F(V) = 0: each is halved until the residual falls. Large steps are no fault as long as the
    residual falls: for one actor alone this is policy iteration, which never fails.
    """
    equations = Equations(game, convention)
    weight = equations.arrays.inverse_noise.ravel()
    now = np.array(value, float).ravel()
    for _ in range(MOST):
        at = equations.linearise(now, 1.0)
        size = float(np.linalg.norm(at.residual))
        change, fine = at.solve(-at.residual.ravel(), rtol=ROUGH)
        moved = float(np.abs(change * weight).max(initial=0.0))
        if not fine or not np.isfinite(moved):
            return None
        if moved <= NEAR:
            return (now + change).reshape(equations.shape)
        for halving in range(HALVINGS + 1):
            then = now + change / 2**halving
            if float(np.linalg.norm(equations.policy(then)[2])) < size:
                break
        else:
            return None
        now = then
    return None


def shifted(value: Floats, states: Ints, before: Floats, after: Floats) -> Floats:
    """V (S, N) of a case, plus what changed from ``before`` to ``after`` in another game, at the states it shares.

    ``states`` (S,) are the other game's states, -1 where it has none; there nothing is added.
    """
    known = states >= 0
    change = (after - before)[np.maximum(states, 0)]
    return value + np.where(known[:, None], change, 0.0)
