"""How often the system passes from one group of states to another."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from equipoise.game.game import Floats
from equipoise.outlook.chain import Chain, Start
from equipoise.outlook.evolve import ERROR, evolve


def passages(
    chain: Chain, start: Start, times: ArrayLike, group: NDArray[np.integer], *, error: float = ERROR
) -> Floats:
    """Expected number of passages between groups of states by t: (T, G, G+O), or (n, T, G, G+O) for several starts.

        n_gh(t) = integral over u from 0 to t of sum_{s in g} pi_u(s) Q(s, h)

    ``group`` (S,) says to which of the groups 0..G-1 each state belongs; the last O columns are the outcomes, where
    the number is a probability. Steps within a group are not counted. Truncation error at most error * t times the
    greatest rate. Source: as `evolve`.
    """
    G, ends = int(group.max(initial=0)) + 1, len(chain.outcomes)
    member = sp.csr_array((np.ones(group.size), (np.arange(group.size), group)), shape=(group.size, G))
    rates = sp.coo_array(sp.hstack([chain.transition @ member, chain.absorption]))
    state, into = rates.coords
    leaves = into != group[state]
    column = group[state[leaves]] * (G + ends) + into[leaves]
    reading = sp.coo_array((rates.data[leaves], (state[leaves], column)), shape=(chain.n_states, G * (G + ends)))
    total = evolve(chain, start, times, sp.csr_array(reading), error=error).total
    return total.reshape(*total.shape[:-1], G, G + ends)
