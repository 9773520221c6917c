"""Compiled loops over a sparse non-negative matrix: readings of powers and polynomials, mixtures, jump paths.

Nothing here knows domain words. Sparse matrices come as (ptr, column, weight) by rows, ptr and column unsigned 32-bit:
signed ones make the compiler guard against negative indices, which costs three times the multiplication itself.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Sparse(NamedTuple):
    """A sparse matrix by rows."""

    ptr: NDArray[np.uint32]
    """(rows+1,)"""
    column: NDArray[np.uint32]
    """(nnz,)"""
    weight: Floats
    """(nnz,)"""


@njit(cache=True, inline="always", fastmath={"contract"})
def _multiply(a: Sparse, x: Floats, out: Floats) -> None:
    """out = A x."""
    first = a.ptr[0]
    for i in range(out.size):
        last = a.ptr[i + 1]
        total = 0.0
        for k in range(first, last):
            total += a.weight[k] * x[a.column[k]]
        out[i] = total
        first = last


@njit(cache=True, fastmath={"contract"})
def multiply(a: Sparse, x: Floats) -> Floats:
    """A x."""
    out = np.empty(a.ptr.size - 1)
    _multiply(a, x, out)
    return out


@njit(cache=True, fastmath={"contract"})
def read_powers(a: Sparse, x: Floats, reading: Sparse, last: int, tolerance: float) -> Floats:
    """Readings G A^k x for k = 0..last, with A's columns (or its rows) summing to at most 1.

    Every 32 products it looks whether A x = g x has been reached, 0 <= g <= 1, up to a residual whose 1-norm r obeys
    r * (products left) <= tolerance; then the readings left follow as a geometric series. A does not lengthen
    vectors in the 1-norm (or the maximum norm, which is no greater), so that is a bound on the norm by which any later
    A^k x can be wrong. Returns the readings (last+1, J).
    """
    out = np.empty((last + 1, reading.ptr.size - 1))
    x = x.copy()
    y = np.empty_like(x)
    for k in range(last + 1):
        _multiply(reading, x, out[k])
        if k == last:
            return out
        _multiply(a, x, y)
        if k % 32 == 31:
            old, new = x.sum(), y.sum()
            ratio = min(max(new / old, 0.0), 1.0) if old != 0.0 else 0.0
            residual = 0.0
            for i in range(x.size):
                residual += abs(y[i] - ratio * x[i])
            if residual * (last - k) <= tolerance:
                for j in range(k + 1, last + 1):
                    for m in range(out.shape[1]):
                        out[j, m] = ratio * out[j - 1, m]
                return out
        x, y = y, x
    return out


@njit(cache=True, fastmath={"contract"})
def read_chebyshev(a: Sparse, x: Floats, reading: Sparse, mean: float, tolerance: float) -> tuple[Floats, bool]:
    """Readings G T_k(A) x of Chebyshev's polynomials, as many as exp(u (A - I)) x needs for u = 0..mean.

    With a_k(u) = exp(-u) I_k(u), exp(u (A - I)) = a_0 + 2 sum a_k(u) T_k(A). Cut after k = m, the sum p(u) obeys
    p' = (A - I) p + a_{m+1} T_m x - a_m T_{m+1} x, and exp(u (A - I)) does not lengthen vectors in the 1-norm, so

        |error at any u <= mean| <= (integral of a_{m+1}) |T_m x| + (integral of a_m) |T_{m+1} x|,

    which decides m. The products grow where A has complex eigenvalues and rounding grows with them. Returns the
    readings (m+1, J), and False if rounding may cost more than the tolerance and more than in the `mean` products that
    `read_powers` needs; then use that.
    """
    weight, integral = bessel_weights(mean)
    width = reading.ptr.size - 1
    out = np.empty((weight.size - 1, width))
    old = x.copy()
    now = np.empty_like(x)
    _multiply(a, old, now)
    _multiply(reading, old, out[0])
    size = np.abs(now).sum()
    amplified, bearable = 1.0, max(tolerance / 2.2e-16, mean)
    for m in range(1, weight.size - 1):
        _multiply(reading, now, out[m])
        amplified = max(amplified, 2.0 * weight[m] * size)
        if m * amplified > bearable:
            return out[:m], False
        before, size = size, 0.0
        first = a.ptr[0]
        for i in range(x.size):
            last = a.ptr[i + 1]
            total = 0.0
            for k in range(first, last):
                total += a.weight[k] * now[a.column[k]]
            old[i] = 2.0 * total - old[i]
            size += abs(old[i])
            first = last
        old, now = now, old
        if integral[m + 1] * before + integral[m] * size <= tolerance:
            return out[: m + 1], True
    return out, False


@njit(cache=True)
def bessel_weights(mean: float) -> tuple[Floats, Floats]:
    """a_k = exp(-mean) I_k(mean) and its integral over 0..mean, for k from 0 to where both have vanished.

    Miller's backward recurrence a_{k-1} = a_{k+1} + (2k/mean) a_k, normalised by a_0 + 2 sum a_k = 1; the integral is
    2 sum over j > k of (j - k) a_j. All terms are positive. Source: NIST Handbook, sections 10.29 and 10.74.
    """
    size = int(12.0 * np.sqrt(mean)) + 40
    a = np.zeros(size + 1)
    if mean < 1e-30:
        a[0] = 1.0
        return a, np.zeros(size + 1)
    a[size - 1] = 1e-300
    for k in range(size - 1, 0, -1):
        a[k - 1] = a[k + 1] + (2.0 * k / mean) * a[k]
        if a[k - 1] > 1e250:
            a[k - 1 :] *= 1e-250
    a /= a[0] + 2.0 * a[1:].sum()
    integral = np.zeros(size + 1)
    above = 0.0
    for k in range(size - 1, -1, -1):
        above += a[k + 1]
        integral[k] = integral[k + 1] + 2.0 * above
    return a, integral


@njit(cache=True, fastmath={"contract"})
def mix_chebyshev(reading: Floats, means: Floats) -> tuple[Floats, Floats]:
    """For each mean, the expansion's value and its integral over 0..mean, both (T, J), from `read_chebyshev`."""
    at = np.zeros((means.size, reading.shape[1]))
    total = np.zeros_like(at)
    for t in range(means.size):
        weight, integral = bessel_weights(means[t])
        for k in range(min(weight.size, reading.shape[0])):
            factor = 1.0 if k == 0 else 2.0
            for j in range(reading.shape[1]):
                at[t, j] += factor * weight[k] * reading[k, j]
                total[t, j] += factor * integral[k] * reading[k, j]
    return at, total


@njit(cache=True, fastmath={"contract"})
def mix_powers(a: Sparse, x: Floats, weight: Floats) -> Floats:
    """Sum over k of weight[k] A^k x."""
    x = x.copy()
    y = np.empty_like(x)
    out = np.zeros_like(x)
    for k in range(weight.size):
        if k > 0:
            _multiply(a, x, y)
            x, y = y, x
        if weight[k] != 0.0:
            for i in range(x.size):
                out[i] += weight[k] * x[i]
    return out


@njit(cache=True)
def poisson_window(mean: float, tolerance: float) -> tuple[int, Floats]:
    """First k and probabilities of a Poisson variable N, so wide that P(N < first) <= tolerance and
    E[(N - last)^+] <= tolerance min(1, mean).

    By recurrence outward from the mode and normalised by the sum, so that no factorial, power or exponential of
    the mean is ever formed (Fox and Glynn 1988 without their limits on the mean).
    """
    mode = int(mean)
    w = 1.0
    right = mode
    total = 1.0
    while True:
        ratio = mean / (right + 1)
        if ratio < 1.0 and w * ratio <= tolerance * min(1.0, mean) * (1.0 - ratio) ** 2 * total:
            break
        right += 1
        w *= ratio
        total += w
    w = 1.0
    left = mode
    while left > 0:
        ratio = left / mean
        if ratio < 1.0 and w * ratio <= tolerance * (1.0 - ratio) * total:
            break
        left -= 1
        w *= ratio
        total += w
    out = np.empty(right - left + 1)
    out[mode - left] = 1.0
    for k in range(mode, right):
        out[k + 1 - left] = out[k - left] * (mean / (k + 1))
    for k in range(mode, left, -1):
        out[k - 1 - left] = out[k - left] * (k / mean)
    return left, out / out.sum()


@njit(cache=True, fastmath={"contract"})
def mix_readings(reading: Floats, means: Floats, tolerance: float) -> tuple[Floats, Floats]:
    """For each mean, with N its Poisson variable: E[reading[N]] and E[sum of reading[0..N-1]], both (T, J)."""
    n, J = reading.shape
    below = np.zeros((n + 1, J))
    for k in range(n):
        for j in range(J):
            below[k + 1, j] = below[k, j] + reading[k, j]
    at = np.zeros((means.size, J))
    total = np.zeros((means.size, J))
    for t in range(means.size):
        left, weight = poisson_window(means[t], tolerance)
        for k in range(weight.size):
            row = min(left + k, n - 1)
            for j in range(J):
                at[t, j] += weight[k] * reading[row, j]
                total[t, j] += weight[k] * below[row, j]
    return at, total


@njit(cache=True)
def jump_paths(
    ptr: NDArray[np.int64],
    rate: Floats,
    target: NDArray[np.int32],
    starts: NDArray[np.int64],
    horizon: float,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Paths of a jump process, one for each of starts, until they leave the rows of ptr or the horizon.

    Row s has entries ptr[s]..ptr[s+1], each with its rate and target. Returns where each path's jumps begin, their
    dates, the entries taken, and where each path stands in the end.
    """
    n = ptr.size - 1
    cumulative = np.empty(rate.size)
    for s in range(n):
        total = 0.0
        for k in range(ptr[s], ptr[s + 1]):
            total += rate[k]
            cumulative[k] = total
    begin = np.zeros(starts.size + 1, np.int64)
    final = np.empty(starts.size, np.int64)
    dates = np.empty(1024)
    taken = np.empty(1024, np.int64)
    count = 0
    for path in range(starts.size):
        state = starts[path]
        clock = 0.0
        while state < n:
            first, last = ptr[state], ptr[state + 1]
            total = cumulative[last - 1] if last > first else 0.0
            if total <= 0.0:
                break
            clock += rng.exponential() / total
            if clock > horizon:
                break
            entry = first + np.searchsorted(cumulative[first:last], rng.random() * total, side="right")
            if count == dates.size:
                dates = np.concatenate((dates, np.empty_like(dates)))
                taken = np.concatenate((taken, np.empty_like(taken)))
            dates[count] = clock
            taken[count] = entry
            count += 1
            state = np.int64(target[entry])
        begin[path + 1] = count
        final[path] = state
    return begin, dates[:count].copy(), taken[:count].copy(), final
