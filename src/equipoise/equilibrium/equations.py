"""The equilibrium equations of a game under a noise convention, and their linearisation.

The unknowns are V (S, N). Noise is scaled by kappa = 1 / beta, so that beta runs from 0 (everybody plays the
reference) to 1 (the game as it stands); see docs/notation.md.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import lapack

from equipoise.equilibrium.convention import EULER, Convention
from equipoise.equilibrium.gmres import gmres
from equipoise.game.game import Floats, Game
from equipoise.kernels import bellman
from equipoise.kernels.bellman import Arrays

DENSE = 450
"""Up to this many unknowns the Jacobian is factorised; above, GMRES. About break-even."""
RESCUE = 3000
"""Up to this many it is factorised where GMRES fails."""
MODES = {
    "control-cost": bellman.SMOOTH_MAXIMUM,
    "private-shock": bellman.SHOCKED_MAXIMUM,
    "agent-error": bellman.MEAN,
}


class Equations:
    """F(V, beta) = 0, with F = left minus right side of the equilibrium equations in util/year."""

    def __init__(self, game: Game, convention: Convention) -> None:
        self.game, self.convention = game, convention
        self.mode = MODES[convention.name]
        self.shape = game.flow.shape
        self.size = game.flow.size
        self.width = (0,) * game.n_actors
        kind, hold = convention.reference(game)
        with np.errstate(divide="ignore"):
            log_kind, log_hold = np.log(kind), np.log(hold)
        self.arrays = Arrays(
            row_ptr=game.row_ptr,
            row_kind=game.row_kind,
            branch_ptr=game.branch_ptr,
            target=game.target,
            kind_cost=game.kind_cost,
            kind_rate=game.kind_rate,
            kind_log_reference=log_kind,
            kind_branch_ptr=game.kind_branch_ptr,
            probability=game.probability,
            impact=game.impact,
            flow=game.flow,
            tempo=game.tempo,
            inverse_noise=1 / game.noise,
            hold_log_reference=log_hold,
            discount=game.discount,
            bonus=EULER if convention.euler and convention.name == "private-shock" else 0.0,
            widest=int(np.diff(game.row_ptr).max(initial=0)),
        )

    def with_arrays(self, arrays: Arrays) -> Equations:
        """The same equations with other numbers."""
        changed = copy.copy(self)
        changed.arrays = arrays
        return changed

    def with_ends(self, value: Floats) -> Floats:
        """(S+E, N): the values of the states followed by those of the ends."""
        return np.concatenate([value.reshape(self.shape), self.game.end_value])

    def policy(self, value: Floats, beta: float = 1.0) -> tuple[Floats, Floats, Floats]:
        """Policy (R,), probability of hold (S, N) and residual (S, N) at V."""
        policy, hold, out = np.zeros(self.game.n_rows), np.empty(self.shape), np.empty(self.shape)
        bellman.residual(self.arrays, self.with_ends(value), beta, self.mode, policy, hold, out)
        return policy, hold, out

    def reference_value(self) -> Floats:
        """(S*N,) V at beta = 0, where everybody plays the reference: linear equations."""
        at = self.linearise(np.zeros(self.size), 0.0)
        value, _ = at.solve(-at.residual.ravel(), rtol=1e-4)
        return value

    def linearise(self, value: Floats, beta: float) -> Linearisation:
        """F and its derivatives at (V, beta)."""
        S, N = self.shape
        full = self.with_ends(value)
        policy, hold, out = np.zeros(self.game.n_rows), np.empty(self.shape), np.empty(self.shape)
        slope, block = np.empty(self.shape), np.empty((S, N, N))
        rate, lead = np.empty(self.game.n_rows), np.empty((self.game.n_rows, N))
        bellman.linearise(self.arrays, full, beta, self.mode, policy, hold, out, slope, rate, lead, block)
        return Linearisation(self, full, beta, out, slope, rate, lead, block)


@dataclass(frozen=True, eq=False)
class Linearisation:
    """F, dF/dbeta (`slope`) and the Jacobian J = dF/dV at one point, J by its products."""

    equations: Equations
    value: Floats
    beta: float
    residual: Floats
    slope: Floats
    rate: Floats
    lead: Floats
    block: Floats

    def product(self, direction: Floats) -> Floats:
        """J times a direction (S*N,)."""
        full = np.zeros_like(self.value)
        full[: self.equations.shape[0]] = direction.reshape(self.equations.shape)
        out = np.empty(self.equations.shape)
        bellman.product(self.equations.arrays, self.equations.width, self.rate, self.lead, full, out)
        return out.ravel()

    def damped(self, time_step: float) -> Linearisation:
        """The same with J + I / time_step (years) for J: one implicit Euler step of dV/dt = -F."""
        arrays = self.equations.arrays
        equations = self.equations.with_arrays(arrays._replace(discount=arrays.discount + 1 / time_step))
        return equations.linearise(self.value[: equations.shape[0]], self.beta)

    def precondition(self, vector: Floats) -> Floats:
        """The inverse of the part of J within each state, times a vector (S*N,)."""
        out = np.empty(self.equations.shape)
        bellman.precondition(self.block, vector.reshape(self.equations.shape), out)
        return out.ravel()

    @cached_property
    def scale(self) -> Floats:
        """(S*N,) log odds per util: the unit in which residuals of linear solves are measured."""
        return self.equations.arrays.inverse_noise.ravel() * max(self.beta, 1e-3)

    @cached_property
    def dense(self) -> Floats:
        """(S*N, S*N) J itself; for small games."""
        out = np.zeros((self.equations.size, self.equations.size))
        bellman.jacobian(self.equations.arrays, self.rate, self.lead, out)
        return out

    def solve(self, rhs: Floats, *, rtol: float) -> tuple[Floats, bool]:
        """x with J x = rhs, and whether the relative residual came below rtol."""
        solution, _, fine, _ = self.solve_bordered(rhs, 0.0, np.zeros_like(rhs), np.zeros_like(rhs), 1.0, rtol=rtol)
        return solution, fine

    def solve_bordered(
        self, rhs: Floats, rhs_last: float, column: Floats, row: Floats, corner: float, *, rtol: float
    ) -> tuple[Floats, float, bool, int]:
        """Solve [J column; row' corner] [x; y] = [rhs; rhs_last].

        Returns x (S*N,), y, whether the relative residual came below rtol, and the sign of the determinant of the
        bordered matrix (0 where it is not known: it is only computed for small games).
        """
        n = self.equations.size
        if n <= DENSE:
            return self._factorised(rhs, rhs_last, column, row, corner)
        scale = self.scale
        if not (column.any() or row.any()):
            solution, fine = gmres(self._within, scale * self.precondition(rhs), rtol=rtol)
            solution = np.append(solution, rhs_last / corner)
        else:
            ready, last = scale * self.precondition(column), row / scale

            def operator(x: Floats) -> Floats:
                return np.append(self._within(x[:n]) + ready * x[n], last @ x[:n] + corner * x[n])

            solution, fine = gmres(operator, np.append(scale * self.precondition(rhs), rhs_last), rtol=rtol)
        if not fine and n <= RESCUE:
            return self._factorised(rhs, rhs_last, column, row, corner)
        return solution[:n] / scale, float(solution[n]), fine, 0

    def _factorised(
        self, rhs: Floats, rhs_last: float, column: Floats, row: Floats, corner: float
    ) -> tuple[Floats, float, bool, int]:
        n = self.equations.size
        matrix = np.empty((n + 1, n + 1), order="F")
        matrix[:n, :n], matrix[:n, n], matrix[n, :n], matrix[n, n] = self.dense, column, row, corner
        factors, pivots, info = lapack.dgetrf(matrix, overwrite_a=True)
        swaps = np.count_nonzero(pivots != np.arange(n + 1))
        sign = int(np.prod(np.sign(factors.diagonal())) * (-1) ** swaps)
        solution, _ = lapack.dgetrs(factors, pivots, np.append(rhs, rhs_last))
        return solution[:n], float(solution[n]), info == 0 and bool(np.isfinite(solution).all()), sign

    def _within(self, x: Floats) -> Floats:
        return self.scale * self.precondition(self.product(x / self.scale))
