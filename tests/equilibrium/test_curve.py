"""What is met on the curve: pitchforks, later crossings, budgets that run out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from equipoise.equilibrium import CONTROL_COST, PRIVATE_SHOCK, Branch, later_crossings, others, solve
from equipoise.equilibrium.equations import Equations
from equipoise.equilibrium.follow import CAREFUL, Curve
from equipoise.game.build import Branch as To
from equipoise.game.build import Row, build_game
from equipoise.game.game import Game
from games import random_game


def equal_rivals(noise: float) -> Game:
    """Brinkmanship between equals: below some noise there are two more equilibria, one for each to give way in."""
    rows = [Row(0, 0, (To(1),)), Row(0, 1, (To(2),)), Row(0, None, (To(3),), rate=0.05)]
    ends = [[0, 1.0], [1.0, 0], [-4, -4]]
    return build_game(rows, flow=[[-0.02, -0.02]], tempo=10, noise=noise, discount=0.05, end_value=ends)


def test_at_a_pitchfork_the_symmetric_branch_is_kept_and_the_pitchfork_reported() -> None:
    before, after = (solve(equal_rivals(noise), convention=PRIVATE_SHOCK) for noise in (1.0, 0.02))
    assert before.certified
    assert before.trace.branch_points == []
    assert after.certified
    assert after.branch is Branch.PRINCIPAL
    assert after.value[0, 0] == pytest.approx(after.value[0, 1], abs=1e-9)
    assert len(after.trace.branch_points) == 1
    assert after.trace.folds == []
    givers = sorted(float(e.policy[0] - e.policy[1]) for e in others(after, starts=30))
    assert len(givers) == 2
    assert givers[0] == pytest.approx(-givers[1], abs=1e-9)
    assert givers[1] > 0.5


def test_the_pitchfork_lies_where_the_linearised_difference_vanishes() -> None:
    """kappa of the report against a bisection for the noise at which three equilibria appear."""
    noise = 0.02
    reported = noise * solve(equal_rivals(noise), convention=CONTROL_COST).trace.branch_points[0]
    low, high = reported / 3, reported * 3
    for _ in range(12):
        middle = np.sqrt(low * high)
        equations = Equations(equal_rivals(middle), CONTROL_COST)
        at = equations.linearise(solve(equal_rivals(middle), convention=CONTROL_COST).value, 1.0)
        anti = at.dense @ np.array([1.0, -1.0]) @ np.array([1.0, -1.0])
        low, high = (low, middle) if anti > 0 else (middle, high)
    assert reported == pytest.approx(np.sqrt(low * high), rel=0.3)


@pytest.mark.parametrize("seed", range(4))
def test_the_same_crossing_is_reached_with_more_care(seed: int) -> None:
    game = random_game(np.random.default_rng(seed), actors=3, states=30, noise=0.1)
    found = solve(game, convention=PRIVATE_SHOCK)
    curve = Curve.from_reference(Equations(game, PRIVATE_SHOCK), CAREFUL)
    point = curve.advance_to(curve.end, most_steps=5000)
    assert point is not None
    refined = curve.refine(point)
    assert refined is not None
    assert found.value.ravel() == pytest.approx(refined.value, abs=1e-8)
    assert len(found.trace.folds) % 2 == 0


def test_noise_between_the_two_kappas_of_a_fold_has_three_crossings() -> None:
    """Under control cost only the scaled noise counts, so the curve of a game with other noise is the same curve."""
    for seed in range(100):
        game = random_game(np.random.default_rng(seed), actors=3, states=12, noise=0.02)
        folds = solve(game, convention=CONTROL_COST).trace.folds
        if len(folds) == 2 and folds[1] > 1.1 * folds[0]:
            break
    between = replace(game, noise=game.noise * np.sqrt(folds[0] * folds[1]))
    principal = solve(between, convention=CONTROL_COST)
    crossings = [principal, *later_crossings(principal)]
    assert [crossing.branch for crossing in crossings] == [Branch.PRINCIPAL, Branch.LATER, Branch.LATER]
    assert all(crossing.certified for crossing in crossings)
    values = np.array([crossing.value.ravel() for crossing in crossings])
    assert min(np.abs(values[i] - values[j]).max() for i, j in ((0, 1), (0, 2), (1, 2))) > 1e-3


def test_when_steps_run_out_another_branch_is_reached_and_said_to_be_another() -> None:
    game = random_game(np.random.default_rng(3), actors=4, states=60, noise=0.05)
    lost = solve(game, most_steps=5)
    assert lost.branch is Branch.JUMPED
    assert lost.certified
    assert "5 steps" in lost.cause
    assert "most_steps" in lost.remedy
    assert lost.certificate.folds is None


def test_a_neighbour_leads_to_the_same_equilibrium_as_the_curve() -> None:
    game = random_game(np.random.default_rng(8), actors=3, states=40, noise=0.5)
    first = solve(game)
    moved = replace(game, flow=game.flow * 1.02)
    again = solve(moved, start=first)
    assert again.branch is Branch.NEIGHBOUR
    assert again.value == pytest.approx(solve(moved).value, abs=1e-8)
