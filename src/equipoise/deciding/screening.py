"""Which parameters differ between the draws in which something happens and the others."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from equipoise.deciding.classes import Floats, Integers
from equipoise.deciding.prim import Mask


class Screen:
    """Draws sorted by every parameter once, so that many divisions of them can be compared quickly."""

    def __init__(self, points: Floats, categories: Collection[int] = ()) -> None:
        """Points (n, P); the columns that are categories, as numbers."""
        self.points, self.categories = points, frozenset(categories)
        self._order: Integers = np.argsort(points, axis=0, kind="stable").astype(np.int64)
        ordered = np.take_along_axis(points, self._order, axis=0)
        last = np.ones((1, points.shape[1]), bool)
        self._ends = np.concatenate([ordered[1:] > ordered[:-1], last])

    def distances(self, interest: Mask) -> Floats:
        """(P,) how far the distributions of each parameter in the two groups lie apart, from 0 to 1.

        For numbers the two-sample Kolmogorov-Smirnov distance max |F(x | interest) - F(x | not), as in regional
        sensitivity analysis (Spear and Hornberger 1980); for categories half the sum of |differences of shares|.
        """
        weights = np.where(interest, 1 / interest.sum(), -1 / (~interest).sum())
        apart = np.cumsum(weights[self._order], axis=0)
        distances = np.asarray(np.where(self._ends, np.abs(apart), 0.0).max(axis=0))
        for p in self.categories:
            own = np.unique(self.points[:, p], return_inverse=True)[1]
            distances[p] = np.abs(np.bincount(own, weights)).sum() / 2
        return distances

    def foremost(self, interest: Mask, most: int) -> tuple[int, ...]:
        """The columns that differ most, the greatest distance first."""
        return tuple(int(p) for p in np.argsort(-self.distances(interest), kind="stable")[:most])
