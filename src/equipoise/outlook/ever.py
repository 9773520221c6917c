"""What happens in the end, whenever that is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from equipoise.game.game import Floats
from equipoise.outlook.chain import Chain
from equipoise.outlook.solve import Solver, closed_classes, leads_to

RAREST = 1e-9
"""Probability below which nothing is said about times given that it happens."""


class Eventually(NamedTuple):
    """Which outcome comes first, if any ever does."""

    probability: Floats
    """(S, O) P(the chain ends in o)."""
    years: Floats
    """(S, O) expected years until it does, given that it does; nan where that is less likely than `RAREST`."""


class Settling(NamedTuple):
    """Whether and when a regime is reached."""

    probability: Floats
    """(S,) P(a state of the regime is reached before any outcome and before what is avoided)."""
    years: Floats
    """(S,) expected years until then, given that it happens; nan where that is less likely than `RAREST`."""


def eventually(chain: Chain) -> Eventually:
    """P(outcome o ever) from every state; as outcomes absorb, also P(o comes first).

        (D - A) h_o = q_o,   (D - A) z_o = h_o,   years_o = z_o / h_o

    with A the transition rates among the states that can reach an outcome, D their exit rates, q_o the rates into o.
    Closed classes without a way out are no fault: paths that enter them end nowhere, and probabilities sum to less
    than 1. Relative error at most 1e-8, proven, or an error is raised.

    Raises:
        SolveError: see `Solver`.

    Source: Norris (1997), Markov Chains, theorems 3.3.1 and 3.3.3.
    """
    rates = chain.absorption.toarray()
    possible = np.array([leads_to(chain, rate > 0) for rate in rates.T]).reshape(-1, chain.n_states).T
    solver = Solver(chain, np.asarray(possible.any(axis=1)))
    ever = np.where(possible, solver.solve(rates), 0.0)
    return Eventually(np.clip(ever, 0.0, 1.0), _quotient(solver.solve(ever), ever))


def settles(chain: Chain, regime: NDArray[np.bool_], *, avoiding: NDArray[np.bool_] | None = None) -> Settling:
    """P(reach ``regime`` (S,) before any outcome, never passing ``avoiding`` (S,)), and when, from every state.

    The equations are those of `eventually` with the regime in the place of the outcome, on the states that are neither
    in the regime nor avoided. In the regime the probability is 1 and the time 0, also where it overlaps what is
    avoided.
    """
    closed = regime if avoiding is None else regime | avoiding
    open_states = ~closed
    rates = chain.transition @ regime.astype(float)[:, None]
    solver = Solver(chain, open_states & leads_to(chain, regime, through=open_states))
    ever = solver.solve(rates)
    years = _quotient(solver.solve(ever), ever)[:, 0]
    inside = regime.astype(bool)
    return Settling(np.where(inside, 1.0, np.clip(ever[:, 0], 0.0, 1.0)), np.where(inside, 0.0, years))


def lifetime(chain: Chain, weight: ArrayLike = 1.0) -> Floats:
    """(S,) expected integral of ``weight`` (S,) over the chain's life, until an outcome; its unit times years.

    With weight 1 the mean time to the first outcome; inf where the path may get caught where ``weight`` counts and no
    outcome can be reached. Source: Norris (1997), theorem 3.3.3 and section 4.2.
    """
    counted = np.broadcast_to(np.asarray(weight, float), chain.n_states)
    closed = closed_classes(chain)
    endless = leads_to(chain, np.isin(closed, closed[(closed >= 0) & (counted != 0)]))
    out = Solver(chain, closed < 0).solve(np.where(closed < 0, counted, 0.0)[:, None])[:, 0]
    return np.where(endless, np.inf, out)


def _quotient(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > RAREST)
