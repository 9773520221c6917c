"""Compiled loops over the equilibrium equations: residual and linearisation.

Nothing here knows domain words. Every loop runs over states s, groups i = 0..N (group N has rates instead of
choices), rows of a group, branches of a row. `beta` multiplies the inverse noise, `mode` picks what an
opportunity is worth: 0 the smooth maximum, 1 the same plus entropy at the unscaled noise, 2 the mean.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from equipoise.kernels.registers import replaced

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
    row_leaving: NDArray[np.float64]
    """(R,) probability that the row leads elsewhere"""
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
    zeros: tuple[float, ...]
    """N zeros: their count is known to the compiler, which unrolls loops over actors."""


@njit(cache=True, inline="always", error_model="numpy")
def _row(array: Array, k: int, zeros: tuple[float, ...]) -> tuple[float, ...]:
    """array[k] as a tuple."""
    for j in range(len(zeros)):
        zeros = replaced(zeros, j, array[k, j])
    return zeros


@njit(cache=True, inline="always", error_model="numpy")
def _add(numbers: tuple[float, ...], i: int, more: float) -> tuple[float, ...]:
    """The same numbers, the one at i larger by more."""
    for j in range(len(numbers)):
        numbers = replaced(numbers, j, numbers[j] + (more if j == i else 0.0))
    return numbers


@njit(cache=True, inline="always", error_model="numpy")
def _change(a: Arrays, r: int, value: Array, own: tuple[float, ...]) -> tuple[float, ...]:
    """Sum over branches of row r of p (value[target, j] + impact[j] - own[j]), for every j."""
    change = a.zeros
    e = a.kind_branch_ptr[a.row_kind[r]]
    first, last = a.branch_ptr[r], a.branch_ptr[r + 1]
    if last - first == 1:
        t = a.target[first]
        for j in range(len(change)):
            change = replaced(change, j, value[t, j] - own[j] + a.impact[e, j])
        return change
    for b in range(first, last):
        t, p = a.target[b], a.probability[e]
        for j in range(len(change)):
            change = replaced(change, j, change[j] + p * (value[t, j] - own[j] + a.impact[e, j]))
        e += 1
    return change


@njit(cache=True, inline="always", error_model="numpy")
def _choose(
    a: Arrays,
    s: int,
    i: int,
    rows: tuple[int, int],
    value: Array,
    own: tuple[float, ...],
    beta: float,
    lead: Array,
    policy: Array,
) -> tuple[float, float, float, tuple[float, ...]]:
    """Fill lead (rows, n), what each row changes, and the policy of one group.

    Returns hold's probability, the mean worth beyond hold, the log-sum, and what an opportunity changes for everybody.
    """
    first, last = rows
    scale = beta * a.inverse_noise[s, i]
    top = a.hold_log_reference[s, i]
    for r in range(first, last):
        # Worths are taken relative to hold: large values cancel before they meet the noise.
        change, kind = _change(a, r, value, own), a.row_kind[r]
        for j in range(len(change)):
            lead[r - first, j] = change[j]
        z = a.kind_log_reference[kind] + scale * (lead[r - first, i] - a.kind_cost[kind])
        policy[r] = z
        top = max(top, z)
    hold = np.exp(a.hold_log_reference[s, i] - top)
    total, mean, drift = hold, 0.0, a.zeros
    for r in range(first, last):
        weight = np.exp(policy[r] - top)
        policy[r] = weight
        total += weight
        mean += weight * (lead[r - first, i] - a.kind_cost[a.row_kind[r]])
        for j in range(len(drift)):
            drift = replaced(drift, j, drift[j] + weight * lead[r - first, j])
    share = 1.0 / total
    for r in range(first, last):
        policy[r] *= share
    for j in range(len(drift)):
        drift = replaced(drift, j, drift[j] * share)
    return hold * share, mean * share, top + np.log(total), drift


@njit(cache=True, inline="always", error_model="numpy")
def _worth(a: Arrays, s: int, i: int, mean: float, log_sum: float, beta: float, mode: int) -> float:
    """What the opportunity is worth beyond hold's own value."""
    if mode == MEAN or (mode == SMOOTH_MAXIMUM and beta == 0.0):
        return mean
    noise: float = 1.0 / a.inverse_noise[s, i]
    if mode == SMOOTH_MAXIMUM:
        return log_sum * noise / beta
    return (1.0 - beta) * mean + (log_sum + a.bonus) * noise


@njit(cache=True, inline="always", error_model="numpy")
def _events(a: Arrays, s: int, value: Array, own: tuple[float, ...]) -> tuple[float, tuple[float, ...]]:
    """Rate at which events leave state s, and what they change per year for everybody."""
    g = s * (len(own) + 1) + len(own)
    total, leaving = a.zeros, 0.0
    for r in range(a.row_ptr[g], a.row_ptr[g + 1]):
        change, rate = _change(a, r, value, own), a.kind_rate[a.row_kind[r]]
        leaving += rate * a.row_leaving[r]
        for j in range(len(own)):
            total = replaced(total, j, total[j] + rate * change[j])
    return leaving, total


@njit(cache=True, error_model="numpy")
def residual(a: Arrays, value: Array, beta: float, mode: int, policy: Array, hold: Array, out: Array) -> None:
    """out (S, N) = left minus right side of the equilibrium equations; fills policy (R,) and hold (S, N).

    value is (S+E, N): the values of the states, then those of the ends.
    """
    n = len(a.zeros)
    lead = np.empty((max(a.widest, 1), n))
    for s in range(a.flow.shape[0]):
        own = _row(value, s, a.zeros)
        _, total = _events(a, s, value, own)
        for i in range(n):
            rows = a.row_ptr[s * (n + 1) + i], a.row_ptr[s * (n + 1) + i + 1]
            tempo = a.tempo[s, i]
            if rows[0] == rows[1]:
                hold[s, i] = 1.0
                if mode == SHOCKED_MAXIMUM:
                    total = _add(total, i, tempo * a.bonus / a.inverse_noise[s, i])
                continue
            hold[s, i], mean, log_sum, drift = _choose(a, s, i, rows, value, own, beta, lead, policy)
            worth = _worth(a, s, i, mean, log_sum, beta, mode)
            for j in range(n):
                total = replaced(total, j, total[j] + tempo * (worth if j == i else drift[j]))
        for j in range(n):
            out[s, j] = a.discount[j] * own[j] - a.flow[s, j] - total[j]


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
    pull: Array,
    block: Array,
) -> None:
    """`residual`, and its derivatives.

    slope (S, N) = d out / d beta at fixed value. The Jacobian maps a direction d to
    discount d - sum over rows of rate (R,) times the row's mean change of d, and pull (R, N) times that of the group's
    own d: a better row draws choices to it, which everybody feels. block (S, N, N) is the inverse of the part of the
    Jacobian that acts within a state.
    """
    n = len(a.zeros)
    lead, local = np.empty((max(a.widest, 1), n)), np.empty((n, n))
    for s in range(a.flow.shape[0]):
        own, steep = _row(value, s, a.zeros), a.zeros
        leaving, total = _events(a, s, value, own)
        for r in range(a.row_ptr[s * (n + 1) + n], a.row_ptr[s * (n + 1) + n + 1]):
            rate[r] = a.kind_rate[a.row_kind[r]]
            for j in range(n):
                pull[r, j] = 0.0
        for i in range(n):
            rows = a.row_ptr[s * (n + 1) + i], a.row_ptr[s * (n + 1) + i + 1]
            tempo, sharp = a.tempo[s, i], a.inverse_noise[s, i]
            if rows[0] == rows[1]:
                hold[s, i] = 1.0
                for j in range(n):
                    local[j, i] = 0.0
                if mode == SHOCKED_MAXIMUM:
                    total = _add(total, i, tempo * a.bonus / sharp)
                continue
            hold[s, i], mean, log_sum, drift = _choose(a, s, i, rows, value, own, beta, lead, policy)
            column = a.zeros
            worth = _worth(a, s, i, mean, log_sum, beta, mode)
            # What a unit of own lead does to own worth beyond the policy itself (the entropy's unscaled part).
            curl = 0.0
            if mode == SHOCKED_MAXIMUM:
                curl = (1.0 - beta) * beta * sharp
            elif mode == MEAN:
                curl = beta * sharp
            variance = hold[s, i] * mean * mean
            for r in range(rows[0], rows[1]):
                p, away = tempo * policy[r], a.row_leaving[r]
                x = lead[r - rows[0], i] - a.kind_cost[a.row_kind[r]] - mean
                variance += policy[r] * x * x
                rate[r] = p
                leaving += p * away
                for j in range(n):
                    strength = p * beta * sharp * (lead[r - rows[0], j] - drift[j])
                    strength = p * curl * x if j == i else strength
                    steeper = 0.0 if j == i else sharp * p * x * lead[r - rows[0], j]
                    steep = replaced(steep, j, steep[j] + steeper)
                    column = replaced(column, j, column[j] + strength * away)
                    pull[r, j] = strength
            if mode == SMOOTH_MAXIMUM:
                change = (mean - worth) / beta if beta > 0.0 else 0.5 * variance * sharp
            elif mode == SHOCKED_MAXIMUM:
                change = (1.0 - beta) * variance * sharp
            else:
                change = variance * sharp
            for j in range(n):
                local[j, i] = column[j]
                total = replaced(total, j, total[j] + tempo * (worth if j == i else drift[j]))
            steep = _add(steep, i, tempo * change)
        for j in range(n):
            out[s, j] = a.discount[j] * own[j] - a.flow[s, j] - total[j]
            slope[s, j] = -steep[j]
            local[j, j] += a.discount[j] + leaving
        _invert(a.zeros, local, block[s])


@njit(cache=True, error_model="numpy")
def _invert(zeros: tuple[float, ...], m: Array, out: Array) -> None:
    """Gauss-Jordan with row pivoting; m is destroyed. A singular block becomes the identity over its scale."""
    n = len(zeros)
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
