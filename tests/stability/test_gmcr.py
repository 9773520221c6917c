"""Files of the graph model's tools: round trips, the numbering of states, and located errors."""

from __future__ import annotations

import contextlib
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.errors import ScenarioError
from equipoise.stability.conflict import Conflict, DecisionMaker, Option, best_to_worst
from equipoise.stability.gmcr import parse_gmcr, to_gmcr
from equipoise.stability.solo import solo

GOOD = {
    "options": [
        {"name": "strike", "permittedDirection": "both"},
        {"name": "yield", "permittedDirection": "fwd"},
        {"name": "wait", "permittedDirection": "back"},
    ],
    "decisionMakers": [
        {
            "name": "B",
            "options": [2, 0],
            "preferences": [[[1, "Y"]], {"compound": True, "members": [[[0, "N"]], [[2, "Y"]]]}],
        },
        {"name": "A", "options": [1], "preferences": [[[0, "N"], [1, "N"]]], "preferenceRanking": [1, [2, 3], 4]},
    ],
    "infeasibles": [[[0, "Y"], [2, "Y"]]],
    "useManualPreferenceRanking": False,
    "coalitions": [[0], [1]],
}


def changed(path, value):
    data = json.loads(json.dumps(GOOD))
    at = data
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return json.dumps(data, indent="\t")


def test_states_are_numbered_after_regrouping_by_decision_maker():
    conflict = parse_gmcr(json.dumps(GOOD))
    assert conflict.order == (2, 0, 1)  # wait counts 1, strike 2, yield 4; wait and strike together are infeasible
    assert conflict.feasible().tolist() == [0, 1, 2, 4, 5, 6]
    graph = conflict.graph()
    assert graph.describe(4) == {"wait": "yes", "strike": "no", "yield": "yes"}
    assert graph.moves(1, 0).tolist() == [3]
    assert graph.moves(1, 3).tolist() == []  # once yielded there is no way back
    assert graph.moves(0, 0).tolist() == [2]  # B strikes; waiting cannot be taken up again
    assert graph.moves(0, 1).tolist() == [0, 2]
    # B: yield counts 2, not (strike without wait) counts 1.
    assert conflict.ranking().grade[0].tolist() == [1, 1, 0, 3, 3, 2]
    assert conflict.ranking().grade[1].tolist() == [1, 1, 0, 0, 0, 0]


def test_a_manual_ranking_is_used_when_asked_for():
    data = GOOD | {"useManualPreferenceRanking": True}
    data["decisionMakers"] = [
        GOOD["decisionMakers"][0],
        GOOD["decisionMakers"][1] | {"preferenceRanking": [6, [5, 4], 3, 2, 1]},
    ]
    conflict = parse_gmcr(json.dumps(data))
    assert conflict.ranking().grade[1].tolist() == [0, 1, 2, 3, 3, 4]
    assert best_to_worst(conflict.ranking().grade[1]) == (6, (4, 5), 3, 2, 1)
    assert conflict.ranking().source == ("preference statements", "explicit ranking")


def test_files_with_the_older_names_of_keys_are_read():
    data = GOOD | {"useManualPreferenceVectors": True}
    data["decisionMakers"] = [maker | {"preferenceVector": [6, [5, 4], 3, 2, 1]} for maker in GOOD["decisionMakers"]]
    for maker in data["decisionMakers"]:
        maker.pop("preferenceRanking", None)
    data.pop("useManualPreferenceRanking", None)
    conflict = parse_gmcr(json.dumps(data))
    assert conflict.manual
    assert conflict.ranking().grade.tolist() == [[0, 1, 2, 3, 3, 4]] * 2


@st.composite
def conflicts(draw):
    n = draw(st.integers(1, 5))
    options = tuple(Option(f"o{k}", draw(st.sampled_from(["both", "fwd", "back"]))) for k in range(n))
    shuffled = draw(st.permutations(range(n)))
    cut = draw(st.integers(0, n))
    literal = st.tuples(st.integers(0, n - 1), st.booleans())
    statement = st.lists(
        st.lists(literal, min_size=1, max_size=3, unique_by=lambda of: of[0]).map(tuple), min_size=1, max_size=2
    ).map(tuple)
    makers = tuple(
        DecisionMaker(name, tuple(own), tuple(draw(st.lists(statement, max_size=3))))
        for name, own in (("x", shuffled[:cut]), ("y", shuffled[cut:]))
    )
    return Conflict(options, makers, (), False, draw(st.sampled_from([((0,), (1,)), ((0, 1),)])))


@settings(max_examples=100, deadline=None)
@given(conflicts())
def test_what_is_written_is_read_again(conflict):
    again = parse_gmcr(to_gmcr(conflict))
    assert again == conflict
    assert np.array_equal(again.ranking().grade, conflict.ranking().grade)
    solo(again.graph(), again.ranking(), "SEQ")


BROKEN = [
    (("options", 0, "permittedDirection"), "forward", "forward", "one of both"),
    (("options", 1, "name"), "", "''", "a name"),
    (("options",), {}, "a mapping", "a list"),
    (("decisionMakers", 0, "options"), [2, 7], "number 7", "from 0 to 2"),
    (("decisionMakers", 0, "options"), [2, True], "true", "from 0 to 2"),
    (("decisionMakers", 0, "options"), [2, 1], "belongs to B and A", "one decision maker"),
    (("decisionMakers", 0, "options"), [2], "belongs to nobody", "one decision maker"),
    (("decisionMakers", 0, "preferences"), [[[0, "Q"]]], "'Q'", '"Y" or "N"'),
    (("decisionMakers", 0, "preferences"), [[[0]]], "a list", "an option with"),
    (("infeasibles",), [[[0, "Y"], [0, "N"]]], "option 0 for the second", "every option once"),
    (("decisionMakers", 0, "preferences"), [{"members": []}], "without `compound", "option"),
    (("decisionMakers", 1, "preferenceRanking"), [0], "number 0", "from 1 up"),
    (("infeasibles",), [3], "number 3", "a condition"),
    (("infeasibles",), [[[0, "Y"]], [[0, "N"]]], "no combination", "fewer infeasibles"),
    (("useManualPreferenceRanking",), True, "ranking of A", "every state once"),
    (("useManualPreferenceRanking",), "yes", "'yes'", "true or false"),
    (("coalitions",), [[0]], "coalitions of [0]", "exactly one"),
    (("coalitions",), [[0, 1], [1]], "coalitions of [0, 1, 1]", "exactly one"),
]


@pytest.mark.parametrize(("path", "value", "found", "right"), BROKEN)
def test_a_broken_file_is_refused_where_it_is_broken(path, value, found, right):
    with pytest.raises(ScenarioError) as raised:
        parse_gmcr(changed(path, value), "mine.gmcr")
    problem = raised.value.problems[0]
    assert found in problem.found
    assert right in problem.right
    assert problem.file == "mine.gmcr"
    assert problem.line > 1


@pytest.mark.parametrize("text", ["", "[]", "{", "3", '{"options": []}', "{'a': &x 1, b: *x}", "\0\0", "[" * 5000])
def test_no_text_gives_anything_but_problems(text):
    with pytest.raises(ScenarioError):
        parse_gmcr(text)


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*GOOD, "name", "x"]), inner, max_size=4)
        ),
    )
)
def test_no_json_gives_anything_but_problems(data):
    for broken in (data, GOOD | data if isinstance(data, dict) else data):
        with contextlib.suppress(ScenarioError):
            parse_gmcr(json.dumps(broken))
