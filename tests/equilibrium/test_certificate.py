"""The certificate tells equilibria from what is not one, and its numbers are what they are called."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import reference

import equipoise.equilibrium.jacobian as jacobian_module
from equipoise.equilibrium.certificate import Certificate, Untrusted, certify
from equipoise.equilibrium.convention import AGENT_ERROR, CONTROL_COST, PRIVATE_SHOCK, Convention
from equipoise.equilibrium.equations import Equations
from equipoise.equilibrium.evaluation import Evaluation, solver_systems
from equipoise.equilibrium.felt import felt_value, row_rate
from equipoise.equilibrium.jacobian import Jacobian
from equipoise.equilibrium.linear import Discounted, Linear
from equipoise.equilibrium.replies import movers
from equipoise.game.build import Branch, Row, build_game
from equipoise.game.game import Game
from games import random_game

CONVENTIONS = (
    CONTROL_COST,
    Convention("control-cost", uniform=True),
    PRIVATE_SHOCK,
    Convention("private-shock", euler=True),
    AGENT_ERROR,
)
by_convention = pytest.mark.parametrize("convention", CONVENTIONS, ids=["hold", "uniform", "shock", "euler", "error"])


def small_game(seed: int = 5, noise: float = 1.0) -> Game:
    return random_game(np.random.default_rng(seed), actors=2, states=5, moves=2, noise=noise)


def jacobian_at(game: Game, convention: Convention, value: np.ndarray) -> Jacobian:
    linear, parts = Linear(game), movers(game, convention)
    replies = [part.logit(value[:, part.actor]) for part in parts]
    rate = row_rate(game, reference.policy(game, convention, value))
    return Jacobian.at(value, linear, parts, replies, linear.inflow(rate), linear.outflow(rate))


@pytest.fixture(scope="module", params=CONVENTIONS, ids=["hold", "uniform", "shock", "euler", "error"])
def solved(request: pytest.FixtureRequest) -> tuple[Game, Convention, np.ndarray]:
    game = small_game()
    return game, request.param, reference.equilibrium(game, request.param)


def test_an_equilibrium_found_by_other_code_is_certified(solved: tuple[Game, Convention, np.ndarray]) -> None:
    game, convention, value = solved
    certificate = certify(game, convention, value)
    assert certificate.certified, certificate.reason
    assert max(certificate.relative_residual) < 1e-10
    assert "An equilibrium" in str(certificate)


@pytest.mark.parametrize("size", [1.0, 1e-2, 1e-4, 1e-6])
def test_values_that_are_off_by_a_millionth_are_refused(
    solved: tuple[Game, Convention, np.ndarray], size: float
) -> None:
    game, convention, value = solved
    scale = np.ptp(value, axis=0)
    everywhere = value + size * scale
    one = value.copy()
    one[2, 1] += size * scale[1]
    noisy = value + size * scale * np.random.default_rng(0).normal(size=value.shape)
    for wrong in (everywhere, one, noisy):
        certificate = certify(game, convention, wrong)
        assert not certificate.certified
        assert certificate.reason
        assert str(certificate).startswith("Not certified")
        # The stated error is an honest one: not below a third of the true one, while that is small.
        if size <= 1e-4:
            assert certificate.forward_error > np.abs((wrong - value) / scale).max() / 3


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_values_that_are_no_numbers_are_refused(wrong: float) -> None:
    game = small_game()
    value = np.zeros(game.flow.shape)
    value[1, 0] = wrong
    certificate = certify(game, CONTROL_COST, value)
    assert not certificate.certified
    assert "finite" in certificate.reason


def test_values_of_another_convention_are_refused() -> None:
    game = small_game()
    value = reference.equilibrium(game, PRIVATE_SHOCK)
    assert certify(game, PRIVATE_SHOCK, value).certified
    for convention in (CONTROL_COST, AGENT_ERROR, Convention("private-shock", euler=True)):
        assert not certify(game, convention, value).certified


@by_convention
def test_policies_and_residuals_agree_with_the_plain_equations(convention: Convention) -> None:
    game = random_game(np.random.default_rng(1), actors=3, states=7)
    value = np.random.default_rng(2).normal(0, 2, game.flow.shape)
    parts = movers(game, convention)
    policy = np.zeros(game.n_rows)
    for part in parts:
        reply = part.logit(value[:, part.actor])
        policy[part.rows] = reply.policy
        expected = [reference.choice(game, convention, value, s, part.actor) for s in range(game.n_states)]
        np.testing.assert_allclose(reply.hold, [e[1] for e in expected], rtol=1e-12)
        np.testing.assert_allclose(reply.worth, [e[2] for e in expected], rtol=1e-12)
        np.testing.assert_allclose(reply.mean, [e[3] for e in expected], rtol=1e-12)
    np.testing.assert_allclose(policy, reference.policy(game, convention, value), rtol=1e-12)
    left_over = reference.residual(game, convention, value)
    certificate = certify(game, convention, value, best_response=False)
    rates = game.discount + Linear(game).outflow(row_rate(game, policy))[:, None]
    np.testing.assert_allclose(certificate.residual, np.abs(left_over / rates).max(axis=0), rtol=1e-9)


def test_felt_value_solves_its_equation_row_by_row() -> None:
    """Against a dense solve of a generator written down branch by branch."""
    game = random_game(np.random.default_rng(3), actors=3, states=9)
    policy = reference.policy(game, CONTROL_COST, np.random.default_rng(4).normal(0, 2, game.flow.shape))
    S, N = game.flow.shape
    generator, reward = np.zeros((S, S)), np.array(game.flow)
    zero = np.zeros((S, N))
    for s in range(S):
        for j in range(N + 1):
            for row in reference.options(game, s, j):
                kind = game.row_kind[row]
                rate = game.kind_rate[kind] if j == N else game.tempo[s, j] * policy[row]
                generator[s, s] -= rate
                for k, b in enumerate(range(game.branch_ptr[row], game.branch_ptr[row + 1])):
                    if game.target[b] < S:
                        generator[s, game.target[b]] += rate * game.probability[game.kind_branch_ptr[kind] + k]
                reward[s] += [rate * reference.expects(game, zero, row, i) for i in range(N)]
                if j < N:
                    reward[s, j] -= rate * game.kind_cost[kind]
    dense = np.stack(
        [np.linalg.solve(rho * np.eye(S) - generator, reward[:, i]) for i, rho in enumerate(game.discount)], 1
    )
    np.testing.assert_allclose(felt_value(game, policy), dense, rtol=1e-9, atol=1e-9)


def test_the_noise_account_is_the_discounted_worth_of_the_noise(solved: tuple[Game, Convention, np.ndarray]) -> None:
    """V - V^f discounts lambda (Phi - E[x]) along the chain; it is negative, positive or 0 by convention."""
    game, convention, value = solved
    policy = reference.policy(game, convention, value)
    account = value - felt_value(game, policy)
    linear, rate = Linear(game), row_rate(game, policy)
    for i in range(game.n_actors):
        bonus = np.array(
            [np.subtract(*reference.choice(game, convention, value, s, i)[2:]) for s in range(game.n_states)]
        )
        system = Discounted(linear.inflow(rate), linear.outflow(rate), float(game.discount[i]))
        left_over = system.residual(account[:, i], game.tempo[:, i] * bonus)
        assert np.abs(left_over).max() < 1e-8
    sign = {"control-cost": -1, "private-shock": 1, "agent-error": 0}[convention.name]
    assert (sign * account >= -1e-8).all()
    assert np.abs(account).max() > 1e-2 or sign == 0
    np.testing.assert_allclose(certify(game, convention, value).noise_account, np.abs(account).max(axis=0), atol=1e-7)


def best_value(game: Game, actor: int, policy: np.ndarray, worth: str) -> np.ndarray:
    """The actor's best value against the others' policies, by plain value iteration to 1e-9."""
    S, N = game.flow.shape
    value = np.zeros((S, N))
    total = game.tempo.sum(axis=1) + np.array(
        [sum(game.kind_rate[game.row_kind[row]] for row in reference.options(game, s, N)) for s in range(S)]
    )
    convention = CONTROL_COST
    for _ in range(5000):
        old = value[:, actor].copy()
        flow = reference.right_side(game, convention, value, policy)[:, actor]
        if worth == "hard":
            for s in range(S):
                x = [old[s]] + [
                    reference.expects(game, value, row, actor) - game.kind_cost[game.row_kind[row]]
                    for row in reference.options(game, s, actor)
                ]
                flow[s] += game.tempo[s, actor] * (max(x) - reference.choice(game, convention, value, s, actor)[2])
        value[:, actor] = (flow + total * old) / (game.discount[actor] + total)
        if np.abs(value[:, actor] - old).max() < 1e-11:
            break
    return value[:, actor]


def one_shot_gains(game: Game, actor: int, policy: np.ndarray, felt: np.ndarray) -> list[float]:
    gains = []
    for s in range(game.n_states):
        rows = reference.options(game, s, actor)
        x = [reference.expects(game, felt, row, actor) - game.kind_cost[game.row_kind[row]] for row in rows]
        hold = 1 - sum(policy[row] for row in rows)
        played = hold * felt[s, actor] + sum(policy[row] * worth for row, worth in zip(rows, x, strict=True))
        gains.append(max([*x, felt[s, actor]]) - played)
    return gains


def test_best_response_gains_are_those_of_value_iteration() -> None:
    game = random_game(np.random.default_rng(7), actors=2, states=4, moves=2, noise=1.0, discount=(0.3, 0.5))
    value = reference.equilibrium(game, CONTROL_COST)
    policy = reference.policy(game, CONTROL_COST, value)
    felt = felt_value(game, policy)
    certificate = certify(game, CONTROL_COST, value)
    for i in range(2):
        hard = float((best_value(game, i, policy, "hard") - felt[:, i]).max())
        soft = float((best_value(game, i, policy, "soft") - value[:, i]).max())
        assert hard > 0.05, "a game in which nobody could gain shows nothing"
        assert certificate.best_response_gain[i] == pytest.approx(hard, rel=2e-3)
        assert certificate.one_shot_gain[i] == pytest.approx(max(one_shot_gains(game, i, policy, felt)), rel=1e-9)
        assert abs(soft) < 1e-7
        assert certificate.best_response_gain_noisy[i] < 1e-7
        assert certificate.one_shot_gain_noisy[i] < 1e-9


def test_noisy_gains_against_wrong_values_are_those_of_value_iteration() -> None:
    """Policies that are no replies to their own values leave a gain under the convention's own objective."""
    game = random_game(np.random.default_rng(7), actors=2, states=4, moves=2, noise=1.0, discount=(0.3, 0.5))
    wrong = np.random.default_rng(8).normal(0, 3, game.flow.shape)
    policy = reference.policy(game, CONTROL_COST, wrong)
    linear, rate = Linear(game), row_rate(game, policy)
    certificate = certify(game, CONTROL_COST, wrong)
    for i in range(2):
        bonus = np.array([np.subtract(*reference.choice(game, CONTROL_COST, wrong, s, i)[2:]) for s in range(4)])
        system = Discounted(linear.inflow(rate), linear.outflow(rate), float(game.discount[i]))
        earned, _ = system.solve(linear.reward(rate)[:, i] + game.tempo[:, i] * bonus, goal=1e-12)
        soft = float((best_value(game, i, policy, "soft") - earned).max())
        assert soft > 0.05
        assert certificate.best_response_gain_noisy[i] == pytest.approx(soft, rel=2e-3)
        assert certificate.one_shot_gain_noisy[i] > 0.05


@by_convention
def test_the_jacobian_is_the_derivative_of_the_plain_equations(convention: Convention) -> None:
    game = small_game(9, noise=0.7)
    value = np.random.default_rng(3).normal(size=game.flow.shape)
    jacobian = jacobian_at(game, convention, value)
    matrix, n, h = jacobian.explicit().toarray(), value.size, 1e-6
    np.testing.assert_allclose(jacobian.dense(), matrix, atol=1e-12)
    numeric = np.empty((n, n))
    for k in range(n):
        step = np.zeros(n)
        step[k] = h
        ahead, back = (
            reference.residual(game, convention, value + sign * step.reshape(value.shape)) for sign in (1, -1)
        )
        numeric[:, k] = ((ahead - back) / (2 * h)).ravel()
    np.testing.assert_allclose(matrix, numeric, atol=1e-7)
    unit = np.eye(n).reshape(n, *value.shape)
    np.testing.assert_allclose(np.stack([jacobian.product(u).ravel() for u in unit], 1), matrix, atol=1e-12)
    np.testing.assert_allclose(np.stack([jacobian.transposed(u).ravel() for u in unit]), matrix, atol=1e-12)
    blocks = jacobian.blocks()
    for s in range(game.n_states):
        np.testing.assert_allclose(blocks[s], matrix[2 * s : 2 * s + 2, 2 * s : 2 * s + 2], atol=1e-12)


@by_convention
@pytest.mark.parametrize("how", ["dense", "sparse", "iterated"])
def test_the_inverse_norm_is_that_of_the_dense_inverse(
    convention: Convention, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jacobian_module, "DENSE", 450 if how == "dense" else 0)
    monkeypatch.setattr(jacobian_module, "SMALL", 0 if how == "iterated" else 1500)
    for seed in range(4):
        game = random_game(np.random.default_rng(seed), actors=3, states=15, noise=0.5)
        value = np.random.default_rng(seed).normal(size=game.flow.shape)
        jacobian, scale = jacobian_at(game, convention, value), np.array([1.0, 3.0, 0.3])
        unit = np.tile(scale, game.n_states)
        dense = jacobian.explicit().toarray() / jacobian.diagonal.ravel()[:, None] * unit / unit[:, None]
        norm, by = jacobian.inverse_norm(scale)
        true = np.abs(np.linalg.inv(dense)).sum(axis=1).max()
        assert by == ("iterated" if how == "iterated" else "factorised")
        assert true / 3 < norm < 1.05 * true


def test_a_game_without_moves_amplifies_by_its_rates_over_the_discount_rate() -> None:
    rows = [Row(0, None, (Branch(1),), rate=3.0), Row(1, None, (Branch(0),), rate=3.0)]
    game = build_game(rows, flow=[[1.0], [0.0]], tempo=0.0, noise=0.5, discount=0.1)
    value = np.linalg.solve([[3.1, -3.0], [-3.0, 3.1]], [[1.0], [0.0]])
    certificate = certify(game, CONTROL_COST, value)
    assert certificate.certified
    assert certificate.inverse_jacobian == pytest.approx(3.1 / 0.1, rel=1e-9)
    assert certificate.best_response_gain == (0.0,)


def attack_game(noise: float) -> Game:
    """Two actors who each may end a shrinking peace; its equilibria fold as noise falls (uniform reference)."""
    calm = [Row(0, i, (Branch(0),), step=f"calm-{i}-{k}") for i in range(2) for k in range(8)]
    attack = [Row(0, i, (Branch(1 + i),), step=f"attack-{i}") for i in range(2)]
    ends = [[-6.0, -9.0], [-9.0, -6.0]]
    return build_game(calm + attack, flow=[[0.3, 0.3]], tempo=4.0, noise=noise, discount=0.1, end_value=ends)


def symmetric_roots(noise: float) -> list[float]:
    """V of every symmetric equilibrium of `attack_game`, by scanning its one equation in closed form."""

    def gap(v: np.ndarray) -> np.ndarray:
        sigma = np.exp(-6 / noise) / (9 * np.exp(v / noise) + np.exp(-6 / noise))
        phi = noise * np.log((9 * np.exp(v / noise) + np.exp(-6 / noise)) / 10)
        return 0.3 + 4 * sigma * (-9 - v) + 4 * (phi - v) - 0.1 * v

    grid = np.linspace(-12, 3, 200_001)
    values = gap(grid)
    crossing = np.flatnonzero(np.sign(values[:-1]) != np.sign(values[1:]))
    roots = []
    for k in crossing:
        low, high = grid[k], grid[k + 1]
        for _ in range(80):
            middle = (low + high) / 2
            low, high = (middle, high) if np.sign(gap(middle)) == np.sign(gap(low)) else (low, middle)
        roots.append((low + high) / 2)
    return roots


def test_the_inverse_jacobian_grows_without_limit_towards_a_fold() -> None:
    uniform = Convention("control-cost", uniform=True)
    low, high = 0.05, 3.0
    assert len(symmetric_roots(low)) == 3
    assert len(symmetric_roots(high)) == 1
    for _ in range(40):  # the noise at which two of the three equilibria meet
        middle = (low + high) / 2
        low, high = (middle, high) if len(symmetric_roots(middle)) == 3 else (low, middle)
    norms = []
    for away in (1e-1, 1e-2, 1e-4):
        noise = low * (1 - away)
        game, roots = attack_game(noise), symmetric_roots(noise)
        meeting = sorted(roots, key=lambda v: min(abs(v - other) for other in roots if other != v))[:2]
        certificates = [certify(game, uniform, np.full((1, 2), v)) for v in meeting]
        norms.append(max(c.inverse_jacobian for c in certificates))
    # Near a fold the eigenvalue that vanishes does so like the square root of the distance.
    assert norms[1] > 2 * norms[0]
    assert norms[2] > 5 * norms[1]
    # And the ghost beyond it has the smallest residual there is, but no equilibrium: it is refused.
    ghost = np.full((1, 2), np.mean(meeting))
    assert not certify(attack_game(low * (1 + 1e-9)), uniform, ghost).certified


def test_a_large_game_is_certified_by_iteration_and_refused_when_wrong() -> None:
    game = random_game(np.random.default_rng(2), actors=3, states=700, noise=2.0)
    value = picard(game)
    certificate = certify(game, CONTROL_COST, value)
    assert certificate.certified, certificate.reason
    assert certificate.inverse_jacobian_by == "iterated"
    value[17, 2] += 1e-6 * np.ptp(value[:, 2])
    assert not certify(game, CONTROL_COST, value).certified


@pytest.mark.parametrize("answers", ["right", "wild", "nothing", "not numbers"])
def test_whatever_is_handed_in_changes_no_number(answers: str) -> None:
    game = random_game(np.random.default_rng(2), actors=3, states=700, noise=2.0)
    value = picard(game)
    policy = reference_policy(game, value)
    rng = np.random.default_rng(0)
    right = solver_systems(Equations(game, CONTROL_COST), value, policy)
    assert right is not None
    given = {
        "right": right,
        "wild": Untrusted(
            lambda rhs, _: rng.normal(size=rhs.shape), lambda _, rhs, __: 1e3 * rng.normal(size=rhs.shape)
        ),
        "nothing": Untrusted(lambda rhs, _: 0 * rhs, lambda _, rhs, __: 0 * rhs),
        "not numbers": Untrusted(lambda rhs, _: np.nan * rhs, lambda _, rhs, __: np.nan * rhs),
    }[answers]
    alone, felt = certify(game, CONTROL_COST, value), felt_value(game, policy)
    helped = certify(game, CONTROL_COST, value, untrusted=given)
    assert alone.certified
    assert helped.certified
    assert helped.inverse_jacobian == pytest.approx(alone.inverse_jacobian, rel=5e-3)
    np.testing.assert_allclose(helped.best_response_gain, alone.best_response_gain, rtol=3e-3)
    np.testing.assert_allclose(
        felt_value(game, policy, untrusted=given.evaluate), felt, atol=1e-10 * np.abs(felt).max()
    )
    value[17, 2] += 1e-6 * np.ptp(value[:, 2])
    assert not certify(game, CONTROL_COST, value, untrusted=given).certified


def test_systems_of_all_actors_are_solved_at_once_whatever_their_own_rows_do() -> None:
    game = random_game(np.random.default_rng(2), actors=3, states=700, noise=2.0)
    rng = np.random.default_rng(1)
    equations = Equations(game, CONTROL_COST)
    policy, other = (equations.policy(rng.normal(0, 2, game.flow.shape))[0] for _ in range(2))
    rate, own, rhs = row_rate(game, policy), row_rate(game, other), rng.normal(size=game.flow.shape)
    linear = Linear(game)
    for given in (None, own):
        found = Evaluation(equations, rate)(given, rhs, 1e-5)
        for i, rho in enumerate(game.discount):
            mixed = rate if given is None else np.where(game.row_actor == i, own, rate)
            system = Discounted(linear.inflow(mixed), linear.outflow(mixed), float(rho))
            exact, _ = system.solve(rhs[:, i], goal=1e-12)
            np.testing.assert_allclose(found[:, i], exact, atol=1e-3 * np.abs(exact).max())


def reference_policy(game: Game, value: np.ndarray) -> np.ndarray:
    policy = np.zeros(game.n_rows)
    for part in movers(game, CONTROL_COST):
        policy[part.rows] = part.logit(value[:, part.actor]).policy
    return policy


def picard(game: Game) -> np.ndarray:
    """Values by evaluating the policies they imply, over and over: enough where noise is high."""
    linear, parts = Linear(game), movers(game, CONTROL_COST)
    value = np.zeros(game.flow.shape)
    for _ in range(200):
        replies = [part.logit(value[:, part.actor]) for part in parts]
        policy = np.zeros(game.n_rows)
        for part, reply in zip(parts, replies, strict=True):
            policy[part.rows] = reply.policy
        rate = row_rate(game, policy)
        inflow, outflow, reward = linear.inflow(rate), linear.outflow(rate), linear.reward(rate)
        new = np.empty_like(value)
        for part, reply in zip(parts, replies, strict=True):
            i = part.actor
            bonus = part.tempo * (reply.worth - reply.mean)
            new[:, i], _ = Discounted(inflow, outflow, float(game.discount[i])).solve(reward[:, i] + bonus, goal=1e-12)
        change, value = np.abs(new - value).max(), new
        if change < 1e-12:
            break
    return value


def test_values_that_nothing_pins_down_are_refused_however_small_the_residual() -> None:
    """With next to no discounting the level of V is free: off by one everywhere, the equations hold to 1e-12."""
    rows = [Row(0, None, (Branch(1),), rate=3.0), Row(1, None, (Branch(0),), rate=3.0)]
    game = build_game(rows, flow=[[1.0], [-1.0]], tempo=0.0, noise=0.5, discount=1e-12)
    value = np.array([[1 / 6], [-1 / 6]])
    certificate = certify(game, CONTROL_COST, value + 1.0)
    assert max(certificate.relative_residual) < 1e-11
    assert not certificate.certified


def test_the_certificate_is_plain_data(solved: tuple[Game, Convention, np.ndarray]) -> None:
    game, convention, value = solved
    certificate = certify(game, convention, value, folds=1, branch="principal")
    plain = json.loads(json.dumps(certificate.to_dict(), allow_nan=False))
    assert plain["certified"] is True
    assert plain["folds"] == 1
    assert plain["branch"] == "principal"
    assert set(plain["residual"]) == set(game.actors)
    assert set(plain) >= {name for name in Certificate.__dataclass_fields__ if name not in ("convention", "actors")}
    assert "1 fold" in str(certificate)
    assert json.dumps(certify(game, convention, value * np.nan).to_dict(), allow_nan=False)


def test_gains_can_be_left_out() -> None:
    game = small_game()
    value = reference.equilibrium(game, CONTROL_COST)
    certificate = certify(game, CONTROL_COST, value, best_response=False)
    assert certificate.certified
    assert certificate.best_response_gain is None
    assert max(certificate.one_shot_gain) > 0


@by_convention
def test_scaling_payoffs_and_noise_scales_the_certificate(convention: Convention) -> None:
    game = small_game()
    value = reference.equilibrium(game, convention)
    small = replace(
        game, flow=game.flow / 1e3, noise=game.noise / 1e3, end_value=game.end_value / 1e3,
        kind_cost=game.kind_cost / 1e3, impact=game.impact / 1e3,
    )  # fmt: skip
    one, other = certify(game, convention, value), certify(small, convention, value / 1e3)
    assert other.certified
    np.testing.assert_allclose(np.array(other.best_response_gain) * 1e3, one.best_response_gain, rtol=3e-3)
    assert other.inverse_jacobian == pytest.approx(one.inverse_jacobian, rel=1e-3)
