"""One pass of uniformisation: readings of the chain at all times at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike

from equipoise.errors import RequestError
from equipoise.game.game import Floats
from equipoise.kernels.chain import (
    Sparse,
    mix_chebyshev,
    mix_powers,
    mix_readings,
    poisson_window,
    read_chebyshev,
    read_powers,
)
from equipoise.outlook.chain import Chain, Start, as_sparse

ERROR = 1e-10
"""Default bound on the truncation error of transient measures."""
SMALLEST = 1e-15
"""Smallest bound that can be asked for: rounding."""
POLYNOMIAL = 50.0
"""Expected number of jumps of the clock above which Chebyshev's expansion needs fewer products than powers do."""


class Readings(NamedTuple):
    """Readings g of the chain, with pi_t its distribution at time t; (..., T, J)."""

    at: Floats
    """pi_t . g"""
    total: Floats
    """integral of pi_u . g over u from 0 to t"""


Expand = Callable[[Sparse, Floats, Sparse, Floats, float], tuple[Floats, Floats] | None]


def evolve(
    chain: Chain, start: Start, times: ArrayLike, readings: ArrayLike | sp.sparray, *, error: float = ERROR
) -> Readings:
    """Readings g_j (S,) at every time, and their integrals over time, in one pass.

    With P = I + Q/Lambda and m_k = pi_0 P^k g,

        pi_t . g = sum_k Poisson(k; Lambda t) m_k,
        integral of pi_u . g = (1/Lambda) sum_k P(N_t > k) m_k   (N_t the Poisson variable).

    Where Lambda t is large the same exponential is expanded in Chebyshev's polynomials of P instead of its powers,
    which takes about sqrt(2 Lambda t log(1/error)) products instead of Lambda t; a bound on the residual says where to
    stop. Where complex eigenvalues would spoil that (rounding is watched), the powers are used.

    Args:
        chain: the chain.
        start: a state, states (n,), a distribution (S,) or distributions (n, S).
        times: (T,) years, at least 0, in any order.
        readings: (S, J), dense or sparse, any unit.
        error: bound on what truncating the sums costs: error * max|g| on `at`, error * t * max|g| on `total`.

    Returns:
        `at` in the unit of g and `total` in that unit times years, each (T, J), or (n, T, J) for several starts.

    Raises:
        RequestError: times or starts do not make sense.

    Source: Jensen (1953) and Grassmann (1977) for uniformisation; Fox and Glynn (1988) for the weights; Tal-Ezer and
    Kosloff (1984) for Chebyshev's expansion of an exponential; Botchev, Grimm and Hochbruck (2013) for the residual.
    """
    when = _checked(times, error)
    first, single = chain.distribution(start)
    matrix = sp.csr_array(readings)
    if matrix.shape[0] != chain.n_states:
        raise RequestError(f"readings of {matrix.shape[0]} states; the chain has {chain.n_states}")
    clock = chain.clock or 1.0
    found, fewer = None, matrix.shape[1] < len(first)
    for expand in (_expanded, _powers):
        if found is None and fewer:
            found = _backwards(chain, first, matrix, clock * when, error, expand)
        if found is None:
            found = _forwards(chain, first, matrix, clock * when, error, expand)
    assert found is not None  # powers always arrive
    at, total = found.at, found.total / clock
    return Readings(at[0], total[0]) if single else Readings(at, total)


def absorbed(
    chain: Chain, start: Start, times: ArrayLike, rates: ArrayLike | sp.sparray, *, error: float = ERROR
) -> Floats:
    """Integrals over time of ``rates`` (S, J) of absorption, which are probabilities: (T, J) or (n, T, J).

    As `evolve`, with ``error`` bounding the truncation error of the probabilities themselves.
    """
    when = _checked(times, error)
    matrix = sp.csr_array(rates)
    most = when.max(initial=0.0) * matrix.max() if matrix.nnz else 0.0
    return evolve(chain, start, when, rates, error=max(error / max(1.0, most), SMALLEST)).total


def evolve_everywhere(chain: Chain, time: float, reading: ArrayLike, *, error: float = ERROR) -> Readings:
    """One reading g (S,) at one time from every state: E_s[g(X_t)] and its integral, both (S,).

    The same sums as `evolve` run backwards, sum_k w_k P^k g, with the same bounds; absorbed paths count 0.
    """
    column = np.ascontiguousarray(reading, float)
    if column.shape != (chain.n_states,):
        raise RequestError(f"a reading of shape {column.shape}; right would be ({chain.n_states},)")
    at, total = _weights(chain, time, error)
    return Readings(mix_powers(chain.jumps, column, at), mix_powers(chain.jumps, column, total))


def years_by_state(chain: Chain, start: Start, time: float, *, error: float = ERROR) -> Floats:
    """(S,) expected years in every state by ``time``, from one start: the integral of pi_u.

    Truncation error at most error * time in the 1-norm.
    """
    first, single = chain.distribution(start)
    if not single:
        raise RequestError("years by state need one start")
    return mix_powers(chain.pulls, first[0], _weights(chain, time, error)[1])


def _weights(chain: Chain, time: float, error: float) -> tuple[Floats, Floats]:
    """Weights of the powers of P in exp(Q t) and in its integral."""
    clock = chain.clock or 1.0
    left, weight = poisson_window(clock * float(_checked([time], error)[0]), error / 4)
    at = np.concatenate([np.zeros(left), weight])
    above = np.concatenate([np.cumsum(at[::-1])[::-1][1:], [0.0]])
    return at, above / clock


def _forwards(
    chain: Chain, first: Floats, matrix: sp.csr_array, means: Floats, error: float, expand: Expand
) -> Readings | None:
    """Every start is carried forwards once; None where the expansion does not reach the error."""
    seen, found = as_sparse(matrix.T), []
    for distribution in first:
        both = expand(chain.pulls, distribution, seen, means, error)
        if both is None:
            return None
        found.append(both)
    return Readings(np.array([mixed for mixed, _ in found]), np.array([summed for _, summed in found]))


def _backwards(
    chain: Chain, first: Floats, matrix: sp.csr_array, means: Floats, error: float, expand: Expand
) -> Readings | None:
    """Every reading is carried back once, sum_k w_k P^k g, and read at all starts; None as for `_forwards`.

    P does not lengthen vectors in the maximum norm, and the kernels bound it by the 1-norm.
    """
    seen, columns = as_sparse(sp.csr_array(first)), matrix.toarray().T
    scales = np.abs(columns).max(axis=1, initial=0.0)
    at, total = np.zeros((2, len(first), means.size, len(columns)))
    for j, (column, scale) in enumerate(zip(columns, scales, strict=True)):
        if scale > 0:
            both = expand(chain.jumps, column / scale, seen, means, error)
            if both is None:
                return None
            at[:, :, j], total[:, :, j] = scale * both[0].T, scale * both[1].T
    return Readings(at, total)


def _expanded(
    matrix: Sparse, vector: Floats, seen: Sparse, means: Floats, error: float
) -> tuple[Floats, Floats] | None:
    """By whichever expansion takes fewer products; None where that is Chebyshev's and it does not reach the error."""
    longest = means.max(initial=0.0)
    if longest <= POLYNOMIAL:
        return _powers(matrix, vector, seen, means, error)
    values, reached = read_chebyshev(matrix, vector, seen, longest, error / 2)
    return mix_chebyshev(values, means) if reached else None


def _powers(matrix: Sparse, vector: Floats, seen: Sparse, means: Floats, error: float) -> tuple[Floats, Floats]:
    left, weight = poisson_window(means.max(initial=0.0), error / 8)
    return mix_readings(read_powers(matrix, vector, seen, left + weight.size - 1, error / 2), means, error / 8)


def _checked(times: ArrayLike, error: float) -> Floats:
    when = np.atleast_1d(np.asarray(times, float))
    if when.ndim != 1 or not np.all(np.isfinite(when) & (when >= 0)):
        raise RequestError(f"times {np.asarray(times).tolist()} must be finite and at least 0 years")
    if not SMALLEST <= error < 1:
        raise RequestError(
            f"a truncation error of {error} cannot be promised; right would be from {SMALLEST} to below 1"
        )
    return when
