"""Linear systems of an absorbing chain, solved with a proven bound on the error."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import breadth_first_order, connected_components
from scipy.sparse.linalg import MatrixRankWarning, splu

from equipoise.equilibrium.bicgstab import bicgstab
from equipoise.errors import EquipoiseError
from equipoise.game.game import Floats, Ints
from equipoise.outlook.chain import Chain

TOLERANCE = 1e-8
"""Largest proven error, relative to the largest number of a solution, that is returned."""
AIM = 1e-11
"""Proven relative error at which refinement is content."""
STEPS = 500
"""Most steps of BiCGSTAB, two products each, before factorisation takes over."""


class SolveError(EquipoiseError):
    """A linear system is too ill-conditioned for its solution to be vouched for."""


@dataclass(frozen=True, eq=False)
class Solver:
    """Solves with M = diag(exit rates + rho) - Q on the states of ``keep``; other states get 0.

    From every state of ``keep`` there must be a way out of ``keep`` (or rho > 0). Then M is a nonsingular M-matrix and
    so is D^-1 M, with D its diagonal: its inverse is non-negative, so v = (D^-1 M)^-1 1, the expected number of visits
    to states before leaving, bounds the error of any solution x by max(v) |D^-1 (b - M x)|, in the maximum norm.
    Counting visits and not years, this holds as well where some states are left a billion times more rarely than
    others. For the transpose the same bound holds in the 1-norm of D x, the visits; with rho > 0 that of the years,
    max(y) |b - M^T x| with y = M^-1 1, is taken, since values are flows times years.

    Method: BiCGSTAB with Jacobi's preconditioner (van der Vorst 1992), refined; where that stalls, sparse LU, refined.

    Raises:
        SolveError: a proven relative error exceeds `TOLERANCE`.
    """

    chain: Chain
    keep: NDArray[np.bool_]
    """(S,)"""
    discount: float = 0.0
    """rho, 1/year"""

    def solve(self, right: Floats) -> Floats:
        """x (S, m) with M x = ``right`` (S, m): expectations from every state."""
        return self._spread(_checked(self._scaled, self._each * right[self._inside], self.visits, np.inf))

    def solve_adjoint(self, right: Floats) -> Floats:
        """x (S, m) with M^T x = ``right`` (S, m): expected years in every state from starts ``right``."""
        if self.discount > 0:
            return self._spread(_checked(self._matrix.T.tocsr(), right[self._inside], self.longest, 1))
        return self._spread(self._each * _checked(self._scaled.T.tocsr(), right[self._inside], self.visits, 1))

    @cached_property
    def longest(self) -> float:
        """Upper bound on max(y), years."""
        return _greatest(self._matrix)

    @cached_property
    def visits(self) -> float:
        """Upper bound on max(v)."""
        return _greatest(self._scaled)

    @cached_property
    def _inside(self) -> Ints:
        return np.flatnonzero(self.keep)

    @cached_property
    def _matrix(self) -> sp.csr_array:
        exits = self.chain.exit_rate[self._inside] + self.discount
        return sp.csr_array(sp.diags_array(exits) - self.chain.transition[self._inside][:, self._inside])

    @cached_property
    def _each(self) -> Floats:
        """(n, 1) mean years of one visit."""
        return np.asarray(1 / self._matrix.diagonal())[:, None]

    @cached_property
    def _scaled(self) -> sp.csr_array:
        return sp.csr_array(sp.diags_array(self._each[:, 0]) @ self._matrix)

    def _spread(self, inner: Floats) -> Floats:
        out = np.zeros((self.chain.n_states, inner.shape[1]))
        out[self._inside] = inner
        return out


def leads_to(chain: Chain, goal: NDArray[np.bool_], *, through: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """(S,) states from which some path reaches a state of ``goal``, all states before it being in ``through``."""
    step = chain.transition
    if through is not None:
        step = sp.diags_array(through.astype(float)) @ step
    source = sp.csr_array(goal[None, :].astype(float))
    reverse = sp.block_array([[sp.csr_array(step.T), None], [source, sp.csr_array((1, 1))]], format="csr")
    reverse.eliminate_zeros()
    found = breadth_first_order(reverse, chain.n_states, return_predecessors=False)
    out = np.zeros(chain.n_states + 1, bool)
    out[found] = True
    return out[:-1]


def closed_classes(chain: Chain) -> Ints:
    """(S,) number of the closed class each state belongs to, -1 for states that are left for good."""
    step = chain.transition
    count, label = connected_components(step, connection="strong")
    edge = step.tocoo()
    open_label = np.zeros(count, bool)
    open_label[label[edge.row[label[edge.row] != label[edge.col]]]] = True
    open_label[label[chain.absorption.sum(axis=1) > 0]] = True
    return np.where(open_label[label], -1, label)


def _greatest(matrix: sp.csr_array) -> float:
    """Upper bound on the greatest entry of matrix^-1 1, for a nonsingular M-matrix."""
    ones = np.ones((matrix.shape[0], 1))
    if not ones.size:
        return 0.0
    found, residual = _approximate(matrix, ones, 1.0, np.inf)
    if not residual[0] < 0.5:
        raise SolveError(
            "some states are left so rarely that nothing can be said beyond rounding; drop rates that are "
            "many orders of magnitude below the others, or set them to 0"
        )
    return float(np.abs(found).max() / (1 - residual[0]))


def _checked(matrix: sp.csr_array, right: Floats, bound: float, norm: float) -> Floats:
    if not right.size:
        return right
    x, residual = _approximate(matrix, right, bound, norm)
    size = np.linalg.norm(x, norm, axis=0)
    if np.any(bound * residual > TOLERANCE * size):
        worst = float(np.max(bound * residual / np.maximum(size, 1e-300)))
        raise SolveError(
            f"what happens in the end could only be found to a relative error of {worst:.1e}; right would be "
            f"{TOLERANCE:.0e}: look for rates many orders of magnitude below the others, or branches almost never taken"
        )
    return x


def _approximate(matrix: sp.csr_array, right: Floats, bound: float, norm: float) -> tuple[Floats, Floats]:
    """Solution and the norms of its columns' residuals."""
    x, residual = _refined(matrix, right, lambda rest: _iterate(matrix, rest), bound, norm)
    if np.all(bound * residual <= TOLERANCE * np.linalg.norm(x, norm, axis=0)):
        return x, residual
    with warnings.catch_warnings():
        warnings.simplefilter("error", MatrixRankWarning)
        try:
            factors = splu(matrix.tocsc(), permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True})
        except (RuntimeError, MatrixRankWarning):
            return x, residual
    return _refined(matrix, right, factors.solve, bound, norm)


def _refined(
    matrix: sp.csr_array, right: Floats, solve: Callable[[Floats], Floats], bound: float, norm: float
) -> tuple[Floats, Floats]:
    x = np.zeros_like(right)
    rest = right
    residual = np.linalg.norm(rest, norm, axis=0)
    for _ in range(5):
        better = x + solve(rest)
        left = right - matrix @ better
        size = np.linalg.norm(left, norm, axis=0)
        gained = size < residual
        x, rest = np.where(gained, better, x), np.where(gained, left, rest)
        halved = size < residual / 2
        residual = np.where(gained, size, residual)
        if not halved.any() or np.all(bound * residual <= AIM * np.linalg.norm(x, norm, axis=0)):
            break
    return x, residual


def _iterate(matrix: sp.csr_array, right: Floats) -> Floats:
    """BiCGSTAB with Jacobi's preconditioner, column by column."""
    inverse = 1 / matrix.diagonal()
    columns = [
        bicgstab(lambda x: inverse * (matrix @ x), inverse * column, rtol=1e-14, most=STEPS)[0] for column in right.T
    ]
    return np.column_stack(columns)
