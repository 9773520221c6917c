"""One pass of uniformisation: readings of the chain at all times at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike

from equipoise.errors import RequestError
from equipoise.game.game import Floats
from equipoise.kernels.chain import mix_powers, mix_readings, poisson_window, read_powers
from equipoise.outlook.chain import Chain, Start, as_sparse

ERROR = 1e-10
"""Default bound on the truncation error of transient measures."""


class Readings(NamedTuple):
    """Readings g of the chain, with pi_t its distribution at time t; (..., T, J)."""

    at: Floats
    """pi_t . g"""
    total: Floats
    """integral of pi_u . g over u from 0 to t"""


def evolve(
    chain: Chain, start: Start, times: ArrayLike, readings: ArrayLike | sp.sparray, *, error: float = ERROR
) -> Readings:
    """Readings g_j (S,) at every time, and their integrals over time, in one pass.

    With P = I + Q/Lambda and m_k = pi_0 P^k g,

        pi_t . g = sum_k Poisson(k; Lambda t) m_k,
        integral of pi_u . g = (1/Lambda) sum_k P(N_t > k) m_k   (N_t the Poisson variable).

    Args:
        chain: the chain.
        start: a state, states (n,), a distribution (S,) or distributions (n, S).
        times: (T,) years, at least 0, in any order.
        readings: (S, J), dense or sparse, any unit.
        error: bound on what truncating the sums costs: error * max|g| on `at`, error * t * max|g| on `total`. If
            g is a rate of absorption, `total` is a probability and its bound is `error` itself.

    Returns:
        `at` in the unit of g and `total` in that unit times years, each (T, J), or (n, T, J) for several starts.

    Raises:
        RequestError: times or starts do not make sense.

    Source: Jensen (1953); Grassmann (1977); Stewart (1994), Introduction to the Numerical Solution of Markov
    Chains, section 8.2.
    """
    when = _checked(times, error)
    first, single = chain.distribution(start)
    matrix = sp.csr_array(readings)
    if matrix.shape[0] != chain.n_states:
        raise RequestError(f"readings of {matrix.shape[0]} states; the chain has {chain.n_states}")
    clock = chain.clock or 1.0
    left, weight = poisson_window(clock * when.max(initial=0.0), error / 8)
    seen = as_sparse(matrix.T)
    at, total = [], []
    for distribution in first:
        powers, _ = read_powers(chain.pulls, distribution, seen, left + weight.size - 1, error / 2)
        mixed, summed = mix_readings(powers, clock * when, error / 8)
        at.append(mixed)
        total.append(summed / clock)
    return Readings(at[0], total[0]) if single else Readings(np.array(at), np.array(total))


def evolve_everywhere(chain: Chain, time: float, reading: ArrayLike, *, error: float = ERROR) -> Readings:
    """One reading g (S,) at one time from every state: E_s[g(X_t)] and its integral, both (S,).

    The same sums as `evolve` run backwards, sum_k w_k P^k g, with the same bounds; absorbed paths count 0.
    """
    when = float(_checked([time], error)[0])
    clock = chain.clock or 1.0
    column = np.ascontiguousarray(reading, float)
    if column.shape != (chain.n_states,):
        raise RequestError(f"a reading of shape {column.shape}; right would be ({chain.n_states},)")
    left, weight = poisson_window(clock * when, error / 4)
    at = np.concatenate([np.zeros(left), weight])
    above = np.concatenate([np.cumsum(at[::-1])[::-1][1:], [0.0]])
    return Readings(mix_powers(chain.jumps, column, at), mix_powers(chain.jumps, column, above / clock))


def _checked(times: ArrayLike, error: float) -> Floats:
    when = np.atleast_1d(np.asarray(times, float))
    if when.ndim != 1 or not np.all(np.isfinite(when) & (when >= 0)):
        raise RequestError(f"times {np.asarray(times).tolist()} must be finite and at least 0 years")
    if not 1e-15 <= error < 1:
        raise RequestError(f"a truncation error of {error} cannot be promised; right would be from 1e-15 to below 1")
    return when
