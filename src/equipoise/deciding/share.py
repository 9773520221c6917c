"""In how many of the admissible futures a claim holds, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

CONFIDENCE = 0.95
"""Of every interval here."""


@dataclass(frozen=True)
class Share:
    """How often a claim held among so many draws; a draw without a verdict counts as one in which it did not."""

    holds: int
    draws: int
    failed: int
    """Draws without a verdict: no equilibrium was certified, say."""
    low: float
    high: float
    """Ends of Wilson's interval for the share, the draws without a verdict counted as not holding."""
    low_if_held: float
    high_if_held: float
    """Ends of the same interval, had the claim held in every draw that failed."""

    @property
    def share(self) -> float:
        """Draws in which it held, of all; nan if there are none."""
        return self.holds / self.draws if self.draws else np.nan

    @property
    def share_if_held(self) -> float:
        """The same, had it held in every draw that failed: the other bound."""
        return (self.holds + self.failed) / self.draws if self.draws else np.nan


def share(holds: NDArray[np.bool_], failed: NDArray[np.bool_] | None = None) -> Share:
    """Share of draws in which a claim holds, with Wilson's interval at `CONFIDENCE`.

    With k of n draws holding and z the normal quantile, the interval is that of Wilson (1927), the set of shares p with
    (k/n - p)^2 <= z^2 p (1 - p) / n; it stays within [0, 1] and works at k = 0 and k = n. Draws of a Latin hypercube or
    a scrambled Sobol' sequence scatter less than independent ones, for which it is meant, so that it errs on the side
    of caution there.

    Args:
        holds: (n,) whether it held.
        failed: (n,) draws without a verdict; they stay in the denominator as not holding.

    Raises:
        ValueError: the two do not have the same length, or a failed draw is said to hold.
    """
    missing = np.zeros(holds.shape, bool) if failed is None else failed
    if missing.shape != holds.shape:
        raise ValueError(f"{holds.shape} draws but {missing.shape} that failed or not")
    if (holds & missing).any():
        raise ValueError("a draw that failed has no verdict, so it cannot hold")
    n, k, lost = holds.size, int(holds.sum()), int(missing.sum())
    return Share(k, n, lost, *wilson(k, n), *wilson(k + lost, n))


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Wilson's interval for a share; everything is open if nothing was tried."""
    if trials == 0:
        return 0.0, 1.0
    found = binomtest(successes, trials).proportion_ci(CONFIDENCE, method="wilson")
    return float(found.low), float(found.high)


def share_by(
    holds: NDArray[np.bool_], groups: Sequence[str], failed: NDArray[np.bool_] | None = None
) -> dict[str, Share]:
    """The same for each group of draws: by noise convention, say, or by the kind of equilibrium."""
    of = np.asarray(groups)
    parts = {name: of == name for name in dict.fromkeys(groups)}
    return {name: share(holds[own], None if failed is None else failed[own]) for name, own in parts.items()}
