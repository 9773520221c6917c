"""Crisis models whose equilibria are known from elsewhere: brinkmanship, two-step deterrence, the count of options."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

from equipoise.equilibrium import (
    AGENT_ERROR,
    CONTROL_COST,
    PRIVATE_SHOCK,
    Convention,
    Equilibrium,
    others,
    solve,
)
from equipoise.game.build import Branch, Row, build_game
from equipoise.game.game import Game

KNOWN = json.loads((Path(__file__).parent / "data" / "brinkmanship.json").read_text())
ALL_KNOWN = ["10", "1", "0.2", "0.1", "0.05", "0.02"]


def brinkmanship(noise: float) -> Game:
    """Either may quit, which hands the other the prize; meanwhile it costs, and disaster may strike."""
    known = KNOWN["primitives"]
    (v1, v2), (d1, d2), (c1, c2) = known["prize"], known["loss"], known["flow_cost"]
    rows = [Row(0, 0, (Branch(1),)), Row(0, 1, (Branch(2),)), Row(0, None, (Branch(3),), rate=known["hazard"])]
    return build_game(
        rows,
        flow=[[-c1, -c2]],
        tempo=known["tempo"],
        noise=noise,
        discount=known["discount"],
        end_value=[[0, v2], [v1, 0], [-d1, -d2]],
    )


def numbers(equilibrium: Equilibrium) -> np.ndarray:
    return np.concatenate([equilibrium.policy[:2], equilibrium.value[0]])


@pytest.mark.parametrize("noise", ALL_KNOWN)
def test_every_equilibrium_of_brinkmanship_is_found(noise: str) -> None:
    principal = solve(brinkmanship(float(noise)), convention=PRIVATE_SHOCK)
    assert principal.certified, principal.certificate.reason
    assert principal.branch == "principal"
    found = [principal, *others(principal, starts=40)]
    expected = np.array(KNOWN["equilibria"][noise])
    assert len(found) == len(expected)
    ordered = np.array(sorted((numbers(e) for e in found), key=lambda row: row[0]))
    np.testing.assert_allclose(ordered, expected[np.argsort(expected[:, 0])], rtol=1e-7)


def test_the_listed_equilibria_of_brinkmanship_at_a_hundredth_are_certified() -> None:
    game = brinkmanship(0.01)
    for *_, v1, v2 in KNOWN["equilibria"]["0.01"]:
        found = solve(game, convention=PRIVATE_SHOCK, start=np.array([[v1, v2]]))
        assert found.certified
        np.testing.assert_allclose(found.value, [[v1, v2]], rtol=1e-9)


def test_following_noise_down_stays_on_the_branch_that_was_unique() -> None:
    """The strong side's equilibrium, as at noise .2 where there is no other."""
    for noise in ("0.2", "0.1", "0.05", "0.02"):
        principal = solve(brinkmanship(float(noise)), convention=PRIVATE_SHOCK)
        np.testing.assert_allclose(numbers(principal), KNOWN["equilibria"][noise][0], rtol=1e-7)
        assert principal.certificate.folds == 0


def test_quitting_hazards_tend_to_the_closed_form_of_mixed_brinkmanship() -> None:
    """h_j = (c_i + k D_i)/v_i without noise and without discounting (Powell 1990), from the middle equilibrium."""
    known = KNOWN["primitives"]
    gaps = []
    for noise in ("0.1", "0.05", "0.02", "0.01"):
        p1, p2 = KNOWN["equilibria"][noise][1][:2]
        hazard = known["tempo"] * np.array([p1, p2])
        limit = (np.array(known["flow_cost"]) + known["hazard"] * np.array(known["loss"])) / known["prize"]
        gaps.append(np.abs(hazard - limit[::-1]).max())
    assert gaps[-1] < 0.03
    assert (np.diff(gaps) < 0).all()


def deterrence(noise: float, *, discount: float = 0.3, tempo: float = 2.0, pull: float = 200.0) -> Game:
    """Challenge or not; if challenged, resist or give in. Every move also pays both `pull`, so that nobody holds.

    What comes after the second move is divided by the discount of waiting for it, so that the first mover weighs
    exactly the payoffs of the one-off game.
    """
    wait = tempo / (tempo + discount)
    paid = (pull, pull)
    rows = [
        Row(0, 0, (Branch(1, impact=paid),), step="challenge"),
        Row(0, 0, (Branch(2, impact=paid),), step="leave"),
        Row(1, 1, (Branch(3, impact=paid),), step="resist"),
        Row(1, 1, (Branch(4, impact=paid),), step="give-in"),
    ]
    ends = [[wait * pull + 0.0, 0.0], [-1 / wait, -0.5], [1 / wait, -1.0]]
    return build_game(rows, flow=np.zeros((2, 2)), tempo=tempo, noise=noise, discount=discount, end_value=ends)


def test_strategic_logit_deterrence() -> None:
    """p_resist = 1/(1+exp((U2(cap)-U2(war))/tau)), then p_challenge from its expectation (Signorino 1999)."""
    found = solve(deterrence(0.5), convention=AGENT_ERROR)
    assert found.certified
    challenge, leave, resist, give_in = found.policy
    assert resist / (resist + give_in) == pytest.approx(0.7310586, abs=5e-8)
    assert challenge / (challenge + leave) == pytest.approx(0.2840959, abs=5e-8)


def calm(harmless: int, noise: float = 0.3) -> Game:
    """Two actors at peace, each of whom may attack or do one of several harmless things, all of one family."""
    rows = []
    for i in range(2):
        rows.append(Row(0, i, (Branch(1 + i),), step=f"attack-{i}", family="attack"))
        rows.extend(Row(0, i, (Branch(0),), step=f"quiet-{i}-{k}", family="quiet") for k in range(harmless))
    return build_game(
        rows, flow=[[0.3, 0.3]], tempo=4.0, noise=noise, discount=0.1, end_value=[[-6.0, -9.0], [-9.0, -6.0]]
    )


def war_within_ten_years(equilibrium: Equilibrium) -> float:
    game = equilibrium.game
    attack = np.isin(game.target, [1, 2])
    return float(-np.expm1(-10 * equilibrium.row_rate[attack].sum()))


UNIFORM = Convention("control-cost", uniform=True)


def test_with_a_uniform_reference_the_count_of_harmless_moves_decides_over_war() -> None:
    few, many = (solve(calm(k), convention=UNIFORM) for k in (8, 20))
    assert few.certified
    assert many.certified
    assert few.branch == many.branch == "principal"
    assert war_within_ten_years(few) > 0.99
    assert war_within_ten_years(many) < 0.01


def symmetric_values(harmless: int, noise: float) -> np.ndarray:
    """V of every symmetric equilibrium under the uniform reference: the roots of its one equation, by bisection."""

    def gap(v: np.ndarray) -> np.ndarray:
        odds = np.exp((-6 - v) / noise) / (harmless + 1)
        phi = v + noise * np.log((harmless + 1) / (harmless + 2) * (1 + odds))
        return 0.3 + 4 * odds / (1 + odds) * (-9 - v) + 4 * (phi - v) - 0.1 * v

    grid = np.linspace(-15, 5, 400_001)
    sign = np.sign(gap(grid))
    starts = np.flatnonzero(sign[:-1] != sign[1:])
    low, high = grid[starts], grid[starts + 1]
    for _ in range(60):
        middle = (low + high) / 2
        same = np.sign(gap(middle)) == sign[starts]
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return (low + high) / 2


@pytest.mark.parametrize("harmless", [8, 20])
def test_the_calm_game_is_solved_on_the_branch_that_infinite_noise_leads_to(harmless: int) -> None:
    """Against every root of the one equation that symmetric equilibria solve, and the walk along its curve."""
    principal = solve(calm(harmless), convention=UNIFORM)
    roots = symmetric_values(harmless, 0.3)
    assert np.abs(roots - principal.value[0, 0]).min() < 1e-9
    assert principal.value[0, 0] == pytest.approx(first_crossing(harmless, 0.3), abs=1e-4)


def symmetric_curve(harmless: int, noise: float) -> np.ndarray:
    """(V, log noise) along the curve of symmetric equilibria, by small steps from noise 200 to its first crossing."""

    def gap(v: float, log_noise: float) -> float:
        tau = float(np.exp(log_noise))
        odds = np.exp((-6 - v) / tau) / (harmless + 1)
        bonus = tau * np.log((harmless + 1) / (harmless + 2) * (1 + odds))
        return float(0.3 + 4 * odds / (1 + odds) * (-9 - v) + 4 * bonus - 0.1 * v)

    def slope(v: float, log_noise: float) -> np.ndarray:
        h = 1e-6
        return np.array(
            [
                (gap(v + h, log_noise) - gap(v - h, log_noise)) / (2 * h),
                (gap(v, log_noise + h) - gap(v, log_noise - h)) / (2 * h),
            ]
        )

    point = np.array([0.0, np.log(200.0)])
    for _ in range(50):
        point[0] -= gap(*point) / slope(*point)[0]
    heading = np.array([0.0, -1.0])
    path = [point]
    while point[1] > np.log(noise):
        normal = slope(*point)
        along = np.array([-normal[1], normal[0]]) / np.hypot(*normal)
        heading = along if along @ heading > 0 else -along
        point = point + 2e-3 * heading
        for _ in range(4):
            normal = slope(*point)
            point = point - gap(*point) * normal / (normal @ normal)
        path.append(point)
        assert len(path) < 100_000, "the curve never came down to that noise"
    return np.array(path)


def first_crossing(harmless: int, noise: float) -> float:
    """V where that curve first reaches a noise."""
    last, point = symmetric_curve(harmless, noise)[-2:]
    share = (last[1] - np.log(noise)) / (last[1] - point[1])
    return float(last[0] + share * (point[0] - last[0]))


def turns(harmless: int, noise: float) -> int:
    """How often noise turns back along that curve."""
    falling = np.diff(symmetric_curve(harmless, noise)[:, 1]) < 0
    return int(np.count_nonzero(np.diff(falling)))


def test_with_weight_on_hold_and_families_counted_once_harmless_moves_decide_nothing() -> None:
    found = [solve(calm(k), convention=CONTROL_COST) for k in (1, 8, 20)]
    assert all(e.certified for e in found)
    for other in found[1:]:
        np.testing.assert_allclose(other.value, found[0].value, rtol=1e-10)
        assert war_within_ten_years(other) == pytest.approx(war_within_ten_years(found[0]), rel=1e-8)


def test_folds_on_the_way_are_taken_and_counted() -> None:
    """With twelve harmless moves the curve turns back twice between noise 1.5 and 1; there peace is reached."""
    counts = [turns(12, noise) for noise in (1.5, 1.0, 0.3)]
    assert counts == [0, 2, 2]
    for noise, count in zip((1.5, 1.0, 0.3), counts, strict=True):
        principal = solve(calm(12, noise), convention=UNIFORM)
        assert principal.certified
        assert principal.value[0, 0] == pytest.approx(first_crossing(12, noise), abs=1e-4)
        assert principal.certificate.folds == count


def test_a_two_way_choice_solves_its_one_equation() -> None:
    """One actor, one move that ends: under agent error sigma solves a one-line equation."""
    game = build_game([Row(0, 0, (Branch(1),))], flow=[[0.2]], tempo=3.0, noise=0.4, discount=0.1, end_value=[[1.5]])
    found = solve(game, convention=AGENT_ERROR)
    v = found.value[0, 0]
    sigma = expit((1.5 - v) / 0.4)
    assert found.certified
    assert found.policy[0] == pytest.approx(sigma, rel=1e-12)
    assert 0.1 * v == pytest.approx(0.2 + 3 * sigma * (1.5 - v), rel=1e-10)
