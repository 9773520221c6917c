"""Histories drawn from the chain: for play, and as a check of every exact measure that shares no method with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta

from equipoise.errors import RequestError
from equipoise.game.game import Floats, Ints
from equipoise.kernels.chain import jump_paths
from equipoise.outlook.chain import Chain, Start


class Dated(NamedTuple):
    """One thing that happened."""

    years: float
    """Since the start."""
    step: str
    """Id of the move or event."""
    before: int
    """State in which it happened."""
    after: int
    """State it led to, which may be the same; -1 for an outcome."""
    outcome: str | None
    """Outcome in which the history ended, if it did."""


class Share(NamedTuple):
    """How often outcomes came in a sample, with confidence limits."""

    share: Floats
    """(T, O)"""
    low: Floats
    """(T, O)"""
    high: Floats
    """(T, O)"""


@dataclass(frozen=True, eq=False)
class Histories:
    """n histories of one chain, all from the same start."""

    chain: Chain
    horizon: float
    """years"""
    begin: Ints
    """(n+1,) the steps of history k are begin[k] : begin[k+1]."""
    years: Floats
    """(J,) dates, since the start."""
    branch: Ints
    """(J,) the chain's branch taken."""
    final: Ints
    """(n,) state at the horizon, or S + e for the end e."""

    def __len__(self) -> int:
        return self.final.size

    def told(self, k: int) -> tuple[Dated, ...]:
        """What happened in history ``k``, in order, including steps that changed nothing."""
        chain = self.chain
        dated = []
        for j in range(int(self.begin[k]), int(self.begin[k + 1])):
            b = self.branch[j]
            after = int(chain.target[b])
            ended = after >= chain.n_states
            outcome = chain.outcomes[chain.end_outcome[after - chain.n_states]] if ended else None
            step = chain.steps[chain.row_step[chain.branch_row[b]]]
            before = int(chain.branch_state[b])
            dated.append(Dated(float(self.years[j]), step, before, -1 if ended else after, outcome))
        return tuple(dated)

    def risk(self, times: ArrayLike, *, confidence: float = 0.95) -> Share:
        """Share of histories that met each outcome by each of ``times``, with Clopper and Pearson's (1934) limits."""
        chain, n = self.chain, len(self)
        when = np.atleast_1d(np.asarray(times, float))
        if np.any(when > self.horizon):
            raise RequestError(f"the histories last {self.horizon} years; no share can be given beyond")
        ended = np.flatnonzero(self.final >= chain.n_states)
        date = self.years[self.begin[ended + 1] - 1]
        outcome = chain.end_outcome[self.final[ended] - chain.n_states]
        wanted = np.arange(len(chain.outcomes))
        hit = (date[:, None, None] <= when[:, None]) & (outcome[:, None, None] == wanted)
        count = hit.sum(axis=0)
        tail = (1 - confidence) / 2
        low = np.where(count > 0, beta.ppf(tail, count, n - count + 1), 0.0)
        high = np.where(count < n, beta.ppf(1 - tail, count + 1, n - count), 1.0)
        return Share(count / n, low, high)


def sample(chain: Chain, start: Start, horizon: float, rng: np.random.Generator, n: int = 1) -> Histories:
    """``n`` histories of ``horizon`` years by direct simulation: exponential waits, branches in proportion to rates.

    Args:
        chain: the chain.
        start: a state, or a distribution (S,) from which every history draws its own.
        horizon: years.
        rng: source of chance; the same generator gives the same histories.
        n: number of histories.

    Raises:
        RequestError: horizon or start do not make sense.

    Source: Gillespie (1977).
    """
    first, single = chain.distribution(start)
    if not (single and np.isfinite(horizon) and horizon >= 0 and n >= 0):
        raise RequestError("histories need one start, a finite horizon of at least 0 years and a number of at least 0")
    begin, years, branch, final = jump_paths(
        _first_branch(chain), chain.branch_rate, chain.target, _starts(first[0], rng, n), float(horizon), rng
    )
    return Histories(chain, float(horizon), begin, years, branch, final)


def _first_branch(chain: Chain) -> Ints:
    rows = np.searchsorted(chain.row_state, np.arange(chain.n_states + 1))
    return np.asarray(chain.branch_ptr[rows], np.int64)


def _starts(distribution: Floats, rng: np.random.Generator, n: int) -> NDArray[np.int64]:
    return rng.choice(distribution.size, size=n, p=distribution / distribution.sum()).astype(np.int64)
