"""Part of a game: what is an equilibrium of the whole is one of the part."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.equilibrium import AGENT_ERROR, CONTROL_COST, PRIVATE_SHOCK, Convention
from equipoise.equilibrium.equations import Equations
from equipoise.game.part import around, part
from equipoise.game.soundness import faults
from games import random_game

seeds = st.integers(0, 2**32 - 1)


@settings(deadline=None)
@given(seed=seeds, convention=st.sampled_from([CONTROL_COST, PRIVATE_SHOCK, AGENT_ERROR]), size=st.integers(1, 15))
def test_the_equations_of_a_part_are_those_of_the_whole_at_its_states(seed: int, convention: Convention, size: int):
    rng = np.random.default_rng(seed)
    game = random_game(rng, actors=3, states=15, noise=0.4)
    value = rng.normal(size=game.flow.shape)
    states = np.sort(rng.choice(15, size, replace=False))
    some = part(game, states, value)
    assert not faults(some)
    assert some.n_states == size
    policy, hold, residual = Equations(game, convention).policy(value)
    its_policy, its_hold, its_residual = Equations(some, convention).policy(value[states])
    assert its_residual == pytest.approx(residual[states], abs=1e-12)
    assert its_hold == pytest.approx(hold[states])
    assert its_policy == pytest.approx(policy[np.isin(game.row_state, states)])
    assert set(some.target[some.target >= size] - size) == set(range(some.end_value.shape[0]))


@given(seed=seeds, size=st.integers(1, 5))
def test_around_are_those_one_step_away_in_either_direction(seed: int, size: int):
    rng = np.random.default_rng(seed)
    game = random_game(rng, actors=2, states=15, noise=0.4)
    states = set(rng.choice(15, size, replace=False).tolist())
    links = [(int(game.row_state[r]), int(t)) for r, t in zip(game.branch_row, game.target, strict=True) if t < 15]
    expected = states | {t for s, t in links if s in states} | {s for s, t in links if t in states}
    assert around(game, np.array(sorted(states))).tolist() == sorted(expected)
