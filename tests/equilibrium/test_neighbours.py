"""From what everybody does in a similar game: the value of a policy, and the equilibrium that it leads to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_equations import plain_residual

from equipoise.equilibrium import AGENT_ERROR, CONTROL_COST, PRIVATE_SHOCK, solve
from equipoise.equilibrium.equations import Equations
from equipoise.equilibrium.evaluation import ROUGH, policy_value
from equipoise.equilibrium.felt import felt_value
from equipoise.equilibrium.settle import QUICK, settle
from games import random_game

CONVENTIONS = [CONTROL_COST, PRIVATE_SHOCK, AGENT_ERROR]
seeds = st.integers(0, 2**32 - 1)


@settings(deadline=None)
@given(seed=seeds, actors=st.integers(1, 4))
def test_the_value_of_a_policy_is_its_felt_value(seed: int, actors: int):
    rng = np.random.default_rng(seed)
    game = random_game(rng, actors=actors, states=25, noise=0.5)
    equations = Equations(game, CONTROL_COST)
    policy, _, _ = equations.policy(rng.normal(0, 2, game.flow.shape))
    exact = felt_value(game, policy)
    assert policy_value(equations, policy) == pytest.approx(exact, abs=20 * ROUGH * np.abs(exact).max())


def test_one_actor_alone_is_led_to_its_only_equilibrium():
    """From any policy, and never anywhere else."""
    for seed in range(40):
        rng = np.random.default_rng(seed)
        game = random_game(rng, actors=1, states=30, noise=0.3)
        equations = Equations(game, CONTROL_COST)
        policy, _, _ = equations.policy(rng.normal(0, 5, game.flow.shape))
        value, arrived = settle(equations, policy_value(equations, policy), QUICK)
        assert arrived
        assert np.abs((value - solve(game).value) / game.noise).max() < 1e-6


@settings(deadline=None)
@given(seed=seeds, convention=st.sampled_from(CONVENTIONS), noise=st.floats(0.2, 2))
def test_a_game_is_reached_from_the_policy_of_another(seed: int, convention, noise: float):
    rng = np.random.default_rng(seed)
    game = random_game(rng, actors=3, states=40, noise=noise)
    known = solve(game, convention=convention)
    other = replace(game, flow=game.flow + rng.normal(0, 0.3, game.flow.shape))
    equations = Equations(other, convention)
    value, arrived = settle(equations, policy_value(equations, known.policy), QUICK)
    if not arrived:
        return  # which may be: the caller then follows the curve
    found = solve(other, convention=convention, start=value)
    assert found.certified
    assert found.branch.value == "continued from a neighbour"
    assert np.abs(plain_residual(other, convention, found.value)).max() < 1e-6


def test_games_far_from_each_other_are_mostly_reached():
    """Everything that everybody gets is drawn anew: Newton's method alone would be far away."""
    reached = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        game = random_game(rng, actors=3, states=60, noise=1.0)
        other = replace(game, flow=rng.permutation(game.flow), end_value=-2 * np.abs(game.end_value))
        equations = Equations(other, CONTROL_COST)
        reached += settle(equations, policy_value(equations, solve(game).policy), QUICK)[1]
    assert reached >= 19
