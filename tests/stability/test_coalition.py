"""Coalitional concepts against the definitions, and what they say about published conflicts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from definitions import Model
from hypothesis import given, settings
from hypothesis import strategies as st
from test_solo import built, models

from equipoise.errors import RequestError
from equipoise.scenario.models import Coalition
from equipoise.stability.coalition import COALITIONAL, Coalitions, acting_together, all_coalitions, coalitional
from equipoise.stability.options import option_graph
from equipoise.stability.price import joint_price, price, wait
from equipoise.stability.ranking import Ranking, graded
from equipoise.stability.solo import solo
from small import small_scenario


@settings(max_examples=300, deadline=None)
@given(models(max_states=7))
def test_coalitional_concepts_are_their_definitions(given_model):
    moves, grade, n = given_model
    twin = Model(moves, grade, n)
    graph, ranking = built(*given_model)
    coalitions = Coalitions(graph, ranking)
    for concept in COALITIONAL:
        whole = np.ones((len(moves), n), bool)
        for group in all_coalitions(range(len(moves))):
            want = [getattr(twin, concept.lower())(set(group), s) for s in range(n)]
            assert coalitions.stable(group, concept).tolist() == want, (concept, group)
            whole[list(group)] &= np.array(want)
        assert np.array_equal(coalitional(graph, ranking, concept).stable, whole)


@settings(max_examples=60, deadline=None)
@given(models(max_states=7))
def test_single_actors_are_coalitions_too(given_model):
    graph, ranking = built(*given_model)
    for concept in ("Nash", "GMR", "SMR", "SEQ"):
        alone = [(i,) for i in range(graph.n_actors)]
        of_groups = coalitional(graph, ranking, f"C{concept}", coalitions=alone).stable
        assert np.array_equal(of_groups, solo(graph, ranking, concept).stable)


@settings(max_examples=150, deadline=None)
@given(models(max_states=7), st.data())
def test_a_partition_is_the_conflict_of_those_who_act_together(given_model, data):
    """Under a partition every coalition is one decision maker: no other sets of actors form, not even to answer."""
    moves, grade, n = given_model
    actors = range(len(moves))
    block = [data.draw(st.integers(0, 1)) for _ in actors]
    groups = [tuple(i for i in actors if block[i] == b) for b in sorted(set(block))]
    twin = Model(moves, grade, n)
    twin.coalitions = lambda members=None: [set(g) for g in groups if members is None or set(g) <= set(members)]
    graph, ranking = built(*given_model)
    for concept in COALITIONAL:
        stable = coalitional(graph, ranking, concept, coalitions=groups).stable
        for group in groups:
            want = [getattr(twin, concept.lower())(set(group), s) for s in range(n)]
            assert stable[list(group)].tolist() == [want] * len(group), (concept, groups)


@pytest.mark.parametrize("size", [2, 3, 5])
def test_sweeps_and_searches_agree_on_a_larger_graph(size):
    """Options dealt to actors: the best ends stand for all, against the definitions on every state."""
    rng = np.random.default_rng(size)
    owner = np.arange(6) % size
    graph = option_graph([list(np.flatnonzero(owner == i)) for i in range(size)], 6)
    grade = np.array([graded(rng.integers(0, 20, 64)) for _ in range(size)])
    moves = [{s: graph.moves(i, s).tolist() for s in range(64)} for i in range(size)]
    twin, coalitions = Model(moves, grade, 64), Coalitions(graph, Ranking(grade, ("given",) * size))
    for group in all_coalitions(range(size), 2):
        for concept in ("CNash", "CGMR"):
            want = [getattr(twin, concept.lower())(set(group), s) for s in range(64)]
            assert coalitions.stable(group, concept).tolist() == want, (concept, group)


def test_the_price_is_said_before_and_says_what_is_hopeless():
    graph, ranking = built([{0: [1]}, {1: [0]}, {0: [2]}], np.zeros((3, 3), int), 3)
    small = price(graph, ranking, all_coalitions(range(3)))
    assert small.coalitions == 7
    assert 0 < small.sweeping < 1
    assert not small.hopeless
    assert set(replace(small, searching=1e5).hopeless) == {"CSMR", "CSEQ"}
    assert replace(small, searching=1e5).hopeless["CSMR"] == "about 28 hours"
    assert set(replace(small, improvements=1e9).hopeless) == {"CSEQ"}
    assert set(replace(small, sweeping=1e6, searching=1e6).hopeless) == set(COALITIONAL)
    assert [wait(s) for s in (0.2, 30, 300, 1e7)] == [
        "less than a second",
        "about 30 seconds",
        "about 5 minutes",
        "about 116 days",
    ]


def test_the_price_of_sim_counts_combinations_of_improvements():
    graph, ranking = built([{0: [1, 2]}, {0: [3]}, {1: [0]}], np.array([[0, 1, 2, 0], [0, 0, 0, 1], [0, 1, 0, 0]]), 4)
    # In state 0 actor 0 has two improvements and actor 1 one: 2 (1 + 1) + 1 (1 + 2); actor 2 dislikes its only move.
    assert joint_price(graph, ranking) * 5e7 == pytest.approx(7)


def test_what_is_too_much_is_refused_before_it_is_listed():
    with pytest.raises(RequestError, match=r"60 actors have 1,152,921,504,606,846,975 coalitions.*right would be"):
        all_coalitions(range(60))
    assert len(all_coalitions(range(60), 2)) == 1830


def test_who_acts_together_is_a_partition():
    scenario = small_scenario()
    first, second = list(scenario.actors)[:2]
    alone = [(i,) for i in range(len(scenario.actors))]
    assert acting_together(scenario) == alone
    joined = scenario.model_copy(update={"coalitions": {"both": Coalition(members=(second, first))}})
    assert acting_together(joined) == [(0, 1), *alone[2:]]


def test_unknown_concepts_are_refused():
    graph, ranking = built([{0: [1]}], np.array([[0, 1]]), 2)
    with pytest.raises(RequestError, match="did you mean 'CNash'"):
        coalitional(graph, ranking, "CNahs")
