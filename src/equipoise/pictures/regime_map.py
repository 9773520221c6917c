"""The map of regimes: named conditions as nodes, movements between them as curved arrows, drawn as plain SVG."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from xml.sax.saxutils import escape

from equipoise.scenario.phrases import one_in

Point = tuple[float, float]
Way = tuple[Point, Point, Point]
"""Start, control point and end of a quadratic curve."""
Rectangle = tuple[float, float, float, float]
"""Middle, width and height."""

_INK, _CALM, _END = "#222222", "#0b4f7d", "#b3430a"
_FONT = "DejaVu Sans, Verdana, sans-serif"
_FAINT = 0.05
"""Share of the busiest way, or of all that leads into an end, below which an arrow is left out."""
_BAND = 26
"""Room between two arrows that pass the same place."""
_BENDS = (1.0, 0.5, 1.6, 2.3, 3.0, -0.6, -1.2, -2.0, -3.0)
"""How far a way may bow to the left, in units of what suffices where nothing stands in between."""
_STEPS = 40
"""Points of a way at which it is looked at."""


@dataclass(frozen=True)
class Node:
    """A regime, or an end of the system."""

    name: str
    share: float
    """Of a regime, the share of time spent there; of an end, its probability."""
    end: bool = False
    note: str = ""
    """One more short line, if there is anything to say."""


@dataclass(frozen=True)
class Flow:
    """Movement from one node to another: expected number of times over the period drawn."""

    origin: str
    target: str
    times: float


def regime_map(
    nodes: Sequence[Node], flows: Sequence[Flow], *, title: str, subtitle: str, description: str, name: str = "map"
) -> str:
    """An SVG with a title and a description for screen readers; every node can be focused and tells its numbers.

    Regimes stand on an oval, ends in a column at its right. An arrow's width grows with the square root of how often
    it is taken; faint ones are left out. ``name`` begins the ids in the SVG, so that several can stand in one page.
    """
    regimes = [node for node in nodes if not node.end]
    ends = [node for node in nodes if node.end]
    width, height = 980, max(560, 130 + 78 * max(len(ends), (len(regimes) + 1) // 2))
    head = 10 + 20 * len(wrap(title, 86)) + 16 * len(wrap(subtitle, 120))
    places = _places(regimes, ends, width, height, head)
    busiest = max((flow.times for flow in flows), default=1.0)
    inflow = {end.name: sum(flow.times for flow in flows if flow.target == end.name) for end in ends}
    boxes = {node.name: _box(node) for node in nodes}
    shown = [flow for flow in flows if flow.times > _FAINT * inflow.get(flow.target, busiest)]
    ways = _ways(shown, places, boxes, (20.0, head + 20.0, width - 20.0, head + height - 20.0))
    body = [_arrow(*pair, busiest, pair[0].target in inflow, name) for pair in zip(shown, ways, strict=True)]
    body += [_node(node, *places[node.name], boxes[node.name]) for node in nodes]
    body += _labels(
        [(way, _often(f.times, f.target in inflow), f.target in inflow) for f, way in zip(shown, ways, strict=True)],
        [(*places[node.name], *boxes[node.name]) for node in nodes],
    )
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height + head}" width="{width}" '
            f'height="{height + head}" role="group" aria-labelledby="{name}-title {name}-about" font-family="{_FONT}">',
            f'<title id="{name}-title">{escape(title)}</title>',
            f'<desc id="{name}-about">{escape(description)}</desc>',
            "<defs>",
            *(_marker(f"{name}-{kind}", colour) for kind, colour in (("calm", _CALM), ("end", _END))),
            "</defs>",
            f'<rect width="{width}" height="{height + head}" fill="white"/>',
            *_lines(wrap(title, 86), 24, 34, 20, 16, _INK, "bold"),
            *_lines(wrap(subtitle, 120), 24, 38 + 20 * len(wrap(title, 86)), 16, 11.5, "#555555"),
            *body,
            "</svg>",
            "",
        )
    )


def _places(regimes: Sequence[Node], ends: Sequence[Node], width: int, height: int, head: int) -> dict[str, Point]:
    right = 0.86 if ends else 1.5
    centre = (width * (0.37 if ends else 0.5), head + height / 2)
    radius = (width * (0.27 if ends else 0.36), height / 2 - 60)
    places = {}
    for k, node in enumerate(regimes):
        angle = 2 * math.pi * (k + 0.5) / len(regimes) - math.pi / 2 - math.pi / len(regimes)
        places[node.name] = (centre[0] + radius[0] * math.cos(angle), centre[1] + radius[1] * math.sin(angle))
    for k, node in enumerate(ends):
        places[node.name] = (width * right, head + height * (k + 0.5) / len(ends))
    return places


def _box(node: Node) -> Point:
    rows = wrap(node.name, 20)
    lines = [*rows, _told(node), node.note]
    return max(92.0, 8.3 * max(map(len, lines)) + 18), 18.0 * len(rows) + 28 + (16 if node.note else 0)


def _told(node: Node) -> str:
    share = f"{node.share:.0%}" if node.share >= 0.095 else f"{node.share:.1%}" if node.share >= 5e-4 else "<0.1%"
    return f"{share} chance" if node.end else f"{share} of the time"


def _node(node: Node, x: float, y: float, box: Point) -> str:
    colour = _END if node.end else _CALM
    fill = "#fdf1ea" if node.end else "#eef4f8"
    weight = 1.2 + 3.0 * math.sqrt(node.share)
    rows = wrap(node.name, 20)
    left, top = x - box[0] / 2, y - box[1] / 2
    numbers = f"{_told(node)}, {node.note}" if node.note else _told(node)
    label = escape(f"{node.name}: {numbers}", {'"': "&quot;"})
    return "\n".join(
        (
            f'<g tabindex="0" role="img" aria-label="{label}">',
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{box[0]:.1f}" height="{box[1]:.1f}" rx="9" '
            f'fill="{fill}" stroke="{colour}" stroke-width="{weight:.2f}"/>',
            *_lines(rows, x, top + 20, 18, 13, _INK, "bold", "middle"),
            *_lines([_told(node)], x, top + 20 + 18 * len(rows), 18, 11.5, "#444444", "normal", "middle"),
            *_lines(
                [node.note] if node.note else [], x, top + 36 + 18 * len(rows), 18, 11.5, "#444444", "normal", "middle"
            ),
            "</g>",
        )
    )


def _ways(
    flows: Sequence[Flow], places: Mapping[str, Point], boxes: Mapping[str, Point], frame: tuple[float, ...]
) -> list[Way]:
    """A way for every flow, bent so that it keeps clear of other boxes, of other ways and of the frame."""
    ways: list[Way] = []
    for flow in flows:
        others = [(*place, *boxes[name]) for name, place in places.items() if name not in (flow.origin, flow.target)]

        def trouble(way: Way, bend: float, others: list[Rectangle] = others) -> float:
            points = _points(way)
            hidden = sum(_near(x, y, box, 8.0) for x, y in points for box in others)
            beside = sum(
                math.dist(p, q) < _BAND / 2 for other in ways for p, q in zip(points, _points(other), strict=True)
            )
            left, top, right, bottom = frame
            outside = sum(not (left < x < right and top < y < bottom) for x, y in points)
            return 20.0 * hidden + 20.0 * outside + beside + abs(bend - 1.0)

        bent = [(bend, _way(flow, places, boxes, bend)) for bend in _BENDS]
        ways.append(min(bent, key=lambda pair: trouble(pair[1], pair[0]))[1])
    return ways


def _way(flow: Flow, places: Mapping[str, Point], boxes: Mapping[str, Point], bend: float) -> Way:
    """A quadratic curve from the edge of one box to the edge of another."""
    (x0, y0), (x1, y1) = places[flow.origin], places[flow.target]
    length = math.hypot(x1 - x0, y1 - y0) or 1.0
    bow = bend * (0.13 * length + _BAND / 2)
    # The control point lies to the left of the way, so that the two directions between a pair never coincide.
    control = ((x0 + x1) / 2 + bow * (y1 - y0) / length, (y0 + y1) / 2 - bow * (x1 - x0) / length)
    return _edge((x0, y0), control, boxes[flow.origin], 2), control, _edge((x1, y1), control, boxes[flow.target], 7)


def _arrow(flow: Flow, way: Way, busiest: float, into_end: bool, name: str) -> str:
    colour, marker = (_END, "end") if into_end else (_CALM, "calm")
    thick = 0.9 + 6.0 * math.sqrt(flow.times / busiest)
    (x0, y0), (x1, y1), (x2, y2) = way
    return (
        f'<path d="M{x0:.1f},{y0:.1f} Q{x1:.1f},{y1:.1f} {x2:.1f},{y2:.1f}" '
        f'fill="none" stroke="{colour}" stroke-opacity="0.55" stroke-width="{thick:.2f}" '
        f'marker-end="url(#{name}-{marker})"><title>{escape(flow.origin)} to {escape(flow.target)}: '
        f"{_often(flow.times, into_end)}</title></path>"
    )


def _labels(told: Sequence[tuple[Way, str, bool]], taken: list[Rectangle]) -> list[str]:
    """A label on every way in its colour, where it covers no node, no other label and, as far as possible, no way."""
    texts = []
    for way, text, into_end in told:
        width = 6.6 * len(text) + 4
        others = [point for other, *_ in told if other is not way for point in _points(other)]

        def covered(spot: Rectangle, others: list[Point] = others, taken: list[Rectangle] = taken) -> float:
            return 50 * sum(_overlap(spot, t) for t in taken) + sum(_near(x, y, spot, 0.0) for x, y in others)

        spots = [(*_along(way, t), width, 15.0) for t in (0.35, 0.45, 0.28, 0.55, 0.65, 0.2, 0.75, 0.82)]
        x, y, *_ = spot = min(spots, key=covered)
        taken = [*taken, spot]
        texts.append(
            f'<text x="{x:.1f}" y="{y + 4:.1f}" font-size="10.5" font-weight="bold" text-anchor="middle" '
            f'fill="{_END if into_end else _CALM}" stroke="white" '
            f'stroke-width="3.5" paint-order="stroke">{text}</text>'
        )
    return texts


def _along(way: Way, t: float) -> Point:
    x, y = ((1 - t) ** 2 * a + 2 * t * (1 - t) * b + t**2 * c for a, b, c in zip(*way, strict=True))
    return x, y


def _points(way: Way) -> list[Point]:
    return [_along(way, k / _STEPS) for k in range(_STEPS + 1)]


def _near(x: float, y: float, box: Rectangle, margin: float) -> bool:
    return abs(x - box[0]) < box[2] / 2 + margin and abs(y - box[1]) < box[3] / 2 + margin


def _overlap(a: Rectangle, b: Rectangle) -> bool:
    return abs(a[0] - b[0]) < (a[2] + b[2]) / 2 and abs(a[1] - b[1]) < (a[3] + b[3]) / 2


def _edge(centre: Point, towards: Point, box: Point, margin: float) -> Point:
    """Where the line from a box's centre leaves the box, and ``margin`` further."""
    dx, dy = towards[0] - centre[0], towards[1] - centre[1]
    length = math.hypot(dx, dy) or 1.0
    reach = min(
        (box[0] / 2) / abs(dx) * length if dx else math.inf, (box[1] / 2) / abs(dy) * length if dy else math.inf
    )
    reach = (reach if math.isfinite(reach) else 0.0) + margin
    return centre[0] + dx / length * reach, centre[1] + dy / length * reach


def _often(times: float, into_end: bool) -> str:
    if into_end:
        return one_in(times).removeprefix("about ")
    return f"{times:.0f}×" if times >= 9.5 else f"{times:.1f}×" if times >= 0.95 else f"{times:.2g}×"


def _marker(name: str, colour: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 10 10" refX="7" refY="5" markerWidth="9" markerHeight="9" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0 L10,5 L0,10 z" fill="{colour}"/></marker>'
    )


def _lines(
    rows: Sequence[str],
    x: float,
    y: float,
    step: float,
    size: float,
    colour: str,
    weight: str = "normal",
    anchor: str = "start",
) -> list[str]:
    return [
        f'<text x="{x:.1f}" y="{y + k * step:.1f}" font-size="{size}" font-weight="{weight}" fill="{colour}" '
        f'text-anchor="{anchor}">{escape(row)}</text>'
        for k, row in enumerate(rows)
    ]
