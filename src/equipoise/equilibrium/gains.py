"""What an actor could gain by conducting itself otherwise, the others' policies given."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from equipoise.equilibrium.linear import Discounted, Linear
from equipoise.equilibrium.replies import Mover, Reply
from equipoise.game.game import Floats

STEPS = 60
"""Policy improvements tried at most."""


def best_response_gain(
    linear: Linear, row_rate: Floats, mover: Mover, value: Floats, *, noisy: bool, scale: float
) -> tuple[float, float]:
    """The actor's greatest gain over `value` (S,) in any state, util, and a bound on its error.

    `value` is what its policy gives it while all rows run at `row_rate`: with noise under the convention's own
    objective, without noise in real payoffs. The optimum V* of its decision problem solves

        rho V*(s) = reward(s) + flow of the others(s) + lambda(s) (max_a x(a|s) - V*(s))

    with the soft maximum tau log sum_a r exp(x/tau) in place of max where there is noise. Newton's method on it is
    policy iteration (Puterman and Brumelle 1979); each linear system is solved only as far as the next step needs.
    The operator contracts, so |V - V*| is at most the greatest residual over rho: that is the bound, and the
    iteration stops when it is a thousandth of the gain or 1e-8 of `scale`.

    Under `agent-error` an actor with noise optimises nothing; the gain then is the change of its value if it alone
    replied once more to its values: 0 in equilibrium, and only there.
    """
    rho = float(linear.game.discount[mover.actor])
    reply: Callable[[Floats], Reply] = mover.logit if noisy else mover.best
    once = noisy and mover.convention.name == "agent-error"
    rate, current = row_rate.copy(), value
    rate[mover.rows] = 0.0
    others = linear.reward(rate)[:, mover.actor]
    gain = error = 0.0
    for _ in range(1 if once else STEPS):
        answer = reply(current)
        rate[mover.rows] = mover.tempo[mover.state] * answer.policy
        system = Discounted(linear.inflow(rate), linear.outflow(rate), rho)
        own = mover.total(answer.policy * mover.payoff) + answer.worth - answer.mean
        rhs = others + mover.tempo * own
        error = float(np.abs(system.residual(current, rhs)).max()) / rho
        gain = float(np.max(current - value))
        if not once and error <= max(1e-3 * gain, 1e-8 * scale):
            break
        current, inexact = system.solve(rhs, current, goal=1e-2 * error)
        if once:
            return float(np.abs(current - value).max()), inexact
    return max(gain, 0.0), error


def one_shot_gain(mover: Mover, value: Floats, played: Reply, *, noisy: bool) -> float:
    """The greatest gain in any state from one better choice at one opportunity, util.

    `value` is what the actor's policy gives it, `played` its choice. With noise the choice is judged by
    E[x] - tau KL(sigma, r) (`control-cost`), E[x] + tau entropy (`private-shock`), or by E[x] in absolute terms
    (`agent-error`, where replying anew need not be better).
    """
    x = mover.worths(value)
    mean = value + mover.total(played.policy * (x - value[mover.state]))
    if not noisy:
        gain = mover.best(value).worth - mean
    elif mover.convention.name == "agent-error":
        gain = np.abs(mover.logit(value).mean - mean)
    else:
        gain = mover.logit(value).worth - mean - (played.worth - played.mean)
    return float(np.max(np.where(mover.tempo > 0, gain, 0.0), initial=0.0))
