"""Conflicts in option form as scenarios, and back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from test_gmcr import conflicts

from equipoise.errors import RequestError
from equipoise.game.compile import compile
from equipoise.scenario import dump, loads
from equipoise.stability.coalition import acting_together
from equipoise.stability.conflict import Conflict, DecisionMaker, Option
from equipoise.stability.gmcr import parse_gmcr, to_gmcr
from equipoise.stability.graph import of_game
from equipoise.stability.scenario_ranking import ranking_of
from equipoise.stability.solo import CONCEPTS, solo
from equipoise.stability.translate import to_conflict, to_scenario
from small import small_scenario


def table(graph, ranking):
    """For each concept, which states (told by their options) are stable for whom."""
    out = {}
    for concept in CONCEPTS:
        stable = solo(graph, ranking, concept).stable
        out[concept] = {tuple(sorted(graph.describe(s).items())): stable[:, s].tolist() for s in range(graph.n_states)}
    return out


@settings(max_examples=60, deadline=None)
@given(conflicts())
def test_a_conflict_and_its_scenario_have_the_same_stable_states(conflict):
    scenario = loads(dump(to_scenario(conflict, title="A conflict")))
    game = compile(scenario)
    graph = of_game(game)
    of_options = conflict.graph()
    assert game.n_states == of_options.n_states
    assert table(graph, ranking_of(scenario, game)) == table(of_options, conflict.ranking())


@settings(max_examples=30, deadline=None)
@given(conflicts())
def test_coalitions_survive_the_round_trip(conflict):
    scenario = loads(dump(to_scenario(conflict, title="A conflict")))
    assert tuple(acting_together(scenario)) == conflict.coalitions


def test_coalitions_go_out_again():
    conflict = replace(THREE, coalitions=((0, 1),))
    scenario = loads(dump(to_scenario(conflict, title="Three options")))
    assert [of.members for of in scenario.coalitions.values()] == [("x", "y")]
    game = compile(scenario)
    graph, ranking = of_game(game), ranking_of(scenario, game)
    back = parse_gmcr(to_gmcr(to_conflict(graph, ranking, game.actors, coalitions=acting_together(scenario))))
    assert back.coalitions == ((0, 1),)


def test_no_move_is_written_that_changes_nothing():
    one_way = Conflict((Option("a", "fwd"), Option("b")), (DecisionMaker("x", (0,)), DecisionMaker("y", (1,))))
    assert [move.id for move in to_scenario(one_way, title="One way").moves] == ["x-a", "y-none", "y-b"]


THREE = Conflict(
    (Option("a"), Option("b", "fwd"), Option("c")),
    (DecisionMaker("x", (2, 0), (), (1, (2, 3), 4, 5, 6)), DecisionMaker("y", (1,), ((((0, True),),),))),
    ((((0, True), (2, True)),),),
    True,
    ((0,), (1,)),
)


def test_infeasible_combinations_and_manual_rankings_come_through():
    scenario = loads(dump(to_scenario(THREE, title="Three options")))
    game = compile(scenario)
    graph, ranking = of_game(game), ranking_of(scenario, game)
    assert table(graph, ranking) == table(THREE.graph(), THREE.ranking())
    back = parse_gmcr(to_gmcr(to_conflict(graph, ranking, game.actors)))
    assert table(back.graph(), back.ranking()) == table(graph, ranking)
    assert [o.direction for o in back.options if o.name == "b"] == ["fwd"]


def test_what_option_form_cannot_say_is_refused_with_the_reason():
    scenario = small_scenario()
    game = compile(scenario)
    with pytest.raises(RequestError, match="can end in war"):
        to_conflict(of_game(game), ranking_of(scenario, game), game.actors)
    many = Conflict(tuple(Option(f"o{k}") for k in range(7)), (DecisionMaker("x", tuple(range(7))),))
    with pytest.raises(RequestError, match="right would be at most 6"):
        to_scenario(many, title="Many")
    assert np.all(many.ranking().grade == 0)
