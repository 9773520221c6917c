"""Functions whose sensitivity indices are known in closed form."""

from __future__ import annotations

import numpy as np


def ishigami(quantiles: np.ndarray) -> np.ndarray:
    """sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 with x uniform in [-pi, pi]; further columns do nothing."""
    x = np.pi * (2 * quantiles - 1)
    return np.sin(x[..., 0]) + 7 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])


ISHIGAMI_FIRST = (0.31390519, 0.44241114, 0.0)
ISHIGAMI_TOTAL = (0.55758886, 0.44241114, 0.24368366)
"""Closed forms: V1 = (1 + 0.1 pi^4 / 5)^2 / 2, V2 = 49 / 8, V13 = 0.01 pi^8 (1/18 - 1/50) over their sum."""

G = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0])


def g_function(quantiles: np.ndarray) -> np.ndarray:
    """Sobol' g: product of (|4 q - 2| + a) / (1 + a)."""
    return np.prod((np.abs(4 * quantiles[..., : len(G)] - 2) + G) / (1 + G), axis=-1)


def g_indices() -> tuple[np.ndarray, np.ndarray]:
    """First-order and total indices of the g function."""
    own = 1 / (3 * (1 + G) ** 2)
    whole = np.prod(1 + own) - 1
    return own / whole, own * np.prod(1 + own) / (1 + own) / whole
