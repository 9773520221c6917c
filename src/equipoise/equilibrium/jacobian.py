"""The Jacobian of the equilibrium equations, and how large its inverse is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

from equipoise.equilibrium.linear import Linear
from equipoise.equilibrium.replies import Mover, Reply
from equipoise.game.game import Floats

EXPLICIT = 1_500
"""Most unknowns S*N for which the Jacobian is written out and factorised at once."""
FACTORISABLE = 60_000
"""Most unknowns for which it is factorised when iterations fail."""

Solver = Callable[[Floats], Floats]


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

    linear: Linear
    inflow: sparse.csr_array
    outflow: Floats
    movers: list[Mover]
    pulls: list[tuple[Floats, Floats]]
    """Per actor j: what each of its rows (Rj, N) and its hold (S, N) pass on, per unit of dx_j."""

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
        pulls = [_pull(value, linear, mover, reply) for mover, reply in zip(movers, replies, strict=True)]
        return cls(linear, inflow, outflow, movers, pulls)

    @property
    def shape(self) -> tuple[int, int]:
        return self.linear.game.flow.shape[0], self.linear.game.flow.shape[1]

    @cached_property
    def diagonal(self) -> Floats:
        """(S, N) 1/year, rho_i plus the rate of everything that happens: what turns util/year into util."""
        return self.linear.game.discount + self.outflow[:, None]

    def product(self, direction: Floats) -> Floats:
        """J times a direction, both (S, N)."""
        out = np.asarray(self.inflow @ direction - self.diagonal * direction)
        for mover, (row, hold) in zip(self.movers, self.pulls, strict=True):
            step = np.ascontiguousarray(direction[:, mover.actor])
            out += mover.total(row * (mover.reach @ step)[:, None]) + hold * step[:, None]
        return out

    def transposed(self, weight: Floats) -> Floats:
        """The transpose of J times weights, both (S, N)."""
        out = np.asarray(self.inflow.T @ weight - self.diagonal * weight)
        for mover, (row, hold) in zip(self.movers, self.pulls, strict=True):
            felt = np.einsum("rn,rn->r", row, weight[mover.state])
            out[:, mover.actor] += mover.reach.T @ felt + np.einsum("sn,sn->s", hold, weight)
        return out

    def blocks(self) -> Floats:
        """(S, N, N) the part of J within every state."""
        S, N = self.shape
        out = np.zeros((S, N, N))
        out[:, np.arange(N), np.arange(N)] = self.inflow.diagonal()[:, None] - self.diagonal
        for mover, (row, hold) in zip(self.movers, self.pulls, strict=True):
            out[:, :, mover.actor] += hold
            stays = mover.reach[np.arange(mover.rows.size), mover.state] if mover.rows.size else np.zeros(0)
            out[:, :, mover.actor] += mover.total(row * np.asarray(stays).reshape(-1, 1))
        return out

    def explicit(self) -> sparse.csc_array:
        """J as an (S*N, S*N) matrix."""
        S, N = self.shape
        states = np.arange(S)
        parts: list[list[sparse.csr_array]] = [
            [sparse.csr_array((S, S)) for _ in range(N)] for _ in range(N)
        ]
        for i in range(N):
            parts[i][i] = self.inflow - sparse.diags_array(self.diagonal[:, i])
        for mover, (row, hold) in zip(self.movers, self.pulls, strict=True):
            rows = np.arange(mover.rows.size)
            for i in range(N):
                gather = sparse.csr_array((row[:, i].astype(float), (mover.state, rows)), shape=(S, rows.size))
                parts[i][mover.actor] += gather @ mover.reach + sparse.diags_array(hold[:, i].astype(float))
        order = (np.arange(N)[None, :] * S + states[:, None]).ravel()
        return sparse.block_array(parts, format="csr")[order][:, order].tocsc()

    def inverse_norm(self, scale: Floats) -> tuple[float, str]:
        """The greatest |dV_j|/scale_j that residuals of one util/scale_i in every equation can cause, and how found.

        This is ||A^-1|| in the maximum norm, A = -J with every equation divided by its diagonal (so that residuals are
        in util) and V_i measured in units of scale_i (N,). It is 1 for a static game, about (rho + rates)/rho where
        actors do not respond to each other, and grows without limit towards a fold. Estimated from below, as a rule
        exactly or nearly, by the method of Hager (1984). `factorised` for small games,
        else `iterated` (a few solves to two digits); nan and `failed` if the systems cannot be solved.
        """
        n = self.diagonal.size
        if n > EXPLICIT:
            try:
                return _climb(*self._iterated(scale), n), "iterated"
            except ArithmeticError:
                if n > FACTORISABLE:
                    return np.nan, "failed"
        try:
            return _climb(*self._factorised(scale), n), "factorised"
        except ArithmeticError:
            return np.inf, "factorised"

    def _iterated(self, scale: Floats) -> tuple[Solver, Solver]:
        inverse = np.linalg.inv(self.blocks())
        shape, size = self.shape, self.diagonal.size
        weight = scale * self.diagonal

        def solver(product: Callable[[Floats], Floats], within: Floats) -> Solver:
            def scaled(x: Floats) -> Floats:
                return np.matvec(within, product(x.reshape(shape))).ravel()

            operator = linalg.LinearOperator((size, size), matvec=scaled, dtype=float)

            def solve(rhs: Floats) -> Floats:
                return _krylov(operator, np.matvec(within, rhs.reshape(shape)).ravel()).reshape(shape)

            return solve

        ahead, back = solver(self.product, inverse), solver(self.transposed, inverse.transpose(0, 2, 1))

        def forward(rhs: Floats) -> Floats:
            return (ahead(weight * rhs.reshape(shape)) / scale).ravel()

        def backward(rhs: Floats) -> Floats:
            return (back(rhs.reshape(shape) / scale) * weight).ravel()

        return forward, backward

    def _factorised(self, scale: Floats) -> tuple[Solver, Solver]:
        weight, unit = (scale * self.diagonal).ravel(), np.broadcast_to(scale, self.shape).ravel()
        try:
            factors = linalg.splu(self.explicit())
        except RuntimeError as singular:
            raise ArithmeticError(str(singular)) from singular
        return (
            lambda rhs: factors.solve(weight * rhs.ravel()) / unit,
            lambda rhs: factors.solve(rhs.ravel() / unit, trans="T") * weight,
        )


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
    kind = np.float32 if row.size > 10_000_000 else np.float64
    return row.astype(kind, copy=False), hold.astype(kind, copy=False)


def _krylov(operator: linalg.LinearOperator, rhs: Floats) -> Floats:
    solution, info = linalg.bicgstab(operator, rhs, rtol=1e-3, maxiter=150)
    if info == 0 and np.isfinite(solution).all():
        return np.asarray(solution)
    guess = solution if np.isfinite(solution).all() else None
    solution, info = linalg.gmres(operator, rhs, x0=guess, rtol=1e-3, restart=40, maxiter=5)
    if info or not np.isfinite(solution).all():
        raise ArithmeticError("the linearised equilibrium equations could not be solved")
    return np.asarray(solution)


def _climb(forward: Solver, backward: Solver, n: int) -> float:
    """Lower estimate of the maximum norm of an inverse: ascend from one row to the row it is worst for.

    All ones are the worst signs if actors do not respond to each other; random signs find what they miss near a fold.
    """
    signs = np.random.default_rng(0).choice([-1.0, 1.0], n)
    images = [np.abs(forward(start)) for start in (np.ones(n), signs)]
    image = max(images, key=np.max)
    norm, row = float(image.max()), int(image.argmax())
    for _ in range(3):
        unit = np.zeros(n)
        unit[row] = 1.0
        entries = backward(unit)
        norm = max(norm, float(np.abs(entries).sum()))
        image = np.abs(forward(np.where(entries >= 0, 1.0, -1.0)))
        if image.max() <= 1.1 * norm:
            break
        norm, row = max(norm, float(image.max())), int(image.argmax())
    return norm
