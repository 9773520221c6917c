"""Premises in units of their own uncertainty: how far a value lies from the scenario's, in standard deviations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from equipoise.deciding.classes import Floats

REACH = 3.0
"""Normal scores beyond this are not plausible: 1 in 740 on either side."""
_STEP = 1e-4
"""Of the normal score, for slopes."""


class Distribution(Protocol):
    """What is known of a parameter."""

    def quantile(self, u: ArrayLike) -> Floats:
        """The value below which a share u of the weight lies."""

    def cdf(self, x: ArrayLike) -> Floats:
        """The share of the weight at or below x."""


@dataclass(frozen=True, eq=False)
class Premises:
    """P parameters with what is known of each; z = Phi^-1(F(theta)) is a parameter's normal score."""

    names: tuple[str, ...]
    own: Floats
    """(P,) the scenario's own values."""
    distributions: Sequence[Distribution]
    """(P,)"""
    correlation: Floats | None = None
    """(P, P) of the normal scores; None if they are independent."""
    least: Floats | None = None
    greatest: Floats | None = None
    """(P,) values that orderings leave open while the others stay; None if nothing is ordered."""

    @cached_property
    def start(self) -> Floats:
        """(P,) normal scores of the scenario's own values, at most `REACH` in size."""
        levels = np.array([float(each.cdf(own)) for each, own in zip(self.distributions, self.own, strict=True)])
        return np.asarray(np.clip(ndtri(levels), -REACH, REACH))

    @cached_property
    def low(self) -> Floats:
        """(P,) least plausible scores."""
        return np.minimum(self._scores(self.least, -REACH), self.start)

    @cached_property
    def high(self) -> Floats:
        """(P,) greatest plausible scores."""
        return np.maximum(self._scores(self.greatest, REACH), self.start)

    @cached_property
    def metric(self) -> Floats:
        """(P, P) the inverse of the correlations."""
        P = len(self.names)
        return np.eye(P) if self.correlation is None else np.asarray(np.linalg.inv(self.correlation))

    def values(self, scores: Floats) -> Floats:
        """(P,) parameters at normal scores (P,); what has not moved keeps the scenario's own value."""
        found = self.own.copy()
        for p in map(int, np.flatnonzero(scores != self.start)):
            found[p] = self.distributions[p].quantile(ndtr(scores[p]))
        return found

    def slopes(self, scores: Floats) -> Floats:
        """(P,) d theta / d z there, by central differences."""
        above, below = ndtr(scores + _STEP), ndtr(scores - _STEP)
        pairs = zip(self.distributions, below, above, strict=True)
        return np.array([float(each.quantile(to) - each.quantile(at)) for each, at, to in pairs]) / (2 * _STEP)

    def distance(self, scores: Floats) -> float:
        """Mahalanobis distance from the scenario's own values, in standard deviations."""
        moved = scores - self.start
        return math.sqrt(max(0.0, float(moved @ self.metric @ moved)))

    def _scores(self, values: Floats | None, otherwise: float) -> Floats:
        if values is None:
            return np.full(len(self.names), otherwise)
        levels = [float(each.cdf(value)) for each, value in zip(self.distributions, values, strict=True)]
        return np.asarray(np.clip(ndtri(np.array(levels)), -REACH, REACH))
