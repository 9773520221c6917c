"""The continuous-time entry game of Blevins (2025), Quantitative Economics: values, policies, long-run shares."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from equipoise.equilibrium import PRIVATE_SHOCK, Convention, solve
from equipoise.equilibrium.linear import Linear
from equipoise.game.build import Branch, Row, build_game
from equipoise.game.game import Game

KNOWN = json.loads((Path(__file__).parent / "data" / "entry_game.json").read_text())["games"]
by_game = pytest.mark.parametrize("known", KNOWN.values(), ids=KNOWN)


def entry_game(parameters: dict[str, float], states: list[Any]) -> Game:
    """State (d, a): demand and who is active. Flow a_i (rival_effect n + demand_effect d), n counting i too.

    Entering costs -entry_cost once, leaving is free; demand goes one level up or down at `demand_rate` each.
    """
    where = {(d, tuple(a)): k for k, (d, a) in enumerate(states)}
    rows, flow = [], []
    for (d, a), k in where.items():
        worth = parameters["rival_effect"] * sum(a) + parameters["demand_effect"] * d
        flow.append([worth * active for active in a])
        for i, active in enumerate(a):
            switched = (*a[:i], 1 - active, *a[i + 1 :])
            cost = 0.0 if active else -parameters["entry_cost"]
            rows.append(Row(k, i, (Branch(where[d, switched]),), cost=cost))
        rows.extend(
            Row(k, None, (Branch(where[other, a]),), rate=parameters["demand_rate"])
            for other in (d - 1, d + 1)
            if (other, a) in where
        )
    return build_game(rows, flow=flow, tempo=parameters["tempo"], noise=1.0, discount=parameters["discount"])


@by_game
def test_values_and_switching_probabilities(known: dict[str, Any]) -> None:
    game = entry_game(known["parameters"], known["states"])
    found = solve(game, convention=PRIVATE_SHOCK)
    assert found.certified, found.certificate.reason
    np.testing.assert_allclose(found.value.T, known["value"], rtol=1e-9)
    switch = found.policy[game.row_actor < game.n_actors].reshape(game.n_states, -1)
    np.testing.assert_allclose(switch.T, known["switch"], rtol=1e-9)


@by_game
def test_long_run_shares(known: dict[str, Any]) -> None:
    """Of the chain in which i switches at tempo times p, not tempo times (1 - p)."""
    game = entry_game(known["parameters"], known["states"])
    rate = solve(game, convention=PRIVATE_SHOCK, best_response=False).row_rate
    linear = Linear(game)
    generator = linear.inflow(rate).toarray() - np.diag(linear.outflow(rate))
    system = np.vstack([generator.T, np.ones(game.n_states)])
    shares = np.linalg.lstsq(system, np.append(np.zeros(game.n_states), 1.0), rcond=None)[0]
    np.testing.assert_allclose(shares, known["stationary"], atol=1e-10)
    active = np.array([sum(a) for _, a in known["states"]])
    assert shares @ active == pytest.approx(known["mean_active"], rel=1e-9)


def test_eulers_constant_pays_a_bonus_at_every_opportunity_and_changes_no_policy() -> None:
    """V shifts by lambda gamma tau / rho, since everybody always has a choice."""
    known = KNOWN["small"]
    game = entry_game(known["parameters"], known["states"])
    without = solve(game, convention=PRIVATE_SHOCK)
    bonus = solve(game, convention=Convention("private-shock", euler=True))
    assert bonus.certified
    shift = known["parameters"]["tempo"] * np.euler_gamma / known["parameters"]["discount"]
    np.testing.assert_allclose(bonus.value, without.value + shift, rtol=1e-9)
    np.testing.assert_allclose(bonus.policy, without.policy, rtol=1e-8)
    np.testing.assert_allclose(bonus.felt, without.felt, rtol=1e-8)
