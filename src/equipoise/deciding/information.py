"""Which parameter, if it were known, would most reduce the doubt about a verdict."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.deciding.classes import Floats, Integers, classes, few, sums
from equipoise.deciding.sensitivity import Index, first_order, floor


@dataclass(frozen=True, eq=False)
class Information:
    """What it would be worth to learn each parameter."""

    share: float
    """p, the share of futures in which the claim holds."""
    doubt: Index
    """Share of the variance p(1-p) of the verdict that learning the parameter removes on average, with floor."""
    error: Floats
    """(P,) chance of calling the verdict wrong once the parameter is known."""
    error_floor: float
    """By how much the greatest of P parameters without influence would seem to lower that chance."""

    @property
    def error_now(self) -> float:
        """Chance of calling the verdict wrong now: that of the rarer verdict."""
        return min(self.share, 1 - self.share)


def information(points: Floats, holds: NDArray[np.bool_], *, seed: int = 0) -> Information:
    """Expected value of partial perfect information about a verdict, from given draws.

    If the verdict H is forecast by its share p, the expected loss is p(1-p); once x_i is known it is E[Var(H | x_i)].
    The reduction relative to p(1-p) is the first-order Sobol' index of H, estimated as such. If instead the likelier
    verdict is called, the loss is the chance to be wrong, min(p, 1-p), and E[min(q, 1-q)] with q = P(H | x_i)
    once x_i is known. Every draw is called by the other draws of its class (leave one out), so that nothing is gained
    where x_i says nothing. Conditioning on classes of draws is one of the regressions of Strong, Oakley and Brennan
    (2014); for correlated parameters it includes what one says about others.

    Args:
        points: (n, P) values or quantiles; categories as numbers.
        holds: (n,) the verdicts.
        seed: of permutations.

    Raises:
        ValueError: as `sensitivity.first_order`.
    """
    H = holds.astype(float)
    doubt = first_order(points, H, seed=seed)
    n, P = points.shape
    most, p = few(n), float(H.mean())
    now = min(p, 1 - p)
    gained = np.array([surer(classes(points[:, k], most), H) for k in range(P)])
    return Information(p, doubt, now - np.clip(gained, 0.0, now), max(0.0, floor(surer, H, most, P, seed=seed)))


def surer(labels: Integers, holds: Floats) -> float:
    """By how much the chance of calling a verdict wrong falls if one goes by the other draws of the same class.

    Where those are of two minds, the likelier verdict of all draws is called. Negative if the classes mislead.
    """
    count, held = sums(labels, holds)
    n, whole = len(holds), float(holds.sum())
    likelier = whole > n / 2
    # What is called for a draw that holds, and for one that does not, is the majority of count - 1 others.
    wrong = 0.0
    for others, own, holding in ((held - 1, held, True), (held, count - held, False)):
        called = np.where(2 * others == count - 1, likelier, 2 * others > count - 1)
        wrong += float(own[called != holding].sum())
    return min(whole, n - whole) / n - wrong / n
