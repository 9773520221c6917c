"""Equilibria that are known by construction, and changes of a game that change nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import reference

from equipoise.equilibrium import AGENT_ERROR, CONTROL_COST, PRIVATE_SHOCK, Convention, Equilibrium, solve
from equipoise.game.game import Game
from games import random_game

CONVENTIONS = {
    "hold": CONTROL_COST,
    "uniform": Convention("control-cost", uniform=True),
    "shock": PRIVATE_SHOCK,
    "euler": Convention("private-shock", euler=True),
    "error": AGENT_ERROR,
}
by_convention = pytest.mark.parametrize("convention", CONVENTIONS.values(), ids=CONVENTIONS)
SEEDS = (0, 1, 2)


@by_convention
@pytest.mark.parametrize(
    ("actors", "states", "noise"), [(2, 6, 0.05), (3, 25, 0.2), (5, 40, 1.0), (1, 10, 0.1), (3, 300, 0.3)]
)
def test_values_chosen_beforehand_are_returned(convention: Convention, actors: int, states: int, noise: float) -> None:
    """Flows are set so that the chosen V solves the equations, as the plain twin writes them."""
    rng = np.random.default_rng(states + actors)
    game = random_game(rng, actors=actors, states=states, noise=noise)
    chosen = rng.normal(0, 1, game.flow.shape)
    game = replace(game, flow=game.flow - reference.residual(game, convention, chosen))
    near = chosen + 1e-3 * noise * rng.uniform(-1, 1, chosen.shape)
    found = solve(game, convention=convention, start=near)
    assert found.certified, found.certificate.reason
    assert np.abs(found.value - chosen).max() < 1e-10
    np.testing.assert_allclose(found.policy, reference.policy(game, convention, chosen), atol=1e-9)


def example(seed: int) -> Game:
    return random_game(np.random.default_rng(seed), actors=3, states=12, noise=0.3)


def same(one: Equilibrium, other: Equilibrium, *, shift: np.ndarray | float = 0.0, factor: float = 1.0) -> None:
    """Equal policies; values, felt and not, equal up to a shift and a factor."""
    assert one.certified, one.certificate.reason
    assert other.certified, other.certificate.reason
    size = factor * np.abs(one.value).max()
    np.testing.assert_allclose(other.policy, one.policy, atol=1e-7)
    np.testing.assert_allclose(other.hold, one.hold, atol=1e-7)
    np.testing.assert_allclose(other.value, factor * one.value + shift, atol=1e-8 * size)
    np.testing.assert_allclose(other.felt, factor * one.felt + shift, atol=1e-8 * size)
    np.testing.assert_allclose(other.noise_account, factor * one.noise_account, atol=1e-8 * size)


@by_convention
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("factor", [0.01, 7.0])
def test_another_unit_of_time_changes_no_value(convention: Convention, seed: int, factor: float) -> None:
    game = example(seed)
    faster = replace(
        game,
        tempo=game.tempo * factor,
        kind_rate=game.kind_rate * factor,
        discount=game.discount * factor,
        flow=game.flow * factor,
    )
    same(solve(game, convention=convention), solve(faster, convention=convention))


@by_convention
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("factor", [1e-3, 40.0])
def test_another_unit_of_payoff_changes_no_policy(convention: Convention, seed: int, factor: float) -> None:
    game = example(seed)
    larger = replace(
        game,
        flow=game.flow * factor,
        kind_cost=game.kind_cost * factor,
        impact=game.impact * factor,
        end_value=game.end_value * factor,
        noise=game.noise * factor,
    )
    same(solve(game, convention=convention), solve(larger, convention=convention), factor=factor)


@by_convention
@pytest.mark.parametrize("seed", SEEDS)
def test_a_payoff_for_ever_whatever_happens_shifts_values_and_nothing_else(convention: Convention, seed: int) -> None:
    """u + k with v(o) + k/rho, another k for every actor."""
    game = example(seed)
    always = np.array([1.0, -2.0, 0.5])
    shift = always / game.discount
    richer = replace(game, flow=game.flow + always, end_value=game.end_value + shift)
    same(solve(game, convention=convention), solve(richer, convention=convention), shift=shift)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_payoff_for_life_only_does_change_conduct(seed: int) -> None:
    """u + k alone makes the ends dearer: the test above would be empty if it did not."""
    game = example(seed)
    one, other = solve(game), solve(replace(game, flow=game.flow + 3.0))
    assert np.abs(one.policy - other.policy).max() > 0.01


def relabelled(game: Game, states: np.ndarray, actors: np.ndarray, rng: np.random.Generator) -> tuple[Game, np.ndarray]:
    """The game with state s called states[s] and actor i called actors[i], its rows shuffled; and where rows went."""
    S, N = game.flow.shape
    mover = np.append(actors, N)
    group = states[game.row_state] * (N + 1) + mover[game.row_actor]
    order = np.lexsort((rng.random(game.n_rows), group))
    branches = np.concatenate([np.arange(game.branch_ptr[row], game.branch_ptr[row + 1]) for row in order])
    here, who = np.argsort(states), np.argsort(actors)
    new = replace(
        game,
        actors=tuple(game.actors[i] for i in who),
        starts={name: int(states[s]) for name, s in game.starts.items()},
        levels=game.levels[here],
        row_ptr=np.append(0, np.cumsum(np.bincount(group, minlength=S * (N + 1)))),
        row_kind=game.row_kind[order],
        branch_ptr=np.append(0, np.cumsum(np.diff(game.branch_ptr)[order])),
        target=np.append(states, np.arange(S, S + len(game.end_value)))[game.target[branches]].astype(np.int32),
        kind_actor=mover[game.kind_actor].astype(np.int32),
        impact=game.impact[:, who],
        flow=game.flow[here][:, who],
        tempo=game.tempo[here][:, who],
        noise=game.noise[here][:, who],
        discount=game.discount[who],
        end_value=game.end_value[:, who],
    )
    return new, order


@by_convention
@pytest.mark.parametrize("seed", SEEDS)
def test_names_and_order_of_actors_states_and_rows_change_nothing(convention: Convention, seed: int) -> None:
    game, rng = example(seed), np.random.default_rng(seed)
    states, actors = rng.permutation(game.n_states), rng.permutation(game.n_actors)
    other, order = relabelled(game, states, actors, rng)
    one, two = solve(game, convention=convention), solve(other, convention=convention)
    assert one.certified
    assert two.certified
    size = np.abs(one.value).max()
    np.testing.assert_allclose(two.value[states][:, actors], one.value, atol=1e-8 * size)
    np.testing.assert_allclose(two.felt[states][:, actors], one.felt, atol=1e-8 * size)
    np.testing.assert_allclose(two.policy, one.policy[order], atol=1e-7)
