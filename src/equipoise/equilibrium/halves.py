"""A large linear system halved: substitution on both sides of it, in the precision of its factors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.game.game import Floats
from equipoise.kernels import substitution
from equipoise.kernels.substitution import Factors

Vector = NDArray[Any]
"""(S*N,), of the precision of the factors."""


@dataclass(frozen=True, eq=False)
class Halves:
    """M = scale (I + L)^-1 (I + L + U) (I + U)^-1 / scale for J = D (I + L + U), and its transpose.

    By Eisenstat's identity a product with M costs no more than one with J. M z = prepare(b) and x = recover(z) solve
    J x = b; with `transposed` in the names they solve J' x = b.
    """

    factors: Factors
    scale: Floats
    """(S, N) unit of the unknowns' inverse, in which residuals are measured"""

    def prepare(self, rhs: Floats) -> Vector:
        return self._run(substitution.prepare, rhs)

    def recover(self, z: Vector) -> Floats:
        return self._run(substitution.recover, z).astype(float)

    def product(self, z: Vector) -> tuple[Vector, Vector]:
        """M z, and the unknowns that z stands for."""
        out, unknowns = np.empty_like(self._unit), np.empty_like(self._unit)
        substitution.product(self.factors, self._unit, z.reshape(out.shape), unknowns, self._spare, out)
        return out.ravel(), unknowns.ravel()

    def prepare_transposed(self, rhs: Floats) -> Vector:
        return self._run(substitution.prepare_transposed, rhs)

    def recover_transposed(self, z: Vector) -> Floats:
        return self._run(substitution.recover_transposed, z).astype(float)

    def product_transposed(self, z: Vector) -> Vector:
        """M' z."""
        out, unknowns = np.empty_like(self._unit), np.empty_like(self._unit)
        substitution.product_transposed(self.factors, self._unit, z.reshape(out.shape), unknowns, self._spare, out)
        return out.ravel()

    def _run(self, kernel: Any, vector: NDArray[Any]) -> Vector:
        out = np.empty_like(self._unit)
        kernel(self.factors, self._unit, vector.reshape(out.shape).astype(out.dtype), out)
        return out.ravel()

    @cached_property
    def _unit(self) -> Vector:
        return self.scale.astype(self.factors.rate.dtype)

    @cached_property
    def _spare(self) -> Vector:
        return np.empty_like(self._unit)
