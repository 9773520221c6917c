"""GMRES with classical Gram-Schmidt, repeated where needed: BLAS instead of a loop over the basis.

Saad and Schultz (1986), SIAM J. Sci. Stat. Comput. 7. SciPy's own orthogonalises one vector at a time in Python, which
was seen to cost ten times as much as the products with the Jacobian that it serves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[Any]
"""In single or double precision, in which everything is then computed."""

TWICE = 0.1
"""Orthogonalise again where a vector shrinks by more than this; Daniel et al. (1976) ask for more than we need."""


def gmres(
    operator: Callable[[Vector], Vector], rhs: Vector, *, rtol: float, restart: int = 40, cycles: int = 8
) -> tuple[Vector, bool]:
    """x with |operator(x) - rhs| <= rtol |rhs| (2-norms), and whether that was reached (within a factor of two)."""
    solution, left, size = np.zeros_like(rhs), rhs, float(np.linalg.norm(rhs))
    goal = rtol * size
    for _ in range(cycles):
        if size <= goal or size == 0:
            return solution, True
        step = _cycle(operator, left, size, goal, restart)
        if step is None:
            return solution, False
        solution = solution + step
        left = rhs - operator(solution)
        before, size = size, float(np.linalg.norm(left))
        if not size < 0.999 * before:
            break
    # The residual of the recursion may promise a little more than the true one keeps.
    return solution, size <= 2 * goal


def _cycle(operator: Callable[[Vector], Vector], rhs: Vector, size: float, goal: float, restart: int) -> Vector | None:
    """The best correction in the Krylov space of up to `restart` dimensions; None at a breakdown."""
    basis = np.empty((restart + 1, rhs.size), rhs.dtype)
    triangle, turned = np.zeros((restart, restart)), np.zeros(restart + 1)
    rotations: list[tuple[float, float]] = []
    basis[0], turned[0] = rhs / size, size
    for k in range(restart):
        vector, known = operator(basis[k]), basis[: k + 1]
        shares = known @ vector
        before, vector = float(np.linalg.norm(vector)), vector - shares @ known
        column, norm = shares.astype(float), float(np.linalg.norm(vector))
        if norm < TWICE * before:
            again = known @ vector
            vector -= again @ known
            column += again
            norm = float(np.linalg.norm(vector))
        for j, (cosine, sine) in enumerate(rotations):
            column[j], column[j + 1] = (
                cosine * column[j] + sine * column[j + 1],
                cosine * column[j + 1] - sine * column[j],
            )
        length = float(np.hypot(column[k], norm))
        if not np.isfinite(length) or length == 0:
            return None
        rotations.append((column[k] / length, norm / length))
        column[k] = length
        triangle[: k + 1, k] = column
        turned[k], turned[k + 1] = turned[k] * rotations[k][0], -turned[k] * rotations[k][1]
        if abs(turned[k + 1]) <= goal or norm == 0:
            break
        basis[k + 1] = vector / norm
    weights = np.linalg.solve(triangle[: k + 1, : k + 1], turned[: k + 1])
    correction: Vector = weights.astype(basis.dtype) @ basis[: k + 1]
    return correction
