"""What a scenario that cannot be compiled is told."""

from __future__ import annotations

import time
from typing import Any

import pytest

from equipoise.errors import Problem, ScenarioError
from equipoise.game.compile import compile
from equipoise.scenario.models import Scenario
from equipoise.scenario.variants import with_parameters
from games import ladder

BASE: dict[str, Any] = {
    "title": "A door",
    "actors": {"guard": {"discount": "rho", "tempo": "pace", "noise": "tau"}},
    "factors": {"door": {"levels": ["shut", "ajar", "open"], "ordered": True}, "bolt": {"levels": ["off", "on"]}},
    "impossible": [{"door": ["ajar", "open"], "bolt": "on"}],
    "parameters": {
        "rho": {"value": 0.1, "unit": "1/year", "source": "analyst's judgement"},
        "pace": {"value": 2, "unit": "1/year", "source": "analyst's judgement"},
        "tau": {"value": 0.5, "unit": "util", "source": "analyst's judgement"},
        "heavy": {"value": 1, "unit": "weight", "source": "analyst's judgement"},
    },
    "moves": [
        {"id": "push", "actor": "guard", "when": {"door": ["shut", "ajar"], "bolt": "off"}, "set": {"door": "up"}},
        {"id": "bolt", "actor": "guard", "when": {"door": "shut"}, "set": {"bolt": "on"}},
    ],
    "initial": {"night": {"state": {"door": "shut", "bolt": "off"}}},
}


def problems(scenario: Scenario, **options: Any) -> tuple[Problem, ...]:
    begun = time.perf_counter()
    with pytest.raises(ScenarioError) as error:
        compile(scenario, **options)
    assert time.perf_counter() - begun < 20
    return error.value.problems


def changed(**fields: Any) -> Scenario:
    return Scenario.model_validate({**BASE, **fields})


def test_the_base_is_sound() -> None:
    assert compile(changed()).n_states == 4


def test_a_branch_into_the_impossible_names_step_path_and_situation() -> None:
    careless = [BASE["moves"][0], {"id": "bolt", "actor": "guard", "set": {"bolt": "on"}}]
    (problem,) = problems(changed(moves=careless))
    assert problem.path == ("moves", "bolt")
    assert "'bolt' leads from {door: ajar, bolt: off} to {bolt: on}" in problem.found


def test_every_impossible_branch_is_told_with_its_path() -> None:
    wild = {"id": "gust", "rate": "pace", "then": [{"weight": "heavy", "set": {"door": "open"}}, {"weight": "heavy"}]}
    slam = {"id": "slam", "actor": "guard", "set": {"bolt": "on"}}
    paths = {problem.path for problem in problems(changed(moves=[*BASE["moves"], slam], events=[wild]))}
    assert paths == {("moves", "slam"), ("events", "gust", "then", 0)}


def test_an_impossible_start_is_an_error() -> None:
    start = {"state": {"door": "open", "bolt": "on"}}
    assert ("initial", "dawn") in {problem.path[:2] for problem in problems(changed(initial={"dawn": start}))}


def test_weights_that_are_all_zero_are_an_error() -> None:
    wild = {"id": "gust", "rate": "pace", "then": [{"weight": "heavy", "set": {"bolt": "off"}}]}
    (problem,) = problems(with_parameters(changed(events=[wild]), {"heavy": 0}))
    assert problem.path[:2] == ("events", "gust")


def test_zero_noise_is_an_error() -> None:
    (problem,) = problems(with_parameters(changed(), {"tau": 0}))
    assert problem.path[:3] == ("actors", "guard", "noise")


def test_numbers_that_overflow_are_an_error() -> None:
    vast = {"value": 1e12, "unit": "ratio", "source": "analyst's judgement"}
    storm = {"id": "storm", "rate": "pace", "times": [{"when": {}, "by": "vast"}] * 30, "set": {"bolt": "off"}}
    found = problems(changed(events=[storm], parameters={**BASE["parameters"], "vast": vast}))  # 2e360 per year
    assert ("events", "storm", "rate") in {problem.path for problem in found}


def test_a_trillion_states_are_refused_quickly() -> None:
    (problem,) = problems(ladder(12, 10))
    assert "more than 2,000,000 states" in problem.found


def test_more_states_than_integers_are_refused_quickly() -> None:
    (problem,) = problems(ladder(30, 10))
    assert "1.00e+30" in problem.found
    (problem,) = problems(ladder(400, 10))  # More than any number of double precision.
    assert "1.00e+400" in problem.found.lower()


def test_the_limit_on_states_is_the_callers() -> None:
    assert compile(ladder(3, 4), max_states=64).n_states == 64
    (problem,) = problems(ladder(3, 4), max_states=63)
    assert "more than 63 states" in problem.found
    assert "max_states" in problem.right


def test_states_too_far_from_the_start_are_refused() -> None:
    """A counter of 20 binary digits has few rules and a million states in a single file."""
    digits = [f"digit-{k}" for k in range(20)]
    events = [
        {
            "id": f"carry-{k}",
            "rate": "pace",
            "when": {digits[k]: "off", **{lower: ["on"] for lower in digits[:k]}},
            "set": {digits[k]: "on", **dict.fromkeys(digits[:k], "off")},
        }
        for k in range(20)
    ]
    counter = changed(
        factors={digit: {"levels": ["off", "on"]} for digit in digits},
        impossible=[],
        moves=[],
        events=events,
        initial={"zero": {"state": dict.fromkeys(digits, "off")}},
    )
    (problem,) = problems(counter)
    assert "5,000 moves and events from the start" in problem.found
