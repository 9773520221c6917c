"""Named conditions: how likely, how long, and how they end. A regime is a mask (S,) of states."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.errors import RequestError
from equipoise.game.game import Floats
from equipoise.outlook.chain import Chain, Start
from equipoise.outlook.evolve import ERROR, absorbed, evolve
from equipoise.outlook.solve import SolveError, Solver, closed_classes, leads_to


class Dwell(NamedTuple):
    """The first visit to a regime."""

    reached: Floats
    """() or (n,) P(the regime is ever reached)."""
    years: Floats
    """() or (n,) expected years from entering to leaving it; inf if it may never be left, nan if never reached."""


class QuasiStationary(NamedTuple):
    """Where a chain stands that has stayed in a regime for long, and how it then leaves."""

    distribution: Floats
    """(S,)"""
    leaving: float
    """1/year, rate of leaving the regime in any way."""
    hazard: Floats
    """(O,) 1/year, rate of entering each outcome."""


def occupancy(
    chain: Chain, start: Start, times: ArrayLike, regimes: NDArray[np.bool_], *, error: float = ERROR
) -> Floats:
    """P(in regime R at time t, no outcome having come): (T, G) or (n, T, G) for ``regimes`` (S, G).

    Truncation error at most ``error``; source as `evolve`.
    """
    return np.clip(evolve(chain, start, times, np.asarray(regimes, float), error=error).at, 0.0, 1.0)


def years_in(
    chain: Chain, start: Start, times: ArrayLike, regimes: NDArray[np.bool_], *, error: float = ERROR
) -> Floats:
    """Expected years spent in each regime by time t: (T, G) or (n, T, G); truncation error at most error * t."""
    return evolve(chain, start, times, np.asarray(regimes, float), error=error).total


def reached(
    chain: Chain,
    start: Start,
    times: ArrayLike,
    regime: NDArray[np.bool_],
    *,
    avoiding: NDArray[np.bool_] | None = None,
    error: float = ERROR,
) -> Floats:
    """P(a state of ``regime`` (S,) is reached by t, before any outcome and before ``avoiding``): (T,) or (n, T).

    The counterpart of `settles` for a limited time: 1 from a start in the regime, 0 from a start in what is avoided.
    Truncation error at most ``error``; source as `evolve`.
    """
    first, single = chain.distribution(start)
    watched = chain if avoiding is None else chain.only(~avoiding | regime)
    ending = watched.ending_in(regime, "reached")
    outside = first * ~regime
    curves = absorbed(ending, first, times, ending.absorption[:, [-1]], error=error)[..., 0]
    # From inside it has been reached already; what the chain does later does not matter.
    share = outside.sum(axis=1)
    inside = first.sum(axis=1) - share
    if np.any((inside > 0) & (share > 0)):
        raise RequestError("a start lies partly in the regime; right would be starts inside or outside of it")
    out = np.where(inside[:, None] > 0, 1.0, np.clip(curves, 0.0, 1.0))
    return out[0] if single else out


def dwell(chain: Chain, start: Start, regime: NDArray[np.bool_]) -> Dwell:
    """Expected years of the first visit to ``regime`` (S,), from the start's first entrance.

        nu = where R is entered first (the start itself if it lies in R),   years = nu . (D_R - A_R)^-1 1 / sum(nu)

    Proven relative error at most 1e-8. Source: Norris (1997), theorem 3.3.3.
    """
    first, single = chain.distribution(start)
    entered, reached = _entrance(chain, first, regime)
    solver, stuck = _sojourn(chain, regime)
    years = entered @ solver.solve(np.ones((chain.n_states, 1)))[:, 0]
    years[(entered[:, stuck] > 0).any(axis=1)] = np.inf
    years[reached == 0] = np.nan
    return Dwell(reached[0], years[0]) if single else Dwell(reached, years)


def exits(chain: Chain, start: Start, regime: NDArray[np.bool_], *, during: NDArray[np.bool_] | None = None) -> Floats:
    """How the first visit to ``regime`` (S,) ends: shares (steps, O+1), or (n, steps, O+1) for several starts.

    Entry (a, o) is the share of visits ended by move or event a leading to outcome o, the last column by a leading to
    a state outside. With nu as in `dwell`, the expected years m = (D_R - A_R)^-T nu in every state, times the rates of
    the rows that leave. Shares sum to P(it is ever left | reached); nan if the regime is never reached. With `during`
    (S,) only visits count that end from one of those states.
    """
    first, single = chain.distribution(start)
    entered, reached = _entrance(chain, first, regime)
    solver, _ = _sojourn(chain, regime)
    years = solver.solve_adjoint(entered.T)
    width = len(chain.outcomes) + 1
    goes = np.full(chain.target.size, width - 1)
    ends = chain.target >= chain.n_states
    goes[ends] = chain.end_outcome[chain.target[ends] - chain.n_states]
    outside = np.append(~regime, np.ones(chain.end_outcome.size, bool))[chain.target]
    from_here = regime if during is None else regime & during
    leaves = np.flatnonzero(outside & from_here[chain.branch_state])
    cause = chain.row_step[chain.branch_row[leaves]].astype(np.int64) * width + goes[leaves]
    flow = chain.branch_rate[leaves, None] * years[chain.branch_state[leaves]]
    size = len(chain.steps) * width
    shares = np.array([np.bincount(cause, weights=column, minlength=size) for column in flow.T], float)
    shares = shares.reshape(-1, len(chain.steps), width)
    shares[reached == 0] = np.nan
    return shares[0] if single else shares


def quasi_stationary(chain: Chain, start: Start, regime: NDArray[np.bool_]) -> QuasiStationary:
    """The limit of the chain at t given that it has never left ``regime`` (S,), from one start in it.

    The left eigenvector of Q_R for its eigenvalue nearest 0 among the states the start leads to, by inverse iteration;
    until the distribution moves by less than 1e-13. Source: Darroch and Seneta (1967).

    Raises:
        RequestError: there is more than one start, or it lies outside.
        SolveError: see `Solver`.
    """
    first, single = chain.distribution(start)
    if not single or first[0] @ ~regime > 0:
        raise RequestError("a quasi-stationary distribution needs one start, inside the regime")
    solver, stuck = _sojourn(chain, regime)
    if first[0] @ stuck > 0:
        raise RequestError("the regime may never be left from that start; its distribution then is a stationary one")
    now = first[0]
    for _ in range(500):
        grown = solver.solve_adjoint(now[:, None])[:, 0].clip(0.0)
        before, now = now, grown / grown.sum()
        if np.abs(now - before).sum() < 1e-13:
            return QuasiStationary(now, float(1 / grown.sum()), now @ chain.absorption.toarray())
    raise SolveError("the regime forgets its start too slowly for a quasi-stationary distribution to be found")


def _entrance(chain: Chain, first: Floats, regime: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Where each start (n, S) first enters the regime, given that it does, and P(it ever does)."""
    outside = ~regime
    way = leads_to(chain, regime, through=outside) & outside
    years = Solver(chain, way).solve_adjoint((first * way).T)
    entered = first * regime + (chain.transition.T @ years).T * regime
    reached = entered.sum(axis=1)
    return entered / np.where(reached > 0, reached, 1.0)[:, None], np.clip(reached, 0.0, 1.0)


def _sojourn(chain: Chain, regime: NDArray[np.bool_]) -> tuple[Solver, NDArray[np.bool_]]:
    """Solver on the states of the regime that are left for good, and those from which it may never be left."""
    inner = chain.only(regime)
    closed = closed_classes(inner) >= 0
    return Solver(inner, regime & ~closed), regime & leads_to(inner, regime & closed)
