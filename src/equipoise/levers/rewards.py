"""What a path of a chain earns on average, and how that changes with the rate of every branch.

Every measure of the outlook is made of such rewards: a chance is a reward of one for the branch that brings the thing
about, a time one per year, a felt value what is felt. So there are three adjoints and no more: of what is earned ever,
of what is earned by a time, and of what is earned a year at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from equipoise.game.game import Floats
from equipoise.kernels.chain import Sparse, bessel_weights, poisson_window, read_chebyshev
from equipoise.kernels.series import differentiate_series
from equipoise.levers.differential import Differential
from equipoise.levers.pattern import Pattern
from equipoise.outlook.chain import Chain, as_sparse
from equipoise.outlook.evolve import POLYNOMIAL
from equipoise.outlook.solve import Solver, closed_classes, leads_to

PRECISION = 1e-12
"""Bound on the truncation error of a chance; derivatives keep most of it."""
HELD = 2**24
"""Numbers of a forward pass that are held at a time."""


class Reward(NamedTuple):
    """What a path earns and where it stops."""

    per_event: Floats
    """(B,) when a branch happens"""
    per_year: Floats
    """(S,) while it stands in a state"""
    moving: NDArray[np.bool_]
    """(S,) in other states it stays for good"""
    ending: NDArray[np.bool_]
    """(B,) branches that end it, besides those that lead to an outcome"""


class Earned(NamedTuple):
    """The expected reward of a path from one start, and its derivatives."""

    number: float
    by_branch: Floats
    """(B,) by the rate of every branch"""
    by_event: Floats
    """(B,) by the reward per event: how often, discounted if the reward is, each branch happens"""
    by_year: Floats
    """(S,) by the reward per year: years in every state"""
    by_discount: float = 0.0

    @property
    def differential(self) -> Differential:
        """The number with its derivatives by the branches' rates, where rewards are constants."""
        return Differential(self.number, self.by_branch)


@dataclass(frozen=True, eq=False)
class Earnings:
    """Expected rewards of the paths of one chain from one start.

    With y(s) = per_year(s) + sum over the branches b of s of rate(b) per_event(b), pi_u the distribution at time u and
    h(s, .) what is still to be earned from s, each of the three has the same derivative by the rate of a branch from s
    to t,

        integral over u of pi_u(s) (per_event(b) + h(t, .) - h(s, .)),   h = 0 at ends,

    for the rate adds to how often the branch happens, and what it then changes is what is still to be earned.
    """

    chain: Chain
    pattern: Pattern
    first: Floats
    """(S,) distribution of the start"""

    @property
    def nothing(self) -> Reward:
        """The reward that pays nothing and stops nowhere."""
        S, B = self.chain.n_states, self.chain.target.size
        return Reward(np.zeros(B), np.zeros(S), np.ones(S, bool), np.zeros(B, bool))

    def ever(self, reward: Reward, discount: float = 0.0) -> Earned:
        """Over the path's whole life: first . h with M h = y and M = D + discount - A; the years are M^-T first.

        D are the exit rates, A the rates between states. Without discount inf, with derivatives nan, where the path
        may get caught where something is earned.

        Raises:
            SolveError: see `Solver`.

        Source: Puterman (1994), chapters 5 and 11; derivatives by the adjoint method.
        """
        watched = self._watched(reward)
        y = _per_year(watched, reward)
        keep, endless = np.ones(y.size, bool), np.zeros(y.size, bool)
        if discount == 0:
            closed = closed_classes(watched)
            endless = leads_to(watched, np.isin(closed, closed[(closed >= 0) & (y != 0)]))
            keep = leads_to(watched, y != 0) & ~endless
        if self.first @ endless > 0:
            nan = np.full(reward.per_event.size, np.nan)
            return Earned(np.inf, nan, nan, np.full(y.size, np.nan))
        solver = Solver(watched, keep, discount)
        ahead = solver.solve(y[:, None])[:, 0]
        years = solver.solve_adjoint(self.first[:, None])[:, 0]
        then = np.append(np.where(endless, np.nan, ahead), np.zeros(watched.end_outcome.size))
        source = watched.branch_state
        gain = reward.per_event + then[watched.target] - then[source]
        return Earned(
            float(self.first @ ahead),
            np.where(years[source] > 0, years[source] * gain, 0.0) * reward.moving[source],
            years[source] * watched.branch_rate,
            years,
            -float(years @ ahead),
        )

    def until(self, reward: Reward, time: float) -> Earned:
        """By ``time`` (years): the integral of pi_u . y over u from 0 to the time, as in `evolve`.

        The series is differentiated term by term, so that the derivative is that of the number itself.
        """
        return self._transient(reward, time, total=True)

    def at(self, reward: Reward, time: float) -> Earned:
        """Per year at ``time`` (years): pi_t . y; a reward per year of one in some states is the chance to be there."""
        return self._transient(reward, time, total=False)

    def _watched(self, reward: Reward) -> Chain:
        """The chain as far as it earns: frozen where it does not move, ended where the path ends."""
        chain = self.chain
        return replace(
            chain.only(reward.moving),
            target=np.where(reward.ending, chain.n_states + chain.end_outcome.size, chain.target).astype(np.int32),
            outcomes=(*chain.outcomes, "stopped"),
            end_outcome=np.append(chain.end_outcome, len(chain.outcomes)).astype(np.int32),
        )

    def _transient(self, reward: Reward, time: float, *, total: bool) -> Earned:
        watched = self._watched(reward)
        y = _per_year(watched, reward)
        clock = watched.clock or 1.0
        jumps, back = self.pattern.jumps(watched, clock)
        weight, factor = self._series(back, clock * time, total=total)
        if total:
            weight = weight / clock
        keep = int(min(weight.size, max(HELD // y.size, 2 * np.sqrt(weight.size), 1)))
        years, by_entry = differentiate_series(jumps, back, self.first, y, weight, factor, keep)
        source = watched.branch_state
        by_branch = years[source] * reward.per_event + self.pattern.by_branch(by_entry, watched, clock)
        return Earned(float(years @ y), by_branch * reward.moving[source], years[source] * watched.branch_rate, years)

    def _series(self, back: Sparse, mean: float, *, total: bool) -> tuple[Floats, float]:
        """Weights of the polynomials of P in exp(Q t), or in Lambda times its integral, and which polynomials.

        As in `evolve`: Chebyshev's where many jumps of the clock are expected and rounding allows it. Derivatives of
        the terms left out are up to k^2 times the terms themselves, so an eighth more of them are taken: they fall
        faster than exponentially.
        """
        if mean > POLYNOMIAL:
            unread = as_sparse(sp.csr_array((1, self.first.size)))
            values, reached = read_chebyshev(back, self.first, unread, mean, PRECISION)
            if reached:
                at, integral = bessel_weights(mean)
                weights = 2.0 * (integral if total else at)
                weights[0] *= 0.5
                return weights[: len(values) + len(values) // 8 + 8], 2.0
        left, window = poisson_window(mean, PRECISION)
        at = np.concatenate([np.zeros(left), window])
        above = np.concatenate([np.cumsum(at[::-1])[::-1][1:], [0.0]])
        return (above if total else at), 1.0


def _per_year(watched: Chain, reward: Reward) -> Floats:
    """(S,) y, what is earned per year in every state."""
    rate = np.bincount(watched.branch_state, watched.branch_rate * reward.per_event, watched.n_states)
    return np.asarray(reward.per_year + rate)
