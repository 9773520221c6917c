"""Solo concepts against the definitions, on random graphs and random combinations of options."""

from __future__ import annotations

import numpy as np
import pytest
from definitions import Model
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.errors import RequestError
from equipoise.stability.graph import GraphModel, graph_model, lay_moves
from equipoise.stability.ranking import EXPLICIT, Ranking, by_statements, explicit, graded
from equipoise.stability.solo import CONCEPTS, solo


@st.composite
def models(draw, max_states=9, max_actors=4):
    n = draw(st.integers(1, max_states))
    actors = draw(st.integers(1, max_actors))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    density, ties = draw(st.sampled_from([0.1, 0.25, 0.6])), draw(st.integers(2, n + 1))
    moves = [{s: [int(t) for t in np.flatnonzero(rng.random(n) < density)] for s in range(n)} for _ in range(actors)]
    grade = rng.integers(0, ties, (actors, n))
    return moves, grade, n


def built(moves, grade, n):
    ranking = Ranking(np.array([graded(row) for row in grade]), (EXPLICIT,) * len(moves))
    return graph_model(moves, n), ranking


@settings(max_examples=400, deadline=None)
@given(models())
def test_solo_concepts_are_their_definitions(given_model):
    moves, grade, n = given_model
    twin = Model(moves, grade, n)
    graph, ranking = built(*given_model)
    for concept in ("Nash", "GMR", "SMR", "SEQ"):
        want = [[getattr(twin, concept.lower())(i, s) for s in range(n)] for i in range(len(moves))]
        assert solo(graph, ranking, concept).stable.tolist() == want, concept


@st.composite
def option_models(draw):
    """States are some combinations of levels, and some ends; anybody may change any few factors."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sizes = draw(st.lists(st.integers(2, 3), min_size=1, max_size=4))
    actors, n_ends = draw(st.integers(1, 4)), draw(st.integers(0, 2))
    codes = np.flatnonzero(rng.random(int(np.prod(sizes))) < draw(st.sampled_from([0.6, 1.0])))
    levels = np.array(np.unravel_index(codes, sizes), np.uint16).T.reshape(-1, len(sizes))
    C, S = len(codes), len(codes) + n_ends
    arcs = [
        (i, s, t)
        for i in range(actors)
        for s in range(C)
        for t in range(S)
        if rng.random() < 0.3 and (t >= C or np.count_nonzero(levels[s] != levels[t]) <= 2)
    ]
    columns = np.array(arcs, np.int64).reshape(-1, 3)
    move_ptr, target, _ = lay_moves(*columns.T, actors, S)
    names = tuple(tuple(map(str, range(k))) for k in sizes)
    graph = GraphModel(
        actors=tuple(f"a{i}" for i in range(actors)),
        factors=tuple(f"f{k}" for k in range(len(sizes))),
        factor_levels=names,
        levels=levels,
        ends=("end",) * n_ends,
        move_ptr=move_ptr,
        target=target,
    )
    grade = rng.integers(0, draw(st.integers(2, 8)), (actors, S))
    return graph, grade, draw(st.booleans())


@settings(max_examples=300, deadline=None)
@given(option_models())
def test_simultaneous_stability_is_its_definition(drawn):
    graph, grade, searched = drawn
    S, C = graph.n_states, len(graph.levels)
    if searched:
        graph.__dict__["table"] = np.empty(0, np.int32)
    at = {tuple(row): s for s, row in enumerate(graph.levels.tolist())}

    def together(s, ends):
        absorbing = {t for t in ends if t >= C}
        if absorbing:
            return absorbing.pop() if len(absorbing) == 1 else None
        before = graph.levels[s].tolist()
        after = list(before)
        for t in ends:
            for k, level in enumerate(graph.levels[t].tolist()):
                if level != before[k]:
                    if after[k] != before[k]:
                        return None
                    after[k] = level
        return at.get(tuple(after))

    moves = [{s: graph.moves(i, s).tolist() for s in range(S)} for i in range(graph.n_actors)]
    twin = Model(moves, grade, S)
    ranking = Ranking(np.array([graded(row) for row in grade]), (EXPLICIT,) * graph.n_actors)
    want = [[twin.sim(i, s, together) for s in range(S)] for i in range(graph.n_actors)]
    assert solo(graph, ranking, "SIM").stable.tolist() == want


@settings(max_examples=100, deadline=None)
@given(models())
def test_what_follows_from_what(given_model):
    graph, ranking = built(*given_model)
    stable = {concept: solo(graph, ranking, concept).stable for concept in CONCEPTS}
    assert np.all(stable["Nash"] <= stable["SMR"])
    assert np.all(stable["SMR"] <= stable["GMR"])
    assert np.all(stable["Nash"] <= stable["SEQ"])
    assert np.all(stable["SEQ"] <= stable["GMR"])
    assert np.array_equal(stable["SIM"], stable["Nash"])  # states are no combinations of factors here


def test_nobody_moves_twice_in_a_row_but_may_move_again_later():
    """The sanction needs the opponents to move 1, 2, 1: one move for each of them would not reach it."""
    moves = [{0: [1]}, {1: [2], 3: [4]}, {2: [3]}]
    grade = [[1, 2, 2, 2, 0], [0] * 5, [0] * 5]
    graph, ranking = built(moves, np.array(grade), 5)
    assert solo(graph, ranking, "GMR").stable[0, 0]
    assert not solo(graph, ranking, "Nash").stable[0, 0]
    lone, ranking = built([{0: [1]}, {1: [2], 2: [3]}], np.array([[1, 2, 2, 0], [0] * 4]), 4)
    assert not solo(lone, ranking, "GMR").stable[0, 0]  # one opponent cannot move twice


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=1, max_size=80))
def test_statements_weigh_by_powers_of_two(statements):
    n = len(statements)
    weight = [sum(2 ** (n - 1 - k) for k in range(n) if statements[k][s]) for s in range(5)]
    want = [sorted(set(weight)).index(w) for w in weight]
    assert by_statements([np.array(row) for row in statements]).tolist() == want


@pytest.mark.parametrize("order", [[0, 1], [0, 1, 1, 2], [0, 1, 2, 3], [[0, 1], [1, 2]]])
def test_a_ranking_has_every_state_once(order):
    with pytest.raises(RequestError, match="right would be"):
        explicit(order, 3)


def test_unknown_concepts_and_shapes_are_refused():
    graph, ranking = built([{0: [1]}], np.array([[0, 1]]), 2)
    with pytest.raises(RequestError, match="no concept is called 'Nahs'"):
        solo(graph, ranking, "Nahs")
    with pytest.raises(RequestError, match="shape"):
        solo(graph, Ranking(np.zeros((2, 2), np.int32), (EXPLICIT,) * 2), "Nash")
