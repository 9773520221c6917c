"""Parameters that the draws do not tell apart: what is found of one of them may be another's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from equipoise.deciding.classes import Floats, classes, few
from equipoise.deciding.sensitivity import floor, mean_distance

STRONG = 0.2
"""Distance from which moving together matters: that of a rank correlation of about one half."""


def alike(points: Floats, columns: Iterable[int], *, seed: int = 0) -> Mapping[int, tuple[int, ...]]:
    """For some parameters, those that were drawn alike, the most alike first; parameters without any are left out.

    Two are alike if the distribution of one in classes of the other moves by more than it does for the likeliest of as
    many independent ones (the PAWN index of one by the other, above its floor), and by more than `STRONG`. That happens
    by design where a scenario correlates them, and by accident in the first draws of a Sobol' sequence of hundreds of
    dimensions: pairs of coordinates are spread evenly only once there are many.

    Args:
        points: (n, P) values or quantiles.
        columns: parameters that are asked about.
        seed: of the floor.
    """
    n, P = points.shape
    most = few(n)
    ranks = np.argsort(np.argsort(points, axis=0, kind="stable"), axis=0, kind="stable").astype(float)
    asked = list(dict.fromkeys(columns))
    if not asked or P < 2:
        return {}
    least = max(STRONG, floor(mean_distance, np.arange(n, dtype=float), most, P, seed=seed))
    found = {}
    for p in asked:
        labels = classes(points[:, p], most)
        if labels.max() == 0:
            continue
        distance = np.array([0.0 if q == p else mean_distance(labels, ranks[:, q]) for q in range(P)])
        others = [int(q) for q in np.argsort(-distance, kind="stable") if distance[q] > least]
        if others:
            found[p] = tuple(others)
    return found
