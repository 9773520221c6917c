"""The parts of the adjoint against SciPy, and in directions that move every number of a game at once."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.linalg import expm, expm_frechet

from equipoise.equilibrium import AGENT_ERROR, CONTROL_COST, PRIVATE_SHOCK, solve
from equipoise.game.game import Game
from equipoise.game.structure import Numbers
from equipoise.kernels.chain import Sparse
from equipoise.kernels.series import differentiate_series
from equipoise.levers.adjoint import Adjoint, predicted
from equipoise.levers.pattern import Pattern
from equipoise.levers.rewards import Earnings
from equipoise.outlook.chain import rate_chain
from equipoise.outlook.risk import risk
from games import random_game


def sparse(matrix: np.ndarray) -> Sparse:
    rows = sp.csr_array(matrix)
    return Sparse(rows.indptr.astype(np.uint32), rows.indices.astype(np.uint32), rows.data.astype(float))


@pytest.mark.parametrize("factor", [1.0, 2.0])
@pytest.mark.parametrize("keep", [1, 3, 7, 50])
def test_a_series_is_differentiated_as_it_stands_however_much_of_it_is_held(factor, keep):
    rng = np.random.default_rng(3)
    a = rng.uniform(0, 0.2, (6, 6))
    x, y, weight = rng.uniform(size=6), rng.normal(size=6), rng.normal(size=23)

    def number(a: np.ndarray) -> float:
        old, now, total = np.eye(6), a, weight[0] * np.eye(6) + weight[1] * a
        for w in weight[2:]:
            old, now = now, factor * a @ now - (factor - 1) * old
            total = total + w * now
        return float(x @ total @ y)

    by_y, by_entry = differentiate_series(sparse(a), sparse(a.T), x, y, weight, factor, keep)
    assert by_y @ y == pytest.approx(number(a), rel=1e-12)
    for k, (i, j) in enumerate(np.ndindex(6, 6)):
        step = np.zeros((6, 6))
        step[i, j] = 1e-6
        assert by_entry[k] == pytest.approx((number(a + step) - number(a - step)) / 2e-6, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("time", [0.0, 0.7, 12.0, 300.0])
def test_what_is_earned_by_and_at_a_time_against_the_derivative_of_the_exponential(time):
    rng = np.random.default_rng(5)
    rates = rng.uniform(0, 1, (8, 9)) * (rng.uniform(size=(8, 9)) < 0.5) * 3
    np.fill_diagonal(rates, 0)
    chain = rate_chain(rates, outcomes=["end"])
    first, per_event, per_year = np.eye(8)[2], rng.normal(size=chain.target.size), rng.normal(size=8)
    earnings = Earnings(chain, Pattern.of(chain), first)
    reward = earnings.nothing._replace(per_event=per_event, per_year=per_year)

    Q = np.zeros((9, 9))
    Q[:8, :8] = rates[:, :8] - np.diag(rates.sum(axis=1))
    Q[:8, 8] = per_year + np.bincount(chain.branch_state, chain.branch_rate * per_event, 8)
    total, now = earnings.until(reward, time), earnings.at(reward, time)
    assert total.number == pytest.approx(expm(Q * time)[2, 8], rel=1e-9, abs=1e-11)
    assert now.number == pytest.approx(expm(Q[:8, :8] * time)[2] @ Q[:8, 8], rel=1e-9, abs=1e-11)
    for b, (s, t) in enumerate(zip(chain.branch_state, chain.target, strict=True)):
        change = np.zeros((9, 9))
        change[s, s], change[s, 8] = -1, per_event[b]
        if t < 8:
            change[s, t] = 1
        by_total = expm_frechet(Q * time, change * time, compute_expm=False)[2, 8]
        by_now = expm_frechet(Q[:8, :8] * time, change[:8, :8] * time, compute_expm=False)[2] @ Q[:8, 8]
        by_now += expm(Q[:8, :8] * time)[2, s] * per_event[b]
        assert total.by_branch[b] == pytest.approx(by_total, rel=1e-7, abs=1e-9)
        assert now.by_branch[b] == pytest.approx(by_now, rel=1e-7, abs=1e-9)


def moved(game: Game, direction: Numbers, h: float) -> Game:
    return replace(game, **{name: getattr(game, name) + h * by for name, by in direction.fields().items()})


@pytest.mark.parametrize("convention", [CONTROL_COST, PRIVATE_SHOCK, AGENT_ERROR], ids=lambda c: c.name)
@pytest.mark.parametrize(("states", "actors"), [(40, 2), (400, 4)])
def test_all_numbers_of_a_game_moved_at_once(states, actors, convention):
    rng = np.random.default_rng(states)
    game = random_game(rng, actors=actors, states=states, noise=0.8)
    direction = Numbers(**{f.name: getattr(game, f.name) * rng.normal(size=getattr(game, f.name).shape) * 0.1
                           for f in fields(Numbers)})  # fmt: skip
    mean = np.repeat(
        np.add.reduceat(direction.probability, game.kind_branch_ptr[:-1]) / np.diff(game.kind_branch_ptr),
        np.diff(game.kind_branch_ptr),
    )
    direction = replace(direction, probability=direction.probability - mean)
    equilibrium = solve(game, convention=convention, best_response=False)
    assert equilibrium.certified
    adjoint = Adjoint(equilibrium)
    earnings = adjoint.earnings(0)
    ends = earnings.nothing._replace(per_event=(adjoint.chain.target >= states).astype(float))
    numbers, residual = adjoint.numbers(earnings.until(ends, 3.0).differential)
    assert residual < 1e-8
    found = sum(float((by * getattr(direction, name)).sum()) for name, by in numbers.fields().items())

    def central(h: float) -> float:
        sides = []
        for sign in (1, -1):
            other = moved(game, direction, sign * h)
            near = solve(other, convention=convention, start=predicted(equilibrium, other), best_response=False)
            assert near.branch == "continued from a neighbour"
            sides.append(float(risk(Adjoint(near).chain, 0, [3.0], error=1e-13).sum()))
        return (sides[0] - sides[1]) / (2 * h)

    assert found == pytest.approx((4 * central(5e-3) - central(1e-2)) / 3, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("convention", [CONTROL_COST, PRIVATE_SHOCK, AGENT_ERROR], ids=lambda c: c.name)
def test_what_a_prediction_misses_is_of_second_order(convention):
    game = random_game(np.random.default_rng(7), actors=3, states=60, noise=0.6)
    equilibrium = solve(game, convention=convention, best_response=False)
    missed = []
    for h in (0.004, 0.002):
        other = replace(game, flow=game.flow * (1 + h), tempo=game.tempo * (1 + h), noise=game.noise * (1 - h))
        guess = predicted(equilibrium, other)
        truth = solve(other, convention=convention, start=equilibrium, best_response=False).value
        assert np.abs(guess - truth).max() < 0.2 * np.abs(equilibrium.value - truth).max()
        missed.append(np.abs(guess - truth).max())
    assert missed[0] / missed[1] == pytest.approx(4, rel=0.25)
