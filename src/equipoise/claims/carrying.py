"""What one game's equilibrium says about another game with the same factors: values and policies, state by state."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from equipoise.equilibrium.solve import Equilibrium
from equipoise.game.game import Floats, Game, Ints


def state_numbers(game: Game, levels: NDArray[np.uint16]) -> Ints:
    """(n,) states with the given ``levels`` (n, F), -1 where the game has no such state."""
    own, asked = _codes(game.levels, game.factor_levels), _codes(levels, game.factor_levels)
    order = np.argsort(own, kind="stable")
    place = np.minimum(np.searchsorted(own[order], asked), own.size - 1)
    found = order[place]
    return np.where(own[found] == asked, found, -1).astype(np.int64)


def carried_value(origin: Equilibrium, game: Game) -> Floats | None:
    """V (S, N) of another game's equilibrium at this game's states, to start from; None if some state is new."""
    states = state_numbers(origin.game, game.levels)
    return None if np.any(states < 0) else origin.value[states]


def carried_policy(origin: Equilibrium, own: Equilibrium) -> tuple[Floats, NDArray[np.bool_]]:
    """Policies (R,) of another game's equilibrium in the game of ``own``, and at which states (S,) it knows them.

    Where both games offer a move it is taken as often as in the other game; moves that only this game offers are not
    taken, and what the other game gives to moves that this one lacks goes to hold. In states that the other game does
    not know this game's own policies stand.
    """
    game, other = own.game, origin.game
    states = state_numbers(other, game.levels)
    known = states >= 0
    steps = {name: k for k, name in enumerate(other.steps)}
    step = np.array([steps.get(name, -1) for name in game.steps])[game.kind_step[game.row_kind]]
    state = states[game.row_state]
    width = len(other.steps)
    theirs = other.row_state * width + other.kind_step[other.row_kind]
    order = np.argsort(theirs, kind="stable")
    asked = state * width + step
    place = np.minimum(np.searchsorted(theirs[order], asked), theirs.size - 1)
    match = order[place]
    offered = (theirs[match] == asked) & (state >= 0) & (step >= 0)
    policy = np.where(offered, origin.policy[match], 0.0)
    return np.where(known[game.row_state], policy, own.policy), known


def _codes(levels: NDArray[np.uint16], names: tuple[tuple[str, ...], ...]) -> NDArray[np.int64]:
    """One number for every combination of levels; combinations fit 63 bits, or compiling would have refused."""
    weight = np.cumprod([1, *(len(level) for level in reversed(names))])[:-1][::-1]
    codes: NDArray[np.int64] = levels.astype(np.int64) @ weight.astype(np.int64)
    return codes
