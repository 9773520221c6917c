"""Scenario discovery: where in the space of parameters a verdict changes, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from equipoise.deciding.bounds import quasi_p, significant
from equipoise.deciding.classes import Floats
from equipoise.deciding.prim import Box, Limit, Mask, Step, enclosing, prim, step
from equipoise.deciding.screening import Screen

ALPHA = 0.05
"""Quasi-p-value above which a bound is dropped; chance of a finding where there is nothing to find."""
CONDITIONS = 3
"""Most parameters that a finding may speak of."""
SCREENED = 8
"""Most parameters that are searched."""
PERMUTATIONS = 59
_EXCEEDED = 3
"""Permutations as good as the data after which nothing more is needed to say: chance."""


@dataclass(frozen=True, eq=False)
class Discovery:
    """The box in which something of interest is most of what happens."""

    found: Step | None
    """None if nothing better than chance was found."""
    quasi_p: dict[Limit, float]
    """Of every bound: chance of so many hits inside if the bound made no difference."""
    p: float
    """Share of permuted data in which as good a box was found, the data themselves among them."""
    held_out: Step | None
    """How boxes found in each half of the draws do in the other half, together."""
    whole: Step
    """All draws."""
    trajectory: tuple[Step, ...]
    """Boxes of the search that led to what was found, from all draws inward."""


def discover(
    points: Floats, interest: Mask, *, categories: Collection[int] = (), seed: int = 0, permutations: int = PERMUTATIONS
) -> Discovery | None:
    """The box that best sets the draws of interest apart, by a rule; None if there is nothing to set apart.

    1. The `SCREENED` parameters that differ most between draws of interest and others are searched (`screening`).
    2. `prim.prim` is run on each of them alone, then on the best one with each of the others, then on the best two
       with each of the rest, up to `CONDITIONS` parameters: PRIM over many parameters at once takes a little off each
       of them by chance (Kwakkel 2019 runs it on subsets for that reason).
    3. Of every trajectory the box with the greatest `merit` is taken, and loses, worst first, every bound whose
       quasi-p-value is above `ALPHA` (one-sided binomial test against the box without it; Bryant and Lempert 2010).
       The box with the greatest merit then is the finding, fewer parameters being preferred where it is the same.
    4. All of this is done anew with the interest permuted over the draws. p is the share of permutations, the data
       themselves counted, in which the merit is as great; at p > `ALPHA` nothing is found. Permutations end early once
       p is certain to be above (Besag and Clifford 1991).

    Args:
        points: (n, P) values; categories as numbers.
        interest: (n,).
        categories: columns that are categories.
        seed: of permutations and halves.
        permutations: at most.

    Raises:
        ValueError: as `prim.prim`.
    """
    if interest.sum() < 2 or (~interest).sum() < 2:
        return None
    screen = Screen(points, categories)
    best, path = _search(points, interest, screen)
    random = np.random.default_rng(seed)
    exceeded = tried = 0
    while best is not None and tried < permutations and exceeded < _EXCEEDED:
        shuffled = interest[random.permutation(len(interest))]
        other = _search(points, shuffled, screen)[0]
        exceeded += other is not None and _merit(other, path[0]) >= _merit(best, path[0])
        tried += 1
    # With as many exceeded as end the trials, their share is what is to be told, not one more of one more.
    p = 1.0 if best is None else exceeded / tried if exceeded == _EXCEEDED else (exceeded + 1) / (tried + 1)
    if best is None or p > ALPHA:
        return Discovery(None, {}, p, None, path[0], path)
    held = _held_out(points, interest, categories, random)
    return Discovery(best, quasi_p(best.box, points, interest, path[0].box), p, held, path[0], path)


def merit(coverage: float, density: float, overall: float) -> float:
    """coverage * (density - overall) / (1 - overall): 1 for a box with all draws of interest and no others, 0 for all.

    The second factor is the certainty gained, of the certainty that was lacking (the certainty factor of rules).
    """
    return coverage * (density - overall) / (1 - overall)


def _search(points: Floats, interest: Mask, screen: Screen) -> tuple[Step | None, tuple[Step, ...]]:
    """The best box, None if none is better than all draws; the trajectory that led to it."""
    columns = screen.foremost(interest, SCREENED)
    whole = enclosing(points, screen.categories)
    best = step(whole, points, interest, whole)
    path: tuple[Step, ...] = (best,)
    taken: tuple[int, ...] = ()
    for _ in range(CONDITIONS):
        found = [_along((*taken, p), points, interest, screen.categories, whole) for p in columns if p not in taken]
        if not found:
            break
        longer, trajectory = max(found, key=lambda one: _merit(one[0], path[0]))
        if _merit(longer, path[0]) <= _merit(best, path[0]):
            break
        best, path = longer, trajectory
        taken = tuple(longer.box.restricted(whole))
    return (best if best.dimensions else None), path


def _along(
    columns: tuple[int, ...], points: Floats, interest: Mask, categories: Collection[int], whole: Box
) -> tuple[Step, tuple[Step, ...]]:
    """The best box over some parameters, without bounds that may be chance, and the trajectory that led to it."""
    own = points[:, columns]
    path = prim(own, interest, categories=[k for k, p in enumerate(columns) if p in categories], persistent=True)
    best = max(path, key=lambda one: _merit(one, path[0]))
    kept = significant(best.box, own, interest, path[0].box, ALPHA)
    spread = tuple(replace(one, box=_spread(one.box, columns, whole)) for one in path)
    return step(_spread(kept, columns, whole), points, interest, whole), spread


def _held_out(points: Floats, interest: Mask, categories: Collection[int], random: np.random.Generator) -> Step | None:
    """Boxes found in one half of the draws, tried in the other; a half without a finding takes every draw."""
    half = np.zeros(len(interest), bool)
    half[random.permutation(len(interest))[: len(interest) // 2]] = True
    draws = hits = dimensions = 0
    for part in (half, ~half):
        if interest[part].sum() < 2 or (~interest[part]).sum() < 2:
            return None
        whole = enclosing(points[part], categories)
        box = _search(points[part], interest[part], Screen(points[part], categories))[0]
        inside = ~part if box is None else ~part & box.box.unbounded(whole).inside(points)
        draws, hits = draws + int(inside.sum()), hits + int((inside & interest).sum())
        dimensions = max(dimensions, 0 if box is None else box.dimensions)
    return Step(whole, draws, hits, hits / int(interest.sum()), hits / max(draws, 1), dimensions)


def _spread(box: Box, columns: tuple[int, ...], whole: Box) -> Box:
    """A box over some columns as one over all of them."""
    low, high = whole.low.copy(), whole.high.copy()
    low[list(columns)], high[list(columns)] = box.low, box.high
    return Box(low, high, {**whole.kept, **{columns[k]: values for k, values in box.kept.items()}})


def _merit(one: Step, whole: Step) -> float:
    return merit(one.coverage, one.density, whole.density)
