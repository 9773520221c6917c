"""The Jacobian of the equilibrium equations, and how large its inverse is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.linalg import lapack
from scipy.sparse import linalg

from equipoise.equilibrium.bicgstab import bicgstab
from equipoise.equilibrium.linear import Linear
from equipoise.equilibrium.replies import Mover, Reply
from equipoise.game.game import Floats

SMALL = 1_500
"""Most unknowns S*N for which the Jacobian is factorised at once."""
DENSE = 450
"""Most for which that is done without regard to its zeros."""
FACTORISABLE = 60_000
"""Most unknowns for which it is factorised when iterations fail."""
EXPLICIT = 300_000
"""Most unknowns for which it is kept as one matrix: twice as fast as in parts, but larger."""
DIGITS = 1e-3
"""Relative residual of the solves behind an iterated estimate."""
TRIES = 3
"""How often what is left over is handed to others."""

Solver = Callable[[Floats], Floats]
Solve = Callable[[Floats, bool], Floats]
"""About the solution (S, N) of J x = rhs, or of the transposed system if told so: whatever it is, it is checked."""


@dataclass(frozen=True, eq=False)
class Jacobian:
    """J = d residual / dV at one point, residual in util/year, unknowns ordered s*N + i.

    Actor i's residual depends on its own values through (Q_sigma - rho_i I), the reward of its choice being stationary
    in its choice except under `agent-error`. It depends on the values of actor j through j's policy: from
    d sigma(a) = sigma(a)/tau (dx(a) - E[dx]),

        d residual_i(s) = (lambda_j/tau_j)(s) sum_a sigma_j(a) (y_i(a) - E_j[y_i]) dx_j(a),

    y_i(a) = E[V_i + w_i | s, a] being what i gets when j does a, and dx_j(a) = E[dV_j | s, a], hold included.
    Under `agent-error` the same term counts for j = i, with x_i in place of y_i.
    """

    inflow: sparse.csr_array
    """(S, S) 1/year"""
    diagonal: Floats
    """(S, N) 1/year, rho_i plus the rate of everything that happens: what turns util/year into util."""
    spreads: list[sparse.csr_array]
    """Per actor j, (N*S, S): what its moves make of dV_j, for every actor i in turn."""
    holds: list[Floats]
    """Per actor j, (S, N): the same for its holding."""

    @classmethod
    def at(
        cls,
        value: Floats,
        linear: Linear,
        movers: list[Mover],
        replies: list[Reply],
        inflow: sparse.csr_array,
        outflow: Floats,
    ) -> Jacobian:
        """J at V (S, N), given the movers' logit replies to it and the rates they imply."""
        spreads, holds = [], []
        for mover, reply in zip(movers, replies, strict=True):
            row, hold = _pull(value, linear, mover, reply)
            spreads.append(_spread(mover, row))
            holds.append(hold)
        return cls(inflow, linear.game.discount + outflow[:, None], spreads, holds)

    def product(self, direction: Floats) -> Floats:
        """J times a direction, both (S, N)."""
        S, N = self.diagonal.shape
        out = np.asarray(self.inflow @ direction - self.diagonal * direction)
        for j, (spread, hold) in enumerate(zip(self.spreads, self.holds, strict=True)):
            own = direction[:, j].copy()
            out += (spread @ own).reshape(N, S).T + hold * own[:, None]
        return out

    def transposed(self, weight: Floats) -> Floats:
        """The transpose of J times weights, both (S, N)."""
        out = np.asarray(self.inflow.T @ weight - self.diagonal * weight)
        across = weight.T.ravel()
        for j, (spread, hold) in enumerate(zip(self.spreads, self.holds, strict=True)):
            out[:, j] += spread.T @ across + np.einsum("sn,sn->s", hold, weight)
        return out

    def blocks(self) -> Floats:
        """(S, N, N) the part of J within every state."""
        S, N = self.diagonal.shape
        out = np.stack(self.holds, axis=2)
        for i in range(N):
            out[:, i, i] += self.inflow.diagonal() - self.diagonal[:, i]
            for j, spread in enumerate(self.spreads):
                out[:, i, j] += spread.diagonal(-i * S)
        return out

    def explicit(self) -> sparse.csr_array:
        """J as an (S*N, S*N) matrix, unknowns ordered s*N + i."""
        S, N = self.diagonal.shape
        i, j, state = np.indices((N, N, S)).reshape(3, -1)
        within = np.stack(self.holds)[j, state, i]
        within[i == j] -= self.diagonal.T.ravel()
        by_actor = (
            sparse.hstack(self.spreads, format="csr")
            + sparse.block_diag([self.inflow] * N, format="csr")
            + sparse.csr_array((within, (i * S + state, j * S + state)), shape=(N * S, N * S))
        )
        order = (np.arange(N) * S + np.arange(S)[:, None]).ravel()
        return sparse.csr_array(by_actor[order][:, order])

    def dense(self) -> Floats:
        """J as an (S*N, S*N) array, for small games."""
        S, N = self.diagonal.shape
        out, states, rates = np.zeros((S, N, S, N)), np.arange(S), self.inflow.toarray()
        for j, (spread, hold) in enumerate(zip(self.spreads, self.holds, strict=True)):
            out[:, :, :, j] = spread.toarray().reshape(N, S, S).transpose(1, 0, 2)
            out[states, :, states, j] += hold
            out[:, j, :, j] += rates
            out[states, j, states, j] -= self.diagonal[:, j]
        return out.reshape(S * N, S * N)

    def inverse_norm(self, scale: Floats, untrusted: Solve | None = None) -> tuple[float, str]:
        """The greatest |dV_j|/scale_j that residuals of one util/scale_i in every equation can cause, and how found.

        This is ||A^-1|| in the maximum norm, A = -J with every equation divided by its diagonal (so that residuals are
        in util) and V_i measured in units of scale_i (N,). It is 1 for a static game, about (rho + rates)/rho where
        actors do not respond to each other, and grows without limit towards a fold. Estimated from below by the method
        of Hager (1984): `factorised` for small games, as a rule exact; else `iterated`, from three solves, as a rule
        within a factor of two; nan and `failed` if the systems cannot be solved. A solution handed in by others is
        taken if J's own product leaves as small a residual as is asked of iteration here, else improved.
        """
        n = self.diagonal.size
        if n > SMALL:
            try:
                return _climb(*self._iterated(scale, untrusted), n, climbs=1), "iterated"
            except ArithmeticError:
                if n > FACTORISABLE:
                    return np.nan, "failed"
        try:
            return _climb(*self._factorised(scale), n, climbs=4), "factorised"
        except ArithmeticError:
            return np.inf, "factorised"

    def _iterated(self, scale: Floats, untrusted: Solve | None) -> tuple[Solver, Solver]:
        try:
            inverse = np.linalg.inv(self.blocks()).astype(float)
        except np.linalg.LinAlgError as singular:
            raise ArithmeticError(str(singular)) from singular
        shape, weight = self.diagonal.shape, scale * self.diagonal

        def solve(rhs: Floats, across: bool) -> Floats:
            first = inverse.swapaxes(1, 2) if across else inverse
            found, left, size = np.zeros(shape), rhs, _length(first, rhs)
            goal = DIGITS * size
            for _ in range(TRIES if untrusted is not None else 0):
                if size <= goal:
                    return found
                candidate = found + untrusted(left, across)  # type: ignore[misc]
                left_now = rhs - (self.transposed if across else self.product)(candidate)
                size_now = _length(first, left_now)
                if not size_now < size:
                    break
                found, left, size = candidate, left_now, size_now
            return found if size <= goal else found + self._iterate(left, first, across, goal / size)

        def forward(rhs: Floats) -> Floats:
            return (solve(weight * rhs.reshape(shape), False) / scale).ravel()

        def backward(rhs: Floats) -> Floats:
            return (solve(rhs.reshape(shape) / scale, True) * weight).ravel()

        return forward, backward

    def _iterate(self, rhs: Floats, first: Floats, across: bool, rtol: float) -> Floats:
        """The solution by BiCGSTAB on the system multiplied by `first` (S, N, N)."""
        product, states = self._products[across], np.arange(rhs.shape[0] + 1)
        within = sparse.bsr_array((np.ascontiguousarray(first), states[:-1], states))
        return _krylov(lambda x: within @ product(x), within @ rhs.ravel(), rtol).reshape(rhs.shape)

    @cached_property
    def _products(self) -> tuple[Solver, Solver]:
        """Products of J and of its transpose with a vector (S*N,)."""
        shape = self.diagonal.shape
        if self.diagonal.size <= EXPLICIT:
            matrix = self.explicit()
            across = matrix.T.tocsr()
            return matrix.__matmul__, across.__matmul__
        return (
            lambda x: self.product(x.reshape(shape)).ravel(),
            lambda x: self.transposed(x.reshape(shape)).ravel(),
        )

    def _factorised(self, scale: Floats) -> tuple[Solver, Solver]:
        weight, unit = (scale * self.diagonal).ravel(), np.broadcast_to(scale, self.diagonal.shape).ravel()
        if unit.size <= DENSE:
            solve = _dense_solver(self.dense())
        else:
            try:
                factors = linalg.splu(self.explicit().tocsc())
            except RuntimeError as singular:
                raise ArithmeticError(str(singular)) from singular
            solve = factors.solve
        return (
            lambda rhs: solve(weight * rhs.ravel()) / unit,
            lambda rhs: solve(rhs.ravel() / unit, trans="T") * weight,
        )


def _dense_solver(matrix: Floats) -> Callable[..., Floats]:
    """What solves systems with a matrix, or with its transpose for trans="T"."""
    factors, pivots, info = lapack.dgetrf(matrix)
    if info:
        raise ArithmeticError("the Jacobian is singular")

    def solve(rhs: Floats, trans: str = "N") -> Floats:
        solution: Floats = lapack.dgetrs(factors, pivots, rhs, trans=int(trans == "T"))[0]
        return solution

    return solve


def _pull(value: Floats, linear: Linear, mover: Mover, reply: Reply) -> tuple[Floats, Floats]:
    game, j = linear.game, mover.actor
    gets = np.asarray(mover.reach @ value)
    gets += linear.kind_impact[game.row_kind[mover.rows]]
    gets += linear.endings[mover.rows] @ game.end_value
    gets[:, j] -= game.kind_cost[game.row_kind[mover.rows]]
    gets -= value[mover.state]
    mean = mover.total(reply.policy[:, None] * gets)
    eager = mover.tempo / mover.noise
    row = (eager[mover.state] * reply.policy)[:, None] * (gets - mean[mover.state])
    hold = (eager * reply.hold)[:, None] * -mean
    if mover.convention.name != "agent-error":
        row[:, j] = hold[:, j] = 0.0
    return row, hold


def _spread(mover: Mover, row: Floats) -> sparse.csr_array:
    reach, (S, N) = mover.reach, (mover.noise.size, row.shape[1])
    before = (
        np.append(0, reach.indptr[np.append(mover.starts[1:], mover.rows.size)]) if mover.rows.size else np.zeros(1)
    )
    ends = np.zeros(S + 1, np.int64)
    ends[mover.busy + 1] = np.diff(before)
    ends = np.cumsum(ends)
    repeats = np.diff(reach.indptr)
    data = np.concatenate([np.repeat(row[:, i], repeats) * reach.data for i in range(N)])
    first = np.append(0, np.concatenate([ends[1:] + i * reach.nnz for i in range(N)]))
    index = reach.indices.dtype
    return sparse.csr_array((data, np.tile(reach.indices, N), first.astype(index)), shape=(N * S, S))


def _length(first: Floats, vector: Floats) -> float:
    """2-norm of a vector (S, N) once every state's part is multiplied by its block (S, N, N)."""
    return float(np.linalg.norm(np.matmul(first, vector[:, :, None])))


def _krylov(product: Solver, rhs: Floats, rtol: float) -> Floats:
    solution, reached = bicgstab(product, rhs, rtol=rtol, most=150)
    if reached > rtol:
        operator = linalg.LinearOperator((rhs.size, rhs.size), matvec=product, dtype=float)
        solution, failed = linalg.gmres(operator, rhs, x0=solution, rtol=rtol, restart=40, maxiter=5)
        if failed:
            raise ArithmeticError("the linearised equilibrium equations could not be solved")
    return np.asarray(solution)


def _climb(forward: Solver, backward: Solver, n: int, *, climbs: int) -> float:
    """Lower estimate of the maximum norm of an inverse: ascend from one row to the row it is worst for.

    All ones are the worst signs if actors do not respond to each other; random signs find what they miss near a fold.
    """
    signs = np.random.default_rng(0).choice([-1.0, 1.0], n)
    images = [np.abs(forward(start)) for start in (np.ones(n), signs)]
    image = max(images, key=np.max)
    norm, row = float(image.max()), int(image.argmax())
    for climb in range(climbs):
        unit = np.zeros(n)
        unit[row] = 1.0
        entries = backward(unit)
        norm = max(norm, float(np.abs(entries).sum()))
        if climb + 1 == climbs:
            break
        image = np.abs(forward(np.where(entries >= 0, 1.0, -1.0)))
        if image.max() <= 1.1 * norm:
            break
        norm, row = max(norm, float(image.max())), int(image.argmax())
    return norm
