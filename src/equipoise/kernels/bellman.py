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

from equipoise.kernels.registers import item, load, store, unit, zero
from equipoise.kernels.transcendental import exponential, logarithm

Array = NDArray[Any]

SMOOTH_MAXIMUM, SHOCKED_MAXIMUM, MEAN = 0, 1, 2
TOGETHER = 16
"""States whose exponentials are taken together."""


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
def _change(a: Arrays, r: int, value: Array, own: Any) -> Any:
    """Sum over branches of row r of p (value[target] + impact - own), a number for every group."""
    e = a.kind_branch_ptr[a.row_kind[r]]
    first, last = a.branch_ptr[r], a.branch_ptr[r + 1]
    if last - first == 1:
        return load(a.zeros, value, (a.target[first],)) - own + load(a.zeros, a.impact, (e,))
    change = zero(a.zeros, value)
    for b in range(first, last):
        after = load(a.zeros, value, (a.target[b],)) - own + load(a.zeros, a.impact, (e,))
        change = change + a.probability[e] * after
        e += 1
    return change


class Work(NamedTuple):
    """Room for what the options of a few states are worth; W rows at most, G groups that have rows."""

    lead: NDArray[np.float64]
    """(W, N) what each row changes"""
    weight: NDArray[np.float64]
    """(W,) relative to the best of its group"""
    hold: NDArray[np.float64]
    """(G,) weight of hold"""
    top: NDArray[np.float64]
    """(G,) log-sum of the options"""
    total: NDArray[np.float64]
    """(G,) sum of weights, hold included"""
    rows: NDArray[np.int64]
    """(G,) how many"""


@njit(cache=True, error_model="numpy")
def _room(a: Arrays) -> Work:
    n = len(a.zeros)
    rows, groups = TOGETHER * n * a.widest, TOGETHER * n
    return Work(
        np.empty((rows, n)),
        np.empty(rows),
        np.empty(groups),
        np.empty(groups),
        np.empty(groups),
        np.empty(groups, np.int64),
    )


@njit(cache=True, error_model="numpy")
def _weigh(a: Arrays, first: int, last: int, value: Array, beta: float, work: Work) -> None:
    """Fill `work` for the states from `first` up to `last`: exponentials and logarithms many at a time."""
    n, k, g = len(a.zeros), 0, 0
    for s in range(first, last):
        own = load(a.zeros, value, (s,))
        for i in range(n):
            begin, rows = k, (a.row_ptr[s * (n + 1) + i], a.row_ptr[s * (n + 1) + i + 1])
            if rows[0] == rows[1]:
                continue
            scale, top = beta * a.inverse_noise[s, i], a.hold_log_reference[s, i]
            for r in range(rows[0], rows[1]):
                # Worths are taken relative to hold: large values cancel before they meet the noise.
                change, kind = _change(a, r, value, own), a.row_kind[r]
                store(work.lead, (k,), change)
                logit = a.kind_log_reference[kind] + scale * (item(change, i) - a.kind_cost[kind])
                work.weight[k] = logit
                top = max(top, logit)
                k += 1
            for q in range(begin, k):
                work.weight[q] -= top
            work.hold[g], work.top[g], work.rows[g] = a.hold_log_reference[s, i] - top, top, k - begin
            g += 1
    for q in range(k):
        work.weight[q] = exponential(work.weight[q])
    for q in range(g):
        work.hold[q] = exponential(work.hold[q])
    k = 0
    for q in range(g):
        total = work.hold[q]
        for _ in range(work.rows[q]):
            total += work.weight[k]
            k += 1
        work.total[q] = total
    for q in range(g):
        work.top[q] += logarithm(work.total[q])


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
def _drift(a: Arrays, rows: tuple[int, int], k: int, share: float, work: Work, policy: Array) -> tuple[Any, float]:
    """Policy of one group, whose first row has place k in `work`.

    Returns what its opportunity changes for everybody, and its mean own cost.
    """
    drift, cost = zero(a.zeros, work.lead), 0.0
    for r in range(rows[0], rows[1]):
        p = work.weight[k] * share
        policy[r] = p
        cost += p * a.kind_cost[a.row_kind[r]]
        drift = drift + p * load(a.zeros, work.lead, (k,))
        k += 1
    return drift, cost


@njit(cache=True, error_model="numpy")
def residual(a: Arrays, value: Array, beta: float, mode: int, policy: Array, hold: Array, out: Array) -> None:
    """out (S, N) = left minus right side of the equilibrium equations; fills policy (R,) and hold (S, N).

    value is (S+E, N): the values of the states, then those of the ends.
    """
    n, states, work = len(a.zeros), a.flow.shape[0], _room(a)
    for first in range(0, states, TOGETHER):
        last, k, g = min(first + TOGETHER, states), 0, 0
        _weigh(a, first, last, value, beta, work)
        for s in range(first, last):
            own, base = load(a.zeros, value, (s,)), s * (n + 1)
            total = load(a.zeros, a.flow, (s,))
            for r in range(a.row_ptr[base + n], a.row_ptr[base + n + 1]):
                total = total + a.kind_rate[a.row_kind[r]] * _change(a, r, value, own)
            for i in range(n):
                rows, tempo = (a.row_ptr[base + i], a.row_ptr[base + i + 1]), a.tempo[s, i]
                if rows[0] == rows[1]:
                    hold[s, i] = 1.0
                    if mode == SHOCKED_MAXIMUM:
                        total = total + tempo * a.bonus / a.inverse_noise[s, i] * unit(a.zeros, value, i)
                    continue
                share = 1.0 / work.total[g]
                hold[s, i] = work.hold[g] * share
                drift, cost = _drift(a, rows, k, share, work, policy)
                mean = item(drift, i) - cost
                worth = _worth(a, s, i, mean, work.top[g], beta, mode)
                total = total + tempo * (drift + (worth - mean - cost) * unit(a.zeros, value, i))
                k += rows[1] - rows[0]
                g += 1
            store(out, (s,), load(a.zeros, a.discount, ()) * own - total)


@njit(cache=True, error_model="numpy")
def linearise(
    a: Arrays,
    value: Array,
    beta: float,
    mode: int,
    reply: float,
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
    own d: a better row draws choices to it, which everybody feels. Of this only the share `reply` is counted: 1 gives
    the Jacobian, 0 policies as they are. block (S, N, N) is the transpose of the inverse of the part of the result that
    acts within a state. rate, pull and block may be of single precision.
    """
    n, states, work = len(a.zeros), a.flow.shape[0], _room(a)
    local, made = np.empty((n, n)), np.empty((n, n))
    for first in range(0, states, TOGETHER):
        last, k, g = min(first + TOGETHER, states), 0, 0
        _weigh(a, first, last, value, beta, work)
        for s in range(first, last):
            own, base = load(a.zeros, value, (s,)), s * (n + 1)
            total, steep, leaving = load(a.zeros, a.flow, (s,)), zero(a.zeros, value), 0.0
            for r in range(a.row_ptr[base + n], a.row_ptr[base + n + 1]):
                often = a.kind_rate[a.row_kind[r]]
                rate[r] = often
                leaving += often * a.row_leaving[r]
                total = total + often * _change(a, r, value, own)
                store(pull, (r,), zero(a.zeros, value))
            for i in range(n):
                rows, tempo = (a.row_ptr[base + i], a.row_ptr[base + i + 1]), a.tempo[s, i]
                mine, sharp = unit(a.zeros, value, i), a.inverse_noise[s, i]
                if rows[0] == rows[1]:
                    hold[s, i] = 1.0
                    store(local, (i,), zero(a.zeros, value))
                    if mode == SHOCKED_MAXIMUM:
                        total = total + tempo * a.bonus / sharp * mine
                    continue
                share = 1.0 / work.total[g]
                hold[s, i] = work.hold[g] * share
                drift, cost = _drift(a, rows, k, share, work, policy)
                mean = item(drift, i) - cost
                worth = _worth(a, s, i, mean, work.top[g], beta, mode)
                # What a unit of own lead does to own worth beyond the policy itself (the entropy's unscaled part).
                curl = 0.0
                if mode == SHOCKED_MAXIMUM:
                    curl = (1.0 - beta) * beta * sharp
                elif mode == MEAN:
                    curl = beta * sharp
                variance, column, steeper = hold[s, i] * mean * mean, zero(a.zeros, value), zero(a.zeros, value)
                for r in range(rows[0], rows[1]):
                    p, away, lead = tempo * policy[r], a.row_leaving[r], load(a.zeros, work.lead, (k,))
                    x = work.lead[k, i] - a.kind_cost[a.row_kind[r]] - mean
                    variance += policy[r] * x * x
                    rate[r] = p
                    leaving += p * away
                    strength = p * beta * sharp * (lead - drift)
                    strength = reply * (strength * (1.0 - mine) + p * curl * x * mine)
                    steeper = steeper + p * x * lead
                    column = column + away * strength
                    store(pull, (r,), strength)
                    k += 1
                if mode == SMOOTH_MAXIMUM:
                    change = (mean - worth) / beta if beta > 0.0 else 0.5 * variance * sharp
                elif mode == SHOCKED_MAXIMUM:
                    change = (1.0 - beta) * variance * sharp
                else:
                    change = variance * sharp
                store(local, (i,), column)
                total = total + tempo * (drift + (worth - mean - cost) * mine)
                steep = steep + sharp * (1.0 - mine) * steeper + tempo * change * mine
                g += 1
            store(out, (s,), load(a.zeros, a.discount, ()) * own - total)
            store(slope, (s,), zero(a.zeros, value) - steep)
            for j in range(n):
                local[j, j] += a.discount[j] + leaving
            _invert(a.zeros, local, made)
            for j in range(n):
                store(block, (s, j), load(a.zeros, made, (j,)))


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
