"""Which parameters a number depends on, estimated from whatever draws there are.

Two indices, both between 0 and 1: the first-order index says how much of the variance one parameter explains by itself;
the PAWN index says how far the whole distribution moves when it is known, which suits skewed measures. Neither needs a
special design, both need care when parameters are many and draws are few: hence intervals, and a floor below which
the greatest of as many parameters without any influence would come to lie.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from equipoise.deciding.classes import Floats, Integers, classes, few, many, sums

ALPHA = 0.05
"""Chance that the greatest index of parameters without influence lies above the floor; 1 - ALPHA of intervals."""
_RESAMPLES = 200
_SHOWN = 10
"""Parameters that get an interval though they lie below the floor."""
_CELLS = 500
"""Most values of y at which distribution functions are compared."""

Estimator = Callable[[Integers, Floats], float]
"""An index from the classes of one parameter (n,) and the numbers (n,)."""


@dataclass(frozen=True, eq=False)
class Index:
    """One kind of index for every parameter."""

    number: Floats
    """(P,) the index."""
    low: Floats
    high: Floats
    """(P,) ends of its 95% interval; nan for parameters far below the floor."""
    floor: float
    """The greatest of P indices of parameters without influence stays below this in 95 cases of 100."""

    @property
    def above(self) -> Integers:
        """Parameters above the floor, most influential first."""
        order = np.argsort(-self.number, kind="stable")
        return order[self.number[order] > self.floor].astype(np.int64)


def first_order(points: Floats, numbers: Floats, *, seed: int = 0) -> Index:
    """First-order Sobol' indices S_i = Var(E[y | x_i]) / Var(y) from given data.

    With K classes of draws by x_i, S_i is estimated by epsilon squared (Kelley 1935), the correlation ratio corrected
    for the K - 1 means that are fitted: 1 - (n - 1) / (n - K) (1 - eta^2), where eta^2 is the variance of the class
    means over that of y (Plischke 2013). It is about 0 for a parameter without influence, and may be negative. Within
    classes x_i still varies, so that S_i is underrated by a little. For correlated parameters it counts what a
    parameter says through others, too.

    Args:
        points: (n, P) values or quantiles, the same thing here; categories as numbers.
        numbers: (n,) finite.
        seed: of resampling.

    Raises:
        ValueError: shapes do not fit, a number is not finite, or there are fewer than three draws.
    """
    _check(points, numbers)
    return _index(points, numbers, epsilon_squared, many(len(numbers)), seed)


def pawn(points: Floats, numbers: Floats, *, seed: int = 0) -> Index:
    """PAWN indices of Pianosi and Wagener (2018): the mean over classes of x_i of max_y |F(y | class) - F(y)|.

    F is the distribution function of the numbers, so that nothing depends on their scale, and skewness does no harm.
    Also for yes and no, where it is the mean distance of a class's share from the whole. Never 0 in finite data: read
    it against the floor. Distances are looked for at up to `_CELLS` values of y, all of them if there are no more.
    Arguments and errors as in `first_order`.
    """
    _check(points, numbers)
    # Only the order of the numbers counts.
    return _index(points, classes(numbers, _CELLS).astype(float), mean_distance, few(len(numbers)), seed)


def epsilon_squared(labels: Integers, numbers: Floats) -> float:
    """Corrected correlation ratio of numbers (n,) in classes (n,); 0 where nothing varies."""
    n, total = len(numbers), float(np.var(numbers))
    count, added = sums(labels, numbers - numbers.mean())
    K = len(count)
    # What rounding leaves of a constant is no variance.
    if K < 2 or n <= K or total <= 1e-28 * float(np.max(np.abs(numbers))) ** 2:
        return 0.0
    explained = float(np.sum(added**2 / count)) / n / total
    return 1.0 - (n - 1) / (n - K) * (1.0 - explained)


def mean_distance(labels: Integers, numbers: Floats) -> float:
    """Mean over classes of the Kolmogorov-Smirnov distance between a class's numbers and all numbers, 0, 1, 2, ..."""
    cells = numbers.astype(np.int64)
    K, C = int(labels.max()) + 1, int(cells.max()) + 1
    table = np.bincount(labels * C + cells, minlength=K * C).reshape(K, C)
    own = np.cumsum(table, axis=1) / table.sum(axis=1, keepdims=True)
    return float(np.abs(own - np.cumsum(table.sum(axis=0)) / len(labels)).max(axis=1).mean())


def floor(estimate: Estimator, numbers: Floats, most: int, parameters: int, *, seed: int = 0) -> float:
    """What the greatest index of so many parameters without influence stays below in 95 cases of 100.

    Dummy parameters are drawn, each in classes of equally many draws; with F the distribution function of their
    indices, the floor is the value at which F^P = 1 - ALPHA.
    """
    random = np.random.default_rng(seed)
    n = len(numbers)
    labels = classes(np.arange(n, dtype=float), most)
    dummies = max(400, 20 * parameters)
    # The draws of a dummy are the numbers in another order.
    found = [estimate(labels, numbers[random.permutation(n)]) for _ in range(dummies)]
    return float(np.quantile(found, (1 - ALPHA) ** (1 / parameters), method="higher"))


def _index(points: Floats, numbers: Floats, estimate: Estimator, most: int, seed: int) -> Index:
    P = points.shape[1]
    labels = [classes(points[:, p], most) for p in range(P)]
    number = np.array([estimate(own, numbers) for own in labels])
    least = floor(estimate, numbers, most, P, seed=seed)
    low, high = np.full(P, np.nan), np.full(P, np.nan)
    for p in np.argsort(-number, kind="stable")[: max(_SHOWN, int((number > least).sum()))]:
        low[p], high[p] = _interval(labels[p], numbers, estimate, float(number[p]), seed)
    return Index(number, low, high, least)


def _interval(labels: Integers, numbers: Floats, estimate: Estimator, number: float, seed: int) -> tuple[float, float]:
    """Bootstrap percentiles around the estimate.

    Draws that occur twice make every class more alike, which lifts all resampled indices; the percentiles are
    therefore moved by as much as their mean lies above the estimate.
    """
    random = np.random.default_rng(seed)
    n, found = len(numbers), []
    for _ in range(_RESAMPLES):
        chosen = random.integers(0, n, n)
        found.append(estimate(np.unique(labels[chosen], return_inverse=True)[1].astype(np.int64), numbers[chosen]))
    low, high = np.quantile(found, [ALPHA / 2, 1 - ALPHA / 2]) - np.mean(found) + number
    return max(float(low), -1.0), min(float(high), 1.0)


def _check(points: Floats, numbers: Floats) -> None:
    if points.ndim != 2 or numbers.shape != points.shape[:1]:
        raise ValueError(f"points {points.shape} and numbers {numbers.shape} do not belong together")
    if len(numbers) < 3 or points.shape[1] == 0:
        raise ValueError("at least three draws and one parameter are needed")
    if not (np.isfinite(numbers).all() and np.isfinite(points).all()):
        raise ValueError("a number is not finite; leave out the draws that failed")
