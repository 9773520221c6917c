"""What actors could gain by conducting themselves otherwise, the others' policies given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.equilibrium.felt import Evaluate
from equipoise.equilibrium.linear import Discounted, Linear
from equipoise.equilibrium.replies import Mover, Reply
from equipoise.game.game import Floats

STEPS = 60
"""Policy improvements tried at most."""
PATIENCE = 2
"""How often an error may fail to fall, as it may at first, before an actor's systems are solved here."""


@dataclass(frozen=True, eq=False)
class Played:
    """What happens while everybody plays its policy."""

    linear: Linear
    rate: Floats
    """(R,)"""
    inflow: sparse.csr_array
    """(S, S)"""
    outflow: Floats
    """(S,)"""
    reward: Floats
    """(S, N)"""
    replies: list[Reply]
    """One for each mover, policies as played."""


def best_response_gains(
    played: Played,
    movers: list[Mover],
    value: Floats,
    *,
    noisy: bool,
    scale: Floats,
    untrusted: Evaluate | None = None,
) -> list[tuple[float, float]]:
    """Each actor's greatest gain over `value` (S, N) in any state, util, and a bound on its error.

    `value` is what its policy gives it: with noise under the convention's own objective, without noise in real payoffs.
    The optimum V* of its decision problem solves

        rho V*(s) = reward(s) + flow of the others(s) + lambda(s) (max_a x(a|s) - V*(s))

    with the soft maximum tau log sum_a r exp(x/tau) in place of max where there is noise. Newton's method on it is
    policy iteration (Puterman and Brumelle 1979); each linear system is solved only as far as the next step needs, by
    `untrusted` for all actors at once as long as errors then fall. The operator contracts, so |V - V*| is at most
    the greatest residual over rho: that is the bound, and the iteration stops when it is a thousandth of the gain or
    1e-8 of `scale` (N,).

    Under `agent-error` an actor with noise optimises nothing; the gain then is the change of its value if it alone
    replied once more to its values: 0 in equilibrium, and only there.
    """
    problems = [_Problem(played, mover, value[:, mover.actor], noisy, value[:, mover.actor]) for mover in movers]
    for _ in range(STEPS):
        left, own, unsolved = np.zeros_like(value), played.rate.copy(), []
        for problem in problems:
            if not problem.done:
                mover, before = problem.mover, problem.error
                answer, left[:, mover.actor] = problem.judge(scale[mover.actor])
                own[mover.rows] = mover.tempo[mover.state] * answer.policy
                if not problem.done:
                    problem.stalled += not problem.error < 0.9 * before
                    unsolved.append((problem, problem.stalled <= PATIENCE and not problem.once))
        if not unsolved:
            break
        step = np.full_like(value, np.nan)
        if untrusted is not None and any(trusting for _, trusting in unsolved):
            step = untrusted(own, left, 3e-2)
        for problem, trusting in unsolved:
            i = problem.mover.actor
            together = trusting and bool(np.isfinite(step[:, i]).all())
            problem.current = problem.current + (step[:, i] if together else problem.solved(own, left[:, i]))
    return [(max(problem.gain, 0.0), problem.error) for problem in problems]


@dataclass(eq=False)
class _Problem:
    """One actor's decision problem, and the best values found."""

    played: Played
    mover: Mover
    value: Floats
    noisy: bool
    current: Floats
    gain: float = 0.0
    error: float = np.inf
    stalled: int = 0
    """How often the error did not fall."""
    done: bool = False

    @property
    def once(self) -> bool:
        return self.noisy and self.mover.convention.name == "agent-error"

    @property
    def rho(self) -> float:
        return float(self.played.linear.game.discount[self.mover.actor])

    def judge(self, scale: float) -> tuple[Reply, Floats]:
        """The reply to the current values, and what is left over of their equation, util/year."""
        mover, played, value = self.mover, self.played, self.current
        answer = (mover.logit if self.noisy else mover.best)(value)
        policy = played.replies[mover.actor].policy
        mean = mover.total(policy * (mover.worths(value) - value[mover.state]))
        left = played.reward[:, mover.actor] + played.inflow @ value - (self.rho + played.outflow) * value
        left += mover.tempo * (answer.worth - value - mean)
        self.error, self.gain = float(np.abs(left).max()) / self.rho, float(np.max(value - self.value))
        if self.once:
            # Replying once: what is left over, over rho, bounds the change of value.
            self.gain, self.done = self.error, self.error <= 1e-8 * scale
        else:
            self.done = self.error <= max(1e-3 * self.gain, 1e-8 * scale)
        return answer, left

    def solved(self, row_rate: Floats, left: Floats) -> Floats:
        """The step to the value of the reply, whose rates are `row_rate` on the actor's rows."""
        linear, rate = self.played.linear, self.played.rate.copy()
        rate[self.mover.rows] = row_rate[self.mover.rows]
        system = Discounted(linear.inflow(rate), linear.outflow(rate), self.rho)
        step, inexact = system.solve(left, goal=1e-2 * self.error)
        if self.once:
            self.gain, self.error, self.done = float(np.abs(step).max()), inexact, True
        return step


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
