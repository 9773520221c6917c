"""Whatever scenario is accepted can be drawn from, or is refused where the fault stands."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from specimen import KNOWN

from equipoise.draws import design
from equipoise.errors import ScenarioError
from equipoise.scenario import Scenario, loads

NUMBERS = st.floats(0, 1e3) | st.sampled_from([0.0, 1e-12, 1e12, 1.0, 5e-324]) | st.integers(0, 9)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_what_is_accepted_can_be_drawn_or_is_refused_where_it_stands(data: st.DataObject) -> None:
    """Random numbers in the place of those of a good file."""
    head, tail = KNOWN[: KNOWN.index("parameters:")], KNOWN[KNOWN.index("moves:") :]
    middle = KNOWN[len(head) : -len(tail)]
    places = [m.span() for m in re.finditer(r"(?<=: )-?\d[\d.e]*|(?<=\[)\d[\d.]*|(?<=, )\d[\d.]*(?=\])", middle)]
    for start, stop in sorted(data.draw(st.lists(st.sampled_from(places), max_size=4, unique=True)), reverse=True):
        middle = middle[:start] + repr(data.draw(NUMBERS)) + middle[stop:]
    try:
        scenario: Scenario = loads(head + middle + tail)
    except ScenarioError:
        return
    try:
        points = design(scenario, seed=3).points(0, 64)
    except ScenarioError as refused:
        assert refused.problems[0].path[0] in ("parameters", "orderings")  # noqa: PT017
        return
    assert np.isfinite(points.values).all()
    for name, values in zip(points.parameters, points.values.T, strict=True):
        low, high = scenario.parameters[name].support
        assert ((values >= low) & (values <= high)).all()
