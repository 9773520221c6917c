"""What `drop`, `pin`, `set` and `without` do to a game."""

from __future__ import annotations

from typing import Any

import pytest

from equipoise.errors import RequestError
from equipoise.game.compile import compile
from equipoise.game.game import Game
from equipoise.scenario.models import Scenario, Variant
from equipoise.scenario.variants import apply, with_parameters


def parameter(value: float, unit: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "source": "analyst's judgement"}


BORDER = Scenario.model_validate(
    {
        "title": "A border",
        "argument": {"M1": "Fences calm.", "M2": "Raids pay."},
        "actors": {"north": {"discount": "rho", "tempo": "pace", "noise": "tau"}},
        "factors": {
            "army": {"levels": ["small", "large"]},
            "fence": {"levels": ["no", "yes"]},
        },
        "outcomes": {"war": {"value": [{"actor": "north", "cost": "loss"}]}},
        "parameters": {
            "rho": parameter(0.1, "1/year"),
            "pace": parameter(2, "1/year"),
            "tau": parameter(0.5, "util"),
            "loss": parameter(9, "util"),
            "booty": parameter(1, "util/year"),
            "calm": parameter(0.5, "ratio"),
            "clash": parameter(0.2, "1/year"),
        },
        "moves": [
            {"id": "arm", "actor": "north", "when": {"army": "small"}, "family": "arms", "set": {"army": "large"}},
            {"id": "arm-fast", "actor": "north", "when": {"army": "small"}, "family": "arms", "set": {"army": "large"}},
            {"id": "build", "actor": "north", "when": {"fence": "no"}, "set": {"fence": "yes"}},
            {
                "id": "mobilise",
                "actor": "north",
                "when": {"army": "small", "fence": "no"},
                "set": {"army": "large", "fence": "yes"},
                "implements": ["M2"],
            },
        ],
        "events": [
            {
                "id": "clash",
                "rate": "clash",
                "times": [{"when": {"fence": "yes"}, "by": "calm", "implements": ["M1"]}],
                "end": "war",
            }
        ],
        "payoffs": [{"actor": "north", "when": {"army": "large"}, "gain": "booty", "implements": ["M2"]}],
        "initial": {"spring": {"state": {"army": "small", "fence": "no"}}},
        "variants": {"no-arms": {"about": "nobody arms", "drop": ["arm", "arm-fast"]}},
    }
)


def offers(game: Game, **levels: str) -> dict[str, float]:
    """Moves on offer in a state, each with its share of the reference."""
    (state,) = [s for s in range(game.n_states) if game.describe(s) == levels]
    rows = [r for r in range(game.n_rows) if game.row_state[r] == state and game.row_actor[r] < game.n_actors]
    return {game.steps[game.kind_step[game.row_kind[r]]]: float(game.kind_share[game.row_kind[r]]) for r in rows}


def edited(**edits: Any) -> Game:
    return compile(apply(BORDER, Variant(about="a test", **edits)))


def test_a_family_counts_once() -> None:
    found = offers(compile(BORDER), army="small", fence="no")
    assert found == pytest.approx({"arm": 1 / 6, "arm-fast": 1 / 6, "build": 1 / 3, "mobilise": 1 / 3})


def test_dropped_moves_leave_their_share_to_hold() -> None:
    assert offers(compile(apply(BORDER, "no-arms")), army="small", fence="no") == pytest.approx(
        {"build": 1 / 3, "mobilise": 1 / 3}
    )
    game = edited(drop=["arm"])
    assert offers(game, army="small", fence="no")["arm-fast"] == pytest.approx(1 / 6)
    assert game.kind_uniform[game.kind_actor == 0].max() == pytest.approx(1 / 2)
    first = game.row_ptr[game.starts["spring"] * 2]
    assert game.kind_uniform[game.row_kind[first]] == pytest.approx(1 / 5)


def test_states_only_dropped_moves_reach_are_gone() -> None:
    assert compile(BORDER).n_states == 4
    assert edited(drop=["arm", "arm-fast", "mobilise"]).n_states == 2
    assert edited(drop=["clash"]).end_outcome.size == 0


def test_an_actor_with_nothing_but_dropped_moves_has_no_opportunities() -> None:
    game = edited(drop=["arm", "arm-fast", "mobilise", "build"])
    assert game.tempo.tolist() == [[0.0]]


def test_a_pinned_factor_stays_put_and_other_effects_stay() -> None:
    game = edited(pin={"fence": "yes"})
    assert game.n_states == 2
    assert {game.describe(s)["fence"] for s in range(2)} == {"yes"}
    assert game.describe(game.starts["spring"]) == {"army": "small", "fence": "yes"}
    assert set(offers(game, army="small", fence="yes")) == {"arm", "arm-fast"}
    pinned = edited(pin={"army": "small"})
    found = offers(pinned, army="small", fence="no")
    assert found == pytest.approx({"build": 1 / 2, "mobilise": 1 / 2})


def test_without_a_mechanism_its_multipliers_are_one_its_terms_zero_its_moves_dropped() -> None:
    assert set(compile(BORDER).kind_rate[compile(BORDER).kind_actor == 1].tolist()) == {0.2, 0.1}
    calm = edited(without=["M1"])
    assert set(calm.kind_rate[calm.kind_actor == 1].tolist()) == {0.2}
    peaceful = edited(without=["M2"])
    assert not peaceful.flow.any()
    found = offers(peaceful, army="small", fence="no")
    assert found == pytest.approx({"arm": 1 / 6, "arm-fast": 1 / 6, "build": 1 / 3})


def test_set_changes_numbers_and_leaves_the_scenario_alone() -> None:
    assert edited(set={"loss": 4.0}).end_value.tolist() == [[-4.0]]
    assert compile(BORDER).end_value.tolist() == [[-9.0]]
    assert with_parameters(BORDER, {"loss": 3.0}).parameters["loss"].value == 3.0


def test_parameters_that_a_variant_no_longer_uses_have_derivative_zero() -> None:
    structure = edited(without=["M2"]).structure
    assert all(not change.any() for change in structure.derivative("booty").fields().values())


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        ({"drop": ["amr"]}, "no move or event is called 'amr'; did you mean 'arm'"),
        ({"pin": {"fences": "yes"}}, "no factor is called 'fences'; did you mean 'fence'"),
        ({"pin": {"fence": "maybe"}}, "no level of 'fence' is called 'maybe'"),
        ({"set": {"los": 1.0}}, "no parameter is called 'los'; did you mean 'loss'"),
        ({"without": ["M3"]}, "no mechanism is called 'M3'"),
    ],
)
def test_unknown_names_are_refused(edits: dict[str, Any], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        apply(BORDER, Variant(about="a test", **edits))


def test_an_unknown_variant_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(RequestError, match="did you mean 'no-arms'"):
        apply(BORDER, "no-arm")


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_values_that_cannot_be_used_are_refused(value: float) -> None:
    with pytest.raises(RequestError, match="'loss' cannot be"):
        with_parameters(BORDER, {"loss": value})


def test_start_moves_every_start_and_binds_nobody() -> None:
    begun = apply(BORDER, Variant(about="an army", start={"army": "large"}))
    assert begun.initial["spring"].state == {"army": "large", "fence": "no"}
    assert begun.moves == BORDER.moves
    with pytest.raises(RequestError, match="no level of 'army' is called 'lage'; did you mean 'large'"):
        apply(BORDER, Variant(about="an army", start={"army": "lage"}))
