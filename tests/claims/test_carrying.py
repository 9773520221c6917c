"""Values and policies carried from one game to another, against a readable twin."""

from __future__ import annotations

import numpy as np
import pytest
from arguments import quarrel

from equipoise.claims.carrying import carried_policy, carried_value, state_numbers
from equipoise.claims.cases import Case
from equipoise.claims.challenge import challenger
from equipoise.claims.solutions import Solutions
from equipoise.claims.trial import CONVENTIONS
from equipoise.equilibrium.solve import Branch, solve
from equipoise.scenario.variants import with_parameters


@pytest.fixture(scope="module")
def solutions() -> Solutions:
    return Solutions(quarrel())


def named_rows(equilibrium):
    """Policy by state and move, in names."""
    game = equilibrium.game
    return {
        (tuple(game.describe(int(state)).items()), game.steps[game.kind_step[kind]]): float(p)
        for state, kind, p in zip(game.row_state, game.row_kind, equilibrium.policy, strict=True)
    }


def test_carried_to_itself_nothing_changes(solutions):
    own = solutions[Case()].equilibrium
    policy, known = carried_policy(own, own)
    assert known.all()
    assert policy == pytest.approx(own.policy)
    assert carried_value(own, own.game) == pytest.approx(own.value)
    assert (state_numbers(own.game, own.game.levels) == np.arange(own.game.n_states)).all()


@pytest.mark.parametrize("pin", [(("pressure", "some"),), (("valley", "blue"),), (("valley", "red"),)])
def test_a_policy_is_carried_row_by_row(solutions, pin):
    own, base = solutions[Case(pin=pin)].equilibrium, solutions[Case()].equilibrium
    theirs, mine = named_rows(base), named_rows(own)
    states = {state for state, _ in theirs} | {tuple(base.game.describe(s).items()) for s in range(base.game.n_states)}
    policy, known = carried_policy(base, own)
    game = own.game
    for row, p in enumerate(policy):
        state = tuple(game.describe(int(game.row_state[row])).items())
        key = state, game.steps[game.kind_step[game.row_kind[row]]]
        assert known[game.row_state[row]] == (state in states)
        expected = theirs.get(key, 0.0) if state in states else mine[key]
        assert p == expected


def test_states_that_do_not_exist_have_no_number(solutions):
    game = solutions[Case()].game
    impossible = np.array([[2, 1], [0, 0]], np.uint16)
    assert state_numbers(game, impossible).tolist()[0] == -1
    assert state_numbers(game, impossible).tolist()[1] >= 0


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda convention: convention.name)
def test_a_neighbour_changes_nothing_where_the_curve_arrives(solutions, convention):
    changed = with_parameters(quarrel(), {"slip": 0.15})
    near, far = Solutions(changed, convention, neighbour=solutions), Solutions(changed, convention)
    for case in (Case(), Case(pin=(("pressure", "some"),)), Case(settings=(("slip", 0.3),))):
        assert near[case].equilibrium.branch is Branch.PRINCIPAL
        assert near[case].equilibrium.value == pytest.approx(far[case].equilibrium.value, abs=1e-9)


def test_a_lost_base_is_not_followed_again(solutions, monkeypatch):
    asked = []

    def watched(game, convention, near, **how):
        asked.append(how.get("follow", True))
        return challenger(game, convention, near, **how | {"large": 0})

    monkeypatch.setattr("equipoise.claims.solutions.challenger", watched)
    near = Solutions(with_parameters(quarrel(), {"slip": 0.15}), neighbour=solutions, most_steps=1)
    assert near[Case(settings=(("slip", 0.3),))].equilibrium.branch is Branch.JUMPED
    assert near[Case()].equilibrium.branch is Branch.JUMPED
    assert asked == [True, False]


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda convention: convention.name)
def test_a_challenger_is_the_principal_equilibrium_or_says_how_it_was_reached(solutions, convention):
    game = Solutions(with_parameters(quarrel(), {"slip": 0.15}))[Case()].game
    near = solutions[Case()].equilibrium.value
    principal = solve(game, convention=convention)
    assert principal.branch is Branch.PRINCIPAL
    found = challenger(game, convention, near, large=0)
    assert found.branch is Branch.PRINCIPAL
    assert found.certificate.folds == len(found.trace.folds) == len(principal.trace.folds)
    assert found.value == pytest.approx(principal.value, abs=1e-9)
    for follow, how in ((True, "followed to kappa"), (False, "was not followed")):
        led = challenger(game, convention, near, most_steps=1, follow=follow, large=0)
        assert led.certified
        assert led.branch is Branch.JUMPED
        assert led.certificate.branch == "jumped"
        assert how in led.cause
        assert "led on" in led.cause
        assert led.value == pytest.approx(principal.value, abs=1e-7)
