"""Compiled loop: derivatives of a function of row rates minus multipliers times the equilibrium equations.

With g a function of the rates at which rows happen, F the residual of `bellman.residual` at beta = 1 and l (S, N)
multipliers, the loop differentiates L = g(rates(V, numbers)) - l . F(V, numbers), in reverse: once through the choices
and once through what each row changes. With l = 0 it gives dg/dV; with g = 0, -J' l.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from equipoise.kernels.bellman import MEAN, SHOCKED_MAXIMUM, Arrays

Array = NDArray[Any]


class Slopes(NamedTuple):
    """dL by everything that L depends on; filled by `differentiate`, which adds to what stands there."""

    value: NDArray[np.float64]
    """(S+E, N) by V, and by the values of ends"""
    kind_cost: NDArray[np.float64]
    """(K,)"""
    kind_rate: NDArray[np.float64]
    """(K,)"""
    probability: NDArray[np.float64]
    """(kind_branch_ptr[-1],) through what rows change"""
    impact: NDArray[np.float64]
    """(kind_branch_ptr[-1], N)"""
    tempo: NDArray[np.float64]
    """(S, N)"""
    noise: NDArray[np.float64]
    """(S, N)"""


@njit(cache=True, error_model="numpy")
def differentiate(
    a: Arrays, value: Array, mode: int, policy: Array, hold: Array, weight: Array, multiplier: Array, out: Slopes
) -> None:
    """Add dL to ``out``.

    value is (S+E, N); policy (R,) and hold (S, N) are the choices at it; weight (R,) is dg by the rate of each row.
    """
    n = len(a.zeros)
    change, load = np.empty((max(a.widest, 1), n)), np.empty(n)
    gain = np.empty(max(a.widest, 1))
    for s in range(a.flow.shape[0]):
        for j in range(n):
            out.value[s, j] -= a.discount[j] * multiplier[s, j]
        for i in range(n + 1):
            first, last = a.row_ptr[s * (n + 1) + i], a.row_ptr[s * (n + 1) + i + 1]
            if first == last:
                if mode == SHOCKED_MAXIMUM and i < n:
                    out.tempo[s, i] += multiplier[s, i] * a.bonus / a.inverse_noise[s, i]
                    out.noise[s, i] += multiplier[s, i] * a.tempo[s, i] * a.bonus
                continue
            _changes(a, s, value, first, last, change)
            for r in range(first, last):
                # What one more occurrence a year of the row is worth to L.
                g = weight[r]
                for j in range(n):
                    if j != i:
                        g += multiplier[s, j] * change[r - first, j]
                if i < n and mode == MEAN:
                    g += multiplier[s, i] * (change[r - first, i] - a.kind_cost[a.row_kind[r]])
                gain[r - first] = g
            if i < n:
                _through_choices(a, s, i, first, last, mode, policy, hold, multiplier, change, gain, out)
            for r in range(first, last):
                kind = a.row_kind[r]
                rate = a.kind_rate[kind] if i == n else a.tempo[s, i] * policy[r]
                for j in range(n):
                    load[j] = multiplier[s, j] * rate
                if i == n:
                    out.kind_rate[kind] += gain[r - first]
                else:
                    load[i] = gain[r - first]
                _through_changes(a, s, r, value, load, out)


@njit(cache=True, inline="always", error_model="numpy")
def _changes(a: Arrays, s: int, value: Array, first: int, last: int, change: Array) -> None:
    """change (rows, N): what each row changes on average."""
    n = len(a.zeros)
    for r in range(first, last):
        for j in range(n):
            change[r - first, j] = 0.0
        e = a.kind_branch_ptr[a.row_kind[r]]
        for b in range(a.branch_ptr[r], a.branch_ptr[r + 1]):
            t, p = a.target[b], a.probability[e]
            for j in range(n):
                change[r - first, j] += p * (value[t, j] - value[s, j] + a.impact[e, j])
            e += 1


@njit(cache=True, inline="always", error_model="numpy")
def _through_choices(
    a: Arrays,
    s: int,
    i: int,
    first: int,
    last: int,
    mode: int,
    policy: Array,
    hold: Array,
    multiplier: Array,
    change: Array,
    gain: Array,
    out: Slopes,
) -> None:
    """Reverse through sigma proportional to r exp(x/tau) and the opportunity's worth; gain becomes dL by x."""
    tempo, sharp, own = a.tempo[s, i], a.inverse_noise[s, i], multiplier[s, i]
    gained, mean, likeliest = 0.0, 0.0, hold[s, i]
    log_sum = a.hold_log_reference[s, i] - np.log(likeliest)
    for r in range(first, last):
        kind = a.row_kind[r]
        x = change[r - first, i] - a.kind_cost[kind]
        gained += policy[r] * gain[r - first]
        mean += policy[r] * x
        if policy[r] > likeliest:
            likeliest = policy[r]
            log_sum = a.kind_log_reference[kind] + sharp * x - np.log(likeliest)
    out.tempo[s, i] += gained
    if mode != MEAN:
        worth = log_sum / sharp + (a.bonus / sharp if mode == SHOCKED_MAXIMUM else 0.0)
        out.tempo[s, i] += own * worth
        out.noise[s, i] += own * tempo * sharp * (worth - mean)
    for r in range(first, last):
        kind = a.row_kind[r]
        x = change[r - first, i] - a.kind_cost[kind]
        by_odds = tempo * policy[r] * (gain[r - first] - gained)
        by_worth = by_odds * sharp + own * tempo * policy[r]
        out.noise[s, i] -= by_odds * x * sharp * sharp
        out.kind_cost[kind] -= by_worth
        gain[r - first] = by_worth


@njit(cache=True, inline="always", error_model="numpy")
def _through_changes(a: Arrays, s: int, r: int, value: Array, load: Array, out: Slopes) -> None:
    """Reverse through what row r changes, load (N,) being dL by it."""
    e = a.kind_branch_ptr[a.row_kind[r]]
    for b in range(a.branch_ptr[r], a.branch_ptr[r + 1]):
        t, p = a.target[b], a.probability[e]
        for j in range(len(a.zeros)):
            out.probability[e] += load[j] * (value[t, j] - value[s, j] + a.impact[e, j])
            out.impact[e, j] += p * load[j]
            out.value[t, j] += p * load[j]
            out.value[s, j] -= p * load[j]
        e += 1
