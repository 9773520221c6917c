"""Charts as Vega-Lite specifications: curves over time, stacked bars, and what each would do as a heat map.

They take numbers and names, no results: whoever has curves can draw them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from textwrap import wrap
from typing import Any

import altair as alt
import numpy as np
import vl_convert
from numpy.typing import ArrayLike

Curves = Mapping[str, ArrayLike]
Chart = alt.VConcatChart

# Okabe and Ito (2008) without the yellow that white paper swallows; dashes tell the curves apart without colour.
_COLOURS = ("#222222", "#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D31", "#767676")
_DASHES = ([1, 0], [1, 0], [6, 2], [2, 2], [8, 2, 2, 2], [4, 4], [10, 3], [1, 3], [12, 3, 3, 3])
_WIDTH, _HEIGHT = 230, 210
_LABEL = 30
"""Characters in a row of a curve's label."""
_HEADING = 12
"""Characters in a row of a situation's name over its column."""
_ROW = 13
"""Height of such a row."""
_INK, _PALE = "#222222", "#767676"
FONT = "DejaVu Sans, Verdana, sans-serif"


@dataclass(frozen=True)
class Cell:
    """What one actor would do in one situation."""

    situation: str
    actor: str
    option: str
    chance: float


def still(specification: dict[str, Any]) -> str:
    """A chart as SVG, without the layers that are only there to be pointed at."""
    return str(vl_convert.vegalite_to_svg(_without_unseen(specification)))


def _without_unseen(part: Any) -> Any:
    if isinstance(part, list):
        return [_without_unseen(each) for each in part if not _unseen(each)]
    return {key: _without_unseen(value) for key, value in part.items()} if isinstance(part, dict) else part


def _unseen(part: Any) -> bool:
    mark = part.get("mark") if isinstance(part, dict) else None
    return isinstance(mark, dict) and mark.get("opacity") == 0


def curves(
    times: ArrayLike,
    panels: Mapping[str, Curves],
    *,
    title: str,
    subtitle: str,
    description: str,
    axis: str,
    labels: Mapping[str, Mapping[str, str]] | None = None,
    whole: bool = False,
    columns: int = 3,
) -> Chart:
    """Probabilities over years, one panel for each situation, every curve labelled where it ends.

    ``labels[panel][curve]`` is what stands at the end of a curve; its name, if left out. ``whole`` makes the axis
    run to 1, which suits shares; otherwise it ends at the highest curve, the same for all panels.
    """
    years = np.asarray(times, float)
    names = list(dict.fromkeys(name for panel in panels.values() for name in panel))
    top = 1.0 if whole else _round_up(max((float(np.max(c)) for p in panels.values() for c in p.values()), default=1.0))
    scale = alt.Scale(domain=names, range=[_COLOURS[k % len(_COLOURS)] for k in range(len(names))])
    dash = alt.Scale(domain=names, range=[_DASHES[k % len(_DASHES)] for k in range(len(names))])
    drawn = [
        _panel(years, panel, chart, scale, dash, top, axis if k % columns == 0 else "", (labels or {}).get(panel, {}))
        for k, (panel, chart) in enumerate(panels.items())
    ]
    told = [row for panel in (labels or {}).values() for label in panel.values() for row in _rows(label)] or names
    room = round(62 + 6.6 * max((len(row) for row in told), default=0))
    # Flush bounds keep the panels of all rows in line however long their labels are.
    rows = [alt.hconcat(*drawn[k : k + columns], spacing=room, bounds="flush") for k in range(0, len(drawn), columns)]
    breadth = min(columns, len(panels)) * (_WIDTH + room)
    return dressed(alt.vconcat(*rows, spacing=22), title, subtitle, description, breadth)


def conduct_map(
    cells: Sequence[Cell], situations: Sequence[str], *, title: str, subtitle: str, description: str
) -> Chart:
    """How likely each actor is to take each of its options at its next decision, situation by situation.

    An option that is not open in a situation leaves its cell empty.
    """
    wrapped = {name: wrap(f"{name[:1].upper()}{name[1:]}", _HEADING) for name in situations}
    most = max(map(len, wrapped.values()), default=1)
    # Vega lets rows of a heading grow downwards, so the short ones begin with empty rows.
    headed = {name: "\n".join([*["\u00a0"] * (most - len(rows)), *rows]) for name, rows in wrapped.items()}
    cells = [replace(cell, situation=headed[cell.situation]) for cell in cells]
    situations = [*headed.values()]
    actors = list(dict.fromkeys(cell.actor for cell in cells))
    room = 12 + 6.6 * max((len(cell.option) for cell in cells), default=0)
    blocks = [
        _block([cell for cell in cells if cell.actor == actor], actor, situations, room, first=actor == actors[0])
        for actor in actors
    ]
    return dressed(alt.vconcat(*blocks, spacing=6), title, subtitle, description, 160 + room + 96 * len(situations))


def stacked(
    panels: Mapping[str, Mapping[str, Mapping[str, float]]],
    *,
    title: str,
    subtitle: str,
    description: str,
    columns: int = 3,
) -> Chart:
    """Probabilities ``panels[panel][row][part]`` as bars, one row below the other, whose parts add up to a whole."""
    parts = list(dict.fromkeys(part for rows in panels.values() for row in rows.values() for part in row))
    top = _round_up(max((sum(row.values()) for rows in panels.values() for row in rows.values()), default=1.0) * 1.12)
    scale = alt.Scale(domain=parts, range=[_COLOURS[1 + k % (len(_COLOURS) - 1)] for k in range(len(parts))])
    drawn = [_bars(panel, rows, scale, top, first=k % columns == 0) for k, (panel, rows) in enumerate(panels.items())]
    grid = [alt.hconcat(*drawn[k : k + columns], spacing=18) for k in range(0, len(drawn), columns)]
    return dressed(alt.vconcat(*grid, spacing=18), title, subtitle, description, 200 + min(columns, len(panels)) * 260)


def _bars(
    panel: str, rows: Mapping[str, Mapping[str, float]], scale: alt.Scale, top: float, first: bool
) -> alt.LayerChart | alt.FacetChart:
    order = list(rows)
    values = [
        {"row": row, "part": part, "chance": float(chance), "rank": k}
        for row, chances in rows.items()
        for k, (part, chance) in enumerate(chances.items())
    ]
    sums = [{"row": row, "whole": sum(chances.values())} for row, chances in rows.items()]
    axis = alt.Axis(labels=first, ticks=False, domain=False, labelLimit=260)
    y = alt.Y("row:N", sort=order, title=None, axis=axis)
    x = alt.X(
        "chance:Q",
        title=None,
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(format=".0%" if top > 0.04 else ".1%", tickCount=4),
    )
    legend = alt.Legend(title=None, orient="bottom", columns=2, labelLimit=420, labelFont=FONT, labelFontSize=11)
    bars = (
        alt.Chart(alt.Data(values=values))
        .mark_bar(stroke="white", strokeWidth=0.6)
        .encode(x=x, y=y, color=alt.Color("part:N", scale=scale, sort=scale.domain, legend=legend), order="rank:Q")
    )
    told = (
        alt.Chart(alt.Data(values=sums))
        .mark_text(align="left", dx=4, fontSize=11, font=FONT, color=_INK)
        .encode(x="whole:Q", y=y, text=alt.Text("whole:Q", format=".1%"))
    )
    heading = alt.TitleParams(
        text=f"{panel[:1].upper()}{panel[1:]}", anchor="start", fontSize=12, color=_INK, fontWeight="bold", font=FONT
    )
    return alt.layer(bars, told).properties(width=_WIDTH, height=22 * len(order), title=heading)


def _panel(
    years: np.ndarray,
    panel: str,
    chart: Curves,
    scale: alt.Scale,
    dash: alt.Scale,
    top: float,
    axis: str,
    labels: Mapping[str, str],
) -> alt.LayerChart | alt.FacetChart:
    ends = {name: float(np.asarray(curve, float)[-1]) for name, curve in chart.items()}
    told = {name: _rows(labels.get(name, name)) for name in ends}
    row = top * _ROW / _HEIGHT
    places = _apart(ends, {name: row * (len(rows) + 0.2) for name, rows in told.items()}, top=top)
    points = [
        {"year": float(t), "chance": float(p), "curve": name}
        for name, curve in chart.items()
        for t, p in zip(years, np.asarray(curve, float), strict=True)
    ]
    marks = [
        {
            "curve": name,
            "year": float(years[-1]),
            "place": places[name] + row * (len(told[name]) - 1) / 2,
            "label": told[name],
        }
        for name in ends
    ]
    x = alt.X(
        "year:Q",
        title="years from the start",
        scale=alt.Scale(domain=[0, float(years[-1])], nice=False),
        axis=alt.Axis(tickCount=5, format="d"),
    )
    y = alt.Y(
        "chance:Q",
        title=axis or None,
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(format=".0%" if top > 0.04 else ".1%", tickCount=5),
    )
    colour = alt.Color("curve:N", scale=scale, legend=None)
    lines = (
        alt.Chart(alt.Data(values=points))
        .mark_line(strokeWidth=2.2, clip=True)
        .encode(x=x, y=y, color=colour, strokeDash=alt.StrokeDash("curve:N", scale=dash, legend=None))
    )
    # A line has one tooltip only; unseen points on it tell every year.
    told_at = (
        alt.Chart(alt.Data(values=points))
        .mark_point(opacity=0, size=90, filled=True)
        .encode(
            x=x,
            y=y,
            tooltip=[
                alt.Tooltip("curve:N", title="what"),
                alt.Tooltip("year:Q", title="after years", format=".2~f"),
                alt.Tooltip("chance:Q", title="chance", format=".2~%"),
            ],
        )
    )
    text = (
        alt.Chart(alt.Data(values=marks))
        .mark_text(align="left", dx=6, fontSize=11, lineHeight=_ROW, baseline="middle", font=FONT)
        .encode(x="year:Q", y=alt.Y("place:Q"), text="label:N", color=colour)
    )
    heading = alt.TitleParams(
        text=wrap(f"{panel[:1].upper()}{panel[1:]}", 44),
        anchor="start",
        fontSize=12,
        color=_INK,
        fontWeight="bold",
        font=FONT,
    )
    return alt.layer(lines, told_at, text).properties(width=_WIDTH, height=_HEIGHT, title=heading)


def _block(
    cells: Sequence[Cell], actor: str, situations: Sequence[str], room: float, first: bool
) -> alt.LayerChart | alt.FacetChart:
    values = [
        {
            "situation": cell.situation,
            "option": cell.option,
            "chance": cell.chance,
            "label": _share(cell.chance),
        }
        for cell in cells
    ]
    options = list(dict.fromkeys(cell.option for cell in cells))
    x = alt.X(
        "situation:N",
        sort=list(situations),
        scale=alt.Scale(domain=list(situations)),
        title=None,
        axis=alt.Axis(
            orient="top",
            labels=first,
            ticks=False,
            domain=False,
            labelAngle=0,
            labelLimit=160,
            labelBaseline="bottom",
            labelPadding=2 + _ROW * max(name.count("\n") for name in situations),
            labelFontWeight="bold",
            labelExpr="split(datum.label, '\\n')",
        ),
    )
    y = alt.Y(
        "option:N",
        sort=options,
        title=wrap(actor, 22),
        axis=alt.Axis(
            labelLimit=300,
            ticks=False,
            domain=False,
            minExtent=room,
            titleAngle=0,
            titleAlign="left",
            titleAnchor="start",
            titleX=-room - 160,
            titleY=10.5,
            titleBaseline="middle",
            titleFontWeight="bold",
            titleColor=_INK,
        ),
    )
    base = alt.Chart(alt.Data(values=values)).encode(x=x, y=y)
    boxes = base.mark_rect(stroke="white", strokeWidth=2).encode(
        tooltip=[
            alt.Tooltip("situation:N", title="from"),
            alt.Tooltip("option:N", title="option"),
            alt.Tooltip("chance:Q", title="chance", format=".2~%"),
        ],
        color=alt.Color(
            "chance:Q", scale=alt.Scale(domain=[0, 1], range=["#f1f4f7", "#0b4f7d"], interpolate="lab"), legend=None
        ),
    )
    numbers = base.mark_text(fontSize=11, font=FONT).encode(
        text="label:N", color=alt.condition("datum.chance > 0.5", alt.value("white"), alt.value(_INK))
    )
    return alt.layer(boxes, numbers).properties(width=96 * len(situations), height=21 * len(options))


def dressed(chart: alt.VConcatChart, title: str, subtitle: str, description: str, breadth: float) -> Chart:
    """A chart with its title, what is said below it, a description for screen readers, and our type and colours."""
    heading = alt.TitleParams(
        text=wrap(title, max(40, round(breadth / 9.6))),
        subtitle=wrap(subtitle, max(56, round(breadth / 6.8))),
        anchor="start",
        fontSize=16,
        subtitleFontSize=11.5,
        color=_INK,
        subtitleColor="#555555",
        offset=14,
        font=FONT,
        subtitleFont=FONT,
    )
    dressed: Chart = (
        chart.properties(title=heading, description=description, padding=14, background="white")
        .configure_view(stroke=None)
        .configure_axis(
            labelFont=FONT,
            titleFont=FONT,
            labelColor=_INK,
            titleColor="#555555",
            titleFontWeight="normal",
            gridColor="#e8e8e8",
            domainColor=_PALE,
            tickColor=_PALE,
            labelFontSize=11,
            titleFontSize=11,
        )
    )
    return dressed


def _apart(ends: Mapping[str, float], heights: Mapping[str, float], top: float) -> dict[str, float]:
    """Middles of labels that do not overlap, between 0 and ``top`` if there is room, in the order of the curves."""
    order = sorted(ends, key=lambda name: ends[name])
    places = [ends[name] for name in order]
    gaps = [(heights[low] + heights[high]) / 2 for low, high in pairwise(order)]
    for k, gap in enumerate(gaps):
        places[k + 1] = max(places[k + 1], places[k] + gap)
    ceiling = max(top, sum(gaps))
    for k in reversed(range(len(places))):
        places[k] = min(places[k], ceiling - sum(gaps[k:]))
    return dict(zip(order, places, strict=True))


def _rows(label: str) -> list[str]:
    return wrap(label, _LABEL)


def _round_up(value: float) -> float:
    """The next number of the form 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten, at most 1."""
    if value <= 0:
        return 0.01
    power = 10.0 ** np.floor(np.log10(value))
    step = next(step for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if value <= step * power * (1 - 1e-12) or step == 10)
    return float(min(1.0, step * power))


def _share(chance: float) -> str:
    return f"{chance:.0%}" if chance >= 0.01 else "<1%" if chance > 0 else "0"
