"""Felt value: the expected discounted stream of real payoffs under given policies."""

from __future__ import annotations

import numpy as np

from equipoise.equilibrium.linear import Discounted, Linear
from equipoise.game.game import Floats, Game

PRECISION = 1e-11
"""Error asked of a felt value, relative to its size."""


def felt_value(game: Game, policy: Floats, *, guess: Floats | None = None) -> Floats:
    """V^f (S, N) in util, the solution for every actor i of

        (rho_i I - Q_sigma) V^f_i = u_i + expected impacts and outcome values - expected own costs.

    `policy` (R,) is the probability that the mover takes a row's move at an opportunity (ignored on events).
    V - V^f is the noise account: what the convention adds for noise. An actor's values are nan where its system can be
    solved neither by iteration nor by factorisation.
    """
    linear = Linear(game)
    rate = row_rate(game, policy)
    inflow, outflow, reward = linear.inflow(rate), linear.outflow(rate), linear.reward(rate)
    felt = np.empty((game.n_states, game.n_actors))
    for i, rho in enumerate(game.discount):
        start = None if guess is None else guess[:, i]
        size = np.abs(reward[:, i] / (rho + outflow)).max() if start is None else np.abs(start).max()
        system = Discounted(inflow, outflow, float(rho))
        felt[:, i], error = system.solve(reward[:, i], start, goal=PRECISION * float(size))
        if not error <= 1e-6 * max(np.abs(felt[:, i]).max(), float(size)):
            felt[:, i] = np.nan
    return felt


def row_rate(game: Game, policy: Floats) -> Floats:
    """(R,) 1/year: tempo times policy on moves, the Poisson rate on events."""
    state, actor = np.divmod(game.row_group, game.n_actors + 1)
    tempo = np.append(game.tempo, np.zeros((game.n_states, 1)), axis=1)[state, actor]
    return tempo * policy + game.kind_rate[game.row_kind]
