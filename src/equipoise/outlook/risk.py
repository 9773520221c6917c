"""How likely each outcome is by a time, and how fast it threatens."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.game.game import Floats
from equipoise.outlook.chain import Chain, Start
from equipoise.outlook.evolve import ERROR, absorbed, evolve, evolve_everywhere


def risk(chain: Chain, start: Start, times: ArrayLike, *, error: float = ERROR) -> Floats:
    """P(outcome o by time t), a curve for each road: (T, O), or (n, T, O) for several starts.

        F_o(t) = integral over u from 0 to t of pi_u . q_o,   q_o(s) the rate from s into o

    Args:
        chain: the chain.
        start: a state, states (n,), a distribution (S,) or distributions (n, S).
        times: (T,) years.
        error: bound on the truncation error of every number; rounding adds about 1e-14.

    Raises:
        RequestError: times or starts do not make sense.

    Source: as `evolve`.

    Example:
        >>> from equipoise.outlook.chain import rate_chain
        >>> chain = rate_chain([[0.0, 0.5, 0.0], [4.0, 0.0, 0.1]], outcomes=["war"])
        >>> risk(chain, 0, [1, 10]).round(8).tolist()
        [[0.00850637], [0.10109391]]
    """
    return np.clip(absorbed(chain, start, times, chain.absorption, error=error), 0.0, 1.0)


def risk_of(chain: Chain, start: Start, times: ArrayLike, outcomes: Sequence[int], *, error: float = ERROR) -> Floats:
    """P(one of some ``outcomes`` by time t), whichever of them: (T,), or (n, T) for several starts; as `risk`."""
    rates = chain.absorption[:, list(outcomes)].sum(axis=1)
    return np.clip(absorbed(chain, start, times, np.reshape(rates, (-1, 1)), error=error)[..., 0], 0.0, 1.0)


def risk_everywhere(chain: Chain, time: float, *, error: float = ERROR) -> Floats:
    """(S, O) P(outcome o by ``time`` years) from every state, by backward uniformisation; errors as in `risk`."""
    columns = chain.absorption.toarray().T
    risks = [evolve_everywhere(chain, time, column, error=error).total for column in columns]
    return np.clip(np.reshape(risks, (-1, chain.n_states)).T, 0.0, 1.0)


def hazard(
    chain: Chain,
    start: Start,
    times: ArrayLike = (0.0,),
    *,
    within: NDArray[np.bool_] | None = None,
    throughout: bool = False,
    error: float = ERROR,
) -> Floats:
    """Rate of entering each outcome at time t given that none has come: (T, O) or (n, T, O), 1/year.

        h_o(t) = pi_t . (1_R q_o) / pi_t . 1_R

    ``within`` (S,) conditions on being in the regime R at t; all states if None. With ``throughout`` the condition is
    never having left R before t: then pi is that of the chain killed on leaving R. nan where the condition has a
    probability below 1e3 ``error``, since nothing can be said there.

    Source: Kalbfleisch and Prentice (2002), section 8.2, cause-specific hazards.
    """
    inside = np.ones(chain.n_states, bool) if within is None else np.asarray(within, bool)
    watched = chain.only(inside) if throughout else chain
    rates = chain.absorption.toarray() * inside[:, None]
    at = evolve(watched, start, times, np.column_stack([rates, inside.astype(float)]), error=error).at
    share = at[..., -1:]
    return np.where(share > 1e3 * error, at[..., :-1] / np.maximum(share, 1e-300), np.nan)
