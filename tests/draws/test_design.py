"""A draw is a function of its number: whatever else is asked for, and however many there will be."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from draws.priors import parameter, parameters, scenario
from equipoise.draws import METHODS, Design, design
from equipoise.errors import RequestError
from equipoise.scenario import load, shipped
from equipoise.scenario.models import Parameter

COUNT = 200
known = st.lists(parameters().filter(lambda one: one.varies), min_size=1, max_size=6)


def made(many: list[Parameter], method: str, seed: int, **more: object) -> Design:
    named = {f"p{i}": one for i, one in enumerate(many)}
    return design(scenario(named, **more), method=method, seed=seed, count=COUNT if method == "lhs" else None)  # type: ignore[arg-type]


@pytest.mark.parametrize("method", METHODS)
@given(known, st.integers(0, 2**40), st.integers(0, COUNT), st.integers(0, COUNT))
@settings(max_examples=25, deadline=None)
def test_draws_do_not_depend_on_what_else_is_asked_for(
    method: str, many: list[Parameter], seed: int, one: int, other: int
) -> None:
    first, last = sorted((one, other))
    whole = made(many, method, seed).points(0, COUNT)
    part = made(many, method, seed).points(first, last)
    assert part.quantiles.tobytes() == whole.quantiles[first:last].tobytes()
    assert part.values.tobytes() == whole.values[first:last].tobytes()
    assert ((whole.quantiles > 0) & (whole.quantiles < 1)).all()


@given(known, st.integers(0, 2**40))
@settings(max_examples=20, deadline=None)
def test_a_design_survives_being_sent_to_another_process(many: list[Parameter], seed: int) -> None:
    one = made(many, "sobol", seed)
    other = pickle.loads(pickle.dumps(one))
    assert one.points(3, 9).values.tobytes() == other.points(3, 9).values.tobytes()


def test_another_seed_gives_other_draws() -> None:
    many = [parameter(range=[1, 2])]
    for method in METHODS:
        assert (made(many, method, 1).points(0, 9).values != made(many, method, 2).points(0, 9).values).any()


@given(st.integers(1, 30), st.integers(0, 2**40))
@settings(max_examples=20, deadline=None)
def test_the_first_points_of_the_sequence_are_balanced(count: int, seed: int) -> None:
    """A Sobol' sequence has one of its first 2^m points in each of 2^m equal intervals of every coordinate."""
    points = made([parameter(range=[1, 2])] * count, "sobol", seed).points(0, 64).quantiles
    for column in points.T:
        assert sorted(np.floor(column * 64).astype(int)) == list(range(64))


@given(st.integers(1, 30), st.integers(0, 2**40))
@settings(max_examples=20, deadline=None)
def test_a_hypercube_has_one_draw_in_each_layer(count: int, seed: int) -> None:
    points = made([parameter(range=[1, 2])] * count, "lhs", seed).points(0, COUNT).quantiles
    for column in points.T:
        assert sorted(np.floor(column * COUNT).astype(int)) == list(range(COUNT))


@given(st.integers(1, 12), st.integers(0, 2**40))
@settings(max_examples=20, deadline=None)
def test_saltellis_blocks_exchange_one_coordinate_at_a_time(count: int, seed: int) -> None:
    size = count + 2
    points = made([parameter(range=[1, 2])] * count, "saltelli", seed).points(0, 5 * size).quantiles
    for block in points.reshape(5, size, count):
        a, b = block[0], block[-1]
        assert (a != b).all()
        for i in range(count):
            expected = a.copy()
            expected[i] = b[i]
            assert (block[1 + i] == expected).all()


@given(st.integers(1, 12), st.integers(0, 2**40))
@settings(max_examples=20, deadline=None)
def test_morris_moves_every_coordinate_once_by_half_its_distribution(count: int, seed: int) -> None:
    size = count + 1
    points = made([parameter(range=[1, 2])] * count, "morris", seed).points(0, 5 * size).quantiles
    for trajectory in points.reshape(5, size, count):
        steps = np.diff(trajectory, axis=0)
        assert ((steps != 0).sum(axis=1) == 1).all()
        assert ((steps != 0).sum(axis=0) == 1).all()
        np.testing.assert_allclose(np.abs(steps).sum(axis=1), 0.5, rtol=1e-15)


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_shipped_scenario_can_be_drawn_from(name: str) -> None:
    written = load(name)
    varying = [key for key, one in written.parameters.items() if one.varies]
    if not varying:
        with pytest.raises(RequestError, match="nothing varies"):
            design(written)
        return
    points = design(written).points(0, 512)
    assert points.parameters == tuple(varying)
    for name, values in zip(points.parameters, points.values.T, strict=True):
        low, high = written.parameters[name].support
        assert ((values >= low) & (values <= high)).all()
        assert (values > 0).all()


def test_the_rest_keeps_its_value() -> None:
    written = scenario({"a": parameter(range=[1, 2]), "b": parameter(range=[1, 3]), "c": parameter(range=[1, 1])})
    points = design(written, parameters=["b"]).points(4, 6)
    assert points.parameters == ("b",)
    assert points.settings(1) == {"b": points.values[1, 0]}
    assert len(points) == 2
    assert design(written).parameters == ("a", "b")


SPECIMEN = scenario({"a": parameter(range=[1, 2]), "fixed": parameter()})


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"method": "sobl"}, "did you mean 'sobol'"),
        ({"seed": -1}, "0 or above"),
        ({"method": "lhs"}, "number of draws"),
        ({"count": 5}, "do not depend"),
        ({"method": "lhs", "count": 0}, "from 1 to"),
        ({"parameters": ["b"]}, "no parameter is called 'b'"),
        ({"parameters": ["fixed"]}, "does not vary"),
        ({"parameters": []}, "nothing varies"),
    ],
)
def test_what_cannot_be_designed_is_refused(asked: dict[str, object], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        design(SPECIMEN, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(("first", "last"), [(-1, 2), (3, 2), (0, 2**30 + 1)])
def test_draws_that_do_not_exist_are_refused(first: int, last: int) -> None:
    with pytest.raises(RequestError, match="no draws"):
        design(SPECIMEN).points(first, last)


def test_no_draws_can_be_asked_for() -> None:
    for method in METHODS:
        points = design(SPECIMEN, method=method, count=5 if method == "lhs" else None).points(2, 2)
        assert points.values.shape == (0, 1)
