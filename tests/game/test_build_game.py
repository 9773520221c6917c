from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from equipoise.errors import RequestError
from equipoise.game.build import Branch, Row, build_game
from games import random_game

BASE: dict[str, Any] = {
    "flow": [[0.0, 0.0], [1.0, 2.0]],
    "tempo": [2.0, 3.0],
    "noise": 0.5,
    "discount": 0.1,
    "end_value": [[-5, -6]],
}


def test_rows_are_grouped_by_state_and_mover_and_keep_their_order() -> None:
    rows = [
        Row(1, None, (Branch(2),), rate=0.3),
        Row(0, 1, (Branch(1, 3.0, (0.5, -0.5)), Branch(0, 1.0)), cost=0.2, family="a"),
        Row(0, 1, (Branch(1),), family="a"),
        Row(0, 1, (Branch(2),), family="b"),
    ]
    game = build_game(rows, **BASE)
    assert game.row_ptr.tolist() == [0, 0, 3, 3, 3, 3, 4]
    assert game.target.tolist() == [1, 0, 1, 2, 2]
    assert game.kind_share[game.row_kind].tolist() == [0.25, 0.25, 0.5, 0.0]
    assert game.kind_uniform[game.row_kind].tolist() == [0.25, 0.25, 0.25, 0.0]
    assert game.probability[game.branch_entry].tolist() == [0.75, 0.25, 1.0, 1.0, 1.0]
    assert game.impact[game.branch_entry][0].tolist() == [0.5, -0.5]
    assert game.tempo.tolist() == [[0.0, 3.0], [0.0, 0.0]]
    assert game.kind_rate[game.row_kind].tolist() == [0.0, 0.0, 0.0, 0.3]


def test_rows_with_the_same_numbers_share_a_kind() -> None:
    rows = [Row(s, 0, (Branch(1 - s),), cost=0.4, step="switch") for s in (0, 1)]
    game = build_game(rows, **BASE)
    assert game.row_kind.tolist() == [0, 0]
    assert game.steps == ("switch",)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (Row(2, 0, (Branch(0),)), "state 2 is not one of 2"),
        (Row(0, 2, (Branch(0),)), "actor 2 is not one of 2"),
        (Row(0, 0, ()), "no branches"),
        (Row(0, 0, (Branch(3),)), "neither one of 2 states nor one of 1 ends"),
        (Row(0, 0, (Branch(0),), cost=-1.0), "cost and rate"),
        (Row(0, None, (Branch(0),), rate=float("nan")), "cost and rate"),
        (Row(0, 0, (Branch(0, 0.0),)), "weights"),
        (Row(0, 0, (Branch(0, 1.0, (1.0,)),)), "impact"),
    ],
)
def test_wrong_rows_are_refused(row: Row, message: str) -> None:
    with pytest.raises(RequestError, match=f"row 0: .*{message}"):
        build_game([row], **BASE)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"noise": 0.0}, "noise must be finite and above 0"),
        ({"discount": [0.1, -0.1]}, "discount must be"),
        ({"tempo": [1.0, 2.0, 3.0]}, "tempo has shape"),
        ({"flow": [1.0, 2.0]}, "flow has 1 dimensions"),
        ({"actors": ["a", "a"]}, "2 different names"),
    ],
)
def test_wrong_numbers_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        build_game([Row(0, 0, (Branch(1),))], **{**BASE, **change})


@pytest.mark.parametrize(("actors", "states", "vary"), [(2, 10, True), (4, 50, False), (6, 200, True)])
def test_random_games_are_well_formed(actors: int, states: int, vary: bool) -> None:
    game = random_game(np.random.default_rng(actors), actors=actors, states=states, noise=0.1, vary=vary)
    assert (game.n_actors, game.n_states) == (actors, states)
    assert np.add.reduceat(game.probability, game.kind_branch_ptr[:-1]) == pytest.approx(1)
    assert game.target.max() < states + game.end_outcome.size
    offered = np.bincount(game.row_group, weights=game.kind_share[game.row_kind], minlength=game.row_ptr.size - 1)
    moves = np.diff(game.row_ptr).reshape(states, actors + 1)[:, :actors]
    assert offered.reshape(states, actors + 1)[:, :actors] == pytest.approx((moves > 0).astype(float))
    assert np.all((game.tempo > 0) == (moves > 0))
