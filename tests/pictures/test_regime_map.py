from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.pictures.regime_map import Flow, Node, regime_map

SVG = "{http://www.w3.org/2000/svg}"
WORDS = {"title": "Quiet lasts", "subtitle": "Arrows: how often.", "description": "Quiet leads to showdown."}
NODES = [Node("quiet", 0.8), Node("showdown <hot>", 0.2), Node("war", 0.05, end=True)]
FLOWS = [
    Flow("quiet", "showdown <hot>", 3.0),
    Flow("showdown <hot>", "quiet", 2.9),
    Flow("showdown <hot>", "war", 0.05),
]


def parsed(nodes=NODES, flows=FLOWS) -> ElementTree.Element:
    return ElementTree.fromstring(regime_map(nodes, flows, **WORDS))


def test_a_map_has_a_title_and_a_description_for_screen_readers():
    root = parsed()
    assert root.get("role") == "group"
    assert root.get("aria-labelledby") == "map-title map-about"
    assert root.find(f"{SVG}title").text == "Quiet lasts"
    assert root.find(f"{SVG}desc").text == "Quiet leads to showdown."


def test_every_node_can_be_focused_and_tells_its_numbers():
    labels = [group.get("aria-label") for group in parsed().iter(f"{SVG}g") if group.get("tabindex") == "0"]
    assert labels == ["quiet: 80% of the time", "showdown <hot>: 20% of the time", "war: 5.0% chance"]


def test_every_flow_is_an_arrow_whose_width_grows_with_it():
    paths = [path for path in parsed().iter(f"{SVG}path") if path.get("marker-end")]
    widths = {path.find(f"{SVG}title").text: float(path.get("stroke-width")) for path in paths}
    assert len(widths) == 3
    assert widths["quiet to showdown <hot>: 3.0×"] > widths["showdown <hot> to quiet: 2.9×"]
    assert "showdown <hot> to war: 1 in 20" in widths


def test_faint_ways_are_left_out_measured_by_the_busiest_or_by_all_that_leads_into_an_end():
    flows = [
        *FLOWS[:1],
        Flow("showdown <hot>", "quiet", 0.05),
        Flow("showdown <hot>", "war", 1e-3),
        Flow("quiet", "war", 1e-5),
    ]
    titles = [
        path.find(f"{SVG}title").text for path in parsed(flows=flows).iter(f"{SVG}path") if path.get("marker-end")
    ]
    assert titles == ["quiet to showdown <hot>: 3.0×", "showdown <hot> to war: 1 in 1,000"]


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 9), st.integers(0, 6), st.text(min_size=1, max_size=30, alphabet=st.characters(codec="ascii")))
def test_any_number_of_regimes_and_ends_stays_inside_the_picture(regimes, ends, name):
    name = re.sub(r"[\x00-\x1f]", "-", name)
    nodes = [Node(f"{name} {k}", 1 / regimes) for k in range(regimes)]
    nodes += [Node(f"end {k}", 0.1, end=True) for k in range(ends)]
    flows = [Flow(a.name, b.name, 1.0) for a in nodes if not a.end for b in nodes if a is not b]
    root = parsed(nodes, flows)
    width, height = float(root.get("width")), float(root.get("height"))
    for group in root.iter(f"{SVG}g"):
        box = group.find(f"{SVG}rect")
        left, top = float(box.get("x")), float(box.get("y"))
        assert left >= 0
        assert left + float(box.get("width")) <= width
        assert top >= 0
        assert top + float(box.get("height")) <= height


def test_a_map_becomes_a_png():
    assert vl_convert.svg_to_png(regime_map(NODES, FLOWS, **WORDS), scale=2.0)[:4] == b"\x89PNG"


@pytest.mark.parametrize("flows", [[], [Flow("quiet", "war", 0.0)]])
def test_a_map_without_movement_can_be_drawn(flows):
    assert not [path for path in parsed(flows=flows).iter(f"{SVG}path") if path.get("marker-end")]


def test_no_arrow_passes_behind_a_box_that_it_neither_leaves_nor_enters():
    """Eight regimes on an oval and four ends: straight lines between many of them would."""
    names = ["one", "two", "three", "four", "five", "six", "seven"]
    nodes = [Node(name, 1 / 7) for name in names] + [Node(f"end {k}", 0.1, end=True) for k in range(4)]
    flows = [Flow(name, f"end {k}", 0.1) for name in names for k in range(4)]
    root = parsed(nodes, flows)
    boxes = {}
    for group in root.iter(f"{SVG}g"):
        box = group.find(f"{SVG}rect")
        x, y, w, h = (float(box.get(key)) for key in ("x", "y", "width", "height"))
        boxes[group.get("aria-label").split(":")[0]] = (x, y, x + w, y + h)
    hidden = 0
    for path in root.iter(f"{SVG}path"):
        if path.get("marker-end"):
            origin, target = path.find(f"{SVG}title").text.split(":")[0].split(" to ")
            way = np.array(re.findall(r"-?[\d.]+", path.get("d")), float).reshape(3, 2)
            t = np.linspace(0, 1, 60)[:, None]
            points = (1 - t) ** 2 * way[0] + 2 * t * (1 - t) * way[1] + t**2 * way[2]
            for name, (left, top, right, bottom) in boxes.items():
                if name not in (origin, target):
                    inside = (points > (left, top)) & (points < (right, bottom))
                    hidden += bool(inside.all(axis=1).any())
    assert hidden <= 2
