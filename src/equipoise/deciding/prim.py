"""The patient rule induction method: a box of parameter values in which something happens unusually often.

Friedman and Fisher (1999), in the lenient form of the established programs for scenario discovery (Bryant and Lempert
2010; Kwakkel and Jaxa-Rozen 2016): a step is as good as it raises the share per draw that it costs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from equipoise.deciding.classes import Floats

Mask = NDArray[np.bool_]
PEEL = 0.05
"""Share of the draws inside that a peel takes off."""
PASTE = 0.05
"""Share of the draws beside that a paste puts back."""
LEAST = 0.05
"""Least share of all draws that a box may hold."""
Limit = tuple[int, str]
"""One bound: a column, and `low`, `high`, or the empty text for categories."""


@dataclass(frozen=True, eq=False)
class Box:
    """Bounds on parameters, ends included, and the categories that are let in."""

    low: Floats
    """(P,) least values; of no meaning for categories."""
    high: Floats
    """(P,) greatest values."""
    kept: Mapping[int, frozenset[float]] = field(default_factory=dict)
    """For each column of categories those that are inside."""

    def inside(self, points: Floats) -> Mask:
        """(n,) which points lie in it."""
        numeric = [p for p in range(points.shape[1]) if p not in self.kept]
        own = points[:, numeric]
        mask = np.asarray(((own >= self.low[numeric]) & (own <= self.high[numeric])).all(axis=1))
        for column, values in self.kept.items():
            mask &= np.isin(points[:, column], list(values))
        return mask

    def restricted(self, whole: Box) -> list[int]:
        """Columns on which it is narrower than the whole."""
        bounded = (self.low != whole.low) | (self.high != whole.high)
        bounded[[p for p in self.kept if self.kept[p] != whole.kept[p]]] = True
        return [int(p) for p in np.flatnonzero(bounded)]

    def limits(self, whole: Box) -> list[Limit]:
        """Every bound that it has and the whole has not."""
        ends = [(p, end) for p in self.restricted(whole) for end in ([""] if p in self.kept else ["low", "high"])]
        return [(p, end) for p, end in ends if not end or getattr(self, end)[p] != getattr(whole, end)[p]]

    def bounded(self, p: int, end: str, bound: float) -> Box:
        """The same box with its `low` or `high` end of one column elsewhere."""
        bounds = getattr(self, end).copy()
        bounds[p] = bound
        return replace(self, **{end: bounds})

    def unbounded(self, whole: Box) -> Box:
        """The same box, open to infinity, and to every category, wherever it is as wide as the whole."""
        low = np.where(self.low == whole.low, -np.inf, self.low)
        high = np.where(self.high == whole.high, np.inf, self.high)
        return Box(low, high, {p: self.kept[p] for p in self.kept if self.kept[p] != whole.kept[p]})


@dataclass(frozen=True)
class Step:
    """A box on the way, and how it does."""

    box: Box
    draws: int
    """Draws inside."""
    hits: int
    """Those of interest among them."""
    coverage: float
    """Share of all draws of interest that lie inside."""
    density: float
    """Share of the draws inside that are of interest."""
    dimensions: int
    """Parameters on which the box is bounded."""


def prim(
    points: Floats,
    interest: Mask,
    *,
    categories: Collection[int] = (),
    peel: float = PEEL,
    paste: float = PASTE,
    least: float = LEAST,
    persistent: bool = False,
) -> tuple[Step, ...]:
    """The trajectory of boxes, from the one that holds all draws through every peel and then every paste.

    Peeling: of all candidates (a bound at the `peel` quantile of the values inside, below or above; one category less)
    take the one with the greatest (density' - density) / (draws - draws'), ties going to fewer bounded parameters, as
    long as that is positive and the box keeps a share `least` of all draws. Pasting: likewise outward, as long as the
    density rises. The established programs stop peeling where no candidate raises the density, and so before a corner
    whose surroundings happen to be dense at their own edge; with `persistent` peeling goes on to the least share, as
    Friedman and Fisher have it, and the trajectory is what is chosen from.

    Args:
        points: (n, P), finite; categories as numbers.
        interest: (n,) what the box should be full of.
        categories: columns that are categories.
        peel, paste, least: shares between 0 and 1.
        persistent: whether to peel on where the density falls.

    Raises:
        ValueError: shapes do not fit, a point is not finite, or nothing or everything is of interest.
    """
    if points.ndim != 2 or interest.shape != points.shape[:1]:
        raise ValueError(f"points {points.shape} and draws of interest {interest.shape} do not belong together")
    if not np.isfinite(points).all():
        raise ValueError("a point is not finite; leave out the draws that failed")
    if not interest.any() or interest.all():
        raise ValueError("nothing sets some draws apart: all of them are of interest, or none")
    whole = enclosing(points, categories)
    path = [step(whole, points, interest, whole)]
    for candidates, share, worst in ((_peels, peel, -np.inf if persistent else 0.0), (_pastes, paste, 0.0)):
        while True:
            found = _best(candidates(path[-1].box, whole, points, interest, share), path[-1], whole, worst)
            if found is None or found.draws / len(interest) < least:
                break
            path.append(_step(found.box, found.draws, found.hits, path[0].hits, whole))
    return tuple(path)


def enclosing(points: Floats, categories: Collection[int] = ()) -> Box:
    """The smallest box that holds every point."""
    kept = {p: frozenset(np.unique(points[:, p]).tolist()) for p in sorted(categories)}
    low, high = points.min(axis=0), points.max(axis=0)
    low[list(kept)] = high[list(kept)] = 0.0
    return Box(low, high, kept)


def step(box: Box, points: Floats, interest: Mask, whole: Box) -> Step:
    """How a box does."""
    inside = box.inside(points)
    return _step(box, int(inside.sum()), int((inside & interest).sum()), int(interest.sum()), whole)


def _step(box: Box, draws: int, hits: int, all_hits: int, whole: Box) -> Step:
    return Step(box, draws, hits, hits / all_hits, hits / max(draws, 1), len(box.restricted(whole)))


@dataclass(frozen=True)
class _Candidate:
    box: Box
    draws: int
    hits: int


def _best(candidates: Iterator[_Candidate], now: Step, whole: Box, worst: float) -> _Candidate | None:
    """The candidate with the greatest rise of density per draw; None if that is no more than the worst to be taken."""
    best, best_score = None, (worst, 0)
    for candidate in candidates:
        density = candidate.hits / candidate.draws if candidate.draws else 0.0
        changed = abs(now.draws - candidate.draws)
        gain = (density - now.density) / changed if changed else worst
        if gain <= worst or gain < best_score[0]:
            continue
        score = (gain, -len(candidate.box.restricted(whole)))
        if best is None or score > best_score:
            best, best_score = candidate, score
    return best


def _peels(box: Box, whole: Box, points: Floats, interest: Mask, share: float) -> Iterator[_Candidate]:
    inside = box.inside(points)
    own, hits = points[inside], interest[inside].astype(float)
    numeric = [p for p in range(points.shape[1]) if p not in box.kept]
    ordered = np.sort(own[:, numeric], axis=0)
    high, low = _quantiles(ordered, 1 - share), _quantiles(ordered, share)
    below, above = own[:, numeric] <= high, own[:, numeric] >= low
    counts = [(kept.sum(axis=0), hits @ kept) for kept in (below, above)]
    for k, p in enumerate(numeric):
        for (draws, hit), end, bound in zip(counts, ("high", "low"), (high[k], low[k]), strict=True):
            yield _Candidate(box.bounded(p, end, bound), int(draws[k]), int(hit[k]))
    for p, values in box.kept.items():
        for value in sorted(values) if len(values) > 1 else ():
            kept = own[:, p] != value
            fewer = replace(box, kept={**box.kept, p: values - {value}})
            yield _Candidate(fewer, int(kept.sum()), int(hits @ kept))


def _pastes(box: Box, whole: Box, points: Floats, interest: Mask, share: float) -> Iterator[_Candidate]:
    for p in box.restricted(whole):
        if p in box.kept:
            wider = [
                replace(box, kept={**box.kept, p: box.kept[p] | {value}})
                for value in sorted(whole.kept[p] - box.kept[p])
            ]
        else:
            wider = [_widened(box, whole, points, p, end, share) for end in ("low", "high")]
        for candidate in wider:
            inside = candidate.inside(points)
            yield _Candidate(candidate, int(inside.sum()), int((inside & interest).sum()))


def _widened(box: Box, whole: Box, points: Floats, p: int, end: str, share: float) -> Box:
    """The box with a bound moved outward over a share of the draws beside it."""
    if end == "low":
        beside = box.bounded(p, "high", box.low[p]).bounded(p, "low", whole.low[p])
    else:
        beside = box.bounded(p, "low", box.high[p]).bounded(p, "high", whole.high[p])
    values = np.sort(points[beside.inside(points), p])
    if not values.size:
        return box.bounded(p, end, getattr(whole, end)[p])
    return box.bounded(p, end, _quantiles(values[:, None], 1 - share if end == "low" else share)[0])


def _quantiles(ordered: Floats, share: float) -> Floats:
    """(P,) middle between the two order statistics around a quantile of each column, moved inward past equal values."""
    at = (len(ordered) - 1) * share
    low, high = int(np.floor(at)), int(np.ceil(at))
    lower, upper = ordered[low].copy(), ordered[high].copy()
    for p in np.flatnonzero(lower == upper):
        column = ordered[:, p]
        if share > 0.5:
            lower[p] = column[max(np.searchsorted(column, upper[p]) - 1, 0)]
        else:
            upper[p] = column[min(np.searchsorted(column, lower[p], side="right"), len(column) - 1)]
    return np.asarray((lower + upper) / 2)
