"""Sensitivity from designs made for it: Sobol' indices by Saltelli's, elementary effects by Morris' trajectories."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.deciding.classes import Floats
from equipoise.deciding.sensitivity import ALPHA

_RESAMPLES = 200


@dataclass(frozen=True, eq=False)
class SobolIndices:
    """How much of the variance each parameter explains: by itself, and with all its interactions."""

    first: Floats
    first_low: Floats
    first_high: Floats
    total: Floats
    total_low: Floats
    total_high: Floats
    """(P,) each, with the ends of bootstrap intervals (95%)."""
    rows: int
    """Rows of A and B that could be used: those of which every block has a number."""


def sobol(a: Floats, b: Floats, ab: Floats, *, seed: int = 0) -> SobolIndices:
    """First-order and total Sobol' indices of a Saltelli design.

    S_i = E[f(B) (f(AB_i) - f(A))] / Var f and T_i = E[(f(A) - f(AB_i))^2] / (2 Var f) (Saltelli and others 2010), where
    AB_i is A with column i of B and f is taken less its mean over A and B. Parameters must be independent for the two
    to mean what they say. `scipy.stats.sobol_indices` computes the same, but refuses any number of rows that is no
    power of 2, and so any design of which a draw failed.

    Args:
        a: (n,) numbers at the rows of A; nan where the draw failed.
        b: (n,) at those of B.
        ab: (P, n) at those of every AB_i.
        seed: of resampling.

    Raises:
        ValueError: shapes do not fit, or fewer than two rows are complete.
    """
    if a.ndim != 1 or a.shape != b.shape or ab.shape[1:] != a.shape:
        raise ValueError(f"blocks {a.shape}, {b.shape} and {ab.shape} do not belong to one design")
    whole = np.isfinite(a) & np.isfinite(b) & np.isfinite(ab).all(axis=0)
    n = int(whole.sum())
    if n < 2:
        raise ValueError("fewer than two rows of the design have a number in every block")
    a, b, ab = a[whole], b[whole], ab[:, whole]
    random = np.random.default_rng(seed)
    found = np.array([_indices(a[k], b[k], ab[:, k]) for k in random.integers(0, n, (_RESAMPLES, n))])
    low, high = np.quantile(found, [ALPHA / 2, 1 - ALPHA / 2], axis=0)
    first, total = _indices(a, b, ab)
    return SobolIndices(first, low[0], high[0], total, low[1], high[1], n)


def blocks(numbers: Floats, parameters: int) -> tuple[Floats, Floats, Floats]:
    """The blocks A, B and AB (P, n) of the numbers of a design whose rows go A, AB_1, ..., AB_P, B, A, ...

    Rows of a block that is not complete are left out.
    """
    size = parameters + 2
    rows = numbers[: len(numbers) // size * size].reshape(-1, size)
    return rows[:, 0], rows[:, -1], rows[:, 1:-1].T


def _indices(a: Floats, b: Floats, ab: Floats) -> tuple[Floats, Floats]:
    both = np.concatenate([a, b])
    mean, variance = both.mean(), both.var()
    # What rounding leaves of a constant is no variance.
    if variance <= 1e-28 * np.abs(both).max() ** 2:
        return np.zeros(len(ab)), np.zeros(len(ab))
    return ((b - mean) * (ab - a)).mean(axis=1) / variance, ((a - ab) ** 2).mean(axis=1) / (2 * variance)


@dataclass(frozen=True, eq=False)
class Effects:
    """Elementary effects of every parameter: how much the number changes for a step, in different places."""

    mean: Floats
    size: Floats
    """(P,) mu*: mean size of the effects, in the number's unit per unit of quantile."""
    size_low: Floats
    size_high: Floats
    """(P,) ends of its bootstrap interval (95%)."""
    spread: Floats
    """(P,) sigma: their standard deviation; large against mu* if the effect is not linear, or depends on others."""
    count: Floats
    """(P,) effects that could be taken."""


def morris(quantiles: Floats, numbers: Floats, *, seed: int = 0) -> Effects:
    """Morris' (1991) elementary effects with the mean size mu* of Campolongo and others (2007).

    The effect of a step from one point to the next in a trajectory is (y' - y) / (x'_i - x_i), in units of quantile, so
    that parameters of different scales compare. Steps beside a failed draw are left out.

    Args:
        quantiles: (T (P + 1), P) trajectories below one another, in each of which one coordinate changes at a time.
        numbers: (T (P + 1),) nan where the draw failed.
        seed: of resampling.

    Raises:
        ValueError: the points are no such trajectories.
    """
    n, P = quantiles.shape
    if n % (P + 1) or n == 0 or numbers.shape != (n,):
        raise ValueError(f"{n} points of {P} parameters are no whole number of trajectories of {P + 1}")
    paths, values = quantiles.reshape(-1, P + 1, P), numbers.reshape(-1, P + 1)
    steps = np.diff(paths, axis=1)
    if ((steps != 0).sum(axis=2) != 1).any() or ((steps != 0).sum(axis=1) != 1).any():
        raise ValueError("in every trajectory each coordinate must change once, one at a time")
    moved = (steps != 0).argmax(axis=2)
    effects = np.empty((len(paths), P))
    np.put_along_axis(effects, moved, np.diff(values, axis=1) / steps.sum(axis=2), axis=1)
    return _effects(effects, np.random.default_rng(seed))


def _effects(effects: Floats, random: np.random.Generator) -> Effects:
    """From (T, P) effects, nan where there is none."""
    mean, size, spread, low, high = (np.full(effects.shape[1], np.nan) for _ in range(5))
    for p in range(effects.shape[1]):
        own = effects[np.isfinite(effects[:, p]), p]
        if own.size:
            mean[p], size[p] = own.mean(), np.abs(own).mean()
        if own.size > 1:
            spread[p] = own.std(ddof=1)
            resampled = np.abs(own)[random.integers(0, own.size, (_RESAMPLES, own.size))].mean(axis=1)
            low[p], high[p] = np.quantile(resampled, [ALPHA / 2, 1 - ALPHA / 2])
    return Effects(mean, size, low, high, spread, np.isfinite(effects).sum(axis=0).astype(float))
