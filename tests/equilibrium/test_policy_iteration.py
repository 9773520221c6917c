"""Policy iteration: the value of a policy, what it converges to, and what it says where it does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_equations import plain_residual

from equipoise.equilibrium import AGENT_ERROR, CONTROL_COST, PRIVATE_SHOCK, solve
from equipoise.equilibrium.approach import approach
from equipoise.equilibrium.equations import Equations
from equipoise.equilibrium.felt import felt_value
from equipoise.equilibrium.policy_iteration import ROUGH, iterate_policies, policy_value
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
    assert policy_value(equations, policy) == pytest.approx(exact, abs=20 * ROUGH**2 * np.abs(exact).max())


def test_one_actor_alone_is_led_to_its_only_equilibrium():
    """From any policy nearly always, and never anywhere else."""
    arrived = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        game = random_game(rng, actors=1, states=30, noise=0.3)
        equations = Equations(game, CONTROL_COST)
        policy, _, _ = equations.policy(rng.normal(0, 5, game.flow.shape))
        value = approach(equations, policy_value(equations, policy))
        if value is not None:
            assert np.abs((value - solve(game).value) / game.noise).max() < 0.3
            arrived += 1
    assert arrived >= 36


@settings(deadline=None)
@given(seed=seeds, convention=st.sampled_from(CONVENTIONS), noise=st.floats(0.2, 2))
def test_a_game_is_reached_from_the_policy_of_another(seed: int, convention, noise: float):
    rng = np.random.default_rng(seed)
    game = random_game(rng, actors=3, states=40, noise=noise)
    known = solve(game, convention=convention)
    other = replace(game, flow=game.flow + rng.normal(0, 0.3, game.flow.shape))
    equations = Equations(other, convention)
    value = approach(equations, policy_value(equations, known.policy))
    if value is None:
        return  # which may be: the caller then follows the curve
    found = solve(other, convention=convention, start=value)
    assert found.certified
    assert np.abs(plain_residual(other, convention, found.value)).max() < 1e-6


def test_games_far_from_each_other_are_mostly_reached():
    """Everything that everybody gets is drawn anew: Newton's method alone would be far away."""
    reached = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        game = random_game(rng, actors=3, states=60, noise=1.0)
        other = replace(game, flow=rng.permutation(game.flow), end_value=-2 * np.abs(game.end_value))
        equations = Equations(other, CONTROL_COST)
        reached += approach(equations, policy_value(equations, solve(game).policy)) is not None
    assert reached >= 16


def test_what_cannot_be_evaluated_is_handed_back():
    game = random_game(np.random.default_rng(1), actors=2, states=12, noise=0.5)
    wrong = np.full(game.flow.shape, np.nan)
    equations = Equations(game, CONTROL_COST)
    value, near = iterate_policies(equations, wrong)
    assert np.isinf(near)
    assert np.isnan(value).all()
    assert approach(equations, wrong) is None


def test_the_nearest_is_kept_where_it_circles():
    game = random_game(np.random.default_rng(3), actors=4, states=80, noise=0.01)
    equations = Equations(game, CONTROL_COST)
    value, near = iterate_policies(equations, np.zeros(game.flow.shape), most_steps=12)
    policy, _, _ = equations.policy(value)
    assert np.isfinite(value).all()
    assert near > 0
    again, first = iterate_policies(equations, value, near=np.inf, most_steps=1)
    assert first == pytest.approx(near, rel=0.05)
    assert again == pytest.approx(value)
    assert policy.max() <= 1
