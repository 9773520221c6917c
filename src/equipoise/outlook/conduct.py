"""What each actor would do in a state, and by how much it prefers that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.errors import RequestError
from equipoise.game.game import Floats, Game

HOLD = "hold"
"""The option to change nothing."""


@dataclass(frozen=True)
class Option:
    """One thing an actor may do at a decision opportunity in a state."""

    actor: str
    move: str
    """Id of the move, or `hold`."""
    probability: float
    """P(it is chosen at an opportunity)."""
    rate: float
    """1/year: tempo times probability."""
    worth: float
    """util, x(a|s) = E[V(s') + w | s, a] - c(s, a); V(s) for hold."""
    prefers: float
    """util, worth less that of hold."""
    cost: float
    """util, paid at once; contained in `worth`."""


def conduct(game: Game, state: int, *, value: Floats, policy: Floats, hold: Floats) -> tuple[Option, ...]:
    """Every option of every actor who decides in ``state``, actors in order, the likeliest option first.

        x_i(a|s) = sum over branches of p (V_i(target) + w_i) - c(s, a),   V at an end being its worth

    Args:
        game: the game.
        state: number of the state.
        value: (S, N) util, V of the equilibrium.
        policy: (R,) probability that the mover takes a row's move at an opportunity.
        hold: (S, N) probability of hold.

    Raises:
        RequestError: there is no such state.
    """
    if not 0 <= state < game.n_states:
        raise RequestError(f"no state {state}; right would be 0 to {game.n_states - 1}")
    worth = np.concatenate([value, game.end_value])
    options: list[Option] = []
    for i, actor in enumerate(game.actors):
        tempo = float(game.tempo[state, i])
        if tempo == 0:
            continue
        own = float(value[state, i])
        offered = [Option(actor, HOLD, float(hold[state, i]), tempo * float(hold[state, i]), own, 0.0, 0.0)]
        group = state * (game.n_actors + 1) + i
        for row in range(int(game.row_ptr[group]), int(game.row_ptr[group + 1])):
            kind = game.row_kind[row]
            branches = slice(game.branch_ptr[row], game.branch_ptr[row + 1])
            entries = slice(game.kind_branch_ptr[kind], game.kind_branch_ptr[kind + 1])
            felt = worth[game.target[branches], i] + game.impact[entries, i]
            cost = float(game.kind_cost[kind])
            x = float(game.probability[entries] @ felt) - cost
            p = float(policy[row])
            offered.append(Option(actor, game.steps[game.kind_step[kind]], p, tempo * p, x, x - own, cost))
        options += sorted(offered, key=lambda option: -option.probability)
    return tuple(options)
