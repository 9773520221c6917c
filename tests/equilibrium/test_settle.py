"""Settling where the curve was lost: learning, elimination of the states that lag behind, and Newton's method."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_equations import plain_residual

from equipoise.equilibrium import AGENT_ERROR, CONTROL_COST, PRIVATE_SHOCK, Branch, Convention, solve
from equipoise.equilibrium.equations import Equations
from equipoise.equilibrium.felt import row_rate
from equipoise.equilibrium.linear import Linear
from equipoise.equilibrium.newton import newton
from equipoise.equilibrium.settle import QUICK, THOROUGH, Manner, lag, settle
from games import random_game

CONVENTIONS = [CONTROL_COST, PRIVATE_SHOCK, AGENT_ERROR]
seeds = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda c: c.name)
@pytest.mark.parametrize("manner", [THOROUGH, QUICK])
@pytest.mark.parametrize(("states", "noise"), [(60, 0.3), (160, 0.06)])
def test_it_ends_in_a_zero_of_the_equations(convention: Convention, states: int, noise: float, manner: Manner) -> None:
    game = random_game(np.random.default_rng(5), actors=3, states=states, noise=noise)
    equations = Equations(game, convention)
    value, arrived = settle(equations, equations.reference_value(), manner)
    assert arrived
    assert np.abs(plain_residual(game, convention, value)).max() < 1e-7
    assert lag(equations, value).max() < 1e-6


def test_games_whose_curve_is_lost_at_once_nearly_all_end_certified() -> None:
    """Quiet games, left after five steps of the curve."""
    ends = []
    for seed in range(12):
        game = random_game(np.random.default_rng(seed), actors=2 + seed % 4, states=80, noise=0.06)
        found = solve(game, convention=CONVENTIONS[seed % 3], most_steps=5, best_response=False)
        assert found.branch is not Branch.PRINCIPAL
        ends.append(found.certified)
        if found.certified:
            assert np.abs(plain_residual(game, found.convention, found.value)).max() < 1e-6
        else:
            assert found.cause
            assert found.remedy
    assert sum(ends) >= 11


def test_where_it_does_not_arrive_it_says_so() -> None:
    game = random_game(np.random.default_rng(5), actors=3, states=60, noise=0.3)
    equations = Equations(game, CONTROL_COST)
    guess = equations.reference_value()
    assert not settle(equations, guess, most_rounds=0)[1]
    assert not settle(equations, np.full_like(guess, np.nan))[1]
    assert newton(equations, np.full_like(guess, np.nan), most_steps=5) is None
    assert newton(equations, guess, most_steps=1) is None


@settings(deadline=None)
@given(seed=seeds, convention=st.sampled_from(CONVENTIONS), reply=st.floats(0, 1))
def test_less_reply_is_less_of_what_policies_add(seed: int, convention: Convention, reply: float) -> None:
    """J(reply) = L - reply K, and L evaluates policies as they are: L x_i = rho_i x_i - Q x_i."""
    rng = np.random.default_rng(seed)
    game = random_game(rng, actors=3, states=20, noise=0.4)
    equations = Equations(game, convention)
    value = rng.normal(size=equations.size)
    none, some, full = (equations.linearise(value, reply=share).dense for share in (0.0, reply, 1.0))
    assert some == pytest.approx((1 - reply) * none + reply * full, abs=1e-9 * np.abs(full).max())
    direction, rate = rng.normal(size=game.flow.shape), row_rate(game, equations.policy(value)[0])
    linear = Linear(game)
    inflow, outflow = linear.inflow(rate), linear.outflow(rate)
    expected = (game.discount + outflow[:, None]) * direction - inflow @ direction
    assert none @ direction.ravel() == pytest.approx(expected.ravel(), rel=1e-9, abs=1e-9)


@settings(deadline=None, max_examples=30)
@given(seed=seeds)
def test_lag_is_how_far_everybody_would_move_in_each_state_alone(seed: int) -> None:
    rng = np.random.default_rng(seed)
    game = random_game(rng, actors=2, states=12, noise=0.5)
    equations = Equations(game, CONTROL_COST)
    value = rng.normal(size=game.flow.shape)
    policy, _, residual = equations.policy(value)
    rate = row_rate(game, policy)
    for s in range(game.n_states):
        leaving = sum(
            rate[r] * sum(game.probability[game.branch_entry[b]] for b in np.flatnonzero(game.branch_row == r)
                          if game.target[b] != s)
            for r in np.flatnonzero(game.row_state == s)
        )  # fmt: skip
        expected = np.abs(residual[s] / (game.discount + leaving) / game.noise[s]).max()
        assert lag(equations, value)[s] == pytest.approx(expected)


@settings(deadline=None, max_examples=20)
@given(seed=seeds)
def test_a_game_smaller_than_its_parts_settles(seed: int) -> None:
    rng = np.random.default_rng(seed)
    game = random_game(rng, actors=2, states=2, noise=0.3)
    equations = Equations(replace(game, noise=game.noise * 0.5), PRIVATE_SHOCK)
    value, arrived = settle(equations, rng.normal(0, 5, equations.size))
    assert arrived
    assert np.abs(plain_residual(equations.game, PRIVATE_SHOCK, value)).max() < 1e-7
