from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from dense import full_generator, random_chain
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.errors import RequestError
from equipoise.game.build import Branch, Row, build_game
from equipoise.game.compile import compile
from equipoise.outlook.chain import induced_chain, induced_rates
from equipoise.outlook.conduct import HOLD, conduct
from equipoise.outlook.value import discounted_years, split
from equipoise.scenario.reading import load
from games import random_game

seeds = st.integers(0, 10**6)
quick = settings(max_examples=15, deadline=None)


def quarrel():
    """One state of peace; a hawk may strike at a cost of .5, which succeeds two times in three."""
    strike = Row(0, 0, (Branch(1, 2.0), Branch(2, 1.0, (-0.25, 0.0))), cost=0.5, step="strike")
    return build_game(
        [strike],
        flow=[[0.3, 0.2]],
        tempo=[[4.0, 1.0]],
        noise=1.0,
        discount=[0.1, 0.2],
        end_value=[[2.0, -5.0], [-1.0, 1.0]],
        actors=["hawk", "victim"],
        outcomes=["conquest", "defeat"],
    )


def test_conduct_says_what_each_option_is_worth():
    hold, strike = sorted(
        conduct(quarrel(), 0, value=np.array([[0.7, 0.0]]), policy=np.array([0.25]), hold=np.array([[0.75, 1.0]])),
        key=lambda option: option.cost,
    )
    assert (hold.actor, hold.move, hold.probability, hold.rate, hold.worth, hold.prefers) == (
        "hawk",
        HOLD,
        0.75,
        3.0,
        0.7,
        0.0,
    )
    assert (strike.move, strike.probability, strike.rate, strike.cost) == ("strike", 0.25, 1.0, 0.5)
    assert strike.worth == pytest.approx(2 / 3 * 2 + 1 / 3 * (-1 - 0.25) - 0.5)
    assert strike.prefers == pytest.approx(strike.worth - 0.7)


def test_conduct_lists_the_likeliest_option_first_and_knows_its_states():
    game = random_game(np.random.default_rng(0), actors=3, states=10)
    policy = np.random.default_rng(1).uniform(size=game.n_rows)
    value = np.zeros((10, 3))
    options = conduct(game, 4, value=value, policy=policy, hold=value + 0.5)
    for actor in game.actors:
        chances = [option.probability for option in options if option.actor == actor]
        assert chances == sorted(chances, reverse=True)
    with pytest.raises(RequestError):
        conduct(game, 10, value=value, policy=policy, hold=value)


def test_value_of_a_quarrel_is_split_by_hand():
    game = quarrel()
    chain = induced_chain(game, induced_rates(game, np.array([0.25])))
    parts = {(part.source, part.name): part.value for part in split(chain, game, 0).parts}
    # Strikes come at rate 1, so m = 1/(1 + rho).
    hawk, victim = 1 / 1.1, 1 / 1.2
    assert parts["flow", "flow payoffs"] == pytest.approx((0.3 * hawk, 0.2 * victim))
    assert parts["outcome", "conquest"] == pytest.approx((2 / 3 * 2 * hawk, -2 / 3 * 5 * victim))
    assert parts["outcome", "defeat"] == pytest.approx((-1 / 3 * hawk, 1 / 3 * victim))
    assert parts["impact", "impacts"] == pytest.approx((-0.25 / 3 * hawk, 0))
    assert parts["cost", "strike"] == pytest.approx((-0.5 * hawk, 0))
    assert len(parts) == 5


@quick
@given(seeds)
def test_parts_sum_to_the_felt_value_of_the_dense_system(seed):
    chain, game = random_chain(seed)
    S = chain.n_states
    Q = full_generator(chain)[:S, :S]
    for i in range(game.n_actors):
        reward = game.flow[:, i].copy()
        for row in range(game.n_rows):
            s, kind = chain.row_state[row], game.row_kind[row]
            if game.kind_actor[kind] == i:
                reward[s] -= chain.row_rate[row] * game.kind_cost[kind]
            for k, b in enumerate(range(game.branch_ptr[row], game.branch_ptr[row + 1])):
                entry = game.kind_branch_ptr[kind] + k
                felt = game.impact[entry, i]
                if game.target[b] >= S:
                    felt += game.end_value[game.target[b] - S, i]
                reward[s] += chain.row_rate[row] * game.probability[entry] * felt
        value = np.linalg.solve(game.discount[i] * np.eye(S) - Q, reward)
        assert split(chain, game, 5).total[i] == pytest.approx(value[5], rel=1e-7, abs=1e-9)


@quick
@given(seeds)
def test_discounted_years_of_a_system_without_ends_sum_to_one_over_the_rate(seed):
    rng = np.random.default_rng(seed)
    game = random_game(rng, actors=2, states=15, ends=0)
    chain = induced_chain(game, rng.exponential(1.0, game.n_rows))
    assert discounted_years(chain, 0, 0.07).sum() == pytest.approx(1 / 0.07, rel=1e-9)


def test_split_by_the_terms_of_a_scenario_sums_to_the_split_without_them():
    game = compile(load("northeast-asia"))
    rng = np.random.default_rng(3)
    chain = induced_chain(game, induced_rates(game, rng.uniform(0, 0.3, game.n_rows)))
    start = next(iter(game.starts.values()))
    by_term = split(chain, game, start)
    coarse = split(chain, replace(game, structure=None), start)
    for source in ("flow", "outcome", "impact", "cost"):
        fine = np.sum([p.value for p in by_term.parts if p.source == source], axis=0)
        assert fine == pytest.approx(np.sum([p.value for p in coarse.parts if p.source == source], axis=0), rel=1e-7)
    assert len(by_term.parts) > 2 * len(coarse.parts)
