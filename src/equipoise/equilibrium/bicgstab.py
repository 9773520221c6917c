"""BiCGSTAB for one right-hand side."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from equipoise.game.game import Floats


def bicgstab(product: Callable[[Floats], Floats], rhs: Floats, *, rtol: float, most: int) -> tuple[Floats, float]:
    """x with |A x - rhs| <= rtol |rhs| in the 2-norm, A known by its products, and the relative residual reached.

    Stops at the best x found after `most` steps or at a breakdown (van der Vorst 1992). Sums are formed without
    BLAS, whose threads cost more than they bring on vectors this short.
    """
    x, residual, direction = np.zeros_like(rhs), rhs.copy(), rhs.copy()
    rho = size = least = _dot(rhs, rhs)
    best = x
    for _ in range(most):
        if least <= rtol**2 * size or rho == 0:
            break
        image = product(direction)
        along = _dot(rhs, image)
        if along == 0:
            break
        alpha = rho / along
        residual = residual - alpha * image
        turned = product(residual)
        length = _dot(turned, turned)
        omega = _dot(turned, residual) / length if length > 0 else 0.0
        x = x + (alpha * direction + omega * residual)
        residual = residual - omega * turned
        left = _dot(residual, residual)
        if not np.isfinite(left):
            break
        if left < least:
            best, least = x, left
        if omega == 0:
            break
        rho, previous = _dot(rhs, residual), rho
        direction = residual + (rho / previous) * (alpha / omega) * (direction - omega * image)
    return best, float(np.sqrt(least / size)) if size > 0 else 0.0


def _dot(a: Floats, b: Floats) -> float:
    return float(np.einsum("i,i->", a, b))
