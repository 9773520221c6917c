"""Data sets in which something happens in a corner, for scenario discovery."""

from __future__ import annotations

import numpy as np


def corner(seed: int, n: int = 500, parameters: int = 5) -> tuple[np.ndarray, np.ndarray, tuple[int, ...]]:
    """Certain where the first is high and the second low."""
    points = np.random.default_rng(seed).random((n, parameters))
    return points, (points[:, 0] > 0.6) & (points[:, 1] < 0.4), ()


def noisy(seed: int, n: int = 800, parameters: int = 20) -> tuple[np.ndarray, np.ndarray, tuple[int, ...]]:
    """Likely in a band of the fourth and a corner of the eighth, now and then elsewhere."""
    random = np.random.default_rng(seed)
    points = random.random((n, parameters))
    chance = np.where((abs(points[:, 3] - 0.55) < 0.25) & (points[:, 7] > 0.5), 0.8, 0.1)
    return points, random.random(n) < chance, ()


def mixed(seed: int, n: int = 600) -> tuple[np.ndarray, np.ndarray, tuple[int, ...]]:
    """With two columns of categories, of which one matters."""
    random = np.random.default_rng(seed)
    points = random.random((n, 6))
    points[:, 2], points[:, 5] = random.integers(0, 4, n), random.integers(0, 3, n)
    chance = np.where((points[:, 0] > 0.5) & np.isin(points[:, 2], [1, 3]), 0.7, 0.12)
    return points, random.random(n) < chance, (2, 5)


def stepped(seed: int, n: int = 700) -> tuple[np.ndarray, np.ndarray, tuple[int, ...]]:
    """Values on a coarse grid, so that many are equal."""
    random = np.random.default_rng(seed)
    points = np.round(random.random((n, 4)) * 10) / 10
    chance = np.where((points[:, 1] >= 0.7) & (points[:, 3] <= 0.5), 0.75, 0.15)
    return points, random.random(n) < chance, ()


def skewed(seed: int, n: int = 1000) -> tuple[np.ndarray, np.ndarray, tuple[int, ...]]:
    """Log-normal values, and a sloping edge instead of a corner."""
    random = np.random.default_rng(seed)
    points = np.exp(random.standard_normal((n, 7)))
    return points, points[:, 1] * points[:, 4] > 2.5, ()


DATA_SETS = {make.__name__: make for make in (corner, noisy, mixed, stepped, skewed)}
SEEDS = (1, 2, 3)
