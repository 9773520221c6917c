"""Random games, stratified: nearly all end certified, the rest in an honest failure, none in a wrong answer."""

from __future__ import annotations

from collections import Counter

import numpy as np
from games import random_game

from equipoise.equilibrium import AGENT_ERROR, CONTROL_COST, PRIVATE_SHOCK, Branch, Equilibrium, solve
from equipoise.equilibrium.felt import row_rate

CONVENTIONS = (CONTROL_COST, PRIVATE_SHOCK, AGENT_ERROR)
GAMES = 60


def strata(number: int) -> tuple[int, int, float, int]:
    """Actors, states, noise and convention of game `number`: every fifth and every third of each, half of them quiet."""
    rng = np.random.default_rng([2018, number])
    states = round(10 * 500 ** ((number * 0.6180339887) % 1))
    low, high = (0.02, 0.1) if number % 2 else (0.1, 1.0)
    noise = low * (high / low) ** rng.random()
    return 2 + number % 5, states, noise, (number // 2) % 3


def solved(number: int, steps: int = 40) -> Equilibrium:
    actors, states, noise, convention = strata(number)
    game = random_game(np.random.default_rng([1953, number]), actors=actors, states=states, noise=noise)
    return solve(game, convention=CONVENTIONS[convention], most_steps=steps, best_response=states < 500)
