"""Coalitional concepts against the definitions, and what they say about published conflicts."""

from __future__ import annotations

import numpy as np
import pytest
from definitions import Model
from hypothesis import given, settings
from test_solo import built, models

from equipoise.errors import RequestError
from equipoise.stability.coalition import COALITIONAL, all_coalitions, coalition_stable, coalitional, cost
from equipoise.stability.solo import solo


@settings(max_examples=300, deadline=None)
@given(models(max_states=7))
def test_coalitional_concepts_are_their_definitions(given_model):
    moves, grade, n = given_model
    twin = Model(moves, grade, n)
    graph, ranking = built(*given_model)
    for concept in COALITIONAL:
        whole = np.ones((len(moves), n), bool)
        for group in all_coalitions(range(len(moves))):
            want = [getattr(twin, concept.lower())(set(group), s) for s in range(n)]
            assert coalition_stable(graph, ranking, group, concept).tolist() == want, (concept, group)
            whole[list(group)] &= np.array(want)
        assert np.array_equal(coalitional(graph, ranking, concept).stable, whole)


@settings(max_examples=60, deadline=None)
@given(models(max_states=7))
def test_single_actors_are_coalitions_too(given_model):
    graph, ranking = built(*given_model)
    for concept in ("Nash", "GMR", "SMR"):
        alone = [(i,) for i in range(graph.n_actors)]
        of_groups = coalitional(graph, ranking, f"C{concept}", coalitions=alone).stable
        assert np.array_equal(of_groups, solo(graph, ranking, concept).stable)


def test_the_cost_is_said_before():
    graph, _ = built([{0: [1]}, {1: [0]}, {0: [2]}], np.zeros((3, 3), int), 3)
    assert cost(graph).coalitions == 7
    assert cost(graph).seconds > 0


def test_unknown_concepts_are_refused():
    graph, ranking = built([{0: [1]}], np.array([[0, 1]]), 2)
    with pytest.raises(RequestError, match="did you mean 'CNash'"):
        coalitional(graph, ranking, "CNahs")
