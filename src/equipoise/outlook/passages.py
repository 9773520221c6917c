"""How often the system passes from one group of states to another."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from equipoise.errors import RequestError
from equipoise.game.game import Floats
from equipoise.outlook.chain import Chain, Start
from equipoise.outlook.evolve import ERROR, evolve


def passages(
    chain: Chain, start: Start, times: ArrayLike, groups: NDArray[np.bool_], *, error: float = ERROR
) -> Floats:
    """Expected number of passages between groups of states by t: (T, G, G+O), or (n, T, G, G+O) for several starts.

        n_gh(t) = integral over u from 0 to t of sum_{s in g} pi_u(s) Q(s, h)

    ``groups`` (S, G) says which states belong to each group; no state may belong to two. The last O columns are the
    outcomes, where the number is a probability. Steps within a group are not counted. Truncation error at most
    error * t times the greatest rate. Source: as `evolve`.
    """
    if np.any(groups.sum(axis=1) > 1):
        raise RequestError("groups of states overlap; right would be at most one group for every state")
    G, ends = groups.shape[1], len(chain.outcomes)
    rates = sp.coo_array(sp.hstack([chain.transition @ sp.csr_array(groups.astype(float)), chain.absorption]))
    state, into = rates.coords
    member = np.where(groups.sum(axis=1) > 0, groups.argmax(axis=1), -1)
    group = member[state]
    leaves = (group >= 0) & (into != group)
    column = group[leaves] * (G + ends) + into[leaves]
    reading = sp.coo_array((rates.data[leaves], (state[leaves], column)), shape=(chain.n_states, G * (G + ends)))
    total = evolve(chain, start, times, sp.csr_array(reading), error=error).total
    return total.reshape(*total.shape[:-1], G, G + ends)
