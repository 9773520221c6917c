"""Draws sorted into classes by the value of one parameter: what estimators from given data condition on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def classes(values: Floats, most: int) -> Integers:
    """(n,) class of every draw, 0, 1, ... by rising value: each distinct value one class, or equally many draws each.

    Args:
        values: (n,) one parameter's values, or the numbers of categories.
        most: greatest number of classes.
    """
    distinct, own = np.unique(values, return_inverse=True)
    if len(distinct) > most:
        edges = np.quantile(values, np.arange(1, most) / most)
        own = np.unique(np.searchsorted(edges, values, side="right"), return_inverse=True)[1]
    return own.astype(np.int64)


def many(n: int) -> int:
    """Classes for means within them: 2 n^(1/3), so that both the classes and their numbers of draws grow."""
    return max(2, min(50, round(2 * float(np.cbrt(n)))))


def few(n: int) -> int:
    """Classes for whole distributions within them: ten, of at least thirty draws if there are enough."""
    return max(2, min(10, n // 30))


def sums(labels: Integers, values: Floats) -> tuple[Floats, Floats]:
    """(K,) draws and (K,) sum of values in each class."""
    return np.bincount(labels).astype(float), np.bincount(labels, values).astype(float)
