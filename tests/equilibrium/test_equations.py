"""The compiled equations against a readable twin and finite differences; the linear algebra they rest on."""

from __future__ import annotations

import numpy as np
import pytest

from equipoise.equilibrium import AGENT_ERROR, CONTROL_COST, PRIVATE_SHOCK, Convention
from equipoise.equilibrium import equations as module
from equipoise.equilibrium.equations import Equations
from equipoise.equilibrium.gmres import gmres
from equipoise.game.game import Floats, Game
from equipoise.kernels import bellman
from games import random_game

CONVENTIONS = (
    CONTROL_COST,
    Convention("control-cost", uniform=True),
    PRIVATE_SHOCK,
    Convention("private-shock", euler=True),
    AGENT_ERROR,
)


def plain_residual(game: Game, convention: Convention, value: Floats) -> Floats:
    """The equilibrium equations of docs/notation.md, left minus right side, one sum at a time."""
    kind_reference, hold_reference = convention.reference(game)
    ends = np.vstack([value, game.end_value])
    N = game.n_actors
    out = game.discount * value - game.flow
    for s in range(game.n_states):
        for group in range(N + 1):
            rows = range(game.row_ptr[s * (N + 1) + group], game.row_ptr[s * (N + 1) + group + 1])
            expected = {}
            for r in rows:
                entries = game.branch_entry[game.branch_ptr[r] : game.branch_ptr[r + 1]]
                targets = game.target[game.branch_ptr[r] : game.branch_ptr[r + 1]]
                expected[r] = sum(
                    game.probability[e] * (ends[t] + game.impact[e]) for e, t in zip(entries, targets, strict=True)
                )
            if group == N:
                for r in rows:
                    out[s] -= game.kind_rate[game.row_kind[r]] * (expected[r] - value[s])
                continue
            tempo, noise = game.tempo[s, group], game.noise[s, group]
            weights = {r: kind_reference[game.row_kind[r]] for r in rows}
            worth = {r: expected[r][group] - game.kind_cost[game.row_kind[r]] for r in rows}
            base = value[s, group]
            total = hold_reference[s, group] + sum(weights[r] * np.exp((worth[r] - base) / noise) for r in rows)
            policy = {r: weights[r] * np.exp((worth[r] - base) / noise) / total for r in rows}
            mean = sum(policy[r] * (worth[r] - base) for r in rows)
            log_sum = noise * np.log(total) + (noise * np.euler_gamma if convention.euler else 0.0)
            phi = mean if convention.name == "agent-error" else log_sum
            for j in range(N):
                gain = sum(policy[r] * (expected[r][j] - value[s, j]) for r in rows)
                out[s, j] -= tempo * (phi if j == group else gain)
    return out


@pytest.mark.parametrize("convention", CONVENTIONS)
@pytest.mark.parametrize("seed", range(3))
def test_the_compiled_residual_is_the_equation(convention: Convention, seed: int) -> None:
    rng = np.random.default_rng(seed)
    game = random_game(rng, actors=2 + seed, states=9, noise=0.5)
    value = rng.normal(0, 1, game.flow.shape)
    compiled = Equations(game, convention).policy(value)[2]
    assert compiled == pytest.approx(plain_residual(game, convention, value), abs=1e-12)


@pytest.mark.parametrize("beta", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("convention", CONVENTIONS)
def test_the_linearisation_is_the_derivative(convention: Convention, beta: float) -> None:
    rng = np.random.default_rng(7)
    game = random_game(rng, actors=3, states=8, noise=0.4)
    equations = Equations(game, convention)
    value, direction = rng.normal(size=equations.size), rng.normal(size=equations.size)
    at = equations.linearise(value, beta)

    def residual(value: Floats, beta: float) -> Floats:
        return equations.policy(value, beta)[2].ravel()

    step = 1e-6
    along = (residual(value + step * direction, beta) - residual(value - step * direction, beta)) / (2 * step)
    assert at.residual.ravel() == pytest.approx(residual(value, beta), abs=1e-13)
    assert at.dense @ direction == pytest.approx(along, abs=1e-7)
    if beta:
        slope = (residual(value, beta + step) - residual(value, beta - step)) / (2 * step)
        assert at.slope.ravel() == pytest.approx(slope, abs=1e-6)
    else:
        second = (-3 * residual(value, 0.0) + 4 * residual(value, 1e-4) - residual(value, 2e-4)) / 2e-4
        assert at.slope.ravel() == pytest.approx(second, abs=1e-4 * max(1.0, np.abs(second).max()))


def test_the_linearisation_leaves_no_number_as_it_was() -> None:
    game = random_game(np.random.default_rng(2), actors=3, states=30, noise=0.4)
    at = Equations(game, CONTROL_COST)
    size, shape = game.n_rows, game.flow.shape
    made = [np.full(shape, np.nan) for _ in range(3)]
    policy, rate, pull = np.zeros(size), np.full(size, np.nan), np.full((size, 3), np.nan)
    block, value = np.full((*shape, 3), np.nan), at.with_ends(np.zeros(shape))
    bellman.linearise(at.arrays, value, 1.0, at.mode, 1.0, policy, *made, rate, pull, block)
    assert all(np.isfinite(array).all() for array in (*made, rate, pull, block))


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_single_precision_touches_derivatives_only(convention: Convention) -> None:
    rng = np.random.default_rng(6)
    equations = Equations(random_game(rng, actors=3, states=30, noise=0.4), convention)
    value = rng.normal(size=equations.size)
    out, slope, double = equations.derivatives(value, 0.8, np.float64)
    same, also, single = equations.derivatives(value, 0.8, np.float32)
    assert np.array_equal(out, same)
    assert np.array_equal(slope, also)
    assert out == pytest.approx(equations.policy(value, 0.8)[2], abs=1e-13)
    for name in ("rate", "pull", "block"):
        exact, rounded = getattr(double, name), getattr(single, name)
        assert rounded.dtype == np.float32
        assert rounded == pytest.approx(exact, rel=1e-6, abs=1e-6 * np.abs(exact).max())


@pytest.mark.parametrize("convention", [CONTROL_COST, AGENT_ERROR])
def test_both_ways_of_solving_bordered_systems_agree(convention: Convention, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    game = random_game(rng, actors=3, states=40, noise=0.5)
    equations = Equations(game, convention)
    at = equations.linearise(rng.normal(size=equations.size), 0.5)
    rhs, column, row = rng.normal(size=(3, equations.size))
    x, y, fine, sign = at.solve_bordered(rhs, 0.3, column, row, 2.0, rtol=1e-12)
    monkeypatch.setattr(module, "DENSE", 0)
    monkeypatch.setattr(module, "RESCUE", 0)
    x2, y2, fine2, _ = at.solve_bordered(rhs, 0.3, column, row, 2.0, rtol=1e-12)
    matrix = np.block([[at.dense, column[:, None]], [row[None, :], np.array([[2.0]])]])
    assert fine
    assert fine2
    assert np.append(x, y) == pytest.approx(np.linalg.solve(matrix, np.append(rhs, 0.3)), abs=1e-9)
    assert np.append(x2, y2) == pytest.approx(np.append(x, y), abs=1e-8)
    assert sign == np.sign(np.linalg.slogdet(matrix)[0])


@pytest.mark.parametrize("convention", [CONTROL_COST, PRIVATE_SHOCK, AGENT_ERROR])
@pytest.mark.parametrize("beta", [0.0, 0.7])
def test_transposed_systems_are_solved_by_factors_and_by_substitution(
    convention: Convention, beta: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(4)
    game = random_game(rng, actors=3, states=40, noise=0.5)
    equations = Equations(game, convention)
    at = equations.linearise(rng.normal(size=equations.size), beta)
    rhs = rng.normal(size=equations.size)
    expected = np.linalg.solve(at.dense.T, rhs)
    direct, fine = at.solve_transposed(rhs, rtol=1e-12)
    assert fine
    assert direct == pytest.approx(expected, rel=1e-9, abs=1e-9)
    monkeypatch.setattr(module, "DENSE", 0)
    monkeypatch.setattr(module, "RESCUE", 0)
    iterated, fine = at.solve_transposed(rhs, rtol=1e-12)
    assert fine
    assert iterated == pytest.approx(expected, rel=1e-8, abs=1e-8)
    # What it makes of one vector and what `solve` makes of another are adjoint.
    other = rng.normal(size=equations.size)
    assert iterated @ other == pytest.approx(rhs @ at.solve(other, rtol=1e-12)[0], rel=1e-8)


def test_gmres_solves_and_says_when_it_does_not() -> None:
    rng = np.random.default_rng(0)
    matrix = np.eye(60) + 0.05 * rng.normal(size=(60, 60))
    rhs = rng.normal(size=60)
    solution, fine = gmres(lambda x: matrix @ x, rhs, rtol=1e-12, restart=15)
    assert fine
    assert solution == pytest.approx(np.linalg.solve(matrix, rhs), abs=1e-9)
    shift = np.roll(np.eye(60), 1, axis=0)
    assert not gmres(lambda x: shift @ x, np.eye(60)[0], rtol=1e-6, restart=10, cycles=2)[1]
    assert gmres(lambda x: matrix @ x, np.zeros(60), rtol=1e-6) == (pytest.approx(np.zeros(60)), True)
