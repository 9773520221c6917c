"""Come from a similar game's equilibrium near one of this game: policy iteration, then Newton's method.

Newton's method alone leaves the range of values that any policy has if the games differ much; policy iteration alone
is slow at the end, or circles around an equilibrium that learning does not lead to.
"""

from __future__ import annotations

from equipoise.equilibrium.equations import Equations
from equipoise.equilibrium.newton import newton
from equipoise.equilibrium.policy_iteration import iterate_policies
from equipoise.game.game import Floats

MOST = 10
"""Most steps of Newton's method."""


def approach(equations: Equations, value: Floats) -> Floats | None:
    """V (S, N) within 0.3 log odds of an equilibrium, from a first guess; None if none is come near."""
    return newton(equations, iterate_policies(equations, value)[0], most_steps=MOST)
