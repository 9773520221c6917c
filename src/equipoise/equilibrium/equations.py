"""The equilibrium equations of a game under a noise convention, and their linearisation.

The unknowns are V (S, N). Noise is scaled by kappa = 1 / beta, so that beta runs from 0 (everybody plays the
reference) to 1 (the game as it stands); see docs/notation.md.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.linalg import lapack

from equipoise.equilibrium.convention import EULER, Convention
from equipoise.equilibrium.gmres import gmres
from equipoise.equilibrium.halves import Halves
from equipoise.game.game import Floats, Game, Ints
from equipoise.kernels import bellman, substitution
from equipoise.kernels.bellman import Arrays
from equipoise.kernels.substitution import Factors, Links

DENSE = 450
"""Up to this many unknowns the Jacobian is factorised; above, GMRES. About break-even."""
RESCUE = 3000
"""Up to this many it is factorised where GMRES fails; above, loose solves are done in single precision."""
SINGLE = 1e-5
"""Least relative residual asked of single precision, whose products take half as long."""
Precision = type[np.floating[Any]]
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
            impact=np.ascontiguousarray(game.impact),
            flow=np.ascontiguousarray(game.flow),
            tempo=np.ascontiguousarray(game.tempo),
            inverse_noise=1 / game.noise,
            hold_log_reference=log_hold,
            discount=np.ascontiguousarray(game.discount),
            bonus=EULER if convention.euler and convention.name == "private-shock" else 0.0,
            widest=int(np.diff(game.row_ptr).max(initial=0)),
            row_leaving=_leaving(game),
            zeros=(0.0,) * game.n_actors,
        )

    @cached_property
    def double_links(self) -> tuple[Links, Links]:
        return _links(self.game)

    @cached_property
    def single_links(self) -> tuple[Links, Links]:
        before, after = (
            links._replace(probability=links.probability.astype(np.float32)) for links in self.double_links
        )
        return before, after

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

    def pace(self, rate: Floats) -> Floats:
        """(S, N) 1/year, discount rate plus the rate of leaving a state when rows run at `rate` (R,)."""
        leaving = np.bincount(self.game.row_state, self.arrays.row_leaving * rate, self.game.n_states)
        return np.asarray(leaving[:, None] + self.game.discount)

    def reference_value(self) -> Floats:
        """(S*N,) V at beta = 0, where everybody plays the reference: linear equations."""
        at = self.linearise(np.zeros(self.size), 0.0)
        value, _ = at.solve(-at.residual.ravel(), rtol=1e-4)
        return value

    def linearise(self, value: Floats, beta: float = 1.0, reply: float = 1.0) -> Linearisation:
        """F and its derivatives at (V, beta); policies follow V by the share `reply` only, if it is below 1."""
        precision = np.float32 if self.size > RESCUE else np.float64
        out, slope, factors = self.derivatives(value, beta, precision, reply)
        return Linearisation(self, value, beta, reply, out, slope, factors)

    def derivatives(
        self, value: Floats, beta: float, precision: Precision, reply: float = 1.0
    ) -> tuple[Floats, Floats, Factors]:
        """F (S, N), dF/dbeta (S, N), and dF/dV as substitution reads it, in single or double precision."""
        S, N = self.shape
        policy, hold, out, slope = np.zeros(self.game.n_rows), *(np.empty(self.shape) for _ in range(3))
        rate, pull = np.empty(self.game.n_rows, precision), np.empty((self.game.n_rows, N), precision)
        block, full = np.empty((S, N, N), precision), self.with_ends(value)
        bellman.linearise(self.arrays, full, beta, self.mode, reply, policy, hold, out, slope, rate, pull, block)
        before, after = self.links(precision)
        return out, slope, Factors(before, after, rate, pull, block, self.arrays.zeros)

    def links(self, precision: Precision) -> tuple[Links, Links]:
        """Links of every state to those before it, and to those after it."""
        return self.single_links if precision == np.float32 else self.double_links


@dataclass(frozen=True, eq=False)
class Linearisation:
    """F, dF/dbeta (`slope`) and the Jacobian J = dF/dV at one point; with less reply, less of J than all."""

    equations: Equations
    value: Floats
    """(S*N,)"""
    beta: float
    reply: float
    residual: Floats
    slope: Floats
    factors: Factors
    """Of single precision if the game is large."""

    @cached_property
    def double(self) -> Factors:
        """The factors in double precision."""
        if self.factors.rate.dtype == np.float64:
            return self.factors
        return self.equations.derivatives(self.value, self.beta, np.float64, self.reply)[2]

    @cached_property
    def scale(self) -> Floats:
        """(S*N,) log odds per util: the unit in which residuals of linear solves are measured."""
        return self.equations.arrays.inverse_noise.ravel() * max(self.beta, 1e-3)

    @cached_property
    def dense(self) -> Floats:
        """(S*N, S*N) J itself; for small games."""
        out = np.zeros((self.equations.size, self.equations.size))
        self._add_jacobian(out)
        return out

    def _add_jacobian(self, out: Floats) -> None:
        substitution.jacobian(self.equations.arrays, self.double.rate, self.double.pull, out)

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
        n = self.equations.size
        if n <= DENSE:
            return self._factorised(rhs, rhs_last, column, row, corner)
        halves = self._halves(rtol)
        bordered = bool(column.any() or row.any())
        size = float(np.hypot(np.linalg.norm(rhs), rhs_last)) or 1.0
        ready, border = halves.prepare(rhs / size), halves.prepare(column) if bordered else np.zeros(0)
        last = row.astype(ready.dtype)

        def operator(z: Floats) -> Floats:
            out, unknowns = halves.product(z[:n])
            out = np.append(out, z[n] * z.dtype.type(corner))
            if bordered:
                out[:n] += border * z[n]
                out[n] += last @ unknowns
            return out

        solution, fine = gmres(operator, np.append(ready, ready.dtype.type(rhs_last / size)), rtol=rtol)
        if not fine and n <= RESCUE:
            return self._factorised(rhs, rhs_last, column, row, corner)
        return size * halves.recover(solution[:n]), size * float(solution[n]), fine, 0

    def solve_transposed(self, rhs: Floats, *, rtol: float) -> tuple[Floats, bool]:
        """x (S*N,) with J' x = rhs, and whether the relative residual of the preconditioned system came below rtol.

        Large systems by GMRES with the transpose of what `solve` uses, which needs as many products.
        """
        if self.equations.size <= DENSE:
            return self._factorised_transposed(rhs)
        halves, size = self._halves(rtol), float(np.linalg.norm(rhs)) or 1.0
        solution, fine = gmres(halves.product_transposed, halves.prepare_transposed(rhs / size), rtol=rtol)
        if not fine and self.equations.size <= RESCUE:
            return self._factorised_transposed(rhs)
        return size * halves.recover_transposed(solution), fine

    def _halves(self, rtol: float) -> Halves:
        return Halves(self.factors if rtol >= SINGLE else self.double, self.scale.reshape(self.equations.shape))

    def _factorised_transposed(self, rhs: Floats) -> tuple[Floats, bool]:
        factors, pivots, info = lapack.dgetrf(self.dense)
        solution, _ = lapack.dgetrs(factors, pivots, rhs, trans=1)
        return solution, info == 0 and bool(np.isfinite(solution).all())

    def _factorised(
        self, rhs: Floats, rhs_last: float, column: Floats, row: Floats, corner: float
    ) -> tuple[Floats, float, bool, int]:
        n = self.equations.size
        matrix = np.zeros((n + 1, n + 1), order="F")
        self._add_jacobian(matrix)
        matrix[:n, n], matrix[n, :n], matrix[n, n] = column, row, corner
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
