from __future__ import annotations

import json
import struct

import numpy as np
import pytest
import vl_convert

from equipoise.pictures.charts import Cell, conduct_map, curves

TIMES = np.linspace(0, 10, 11)
WORDS = {"title": "It ends badly", "subtitle": "In a way.", "description": "A curve rises."}


def rising(height: float) -> np.ndarray:
    return height * (1 - np.exp(-0.3 * TIMES))


def drawn(specification: str) -> str:
    return vl_convert.vegalite_to_svg(specification)


def test_a_chart_of_curves_says_what_it_shows_to_screen_readers():
    chart = curves(TIMES, {"calm": {"war": rising(0.1)}}, axis="chance", **WORDS)
    assert chart.to_dict()["description"] == "A curve rises."


def test_every_curve_is_labelled_in_every_panel():
    panels = {"calm": {"war": rising(0.1), "strike": rising(0.02)}, "hot": {"war": rising(0.4), "strike": rising(0.0)}}
    svg = drawn(curves(TIMES, panels, axis="chance", **WORDS).to_json())
    assert svg.count(">war<") == svg.count(">strike<") == 2
    assert ">Calm<" in svg
    assert ">Hot<" in svg


def test_labels_of_curves_that_end_together_do_not_overlap():
    panel = {f"road {k}": rising(0.1 + 0.0001 * k) for k in range(6)}
    chart = curves(TIMES, {"hot": panel}, axis="chance", **WORDS).to_dict()
    marks = [data for data in values_of(chart) if "place" in data]
    top = 0.1
    places = sorted(mark["place"] for mark in marks)
    assert len(places) == 6
    assert min(np.diff(places)) >= 0.07 * top
    assert max(places) <= top


def test_labels_keep_the_order_of_their_curves():
    panel = {"low": rising(0.01), "high": rising(0.011), "middle": rising(0.0105)}
    marks = [d for d in values_of(curves(TIMES, {"hot": panel}, axis="chance", **WORDS).to_dict()) if "place" in d]
    assert [m["curve"] for m in sorted(marks, key=lambda m: m["place"])] == ["low", "middle", "high"]


def test_nothing_but_zeros_can_be_drawn():
    assert "<svg" in drawn(curves(TIMES, {"calm": {"war": np.zeros(11)}}, axis="chance", **WORDS).to_json())


def test_a_conduct_map_leaves_closed_options_empty():
    cells = [Cell("calm", "Red", "hold", 0.9), Cell("calm", "Red", "press", 0.1), Cell("hot", "Red", "hold", 1.0)]
    svg = drawn(conduct_map(cells, ["calm", "hot"], **WORDS).to_json())
    assert all(text in svg for text in (">90%<", ">10%<", ">100%<", ">press<", ">Red<"))


@pytest.mark.parametrize(("chance", "label"), [(0.0, "0"), (0.004, "&lt;1%"), (0.5, "50%")])
def test_a_chance_in_a_conduct_map_is_never_rounded_to_nothing(chance, label):
    assert f">{label}<" in drawn(conduct_map([Cell("calm", "Red", "press", chance)], ["calm"], **WORDS).to_json())


def test_a_png_comes_out_and_is_small():
    chart = curves(TIMES, {"calm": {"war": rising(0.1)}}, axis="chance", **WORDS)
    png = vl_convert.vegalite_to_png(chart.to_json(), scale=2.0)
    width, height = struct.unpack(">II", png[16:24])
    assert width > 400
    assert height > 300
    assert len(png) < 200_000


def values_of(chart: object) -> list[dict]:
    if isinstance(chart, dict):
        own = chart["values"] if isinstance(chart.get("values"), list) and chart["values"] else []
        own = [value for value in own if isinstance(value, dict)]
        return own + [value for part in chart.values() for value in values_of(part)]
    return [value for part in chart for value in values_of(part)] if isinstance(chart, list) else []


def test_a_chart_needs_nothing_from_elsewhere():
    chart = curves(TIMES, {"calm": {"war": rising(0.1)}}, axis="chance", **WORDS).to_dict()
    chart.pop("$schema")
    assert "http" not in json.dumps(chart)
