"""The solver's way with the linear systems of the certificate: fast, and left to the certificate to check."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from equipoise.equilibrium.certificate import Untrusted
from equipoise.equilibrium.equations import Equations
from equipoise.equilibrium.felt import row_rate
from equipoise.equilibrium.gmres import gmres
from equipoise.equilibrium.halves import Halves
from equipoise.equilibrium.jacobian import SMALL
from equipoise.equilibrium.linear import Linear
from equipoise.game.game import Floats
from equipoise.kernels.substitution import Factors, Links

ENOUGH = 6e-4
"""Relative residual of systems with the Jacobian; as a rule what the certificate asks for in its own measure."""

ROUGH = 1e-4
"""Relative residual of the evaluation of a guess."""


def solver_systems(equations: Equations, value: Floats, policy: Floats) -> Untrusted | None:
    """Linear systems at V (S, N), whose policy (R,) is given; None for small games, where factors are faster."""
    if equations.size <= SMALL:
        return None
    at = equations.linearise(value.ravel(), 1.0)

    def jacobian(rhs: Floats, transposed: bool) -> Floats:
        # The certificate's Jacobian is that of right minus left side.
        solved, _ = (at.solve_transposed if transposed else at.solve)(-rhs.ravel(), rtol=ENOUGH)
        return solved.reshape(rhs.shape)

    return Untrusted(jacobian, Evaluation(equations, row_rate(equations.game, policy)))


def policy_value(equations: Equations, policy: Floats) -> Floats:
    """(S, N) felt value of a policy (R,), to about 1e-4: where to start from in a game that is not the policy's own."""
    rate = row_rate(equations.game, policy)
    return Evaluation(equations, rate)(None, Linear(equations.game).reward(rate), ROUGH)


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Discounted systems of one game at given rates of its rows, by substitution and GMRES in single precision."""

    equations: Equations
    rate: Floats
    """(R,)"""

    def __call__(self, own: Floats | None, rhs: Floats, rtol: float) -> Floats:
        """x (S, N) with about (rho_i I - Q_i) x_i = rhs_i (S, N), i = 1..N.

        All rows run at `rate`, but the rows of actor i in its own system at `own` (R,), if that is given.
        """
        game, arrays = self.equations.game, self.equations.arrays
        S, N = rhs.shape
        links, pull, total = self._alike, np.zeros((1, N), np.float32), self._pace
        if own is not None:
            other = own - self.rate
            links, pull = self.equations.links(np.float32), np.zeros((game.n_rows, N), np.float32)
            rows = np.flatnonzero(other)
            pull[rows, game.row_actor[rows]] = other[rows]
            further = np.bincount(game.row_group[rows], other[rows] * arrays.row_leaving[rows], S * (N + 1))
            total = total + further.reshape(S, N + 1)[:, :N]
        block = np.zeros((S, N, N), np.float32)
        block[:, np.arange(N), np.arange(N)] = 1 / total
        factors = Factors(*links, self._single_rate, pull, block, arrays.zeros)
        halves, size = Halves(factors, arrays.inverse_noise), float(np.linalg.norm(rhs)) or 1.0
        solution, _ = gmres(lambda z: halves.product(z)[0], halves.prepare(rhs / size), rtol=rtol)
        return size * halves.recover(solution).reshape(rhs.shape)

    @cached_property
    def _pace(self) -> Floats:
        return self.equations.pace(self.rate)

    @cached_property
    def _single_rate(self) -> NDArray[np.float32]:
        return self.rate.astype(np.float32)

    @cached_property
    def _alike(self) -> tuple[Links, Links]:
        """Links as if all rows were events, which everybody feels alike."""
        n = self.equations.game.n_actors
        before, after = (
            links._replace(group=np.full_like(links.group, n)) for links in self.equations.links(np.float32)
        )
        return before, after
