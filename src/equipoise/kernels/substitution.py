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
from equipoise.kernels.registers import item, load, store, total, unit, zero

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
    probability: NDArray[np.floating]
    """(M,)"""


class Factors(NamedTuple):
    """What substitution reads of J at one point, in single or in double precision."""

    before: Links
    after: Links
    rate: NDArray[np.floating]
    """(R,)"""
    pull: NDArray[np.floating]
    """(R, N)"""
    block: NDArray[np.floating]
    """(S, N, N) the transpose of D^-1"""
    zeros: tuple[float, ...]
    """N zeros: their count is known to the compiler."""


@njit(cache=True, inline="always", error_model="numpy")
def _within(j: Factors, s: int, x: Any, vector: Any) -> Any:
    """x + D^-1 vector of state s."""
    for k in range(len(j.zeros)):
        x = x + item(vector, k) * load(j.zeros, j.block, (s, k))
    return x


@njit(cache=True, inline="always", error_model="numpy")
def _substituted(j: Factors, links: Links, s: int, x: Array, own: Any) -> Any:
    """own minus D^-1 times the sum over the state's links of their blocks times x[target]."""
    n, flow = len(j.zeros), zero(j.zeros, x)
    for m in range(links.ptr[s], links.ptr[s + 1]):
        t, r, i, p = links.target[m], links.row[m], links.group[m], links.probability[m]
        flow = flow + p * j.rate[r] * load(j.zeros, x, (t,))
        if i < n:
            flow = flow + p * x[t, i] * load(j.zeros, j.pull, (r,))
    return _within(j, s, own, flow)


@njit(cache=True, error_model="numpy")
def prepare(j: Factors, scale: Array, rhs: Array, out: Array) -> None:
    """out (S, N) = scale (I + L)^-1 D^-1 rhs: what the preconditioned system has on its right."""
    for s in range(out.shape[0]):
        own = _within(j, s, zero(j.zeros, out), load(j.zeros, rhs, (s,)))
        store(out, (s,), _substituted(j, j.before, s, out, own))
    for s in range(out.shape[0]):
        store(out, (s,), load(j.zeros, out, (s,)) * load(j.zeros, scale, (s,)))


@njit(cache=True, error_model="numpy")
def recover(j: Factors, scale: Array, z: Array, x: Array) -> None:
    """x (S, N) = (I + U)^-1 z / scale: the unknowns themselves."""
    for s in range(x.shape[0] - 1, -1, -1):
        own = load(j.zeros, z, (s,)) / load(j.zeros, scale, (s,))
        store(x, (s,), _substituted(j, j.after, s, x, own))


@njit(cache=True, error_model="numpy")
def product(j: Factors, scale: Array, z: Array, x: Array, y: Array, out: Array) -> None:
    """out (S, N) = the preconditioned matrix times z; fills x (S, N) with the unknowns that z stands for, and y."""
    recover(j, scale, z, x)
    for s in range(x.shape[0]):
        unit, own = load(j.zeros, scale, (s,)), load(j.zeros, x, (s,))
        back = _substituted(j, j.before, s, y, load(j.zeros, z, (s,)) / unit - own)
        store(y, (s,), back)
        store(out, (s,), (own + back) * unit)


@njit(cache=True, inline="always", error_model="numpy")
def _dispersed(j: Factors, links: Links, s: int, x: Array, own: Any) -> None:
    """x[target] -= the transpose of D^-1 times the link's block, times own, for all of the state's links."""
    n, share = len(j.zeros), zero(j.zeros, x)
    for i in range(n):
        share = share + total(own * load(j.zeros, j.block, (s, i))) * unit(j.zeros, x, i)
    for m in range(links.ptr[s], links.ptr[s + 1]):
        t, r, i, p = links.target[m], links.row[m], links.group[m], links.probability[m]
        more = p * j.rate[r] * share
        if i < n:
            more = more + p * total(share * load(j.zeros, j.pull, (r,))) * unit(j.zeros, x, i)
        store(x, (t,), load(j.zeros, x, (t,)) + more)


@njit(cache=True, error_model="numpy")
def prepare_transposed(j: Factors, scale: Array, rhs: Array, out: Array) -> None:
    """out (S, N) = (I + U')^-1 rhs / scale: what the transposed preconditioned system has on its right."""
    for s in range(out.shape[0]):
        store(out, (s,), load(j.zeros, rhs, (s,)))
    for s in range(out.shape[0]):
        own = load(j.zeros, out, (s,))
        _dispersed(j, j.after, s, out, own)
        store(out, (s,), own / load(j.zeros, scale, (s,)))


@njit(cache=True, error_model="numpy")
def product_transposed(j: Factors, scale: Array, z: Array, x: Array, y: Array, out: Array) -> None:
    """out (S, N) = the transpose of the matrix of `product` times z; fills x (S, N) with (I + L')^-1 scale z, and y."""
    for s in range(x.shape[0]):
        store(x, (s,), load(j.zeros, z, (s,)) * load(j.zeros, scale, (s,)))
    for s in range(x.shape[0] - 1, -1, -1):
        own = load(j.zeros, x, (s,))
        _dispersed(j, j.before, s, x, own)
        store(y, (s,), load(j.zeros, z, (s,)) * load(j.zeros, scale, (s,)) - own)
    for s in range(x.shape[0]):
        own = load(j.zeros, y, (s,))
        _dispersed(j, j.after, s, y, own)
        store(out, (s,), (load(j.zeros, x, (s,)) + own) / load(j.zeros, scale, (s,)))


@njit(cache=True, error_model="numpy")
def recover_transposed(j: Factors, scale: Array, z: Array, x: Array) -> None:
    """x (S, N) = D'^-1 (I + L')^-1 scale z: the unknowns themselves."""
    for s in range(x.shape[0]):
        store(x, (s,), load(j.zeros, z, (s,)) * load(j.zeros, scale, (s,)))
    for s in range(x.shape[0] - 1, -1, -1):
        own = load(j.zeros, x, (s,))
        _dispersed(j, j.before, s, x, own)
        for i in range(len(j.zeros)):
            x[s, i] = total(own * load(j.zeros, j.block, (s, i)))


@njit(cache=True, error_model="numpy")
def jacobian(a: Arrays, rate: Array, pull: Array, out: Array) -> None:
    """Add J itself to the first rows and columns (S*N, S*N) of out, term by term."""
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
