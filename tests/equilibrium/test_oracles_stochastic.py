"""Discrete games, said in continuous time with one mover at a time.

What can be said. An alternating game is one as it stands: after each move it is the other's turn. A one-shot game of
two who act at once is an endless conversation: in turn each commits to an action, at which moment his opponent is paid
for the opponent's last action against it, so that what the next mover sees of the past concerns the other only, and
nobody has reason to condition on it. Nobody must be able to profit from holding: either moves carry nearly all of the
reference (`control-cost`), or every move pays both a large constant.

What cannot. Where two act at once AND what they do moves the state (the rock-paper-scissors stochastic game; the
estimated dyads of Crisman-Cox and Gibilisco 2018, with next state max(a, b)), the next mover would see an action that
the model hides from it, and would have reason to answer it. Those have no counterpart here, and no test.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from equipoise.equilibrium import AGENT_ERROR, PRIVATE_SHOCK, Convention, Equilibrium, others, solve
from equipoise.game.build import Branch, Row, build_game
from equipoise.game.game import Game

DATA = Path(__file__).parent / "data"
STAG = json.loads((DATA / "stag_hunt.json").read_text())["stag"]
PRICE = json.loads((DATA / "price_game.json").read_text())

NEVER_HOLD = Convention("control-cost", eta=1 - 1e-13)


def conversation(payoff: np.ndarray, precision: float, *, tempo: float = 2.0, discount: float = 0.5) -> Game:
    """A bimatrix game (2, A, A), payoff[i, own, other's], in which actors commit in turn and for one round.

    In state (i, a) actor i is committed to a and the other moves. Its move b pays i payoff[i, a, b] and leads to
    (j, b). A commitment is paid one wait later, so noise is the inverse of the precision times the wait's discount.
    """
    actions = payoff.shape[1]
    wait = tempo / (tempo + discount)
    rows = []
    for i in range(2):
        for a in range(actions):
            for b in range(actions):
                paid = [0.0, 0.0]
                paid[i] = payoff[i, a, b]
                target = (1 - i) * actions + b
                rows.append(Row(i * actions + a, 1 - i, (Branch(target, impact=tuple(paid)),), step=f"{1 - i}-{b}"))
    flow = np.zeros((2 * actions, 2))
    return build_game(rows, flow=flow, tempo=tempo, noise=wait / precision, discount=discount)


def strategies(found: Equilibrium) -> np.ndarray:
    """(2, A) each actor's probabilities, having seen that they do not depend on what the other is committed to."""
    actions = found.game.n_states // 2
    committed = found.policy.reshape(2, actions, actions)
    np.testing.assert_allclose(committed, committed[:, :1].repeat(actions, axis=1), rtol=1e-6)
    return committed[::-1, 0]


def stag_hunt(precision: float) -> Game:
    one = np.array([[10.0, 1.0], [8.0, 5.0]])
    return conversation(np.stack([one, one]), precision)


@pytest.mark.parametrize("precision", STAG)
def test_every_quantal_response_of_the_stag_hunt_is_found(precision: str) -> None:
    principal = solve(stag_hunt(float(precision)), convention=NEVER_HOLD)
    assert principal.certified, principal.certificate.reason
    found = [principal, *others(principal, starts=150)]
    chances = sorted(tuple(strategies(e)[:, 0]) for e in found)
    np.testing.assert_allclose(chances, [(p, p) for p in sorted(STAG[precision])], rtol=1e-6)


def test_the_stag_hunt_is_followed_to_the_hare() -> None:
    """The branch from uniform play leads to the risk-dominant equilibrium."""
    for precision in ("1", "2", "3"):
        principal = solve(stag_hunt(float(precision)), convention=NEVER_HOLD)
        assert strategies(principal)[0, 0] == pytest.approx(min(STAG[precision]), rel=1e-6)


@pytest.mark.parametrize("precision", [0.3, 1.0, 2.5])
def test_logit_equilibria_of_random_games_agree_with_gambit(precision: float) -> None:
    """pygambit: `logit_solve_lambda(game, [precision])`, on the principal branch of Turocy (2005)."""
    gambit = pytest.importorskip("pygambit")
    for seed in range(3):
        payoff = np.random.default_rng(seed).normal(0, 2, (2, 3, 3))
        outside = gambit.Game.from_arrays(payoff[0], payoff[1].T)
        (profile,) = gambit.qre.logit_solve_lambda(outside, [precision])
        expected = [[float(profile.profile[s]) for s in player.strategies] for player in outside.players]
        found = solve(conversation(payoff, precision), convention=NEVER_HOLD)
        assert found.certified
        np.testing.assert_allclose(strategies(found), expected, atol=1e-6)


def price_game(precision: float, *, tempo: float = 3.0, pull: float | None = None) -> Game:
    """Firms name prices in turn on a grid; at each move both earn p (2 - p) if cheapest, half if tied.

    State (i, r): i moves, its rival's price is r. Every move also pays both `pull`, so that nobody holds.
    """
    prices = PRICE["grid_step"] * np.arange(PRICE["prices"])
    pull = 900.0 / precision if pull is None else pull
    rows = []
    for i in range(2):
        for r, rival in enumerate(prices):
            for k, own in enumerate(prices):
                low = min(own, rival)
                sales = low * (2 - low) * np.array([own <= rival, rival <= own]) / (1 + (k == r))
                paid = (sales if i == 0 else sales[::-1]) + pull
                target = (1 - i) * prices.size + k
                rows.append(Row(i * prices.size + r, i, (Branch(target, impact=tuple(paid)),), step=f"{i}-{k}"))
    delta = PRICE["discount_factor"]
    flow = np.zeros((2 * prices.size, 2))
    return build_game(rows, flow=flow, tempo=tempo, noise=1 / precision, discount=tempo * (1 - delta) / delta)


@pytest.mark.parametrize("form", ["mean", "logsum"])
@pytest.mark.parametrize("precision", ["1.0", "5.0"])
def test_alternating_prices(form: str, precision: str) -> None:
    """V in continuous time is delta times the discrete W; a constant per move adds delta/(1-delta) of it."""
    known, delta = PRICE["by_precision"][form][precision], PRICE["discount_factor"]
    pull = 900.0 / float(precision)
    found = solve(
        price_game(float(precision)), convention=AGENT_ERROR if form == "mean" else PRIVATE_SHOCK, best_response=False
    )
    assert found.certified, found.certificate.reason
    prices = PRICE["prices"]
    worth = (found.value - pull * delta / (1 - delta)) / delta
    for i in range(2):
        mine = worth[i * prices : (i + 1) * prices]
        np.testing.assert_allclose(mine[:, i], known["mover"], rtol=1e-8)
        np.testing.assert_allclose(mine[:, 1 - i], known["other"], rtol=1e-8)
        np.testing.assert_allclose(found.policy.reshape(2, prices, prices)[i], known["policy"], rtol=1e-7)
