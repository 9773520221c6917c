"""Is every bound of a box needed, or is it chance? Quasi-p-values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import bdtrc

from equipoise.deciding.classes import Floats
from equipoise.deciding.prim import Box, Limit, Mask


def quasi_p(box: Box, points: Floats, interest: Mask, whole: Box) -> dict[Limit, float]:
    """For every bound of a box, the chance of its hits or more, were they as dense as in the box without that bound.

    With k of m draws inside of interest and q their share in the box without the bound, P(Binomial(m, q) >= k): a
    one-sided test, quasi because the bound was chosen on the same draws (Bryant and Lempert 2010).
    """
    limits = box.limits(whole)
    return dict(zip(limits, _tails(_outside(limits, box, points), interest), strict=True))


def significant(box: Box, points: Floats, interest: Mask, whole: Box, alpha: float) -> Box:
    """The box without the bounds whose quasi-p-value is above alpha, dropped one by one, the greatest first."""
    limits = box.limits(whole)
    outside = _outside(limits, box, points)
    while limits:
        values = _tails(outside, interest)
        worst = int(np.argmax(values))
        if values[worst] <= alpha:
            break
        box = without(box, whole, limits.pop(worst))
        outside = np.delete(outside, worst, axis=1)
    return box


def without(box: Box, whole: Box, limit: Limit) -> Box:
    """The box without one of its bounds."""
    p, end = limit
    if not end:
        return replace(box, kept={**box.kept, p: whole.kept[p]})
    return box.bounded(p, end, getattr(whole, end)[p])


def _outside(limits: list[Limit], box: Box, points: Floats) -> Mask:
    """(n, L) which draws each bound keeps out."""
    outside = np.zeros((len(points), len(limits)), bool)
    for k, (p, end) in enumerate(limits):
        own = points[:, p]
        if end == "low":
            outside[:, k] = own < box.low[p]
        elif end == "high":
            outside[:, k] = own > box.high[p]
        else:
            outside[:, k] = ~np.isin(own, list(box.kept[p]))
    return outside


def _tails(outside: Mask, interest: Mask) -> list[float]:
    """P(Binomial(m, q) >= k) for every bound."""
    faults = outside.sum(axis=1)
    inside, alone = faults == 0, outside & (faults == 1)[:, None]
    m, k = int(inside.sum()), int((inside & interest).sum())
    wider, hits = m + alone.sum(axis=0), k + (alone & interest[:, None]).sum(axis=0)
    return [1.0 if k == 0 else float(bdtrc(k - 1, m, hit / all_)) for hit, all_ in zip(hits, wider, strict=True)]
