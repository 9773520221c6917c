"""Errors are told in words that let their author mend them."""

from __future__ import annotations

from equipoise.errors import Problem, ScenarioError, nearest, shown, told


def test_a_problem_reads_as_place_path_found_right_and_hint() -> None:
    problem = Problem("no level is called 'opne'", "one of none, open", ("moves", 3, "when"), "open", "a.yaml", 7, 9)
    assert str(problem) == (
        "a.yaml:7:9: moves.3.when: No level is called 'opne'. Right would be: one of none, open. Did you mean 'open'?"
    )
    assert str(Problem("nothing", "something")) == "Nothing. Right would be: something."


def test_an_error_shows_all_its_problems() -> None:
    error = ScenarioError([Problem("a", "b"), Problem("c", "d")])
    assert str(error) == "A. Right would be: b.\nC. Right would be: d."
    assert len(error.problems) == 2


def test_the_nearest_name_is_near_whatever_its_case() -> None:
    names = ["arsenal", "credit", "Line", "threat"]
    assert nearest("arsenel", names) == "arsenal"
    assert nearest("line", names) == "Line"
    assert nearest("LINES", names) == "Line"
    assert nearest("moon", names) is None
    assert nearest("", names) is None
    assert nearest("x" * 10_000, ["x" * 9_999]) is None


def test_values_are_quoted_short_and_without_control_characters() -> None:
    assert shown("a\x1b[31mb") == "'a\\x1b[31mb'"
    assert len(shown("x" * 10**6)) < 70
    assert [told(value) for value in (None, True, "a", 1.5, [1], {"a": 1})] == [
        "nothing",
        "true",
        "the text 'a'",
        "the number 1.5",
        "a list",
        "a mapping",
    ]
