"""Compiled loops over the Jacobian of the equilibrium equations: in halves, by substitution; and as a whole.

The Jacobian J couples states by blocks (N, N): within a state D, to states that stand before it L, to states that stand
after it U. With every row of blocks multiplied by the inverse of its D, J = I + L + U. A *link* is one branch of a row
from state s to another state t: its block is -(p rate[row] I + p pull[row] e_i'), with p the branch's probability and i
the group the row belongs to; for nature's group N, pull counts for nothing.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from equipoise.kernels.bellman import Arrays
from equipoise.kernels.registers import replaced

Array = NDArray[Any]


class Links(NamedTuple):
    """Links of every state to states before it, or to states after it; M of them."""

    ptr: NDArray[np.int64]
    """(S+1,)"""
    row: NDArray[np.int32]
    """(M,)"""
    target: NDArray[np.int32]
    """(M,) a state"""
    group: NDArray[np.int8]
    """(M,)"""
    probability: NDArray[np.float64]
    """(M,)"""


class Factors(NamedTuple):
    """What substitution reads of J at one point."""

    before: Links
    after: Links
    rate: NDArray[np.float64]
    """(R,)"""
    pull: NDArray[np.float64]
    """(R, N)"""
    block: NDArray[np.float64]
    """(S, N, N) D^-1"""
    zeros: tuple[float, ...]
    """N zeros, see `bellman`."""


@njit(cache=True, inline="always", error_model="numpy", fastmath={"contract", "reassoc"})
def _substitute(j: Factors, links: Links, s: int, x: Array) -> None:
    """x[s] -= block[s] times the sum over the state's links of their blocks times x[target]."""
    n = len(j.zeros)
    total = j.zeros
    for m in range(links.ptr[s], links.ptr[s + 1]):
        t, r, i, p = links.target[m], links.row[m], links.group[m], links.probability[m]
        weight = p * j.rate[r]
        own = p * x[t, i] if i < n else 0.0
        for k in range(n):
            total = replaced(total, k, total[k] + weight * x[t, k] + own * j.pull[r, k])
    for i in range(n):
        changed = x[s, i]
        for k in range(n):
            changed += j.block[s, i, k] * total[k]
        x[s, i] = changed


@njit(cache=True, error_model="numpy", fastmath={"contract", "reassoc"})
def prepare(j: Factors, scale: Array, rhs: Array, out: Array) -> None:
    """out (S, N) = scale (I + L)^-1 D^-1 rhs: what the preconditioned system has on its right."""
    n = len(j.zeros)
    for s in range(out.shape[0]):
        for i in range(n):
            total = 0.0
            for k in range(n):
                total += j.block[s, i, k] * rhs[s, k]
            out[s, i] = total
        _substitute(j, j.before, s, out)
    for s in range(out.shape[0]):
        for i in range(n):
            out[s, i] *= scale[s, i]


@njit(cache=True, error_model="numpy", fastmath={"contract", "reassoc"})
def recover(j: Factors, scale: Array, z: Array, x: Array) -> None:
    """x (S, N) = (I + U)^-1 z / scale: the unknowns themselves."""
    for s in range(x.shape[0] - 1, -1, -1):
        for i in range(len(j.zeros)):
            x[s, i] = z[s, i] / scale[s, i]
        _substitute(j, j.after, s, x)


@njit(cache=True, error_model="numpy", fastmath={"contract", "reassoc"})
def product(j: Factors, scale: Array, z: Array, x: Array, out: Array) -> None:
    """out (S, N) = the preconditioned matrix times z; fills x (S, N) with the unknowns that z stands for."""
    n = len(j.zeros)
    recover(j, scale, z, x)
    for s in range(x.shape[0]):
        for i in range(n):
            out[s, i] = z[s, i] / scale[s, i] - x[s, i]
        _substitute(j, j.before, s, out)
    for s in range(x.shape[0]):
        for i in range(n):
            out[s, i] = scale[s, i] * (x[s, i] + out[s, i])


@njit(cache=True, inline="always", error_model="numpy", fastmath={"contract", "reassoc"})
def _scatter(j: Factors, links: Links, s: int, x: Array) -> None:
    """x[target] -= the transpose of block[s] times the link's block, times x[s], for all of the state's links."""
    n = len(j.zeros)
    share = j.zeros
    for i in range(n):
        for k in range(n):
            share = replaced(share, k, share[k] + j.block[s, i, k] * x[s, i])
    for m in range(links.ptr[s], links.ptr[s + 1]):
        t, r, i, p = links.target[m], links.row[m], links.group[m], links.probability[m]
        weight, along = p * j.rate[r], 0.0
        for k in range(n):
            x[t, k] += weight * share[k]
            along += j.pull[r, k] * share[k]
        if i < n:
            x[t, i] += p * along


@njit(cache=True, error_model="numpy", fastmath={"contract", "reassoc"})
def prepare_transposed(j: Factors, scale: Array, rhs: Array, out: Array) -> None:
    """out (S, N) = (I + U')^-1 rhs / scale: what the transposed preconditioned system has on its right."""
    out[:] = rhs
    for s in range(out.shape[0]):
        _scatter(j, j.after, s, out)
    out /= scale


@njit(cache=True, error_model="numpy", fastmath={"contract", "reassoc"})
def product_transposed(j: Factors, scale: Array, z: Array, x: Array, out: Array) -> None:
    """out (S, N) = the transpose of the matrix of `product` times z; fills x (S, N) with (I + L')^-1 scale z."""
    n = len(j.zeros)
    for s in range(x.shape[0]):
        for i in range(n):
            x[s, i] = z[s, i] * scale[s, i]
    for s in range(x.shape[0] - 1, -1, -1):
        _scatter(j, j.before, s, x)
    for s in range(x.shape[0]):
        for i in range(n):
            out[s, i] = z[s, i] * scale[s, i] - x[s, i]
    for s in range(x.shape[0]):
        _scatter(j, j.after, s, out)
        for i in range(n):
            out[s, i] = (x[s, i] + out[s, i]) / scale[s, i]


@njit(cache=True, error_model="numpy", fastmath={"contract", "reassoc"})
def recover_transposed(j: Factors, scale: Array, z: Array, x: Array) -> None:
    """x (S, N) = D'^-1 (I + L')^-1 scale z: the unknowns themselves."""
    n = len(j.zeros)
    for s in range(x.shape[0]):
        for i in range(n):
            x[s, i] = z[s, i] * scale[s, i]
    for s in range(x.shape[0] - 1, -1, -1):
        _scatter(j, j.before, s, x)
        share = j.zeros
        for i in range(n):
            for k in range(n):
                share = replaced(share, k, share[k] + j.block[s, i, k] * x[s, i])
        for k in range(n):
            x[s, k] = share[k]


@njit(cache=True, error_model="numpy")
def jacobian(a: Arrays, rate: Array, pull: Array, out: Array) -> None:
    """Add J itself to out (S*N, S*N), term by term."""
    n_states, n = a.flow.shape
    for s in range(n_states):
        for j in range(n):
            out[s * n + j, s * n + j] += a.discount[j]
        for i in range(n + 1):
            g = s * (n + 1) + i
            for r in range(a.row_ptr[g], a.row_ptr[g + 1]):
                e = a.kind_branch_ptr[a.row_kind[r]]
                for b in range(a.branch_ptr[r], a.branch_ptr[r + 1]):
                    t, p = a.target[b], a.probability[e]
                    e += 1
                    for j in range(n):
                        out[s * n + j, s * n + j] += p * rate[r]
                        if t < n_states:
                            out[s * n + j, t * n + j] -= p * rate[r]
                        if i < n:
                            out[s * n + j, s * n + i] += p * pull[r, j]
                            if t < n_states:
                                out[s * n + j, t * n + i] -= p * pull[r, j]
