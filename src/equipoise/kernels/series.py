"""Compiled loops: a polynomial of a sparse matrix between two vectors, differentiated by every entry of the matrix."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from equipoise.kernels.chain import Sparse

Floats = NDArray[np.float64]


@njit(cache=True, fastmath={"contract"})
def differentiate_series(
    a: Sparse, back: Sparse, x: Floats, y: Floats, weight: Floats, factor: float, keep: int
) -> tuple[Floats, Floats]:
    """Derivatives of m = x' p(A) y by y and by the entries of A, with p = sum over k of weight[k] X_k.

        X_0 = I,   X_1 = A,   X_{k+1} = factor A X_k - (factor - 1) X_{k-1}

    are the powers of A (factor 1) or Chebyshev's polynomials (factor 2). With u_k = X_k' x, dm/dy = sum weight[k] u_k,
    and dm/dA = sum over k of f_k u_k c_{k+1}' with f_0 = 1, else f_k = factor, where in reverse

        c_k = weight[k] y + f_k A c_{k+1} - (factor - 1) c_{k+2}   (Clenshaw's recurrence).

    ``back`` is A transposed by rows. The u_k are held for ``keep`` values of k at a time and formed anew from where
    each such stretch begins, so that memory is bounded. Returns dm/dy (S,) and dm/dA (nnz,) in the order of ``a``.
    """
    terms, size = weight.size, x.size
    stretches = (terms + keep - 1) // keep
    begin = np.empty((stretches, 2, size))
    held = np.empty((keep, size))
    old, now, new = np.zeros(size), x.copy(), np.empty(size)
    by_y = np.zeros(size)
    for k in range(terms):
        if k % keep == 0:
            begin[k // keep, 0, :], begin[k // keep, 1, :] = old, now
        for s in range(size):
            by_y[s] += weight[k] * now[s]
        _advance(back, now, old, factor, k, new)
        old, now, new = now, new, old
    by_entry = np.zeros(a.weight.size)
    later, latest, c = np.zeros(size), np.zeros(size), np.empty(size)
    for stretch in range(stretches - 1, -1, -1):
        first = stretch * keep
        last = min(first + keep, terms)
        old[:], now[:] = begin[stretch, 0, :], begin[stretch, 1, :]
        for k in range(first, last):
            held[k - first, :] = now
            _advance(back, now, old, factor, k, new)
            old, now, new = now, new, old
        for k in range(last - 1, first - 1, -1):
            strength = 1.0 if k == 0 else factor
            u = held[k - first]
            begins = a.ptr[0]
            for s in range(size):
                ends = a.ptr[s + 1]
                total, mass = 0.0, strength * u[s]
                for m in range(begins, ends):
                    ahead = later[a.column[m]]
                    total += a.weight[m] * ahead
                    by_entry[m] += mass * ahead
                c[s] = weight[k] * y[s] + strength * total - (factor - 1.0) * latest[s]
                begins = ends
            later, latest, c = c, later, latest
    return by_y, by_entry


@njit(cache=True, inline="always", fastmath={"contract"})
def _advance(back: Sparse, now: Floats, old: Floats, factor: float, k: int, out: Floats) -> None:
    """out = u_{k+1} from u_k and u_{k-1}."""
    strength = 1.0 if k == 0 else factor
    less = 0.0 if k == 0 else factor - 1.0
    begins = back.ptr[0]
    for s in range(out.size):
        ends = back.ptr[s + 1]
        total = 0.0
        for m in range(begins, ends):
            total += back.weight[m] * now[back.column[m]]
        out[s] = strength * total - less * old[s]
        begins = ends
