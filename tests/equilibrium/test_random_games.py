"""Random games, stratified: nearly all end certified, the rest in an honest failure, none in a wrong answer."""

from __future__ import annotations

import numpy as np
import pytest
from test_equations import plain_residual

from equipoise.equilibrium import AGENT_ERROR, CONTROL_COST, PRIVATE_SHOCK, Branch, Equilibrium, solve
from games import random_game

CONVENTIONS = (CONTROL_COST, PRIVATE_SHOCK, AGENT_ERROR)
GAMES = 60


def strata(number: int) -> tuple[int, int, float, int]:
    """Actors 2 to 6, states 10 to 5,000, noise (half of it at most .1) and convention of game `number`."""
    rng = np.random.default_rng([2018, number])
    states = round(10 * 500 ** ((number * 0.6180339887) % 1))
    low, high = (0.02, 0.1) if number % 2 else (0.1, 1.0)
    noise = low * (high / low) ** rng.random()
    return 2 + number % 5, states, noise, (number // 2) % 3


def hard(number: int) -> bool:
    """Large and quiet: hundreds of folds lie on the curve, and what settles at all settles rarely."""
    actors, states, noise, _ = strata(number)
    return actors * states > 900 and noise < 0.15


def solved(number: int) -> Equilibrium:
    """Small games are followed as long as it takes; large ones for a while, then left for another branch."""
    actors, states, noise, convention = strata(number)
    game = random_game(np.random.default_rng([1953, number]), actors=actors, states=states, noise=noise)
    steps = 4000 if game.flow.size <= 900 else 20
    return solve(game, convention=CONVENTIONS[convention], most_steps=steps, best_response=states < 500)


def check(equilibrium: Equilibrium) -> bool:
    """Whether it is certified; that it then solves the equations, and says what went wrong otherwise."""
    if equilibrium.certified:
        residual = plain_residual(equilibrium.game, equilibrium.convention, equilibrium.value)
        assert np.abs(residual).max() < 1e-6
        return True
    assert equilibrium.branch is Branch.NONE or equilibrium.certificate.reason
    assert equilibrium.cause
    assert equilibrium.remedy
    return False


@pytest.mark.parametrize("batch", range(6))
def test_every_random_game_ends_certified_unless_it_is_large_and_quiet(batch: int) -> None:
    numbers = [number for number in range(GAMES) if not hard(number)]
    assert len(numbers) >= 40
    for number in numbers[batch::6]:
        assert check(solved(number)), strata(number)


@pytest.mark.parametrize("number", [number for number in range(GAMES) if hard(number)][:4])
def test_a_large_and_quiet_game_is_certified_or_fails_honestly(number: int) -> None:
    check(solved(number))
