"""How often things happen, and what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike

from equipoise.errors import RequestError
from equipoise.game.game import Floats, Game
from equipoise.outlook.chain import Chain, Start
from equipoise.outlook.evolve import ERROR, absorbed, evolve


class Loss(NamedTuple):
    """Expected felt cost by each time, util; gains count negative."""

    outcomes: Floats
    """(..., T, O, N) from each outcome to each actor."""
    impacts: Floats
    """(..., T, N) from impacts of moves and events."""

    @property
    def total(self) -> Floats:
        """(..., T, N) of both together."""
        return np.asarray(self.outcomes.sum(axis=-2) + self.impacts)


def frequency(chain: Chain, start: Start, times: ArrayLike, *, error: float = ERROR) -> Floats:
    """Expected number of times that each move or event happens by t: (T, steps) or (n, T, steps).

        n_a(t) = integral over u from 0 to t of pi_u . r_a,   r_a(s) the rate of a's rows in s

    Times at which it happens without changing anything count too. Truncation error at most
    error * t * (greatest rate of a). Source: as `evolve`; Norris (1997), section 4.2.
    """
    entries = (chain.row_rate, (chain.row_state, chain.row_step))
    rates = sp.csr_array(sp.coo_array(entries, shape=(chain.n_states, len(chain.steps))))
    return evolve(chain, start, times, rates, error=error).total


def frequency_of(chain: Chain, start: Start, times: ArrayLike, steps: Sequence[int], *, error: float = ERROR) -> Floats:
    """Expected number of times that any of some ``steps`` happens by t: (T,), or (n, T) for several starts.

    As `frequency`, summed; from several starts in the time of one.
    """
    own = np.isin(chain.row_step, list(steps))
    rates = np.bincount(chain.row_state[own], weights=chain.row_rate[own], minlength=chain.n_states)
    return evolve(chain, start, times, rates[:, None], error=error).total[..., 0]


def triggers(chain: Chain, start: Start, times: ArrayLike, *, error: float = ERROR) -> Floats:
    """P(outcome o by t, brought about by step a): (T, steps, O) or (n, T, steps, O); sums over a to `risk`."""
    width = len(chain.outcomes)
    ends = chain.target >= chain.n_states
    last = chain.row_step[chain.branch_row[ends]].astype(np.int64) * width
    cause = last + chain.end_outcome[chain.target[ends] - chain.n_states]
    entries = (chain.branch_rate[ends], (chain.branch_state[ends], cause))
    rates = sp.csr_array(sp.coo_array(entries, shape=(chain.n_states, len(chain.steps) * width)))
    total = absorbed(chain, start, times, rates, error=error)
    return total.reshape(*total.shape[:-1], len(chain.steps), width)


def loss(chain: Chain, game: Game, start: Start, times: ArrayLike, *, error: float = ERROR) -> Loss:
    """Expected felt cost of outcomes and impacts by t to every actor: severity, not only probability.

        L_i(t) = - integral over u from 0 to t of sum_s pi_u(s) sum_rows rate sum_branches p (w_i + v_i(o, s))

    with v_i(o, s) only on branches that end in an outcome. Undiscounted, util. Truncation error at most error * t
    times the greatest rate of cost.

    Args:
        chain: what `induced_chain` made of ``game``.
        game: gives impacts and the worth of ends.
        start, times, error: as in `risk`.
    """
    if chain.target.size != game.target.size:
        raise RequestError("the chain was not induced on this game; right would be induced_chain(game, rates)")
    S, N, width = chain.n_states, game.n_actors, len(chain.outcomes)
    ends = np.flatnonzero(chain.target >= S)
    end = chain.target[ends] - S
    columns = []
    for actor in range(N):
        felt = chain.branch_rate * game.impact[game.branch_entry, actor]
        columns.append(np.bincount(chain.branch_state, weights=felt, minlength=S))
    for outcome in range(width):
        own = chain.end_outcome[end] == outcome
        for actor in range(N):
            felt = chain.branch_rate[ends[own]] * game.end_value[end[own], actor]
            columns.append(np.bincount(chain.branch_state[ends[own]], weights=felt, minlength=S))
    total = -evolve(chain, start, times, np.column_stack(columns), error=error).total
    return Loss(total[..., N:].reshape(*total.shape[:-1], width, N), total[..., :N])
