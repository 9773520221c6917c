"""Compiled loops over the equilibrium equations: residual, linearisation, products with the Jacobian.

Nothing here knows domain words. Every loop runs over states s, groups i = 0..N (group N has rates instead of
choices), rows of a group, branches of a row. `beta` multiplies the inverse noise, `mode` picks what an
opportunity is worth: 0 the smooth maximum, 1 the same plus entropy at the unscaled noise, 2 the mean.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Array = NDArray[Any]

SMOOTH_MAXIMUM, SHOCKED_MAXIMUM, MEAN = 0, 1, 2


class Arrays(NamedTuple):
    """What the loops read; S states, N groups that choose, R rows, B branches, K kinds, E ends."""

    row_ptr: NDArray[np.int64]
    """(S*(N+1)+1,)"""
    row_kind: NDArray[np.int32]
    """(R,)"""
    branch_ptr: NDArray[np.int64]
    """(R+1,)"""
    target: NDArray[np.int32]
    """(B,) below S a state, from S on an end"""
    kind_cost: NDArray[np.float64]
    """(K,)"""
    kind_rate: NDArray[np.float64]
    """(K,)"""
    kind_log_reference: NDArray[np.float64]
    """(K,)"""
    kind_branch_ptr: NDArray[np.int64]
    """(K+1,)"""
    probability: NDArray[np.float64]
    """(kind_branch_ptr[-1],)"""
    impact: NDArray[np.float64]
    """(kind_branch_ptr[-1], N)"""
    flow: NDArray[np.float64]
    """(S, N)"""
    tempo: NDArray[np.float64]
    """(S, N)"""
    inverse_noise: NDArray[np.float64]
    """(S, N)"""
    hold_log_reference: NDArray[np.float64]
    """(S, N)"""
    discount: NDArray[np.float64]
    """(N,)"""
    bonus: float
    """Added to an opportunity's worth per unit of noise (Euler's constant, or 0)."""
    widest: int
    """Most rows that any group of any state has."""


@njit(cache=True, inline="always", error_model="numpy")
def _expect(a: Arrays, r: int, value: Array, n: int, out: Array) -> None:
    """out[j] = sum over branches of row r of p (value[target, j] + impact[j])."""
    e = a.kind_branch_ptr[a.row_kind[r]]
    first, last = a.branch_ptr[r], a.branch_ptr[r + 1]
    if last - first == 1:
        t = a.target[first]
        for j in range(n):
            out[j] = value[t, j] + a.impact[e, j]
        return
    for j in range(n):
        out[j] = 0.0
    for b in range(first, last):
        t = a.target[b]
        p = a.probability[e]
        for j in range(n):
            out[j] += p * (value[t, j] + a.impact[e, j])
        e += 1


@njit(cache=True, inline="always", error_model="numpy")
def _choose(
    a: Arrays, s: int, i: int, first: int, last: int, value: Array, beta: float, n: int, ev: Array, policy: Array
) -> tuple[float, float, float]:
    """Fill ev (rows, n) and the policy of one group; return hold's probability, the mean worth, log-sum."""
    scale = beta * a.inverse_noise[s, i]
    own = value[s, i]
    top = a.hold_log_reference[s, i]
    for r in range(first, last):
        k = r - first
        _expect(a, r, value, n, ev[k])
        # Worths are taken relative to hold: large values cancel before they meet the noise.
        z = a.kind_log_reference[a.row_kind[r]] + scale * (ev[k, i] - a.kind_cost[a.row_kind[r]] - own)
        policy[r] = z
        top = max(top, z)
    hold = np.exp(a.hold_log_reference[s, i] - top)
    total = hold
    for r in range(first, last):
        policy[r] = np.exp(policy[r] - top)
        total += policy[r]
    hold /= total
    mean = 0.0
    for r in range(first, last):
        policy[r] /= total
        mean += policy[r] * (ev[r - first, i] - a.kind_cost[a.row_kind[r]] - own)
    return hold, mean, top + np.log(total)


@njit(cache=True, inline="always", error_model="numpy")
def _worth(a: Arrays, s: int, i: int, mean: float, log_sum: float, beta: float, mode: int) -> float:
    """What the opportunity is worth beyond hold's own value."""
    if mode == 2 or (mode == 0 and beta == 0.0):
        return mean
    noise: float = 1.0 / a.inverse_noise[s, i]
    if mode == 0:
        return log_sum * noise / beta
    return (1.0 - beta) * mean + (log_sum + a.bonus) * noise


@njit(cache=True, error_model="numpy")
def residual(a: Arrays, value: Array, beta: float, mode: int, policy: Array, hold: Array, out: Array) -> None:
    """out (S, N) = left minus right side of the equilibrium equations; fills policy (R,) and hold (S, N).

    value is (S+E, N): the values of the states, then those of the ends.
    """
    n_states, n = a.flow.shape
    ev = np.empty((max(a.widest, 1), n))
    for s in range(n_states):
        for j in range(n):
            out[s, j] = a.discount[j] * value[s, j] - a.flow[s, j]
        g = s * (n + 1)
        for r in range(a.row_ptr[g + n], a.row_ptr[g + n + 1]):
            q = a.kind_rate[a.row_kind[r]]
            _expect(a, r, value, n, ev[0])
            for j in range(n):
                out[s, j] -= q * (ev[0, j] - value[s, j])
        for i in range(n):
            first, last = a.row_ptr[g + i], a.row_ptr[g + i + 1]
            if first == last:
                hold[s, i] = 1.0
                if mode == 1:
                    out[s, i] -= a.tempo[s, i] * a.bonus / a.inverse_noise[s, i]
                continue
            hold[s, i], mean, log_sum = _choose(a, s, i, first, last, value, beta, n, ev, policy)
            tempo = a.tempo[s, i]
            own = out[s, i]
            for r in range(first, last):
                rate = tempo * policy[r]
                for j in range(n):
                    out[s, j] -= rate * (ev[r - first, j] - value[s, j])
            out[s, i] = own - tempo * _worth(a, s, i, mean, log_sum, beta, mode)


@njit(cache=True, error_model="numpy")
def linearise(
    a: Arrays,
    value: Array,
    beta: float,
    mode: int,
    policy: Array,
    hold: Array,
    out: Array,
    slope: Array,
    rate: Array,
    lead: Array,
    block: Array,
) -> None:
    """`residual`, and its derivatives.

    slope (S, N) = d out / d beta at fixed value. The Jacobian maps a direction d to
    discount d - sum over rows of rate (R,) times the row's mean change of d, and lead (R, N) times that of the group's
    own d: a better row draws choices to it, which everybody feels. block (S, N, N) is the inverse of the part of the
    Jacobian that acts within a state.
    """
    n_states, n = a.flow.shape
    ev = np.empty((max(a.widest, 1), n))
    local = np.empty((n, n))
    drift = np.empty(n)
    for s in range(n_states):
        g = s * (n + 1)
        for j in range(n):
            out[s, j] = a.discount[j] * value[s, j] - a.flow[s, j]
            slope[s, j] = 0.0
            for i in range(n):
                local[i, j] = 0.0
            local[j, j] = a.discount[j]
        for r in range(a.row_ptr[g + n], a.row_ptr[g + n + 1]):
            q = a.kind_rate[a.row_kind[r]]
            rate[r] = q
            _expect(a, r, value, n, ev[0])
            leaving = q * (1.0 - _staying(a, r, s))
            for j in range(n):
                out[s, j] -= q * (ev[0, j] - value[s, j])
                local[j, j] += leaving
        for i in range(n):
            first, last = a.row_ptr[g + i], a.row_ptr[g + i + 1]
            if first == last:
                hold[s, i] = 1.0
                if mode == 1:
                    out[s, i] -= a.tempo[s, i] * a.bonus / a.inverse_noise[s, i]
                continue
            hold[s, i], mean, log_sum = _choose(a, s, i, first, last, value, beta, n, ev, policy)
            tempo, sharp = a.tempo[s, i], a.inverse_noise[s, i]
            worth = _worth(a, s, i, mean, log_sum, beta, mode)
            for j in range(n):
                drift[j] = 0.0
            for r in range(first, last):
                for j in range(n):
                    ev[r - first, j] -= value[s, j]
                    drift[j] += policy[r] * ev[r - first, j]
            # What a unit of own lead does to own worth beyond the policy itself (the entropy's unscaled part).
            curl = 0.0
            if mode == 1:
                curl = (1.0 - beta) * beta * sharp
            elif mode == 2:
                curl = beta * sharp
            variance = hold[s, i] * mean * mean
            for r in range(first, last):
                p = policy[r]
                x = ev[r - first, i] - a.kind_cost[a.row_kind[r]] - mean
                variance += p * x * x
                rate[r] = tempo * p
                leaving = 1.0 - _staying(a, r, s)
                for j in range(n):
                    pull = curl * x if j == i else beta * sharp * (ev[r - first, j] - drift[j])
                    lead[r, j] = tempo * p * pull
                    local[j, j] += tempo * p * leaving
                    local[j, i] += tempo * p * pull * leaving
                    if j != i:
                        out[s, j] -= tempo * p * ev[r - first, j]
                        slope[s, j] -= tempo * sharp * p * x * ev[r - first, j]
            out[s, i] -= tempo * worth
            if mode == 0:
                change = (mean - worth) / beta if beta > 0.0 else 0.5 * variance * sharp
            elif mode == 1:
                change = (1.0 - beta) * variance * sharp
            else:
                change = variance * sharp
            slope[s, i] -= tempo * change
        _invert(local, n, block[s])


@njit(cache=True, inline="always", error_model="numpy")
def _staying(a: Arrays, r: int, s: int) -> float:
    """Probability that row r of state s leads back to s."""
    e = a.kind_branch_ptr[a.row_kind[r]]
    stay = 0.0
    for b in range(a.branch_ptr[r], a.branch_ptr[r + 1]):
        if a.target[b] == s:
            stay += a.probability[e]
        e += 1
    return stay


@njit(cache=True, error_model="numpy")
def _invert(m: Array, n: int, out: Array) -> None:
    """Gauss-Jordan with row pivoting; m is destroyed. A singular block becomes the identity over its scale."""
    scale = 0.0
    for i in range(n):
        for j in range(n):
            out[i, j] = 1.0 if i == j else 0.0
            scale = max(scale, abs(m[i, j]))
    for c in range(n):
        pivot = c
        for i in range(c + 1, n):
            if abs(m[i, c]) > abs(m[pivot, c]):
                pivot = i
        if abs(m[pivot, c]) <= 1e-10 * scale:
            for i in range(n):
                for j in range(n):
                    out[i, j] = 1.0 / scale if i == j else 0.0
            return
        if pivot != c:
            for j in range(n):
                m[c, j], m[pivot, j] = m[pivot, j], m[c, j]
                out[c, j], out[pivot, j] = out[pivot, j], out[c, j]
        inverse = 1.0 / m[c, c]
        for j in range(n):
            m[c, j] *= inverse
            out[c, j] *= inverse
        for i in range(n):
            if i != c and m[i, c] != 0.0:
                f = m[i, c]
                for j in range(n):
                    m[i, j] -= f * m[c, j]
                    out[i, j] -= f * out[c, j]


@njit(cache=True, error_model="numpy", fastmath={"contract", "reassoc"})
def product(a: Arrays, width: tuple[int, ...], rate: Array, lead: Array, direction: Array, out: Array) -> None:
    """out (S, N) = Jacobian of the residual, as linearised, times direction ((S+E, N), zero in the ends).

    The length of width is N: being known to the compiler it unrolls the inner loops, which halves the time.
    """
    n = len(width)
    own, change, total = np.empty(n), np.empty(n), np.empty(n)
    for s in range(out.shape[0]):
        for j in range(n):
            own[j] = direction[s, j]
            total[j] = a.discount[j] * own[j]
        for i in range(n + 1):
            g = s * (n + 1) + i
            for r in range(a.row_ptr[g], a.row_ptr[g + 1]):
                first, last = a.branch_ptr[r], a.branch_ptr[r + 1]
                if last - first == 1:
                    t = a.target[first]
                    for j in range(n):
                        change[j] = direction[t, j] - own[j]
                else:
                    e = a.kind_branch_ptr[a.row_kind[r]]
                    for j in range(n):
                        change[j] = -own[j]
                    for b in range(first, last):
                        t, p = a.target[b], a.probability[e]
                        e += 1
                        for j in range(n):
                            change[j] += p * direction[t, j]
                for j in range(n):
                    total[j] -= rate[r] * change[j]
                if i < n:
                    for j in range(n):
                        total[j] -= lead[r, j] * change[i]
        for j in range(n):
            out[s, j] = total[j]


@njit(cache=True, error_model="numpy")
def precondition(block: Array, vector: Array, out: Array) -> None:
    """out (S, N) = block (S, N, N) times vector (S, N), state by state."""
    n_states, n = vector.shape
    for s in range(n_states):
        for i in range(n):
            total = 0.0
            for j in range(n):
                total += block[s, i, j] * vector[s, j]
            out[s, i] = total


@njit(cache=True, error_model="numpy")
def jacobian(a: Arrays, rate: Array, lead: Array, out: Array) -> None:
    """Add the Jacobian of the residual to out (S*N, S*N); the same terms as `product`, one by one."""
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
                            out[s * n + j, s * n + i] += p * lead[r, j]
                            if t < n_states:
                                out[s * n + j, t * n + i] -= p * lead[r, j]
