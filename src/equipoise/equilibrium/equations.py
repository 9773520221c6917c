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
from equipoise.game.game import Floats, Game, Ints
from equipoise.kernels import bellman, substitution
from equipoise.kernels.bellman import Arrays
from equipoise.kernels.substitution import Factors, Links

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
            row_leaving=_leaving(game),
            zeros=(0.0,) * game.n_actors,
        )
        self.before, self.after = _links(game)

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
        rate, pull = np.empty(self.game.n_rows), np.empty((self.game.n_rows, N))
        bellman.linearise(self.arrays, full, beta, self.mode, policy, hold, out, slope, rate, pull, block)
        factors = Factors(self.before, self.after, rate, pull, block, self.arrays.zeros)
        return Linearisation(self, full, beta, out, slope, factors)


@dataclass(frozen=True, eq=False)
class Linearisation:
    """F, dF/dbeta (`slope`) and the Jacobian J = dF/dV at one point."""

    equations: Equations
    value: Floats
    beta: float
    residual: Floats
    slope: Floats
    factors: Factors

    def damped(self, time_step: float) -> Linearisation:
        """The same with J + I / time_step (years) for J: one implicit Euler step of dV/dt = -F."""
        arrays = self.equations.arrays
        equations = self.equations.with_arrays(arrays._replace(discount=arrays.discount + 1 / time_step))
        return equations.linearise(self.value[: equations.shape[0]], self.beta)

    @cached_property
    def scale(self) -> Floats:
        """(S*N,) log odds per util: the unit in which residuals of linear solves are measured."""
        return self.equations.arrays.inverse_noise.ravel() * max(self.beta, 1e-3)

    @cached_property
    def dense(self) -> Floats:
        """(S*N, S*N) J itself; for small games."""
        out = np.zeros((self.equations.size, self.equations.size))
        substitution.jacobian(self.equations.arrays, self.factors.rate, self.factors.pull, out)
        return out

    def solve(self, rhs: Floats, *, rtol: float) -> tuple[Floats, bool]:
        """x with J x = rhs, and whether the relative residual came below rtol."""
        solution, _, fine, _ = self.solve_bordered(rhs, 0.0, np.zeros_like(rhs), np.zeros_like(rhs), 1.0, rtol=rtol)
        return solution, fine

    def solve_bordered(
        self, rhs: Floats, rhs_last: float, column: Floats, row: Floats, corner: float, *, rtol: float
    ) -> tuple[Floats, float, bool, int]:
        """Solve [J column; row' corner] [x; y] = [rhs; rhs_last]; large systems by preconditioned GMRES.

        Returns x (S*N,), y, whether the relative residual came below rtol, and the sign of the determinant of the
        bordered matrix (0 where it is not known: it is only computed for small games).
        """
        n, shape = self.equations.size, self.equations.shape
        if n <= DENSE:
            return self._factorised(rhs, rhs_last, column, row, corner)
        scale, unknowns = self.scale.reshape(shape), np.empty(n)
        bordered = bool(column.any() or row.any())
        ready = self._prepared(column) if bordered else column

        def operator(z: Floats) -> Floats:
            out = np.empty_like(z)
            inner, made = z[:n].reshape(shape), out[:n].reshape(shape)
            substitution.product(self.factors, scale, inner, unknowns.reshape(shape), made)
            out[n] = z[n] * corner
            if bordered:
                out[:n] += ready * z[n]
                out[n] += row @ unknowns
            return out

        solution, fine = gmres(operator, np.append(self._prepared(rhs), rhs_last), rtol=rtol)
        if not fine and n <= RESCUE:
            return self._factorised(rhs, rhs_last, column, row, corner)
        substitution.recover(self.factors, scale, solution[:n].reshape(shape), unknowns.reshape(shape))
        return unknowns, float(solution[n]), fine, 0

    def solve_transposed(self, rhs: Floats, *, rtol: float) -> tuple[Floats, bool]:
        """x (S*N,) with J' x = rhs, and whether the relative residual of the preconditioned system came below rtol.

        Large systems by GMRES with the transpose of what `solve` uses, which needs as many products.
        """
        n, shape, scale = self.equations.size, self.equations.shape, self.scale.reshape(self.equations.shape)
        if n <= DENSE:
            return self._factorised_transposed(rhs)
        unknowns, ready = np.empty(shape), np.empty(shape)

        def operator(z: Floats) -> Floats:
            out = np.empty(shape)
            substitution.product_transposed(self.factors, scale, z.reshape(shape), unknowns, out)
            return out.ravel()

        substitution.prepare_transposed(self.factors, scale, rhs.reshape(shape), ready)
        solution, fine = gmres(operator, ready.ravel(), rtol=rtol)
        if not fine and n <= RESCUE:
            return self._factorised_transposed(rhs)
        substitution.recover_transposed(self.factors, scale, solution.reshape(shape), unknowns)
        return unknowns.ravel(), fine

    def _factorised_transposed(self, rhs: Floats) -> tuple[Floats, bool]:
        factors, pivots, info = lapack.dgetrf(self.dense)
        solution, _ = lapack.dgetrs(factors, pivots, rhs, trans=1)
        return solution, info == 0 and bool(np.isfinite(solution).all())

    def _prepared(self, vector: Floats) -> Floats:
        shape, out = self.equations.shape, np.empty(vector.size)
        substitution.prepare(self.factors, self.scale.reshape(shape), vector.reshape(shape), out.reshape(shape))
        return out

    def _factorised(
        self, rhs: Floats, rhs_last: float, column: Floats, row: Floats, corner: float
    ) -> tuple[Floats, float, bool, int]:
        n = self.equations.size
        matrix = np.empty((n + 1, n + 1), order="F")
        matrix[:n, :n], matrix[:n, n], matrix[n, :n], matrix[n, n] = self.dense, column, row, corner
        factors, pivots, info = lapack.dgetrf(matrix, overwrite_a=True)
        swaps = np.count_nonzero(pivots != np.arange(n + 1))
        solution, _ = lapack.dgetrs(factors, pivots, np.append(rhs, rhs_last))
        fine = info == 0 and bool(np.isfinite(solution).all())
        sign = int(np.prod(np.sign(factors.diagonal())) * (-1) ** swaps) if fine else 0
        return solution[:n], float(solution[n]), fine, sign


def _leaving(game: Game) -> Floats:
    """(R,) probability that a row leads to another state or an end."""
    row = game.branch_row
    away = game.target != game.row_state[row]
    return np.bincount(row[away], game.probability[game.branch_entry[away]], minlength=game.n_rows).astype(float)


def _links(game: Game) -> tuple[Links, Links]:
    """Links of every state to those before it, and to those after it."""
    row = game.branch_row
    state, entry = game.row_state[row], game.branch_entry

    def some(chosen: Ints) -> Links:
        count = np.bincount(state[chosen], minlength=game.n_states)
        return Links(
            ptr=np.concatenate([[0], np.cumsum(count)]),
            row=row[chosen].astype(np.int32),
            target=game.target[chosen],
            group=game.row_actor[row[chosen]].astype(np.int8),
            probability=game.probability[entry[chosen]],
        )

    target = game.target
    return some(np.flatnonzero(target < state)), some(np.flatnonzero((target > state) & (target < game.n_states)))
