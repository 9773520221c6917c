"""Felt value: the expected discounted stream of real payoffs under given policies."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from equipoise.equilibrium.linear import Discounted, Linear
from equipoise.game.game import Floats, Game

PRECISION = 1e-11
"""Error asked of a felt value, relative to its size."""
IMPROVEMENTS = 4
"""How often a guess is improved elsewhere."""


Evaluate = Callable[[Floats | None, Floats, float], Floats]
"""About the solution (S, N) of all actors' discounted systems, see `Evaluation`."""


def felt_value(game: Game, policy: Floats, *, guess: Floats | None = None, untrusted: Evaluate | None = None) -> Floats:
    """V^f (S, N) in util, the solution for every actor i of

        (rho_i I - Q_sigma) V^f_i = u_i + expected impacts and outcome values - expected own costs.

    `policy` (R,) is the probability that the mover takes a row's move at an opportunity (ignored on events).
    V - V^f is the noise account: what the convention adds for noise. An actor's values are nan where its system can be
    solved neither by iteration nor by factorisation. A guess may be improved by `untrusted` first; what is left over
    decides whether that was enough.
    """
    linear = Linear(game)
    rate = row_rate(game, policy)
    inflow, outflow, reward = linear.inflow(rate), linear.outflow(rate), linear.reward(rate)
    start = reward / (game.discount + outflow[:, None]) if guess is None else guess
    goal = PRECISION * np.abs(start).max(axis=0)
    systems = [Discounted(inflow, outflow, float(rho)) for rho in game.discount]
    felt = np.array(start, float)
    best, last = felt, np.inf
    for _ in range(IMPROVEMENTS if untrusted is not None else 0):
        left = np.stack([system.residual(felt[:, i], reward[:, i]) for i, system in enumerate(systems)], axis=1)
        over = float((np.abs(left).max(axis=0) / game.discount / goal).max())
        if not over < last:
            break
        best, last = felt, over
        if over <= 1:
            break
        felt = felt + untrusted(None, left, 1e-4)  # type: ignore[misc]
    felt = best.copy()
    for i, system in enumerate(systems):
        felt[:, i], error = system.solve(reward[:, i], felt[:, i].copy(), goal=float(goal[i]))
        if not error <= 1e-6 * max(np.abs(felt[:, i]).max(), np.abs(start[:, i]).max()):
            felt[:, i] = np.nan
    return felt


def row_rate(game: Game, policy: Floats) -> Floats:
    """(R,) 1/year: tempo times policy on moves, the Poisson rate on events."""
    state, actor = np.divmod(game.row_group, game.n_actors + 1)
    tempo = np.append(game.tempo, np.zeros((game.n_states, 1)), axis=1)[state, actor]
    return tempo * policy + game.kind_rate[game.row_kind]
