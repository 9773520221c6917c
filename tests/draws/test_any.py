"""Priors are written down and read back, shipped models can be drawn from, and the page says what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from draws.priors import UNITS, parameters
from equipoise.draws import METHODS, design, distribution
from equipoise.game.compile import compile
from equipoise.scenario import check, dump, load, loads
from equipoise.scenario.models import Parameter
from equipoise.scenario.priors import Correlation, Ordering, Prior
from equipoise.scenario.starter import STARTER

PAGE = (Path(__file__).parents[2] / "docs" / "priors.md").read_text(encoding="utf-8")


def valued(one: Parameter) -> Parameter:
    """With a value that its prior and range allow."""
    median = float(distribution("x", one).quantile(0.5))
    return one.model_copy(update={"value": median})


@given(st.lists(parameters().filter(lambda p: p.varies), min_size=2, max_size=5))
@settings(max_examples=60, deadline=None)
def test_priors_survive_writing_and_reading(many: list[Parameter]) -> None:
    named = {f"p{i}": valued(one) for i, one in enumerate(many)}
    rising = sorted((name for name in named if named[name].unit == "util"), key=lambda name: named[name].value)
    source = "analyst's judgement"
    starter = loads(STARTER)
    scenario = starter.model_copy(
        update={
            "parameters": type(starter.parameters)({**starter.parameters, **named}),
            "orderings": (Ordering(rising=tuple(rising), source=source),) if len(rising) > 1 else (),
            "correlations": (Correlation(between=("p0", "p1"), rank=-0.25, source=source),),
        }
    )
    assert [problem for problem in check(scenario) if problem.severity == "error"] == []
    assert loads(dump(scenario)) == scenario


@pytest.mark.parametrize("name", ["northeast-asia", "south-asia"])
def test_the_games_of_the_shipped_models_can_be_played_at_every_draw(name: str) -> None:
    scenario = load(name)
    game, points = compile(scenario), design(scenario, seed=2).points(0, 64)
    for k in range(len(points)):
        assert game.with_parameters(points.settings(k)).noise.min() > 0


def test_every_form_and_every_method_is_documented() -> None:
    forms = [form for form in Prior.model_fields if f"`prior: {{{form}: " not in PAGE]
    assert not forms
    assert not [method for method in METHODS if f"| `{method}`" not in PAGE]
    assert set(UNITS) <= set(Prior.model_fields)


def test_the_example_of_the_page_runs() -> None:
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, object] = {}
    exec(example, names)
    assert names["points"].values.shape == (1000, len(names["plan"].parameters))  # type: ignore[attr-defined]
