"""How large a game is, and roughly what solving it will take."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from equipoise.game.game import Game
from equipoise.game.states import Space, holds
from equipoise.scenario.models import Scenario

COUNTABLE = 20_000_000
"""Combinations beyond which the possible ones are not counted."""
SECONDS_PER_ROW = 2e-5
"""From noisy to certified on one core: 5e-6 to 5e-5 were seen, on ladders, Northeast Asia and South Asia."""
WORKING_VECTORS = 50
"""Vectors of one value per state and actor that solving keeps at a time, roughly."""


@dataclass(frozen=True)
class Size:
    """Counts of a compiled scenario."""

    actors: int
    combinations: int
    """Of levels, possible or not."""
    possible: int | None
    """Combinations that `impossible` allows; None if they are too many to count."""
    states: int
    """Possible states that some starting situation can reach."""
    moves: int
    """Moves written down."""
    events: int
    """Events written down."""
    move_rows: int
    """Moves on offer, over all states."""
    event_rows: int
    """Events that can happen, over all states."""
    branches: int
    """Of all rows."""
    kinds: int
    """Of rows with the same numbers."""
    parameters: int
    seconds: float
    """Expected time to solve; rough."""
    gibibytes: float
    """Expected memory to solve; rough."""


def measure(scenario: Scenario, game: Game) -> Size:
    """How large the game is that was compiled from a scenario."""
    rows = np.bincount(game.row_actor == game.n_actors, minlength=2).tolist()
    n_bytes = sum(array.nbytes for array in vars(game).values() if isinstance(array, np.ndarray))
    return Size(
        actors=game.n_actors,
        combinations=prod(map(len, game.factor_levels)),
        possible=count_possible(scenario),
        states=game.n_states,
        moves=len(scenario.moves),
        events=len(scenario.events),
        move_rows=rows[0],
        event_rows=rows[1],
        branches=game.target.size,
        kinds=game.kind_step.size,
        parameters=len(scenario.parameters),
        seconds=SECONDS_PER_ROW * game.n_rows,
        gibibytes=(n_bytes + WORKING_VECTORS * game.flow.nbytes) / 2**30,
    )


def count_possible(scenario: Scenario) -> int | None:
    """Number of combinations that `impossible` allows, or None if there are more than can be counted.

    Only factors that `impossible` mentions are combined; the others multiply.
    """
    mentioned = {name for conjunction in scenario.impossible for name in conjunction}
    others = prod(len(factor.levels) for name, factor in scenario.factors.items() if name not in mentioned)
    if not mentioned:
        return others
    space = Space.of({name: factor for name, factor in scenario.factors.items() if name in mentioned})
    if space.size > COUNTABLE:
        return None
    guard, allowed = space.guard(scenario.impossible), 0
    for first in range(0, space.size, 1 << 18):
        levels = space.decode(np.arange(first, min(first + (1 << 18), space.size)))
        allowed += int(np.count_nonzero(~holds(guard, levels)))
    return allowed * others
