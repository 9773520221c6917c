"""How the numbers of a game follow from its parameters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.errors import RequestError, ScenarioError
from equipoise.game.compile import compile
from equipoise.game.structure import Numbers, Structure
from equipoise.scenario.models import Scenario
from equipoise.scenario.variants import with_parameters
from games import ladder, random_game, scenarios


def structure_of(scenario: Scenario) -> Structure | None:
    try:
        return compile(scenario).structure
    except ScenarioError:
        return None


def at(structure: Structure, parameter: str, step: float) -> dict[str, np.ndarray]:
    theta = structure.theta.copy()
    theta[structure.parameters.index(parameter)] += step
    return replace(structure, theta=theta).numbers().fields()


@settings(max_examples=30, deadline=None)
@given(scenarios(), st.sampled_from(["none", "ratio_0", "cost_0", "flow_0", "rate_0"]))
def test_derivatives_match_central_differences_also_at_zero(scenario: Scenario, zero: str) -> None:
    structure = structure_of(scenario)
    if structure is None:
        return
    if zero != "none" and np.isfinite(structure.with_parameters({zero: 0.0}).numbers().probability).all():
        structure = structure.with_parameters({zero: 0.0})
    h = 1e-5
    for parameter in structure.parameters:
        exact = structure.derivative(parameter).fields()
        above, below = at(structure, parameter, h), at(structure, parameter, -h)
        for name, value in exact.items():
            expected = (above[name] - below[name]) / (2 * h)
            assert value == pytest.approx(expected, rel=1e-6, abs=1e-7), (parameter, name)


@settings(max_examples=30, deadline=None)
@given(scenarios(), st.integers(0, 2**32 - 1))
def test_adjoint_derivatives_are_the_transposed_forward_ones(scenario: Scenario, seed: int) -> None:
    structure = structure_of(scenario)
    if structure is None:
        return
    rng = np.random.default_rng(seed)
    gradient = {name: rng.normal(size=array.shape) for name, array in structure.numbers().fields().items()}
    forward = [
        sum(float((gradient[name] * change).sum()) for name, change in structure.derivative(parameter).fields().items())
        for parameter in structure.parameters
    ]
    assert structure.pullback(Numbers(**gradient)) == pytest.approx(forward, rel=1e-10, abs=1e-10)


@settings(max_examples=30, deadline=None)
@given(
    scenarios(),
    st.dictionaries(
        st.sampled_from(["cost_0", "flow_1", "rate_2", "ratio_1", "weight_0"]), st.floats(0.1, 5), max_size=3
    ),
)
def test_other_values_are_the_same_as_compiling_again(scenario: Scenario, values: dict[str, float]) -> None:
    try:
        game = compile(scenario)
    except ScenarioError:
        return
    changed, again = game.with_parameters(values), compile(with_parameters(scenario, values))
    assert np.array_equal(changed.target, again.target)
    for name, array in again.structure.numbers().fields().items():
        assert np.array_equal(getattr(changed, name), array), name


def test_parts_of_the_flow_add_up() -> None:
    game = compile(ladder(3, 4))
    structure = game.structure
    values = structure.monomials.values(structure.theta)
    parts = [structure.flow.values(values, term=t) for t in range(len(structure.terms))]
    assert sum(parts) == pytest.approx(game.flow)
    named = {label.name: part for label, part in zip(structure.terms, parts, strict=True) if label.path[0] == "payoffs"}
    assert set(named) == {"standing", "fear"}
    top = game.n_states - 1
    assert parts[[label.path for label in structure.terms].index(("payoffs", 0))][top] == pytest.approx(
        [0.5 * 0.9**2, 0, 0]
    )


def test_a_parameter_is_changed_by_its_name() -> None:
    game = compile(ladder(2, 3))
    assert game.with_parameters({"war_cost": 7.0}).end_value.tolist() == [[-7.0, -7.0]]
    assert game.end_value.tolist() == [[-20.0, -20.0]]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"war_cots": 1.0}, "did you mean 'war_cost'"),
        ({"accident": -1.0}, "'accident' cannot be -1"),
        ({"accident": float("nan")}, "'accident' cannot be nan"),
        ({"accident": float("inf")}, "'accident' cannot be inf"),
        ({"noise": 0.0}, "the noise of 'rival-0' is 0"),
        ({"discount": 0.0}, "the discount of 'rival-0' is 0"),
        ({"tension": 1e200}, "the rate of 'accident' is not finite"),
    ],
)
def test_values_that_cannot_be_used_are_refused(values: dict[str, float], message: str) -> None:
    game = compile(ladder(2, 3))
    with pytest.raises(RequestError, match=message):
        game.with_parameters(values)


def test_a_game_without_parameters_says_so() -> None:
    with pytest.raises(RequestError, match="no parameters"):
        random_game(np.random.default_rng(1), actors=2, states=4).with_parameters({"x": 1.0})
