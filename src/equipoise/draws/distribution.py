"""The distribution of a parameter: its prior, or its range read as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from equipoise.errors import Problem, ScenarioError
from equipoise.scenario.models import Parameter
from equipoise.scenario.priors import LEVELS, ExpertQuantiles, LogNormal, Possibility, named_quantiles

Floats = NDArray[np.float64]

LEAST_MASS = 1e-6
"""A range that leaves a prior less of its weight than this contradicts it."""


class Base(Protocol):
    """What is asked of a distribution; SciPy's frozen ones have it."""

    def cdf(self, x: Any) -> Any:
        """P(X <= x)."""

    def sf(self, x: Any) -> Any:
        """P(X > x)."""

    def ppf(self, q: Any) -> Any:
        """The inverse of `cdf`."""

    def isf(self, q: Any) -> Any:
        """The inverse of `sf`."""


@dataclass(frozen=True)
class Distribution:
    """A distribution F, cut off at low and high: P(X <= x) = (F(x) - F(low)) / (F(high) - F(low))."""

    base: Base
    """F before it is cut off."""
    low: float
    """Least admissible value."""
    high: float
    """Greatest admissible value."""
    below: float
    """F's weight below low."""
    above: float
    """F's weight above high."""

    def quantile(self, u: ArrayLike) -> Floats:
        """The value below which a share u of the weight lies, for u in (0, 1), of any shape.

        Reckoned from whichever tail is the nearer, so that no digits are lost far out.
        """
        u = np.asarray(u, float)
        mass = 1 - self.below - self.above
        if self.below <= self.above:
            values = self.base.ppf(self.below + u * mass)
        else:
            values = self.base.isf(self.above + (1 - u) * mass)
        return np.asarray(np.clip(values, self.low, self.high))

    def cdf(self, x: ArrayLike) -> Floats:
        """The share of the weight at or below x, of any shape."""
        x = np.asarray(x, float)
        mass = 1 - self.below - self.above
        if self.below <= self.above:
            share = (self.base.cdf(x) - self.below) / mass
        else:
            share = 1 - (self.base.sf(x) - self.above) / mass
        return np.asarray(np.where(x >= self.high, 1.0, np.where(x < self.low, 0.0, np.clip(share, 0, 1))))


def distribution(name: str, parameter: Parameter) -> Distribution:
    """What is known of a parameter that varies, as a distribution.

    A range by itself is read as log-uniform if its least value is above 0, as uniform otherwise; beside a prior it cuts
    the prior off. A normal prior is cut off at 0 too.

    Raises:
        ScenarioError: a range leaves nothing of the prior. Its path is that of the prior.
    """
    low, high = parameter.support
    base = _base(parameter)
    if parameter.prior is not None and parameter.prior.discrete is not None:
        return Distribution(base, low, high, 0.0, 0.0)
    below, above = float(base.cdf(low)), float(base.sf(high))
    mass = 1 - below - above
    if mass < LEAST_MASS:
        found = f"a prior with almost no weight between {low:g} and {high:g}, which its range admits"
        raise ScenarioError([Problem(found, "a prior that fits its range", ("parameters", name, "prior"))])
    return Distribution(base, low, high, below, above)


def _base(parameter: Parameter) -> Base:
    """The distribution before it is cut off."""
    prior = parameter.prior
    if prior is None:
        low, high = parameter.support
        return _between(low, high, logs=low > 0)
    if prior.uniform is not None:
        return _between(prior.uniform.low, prior.uniform.high, logs=False)
    if prior.loguniform is not None:
        return _between(prior.loguniform.low, prior.loguniform.high, logs=True)
    if prior.lognormal is not None:
        return _lognormal(prior.lognormal)
    if prior.triangular is not None:
        ends = prior.triangular
        width = ends.high - ends.low
        return _frozen(stats.triang((ends.mode - ends.low) / width, loc=ends.low, scale=width))
    if prior.normal is not None:
        return _frozen(stats.norm(prior.normal.mean, prior.normal.sd))
    if prior.gamma is not None:
        return _frozen(stats.gamma(prior.gamma.events + 0.5, scale=1 / prior.gamma.years))
    if prior.beta is not None:
        return _frozen(stats.beta(prior.beta.successes + 0.5, prior.beta.failures + 0.5))
    if prior.discrete is not None:
        return _discrete(prior.discrete)
    assert prior.quantiles is not None  # a prior has exactly one form
    return _elicited(prior.quantiles)


def _frozen(frozen: Any) -> Base:
    base: Base = frozen
    return base


def _between(low: float, high: float, *, logs: bool) -> Base:
    return _frozen(stats.loguniform(low, high) if logs else stats.uniform(low, high - low))


def _lognormal(told: LogNormal) -> Base:
    """log X is normal with the two quantiles that are told."""
    (a, x), (b, y) = ((stats.norm.ppf(LEVELS[name]), np.log(value)) for name, value in named_quantiles(told).items())
    sd = (y - x) / (b - a)
    return _frozen(stats.lognorm(sd, scale=float(np.exp(x - a * sd))))


def _discrete(possible: tuple[Possibility, ...]) -> Base:
    weight: dict[float, float] = {}
    for one in possible:
        weight[one.value] = weight.get(one.value, 0.0) + one.weight
    values = np.array(sorted(weight))
    shares = np.array([weight[value] for value in values.tolist()])
    return Discrete(values, np.cumsum(shares) / shares.sum())


def _elicited(told: ExpertQuantiles) -> Base:
    given = named_quantiles(told)
    return Elicited(np.array([LEVELS[name] for name in given]), np.array(list(given.values())), logs=told.least > 0)


@dataclass(frozen=True, eq=False)
class Discrete:
    """Several values, each with a share of the weight."""

    values: Floats
    """(V,) from least to greatest."""
    cumulated: Floats
    """(V,) share of the weight at or below each."""

    def ppf(self, q: Any) -> Floats:
        """The least value at or below which a share q lies."""
        at = np.searchsorted(self.cumulated, np.asarray(q, float), side="left")
        return np.asarray(self.values[np.minimum(at, self.values.size - 1)])

    def isf(self, q: Any) -> Floats:
        """The least value above which at most a share q lies."""
        return self.ppf(1 - np.asarray(q, float))

    def cdf(self, x: Any) -> Floats:
        """Share at or below x."""
        return np.asarray(np.concatenate([[0.0], self.cumulated])[np.searchsorted(self.values, x, side="right")])

    def sf(self, x: Any) -> Floats:
        """Share above x."""
        return 1 - self.cdf(x)


@dataclass(frozen=True, eq=False)
class Elicited:
    """The distribution of minimal information that has some quantiles: between two of them it is uniform.

    Uniform in the value, or in its logarithm (Cooke 1991, Experts in Uncertainty).
    """

    levels: Floats
    """(Q,) from 0 to 1."""
    values: Floats
    """(Q,) rising."""
    logs: bool
    """Whether in the logarithm."""

    def ppf(self, q: Any) -> Floats:
        """Piecewise linear in q, or log-linear."""
        values = np.interp(q, self.levels, np.log(self.values) if self.logs else self.values)
        return np.asarray(np.exp(values) if self.logs else values)

    def isf(self, q: Any) -> Floats:
        """`ppf` from above."""
        return self.ppf(1 - np.asarray(q, float))

    def cdf(self, x: Any) -> Floats:
        """The inverse of `ppf`."""
        x = np.clip(x, self.values[0], self.values[-1])
        if self.logs:
            return np.asarray(np.interp(np.log(x), np.log(self.values), self.levels))
        return np.asarray(np.interp(x, self.values, self.levels))

    def sf(self, x: Any) -> Floats:
        """Share above x."""
        return 1 - self.cdf(x)
