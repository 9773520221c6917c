"""Status-quo and inverse analysis against exhaustive search."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from definitions import Model
from definitions import reach as reached_by_definition
from hypothesis import given, settings
from hypothesis import strategies as st
from test_solo import built, models

from equipoise.errors import RequestError
from equipoise.stability.inverse import INVERTIBLE, inverse
from equipoise.stability.ranking import EXPLICIT, Ranking, graded
from equipoise.stability.reach import path, reach
from equipoise.stability.solo import CONCEPTS


@settings(max_examples=150, deadline=None)
@given(models(max_states=7), st.booleans(), st.integers(0, 6))
def test_reach_is_its_definition(given_model, improving, start):
    moves, grade, n = given_model
    start %= n
    twin = Model(moves, grade, n)
    graph, ranking = built(*given_model)
    found = reach(graph, start, ranking=ranking, improving=improving)
    admit = (lambda k, s, t: twin.better(k, t, s)) if improving else (lambda k, s, t: True)
    want = reached_by_definition(twin.r, range(len(moves)), start, admit)
    assert set(np.flatnonzero(found.last.any(axis=0)).tolist()) == want
    for to in sorted(want - {start}):
        sequence = path(graph, found, to)
        assert len(sequence) == found.steps[to] > 0
        at, last = start, None
        for mover, state in sequence:
            assert mover != last
            assert state in twin.r(mover, at)
            assert not improving or twin.better(mover, state, at)
            at, last = state, mover
        assert at == to


def lowered(grade, state, states):
    """The same grades with some states moved down to just the given one's."""
    out = np.array(grade, float)
    out[list(states)] = out[state]
    return graded(out)


@settings(max_examples=150, deadline=None)
@given(models(max_states=6, max_actors=3), st.sampled_from(INVERTIBLE), st.integers(0, 5))
def test_the_inverse_question_is_answered_by_trying_everything(given_model, concept, state):
    moves, _, n = given_model
    state %= n
    graph, ranking = built(*given_model)

    def stable(row):
        other = Ranking(np.vstack([row[None], ranking.grade[1:]]).astype(np.int32), (EXPLICIT,) * len(moves))
        return bool(CONCEPTS[concept](graph, other, 0)[state])

    answer = inverse(graph, ranking, state, 0, concept)
    own = ranking.grade[0]
    assert answer.complete
    assert answer.stable == stable(own)
    better = [s for s in range(n) if own[s] > own[state]]
    working = [
        set(states)
        for size in range(len(better) + 1)
        for states in combinations(better, size)
        if stable(lowered(own, state, states))
    ]
    minimal = [x for x in working if not any(y < x for y in working)]
    assert [set(change.states) for change in answer.changes] == sorted(
        ([x for x in minimal if x]),
        key=lambda x: (len(x), sum(int(own[s] - own[state]) for s in x), sorted(x)),
    )[:20]
    raised = own.astype(float)
    rises = [r for r in range(int(own.max()) + 1) if stable(graded(np.where(np.arange(n) == state, own + r, raised)))]
    assert answer.rise == rises[0]


def test_what_cannot_be_asked_is_refused():
    graph, ranking = built([{0: [1]}], np.array([[0, 1]]), 2)
    with pytest.raises(RequestError, match="no state 5"):
        reach(graph, 5)
    with pytest.raises(RequestError, match="no concept"):
        inverse(graph, ranking, 0, 0, "SIM")
    with pytest.raises(RequestError, match="no state 7"):
        inverse(graph, ranking, 7, 0, "Nash")
