"""Points of the unit cube, each a function of its number alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

Floats = NDArray[np.float64]

BITS = 30
"""Binary digits of a coordinate of a Sobol' point; there are 2^BITS points."""
LEVELS = 4
"""Levels of a coordinate in Morris' design."""


def sobol(dimensions: int, seed: int, first: int, last: int) -> Floats:
    """(last - first, dimensions) points first .. last - 1 of the scrambled Sobol' sequence of a seed.

    Linear matrix scrambling with a digital shift (Matousek 1998), direction numbers of Joe and Kuo (2008), as SciPy has
    them; half of the last digit is added, so that no coordinate is ever 0.
    """
    engine = qmc.Sobol(dimensions, scramble=True, bits=BITS, rng=np.random.default_rng([seed, dimensions]))
    parts = []
    if first > 0:
        engine.fast_forward(first)
    elif last > 0:
        # SciPy warns of a first batch that is no power of 2; a sequence that goes on need not be one.
        parts.append(engine.random(1))
        first = 1
    if last > first:
        parts.append(engine.random(last - first))
    points = np.concatenate(parts) if parts else np.empty((0, dimensions))
    return np.asarray(points + 0.5 ** (BITS + 1))


def latin(dimensions: int, seed: int, count: int) -> Floats:
    """(count, dimensions) a Latin hypercube (McKay, Beckman and Conover 1979).

    Every coordinate has one point in each of count equal intervals, at a random place in it.
    """
    points = qmc.LatinHypercube(dimensions, rng=np.random.default_rng([seed, dimensions])).random(count)
    return np.asarray(np.clip(points, 0.5 ** (BITS + 1), 1 - 0.5 ** (BITS + 1)))


def saltelli(dimensions: int, seed: int, first: int, last: int) -> Floats:
    """Rows first .. last - 1 of Saltelli's design (Saltelli et al. 2010), in blocks of dimensions + 2.

    Point k of a Sobol' sequence of twice the dimensions is cut in two halves a and b. Block k holds a, then for every
    coordinate i the row that is a but has coordinate i of b (AB_i), then b.
    """
    size = dimensions + 2
    base = first // size
    halves = sobol(2 * dimensions, seed, base, -(-last // size))
    rows = np.arange(first, last)
    a, b = np.split(halves[rows // size - base], 2, axis=1)
    at = rows % size
    exchanged = (at[:, None] - 1 == np.arange(dimensions)) | (at == size - 1)[:, None]
    return np.asarray(np.where(exchanged, b, a))


def morris(dimensions: int, seed: int, first: int, last: int) -> Floats:
    """Rows first .. last - 1 of Morris' design (Morris 1991), in trajectories of dimensions + 1 rows.

    The levels of a coordinate are the middles of `LEVELS` equal intervals. A trajectory begins at a random point of
    that grid, and from row to row one coordinate, each once and in random order, moves by half the unit interval.
    """
    size = dimensions + 1
    trajectories = range(first // size, -(-last // size))
    grid = [_trajectory(dimensions, np.random.default_rng([seed, dimensions, t])) for t in trajectories]
    rows = np.concatenate(grid) if grid else np.empty((0, dimensions))
    return rows[first - trajectories.start * size :][: last - first]


def _trajectory(dimensions: int, rng: np.random.Generator) -> Floats:
    begin = rng.integers(LEVELS, size=dimensions)
    step = np.where(begin < LEVELS // 2, LEVELS // 2, -(LEVELS // 2))
    turn = np.empty(dimensions, int)
    turn[rng.permutation(dimensions)] = np.arange(dimensions)
    moved = turn < np.arange(dimensions + 1)[:, None]
    return np.asarray((begin + step * moved + 0.5) / LEVELS)
