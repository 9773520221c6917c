"""What is not known, as pictures: shares and indices with their intervals, the box in which a claim fails, cruxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

import altair as alt
import numpy as np

from equipoise.pictures.charts import Chart, dressed

_BAR, _MARK, _OTHER, _INK, _PALE = "#0072B2", "#D55E00", "#9BB7CC", "#222222", "#767676"
_FONT = "DejaVu Sans, Verdana, sans-serif"
_LETTERS = 38
"""Characters in a row of a label."""
_ROW = 28
_LINE = 14
"""Height of a line of a label."""
_MOST_POINTS = 600
"""Points of a scatter beyond which a regular choice of them is drawn."""


@dataclass(frozen=True)
class Estimate:
    """A number with its interval."""

    label: str
    value: float
    low: float
    high: float
    """nan if there is no interval."""
    text: str
    """Beside it."""
    strong: bool = True
    """Whether it is more than chance."""


@dataclass(frozen=True)
class Side:
    """A parameter on which a box is bounded: what it holds of the parameter's whole range."""

    label: str
    low: float
    high: float
    """Bounds of the box."""
    least: float
    greatest: float
    """Of all draws."""
    text: str


def estimates(
    rows: Sequence[Estimate],
    *,
    title: str,
    subtitle: str,
    description: str,
    axis: str,
    floor: float | None = None,
    share: bool = False,
    width: int = 420,
) -> Chart:
    """Numbers with their intervals, one below the other; a dashed line where chance ends.

    Shares are points on a scale from 0 to 1; other numbers are bars, pale where they are no more than chance.
    """
    most = max([row.high if np.isfinite(row.high) else row.value for row in rows] + [floor or 0.0], default=1.0)
    domain = [0.0, 1.0] if share else [min(0.0, *(row.low for row in rows if np.isfinite(row.low)), 0.0), 1.12 * most]
    values = [
        {
            "label": "\n".join(wrap(row.label, _LETTERS)),
            "value": row.value,
            "low": row.low if np.isfinite(row.low) else row.value,
            "high": row.high if np.isfinite(row.high) else row.value,
            "text": row.text,
            "strong": row.strong,
        }
        for row in rows
    ]
    room = 14 + 6.4 * max((len(part) for row in rows for part in wrap(row.label, _LETTERS)), default=0)
    x = alt.X(
        "value:Q",
        title=axis,
        scale=alt.Scale(domain=domain, nice=False),
        axis=alt.Axis(tickCount=5, format=".0%") if share else alt.Axis(tickCount=5),
    )
    labels = alt.Axis(labelExpr="split(datum.label, '\\n')", labelLimit=420, minExtent=room, ticks=False, domain=False)
    y = alt.Y("label:N", sort=None, title=None, axis=labels)
    base = alt.Chart(alt.Data(values=values)).encode(y=y)
    tooltip = [alt.Tooltip("label:N", title="what"), alt.Tooltip("text:N", title="how much")]
    colour = alt.condition("datum.strong", alt.value(_BAR), alt.value(_OTHER))
    mark = base.mark_point(filled=True, size=75, opacity=1) if share else base.mark_bar(height={"band": 0.55})
    layers = [
        mark.encode(x=x, color=colour, tooltip=tooltip),
        base.mark_rule(strokeWidth=1.6, color=_INK).encode(x=alt.X("low:Q"), x2="high:Q"),
        base.mark_text(align="left", dx=8, font=_FONT, fontSize=11, color=_INK).encode(
            x=alt.X("high:Q"), text="text:N"
        ),
    ]
    if floor is not None and np.isfinite(floor):
        line = alt.Chart(alt.Data(values=[{"floor": floor}])).mark_rule(color=_MARK, strokeDash=[5, 3], strokeWidth=1.4)
        layers.append(line.encode(x=alt.X("floor:Q")))
    lines = max((len(wrap(row.label, _LETTERS)) for row in rows), default=1)
    chart = alt.layer(*layers).properties(width=width, height=max(1, len(rows)) * max(_ROW, 8 + _LINE * lines))
    return dressed(alt.vconcat(chart), title, subtitle, description, room + width + 120)


def box(
    sides: Sequence[Side],
    points: Sequence[tuple[float, float, bool]],
    *,
    title: str,
    subtitle: str,
    description: str,
    axes: tuple[str, str] = ("", ""),
    kinds: tuple[str, str] = ("fails", "holds"),
    logs: tuple[bool, bool] = (False, False),
    width: int = 420,
) -> Chart:
    """The bounds of a box within the range of every parameter it restricts, and the draws over the two main ones.

    ``points`` are (x, y, of interest); the first two of ``sides`` are x and y. Kinds differ by shape and by colour.
    """
    rows = [
        {
            "label": "\n".join(wrap(side.label, _LETTERS)),
            "zero": 0.0,
            "one": 1.0,
            "low": _place(side.low, side),
            "high": _place(side.high, side),
            "text": side.text,
        }
        for side in sides
    ]
    room = 14 + 6.4 * max((len(part) for side in sides for part in wrap(side.label, _LETTERS)), default=0)
    labels = alt.Axis(labelExpr="split(datum.label, '\\n')", labelLimit=420, minExtent=room, ticks=False, domain=False)
    y = alt.Y("label:N", sort=None, title=None, axis=labels)
    base = alt.Chart(alt.Data(values=rows)).encode(y=y)
    scale = alt.Scale(domain=[0, 1], nice=False)
    ends = alt.Axis(values=[0, 1], labelExpr="datum.value == 0 ? 'least drawn' : 'greatest drawn'", grid=False)
    bounds = alt.layer(
        base.mark_bar(height=9, color="#dfe5ea").encode(
            x=alt.X("zero:Q", scale=scale, title=None, axis=ends), x2="one:Q"
        ),
        base.mark_bar(height=15, color=_MARK).encode(
            x=alt.X("low:Q", scale=scale), x2="high:Q", tooltip=[alt.Tooltip("text:N", title="inside")]
        ),
        base.mark_text(align="left", dx=6, font=_FONT, fontSize=11, color=_INK).encode(
            x=alt.X("one:Q", scale=scale), text="text:N"
        ),
    ).properties(width=width, height=max(1, len(sides)) * (_ROW + 8))
    parts: list[alt.LayerChart | alt.FacetChart] = [bounds]
    if len(sides) > 1 and points:
        parts.append(_scatter(sides[0], sides[1], points, axes, kinds, logs, width))
    return dressed(alt.vconcat(*parts, spacing=20), title, subtitle, description, room + width + 120)


def _scatter(
    across: Side,
    up: Side,
    points: Sequence[tuple[float, float, bool]],
    axes: tuple[str, str],
    kinds: tuple[str, str],
    logs: tuple[bool, bool],
    width: int,
) -> alt.LayerChart | alt.FacetChart:
    chosen = points[:: max(1, -(-len(points) // _MOST_POINTS))]
    # Those of interest last, so that they lie on top.
    values = [
        {"x": x, "y": y, "kind": kinds[0] if hit else kinds[1]} for x, y, hit in sorted(chosen, key=lambda p: p[2])
    ]
    scales = [
        alt.Scale(type="log" if log else "linear", domain=[side.least, side.greatest], nice=False)
        for side, log in zip((across, up), logs, strict=True)
    ]
    x = alt.X("x:Q", title=wrap(axes[0], 60), scale=scales[0], axis=alt.Axis(tickCount=6))
    y = alt.Y("y:Q", title=wrap(axes[1], 44), scale=scales[1], axis=alt.Axis(tickCount=6))
    legend = alt.Legend(title=None, orient="bottom", labelFont=_FONT, labelFontSize=11, symbolOpacity=1)
    dots = (
        alt.Chart(alt.Data(values=values))
        .mark_point(size=26, opacity=0.75, strokeWidth=1.3)
        .encode(
            x=x,
            y=y,
            color=alt.Color("kind:N", scale=alt.Scale(domain=list(kinds), range=[_MARK, _BAR]), legend=legend),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=list(kinds), range=["cross", "circle"]), legend=legend),
        )
    )
    corner = [{"x": across.low, "x2": across.high, "y": up.low, "y2": up.high}]
    frame = (
        alt.Chart(alt.Data(values=corner))
        .mark_rect(fillOpacity=0.06, fill=_MARK, stroke=_INK, strokeWidth=1.8)
        .encode(x=alt.X("x:Q"), x2="x2:Q", y=alt.Y("y:Q"), y2="y2:Q")
    )
    return alt.layer(frame, dots).properties(width=width, height=round(0.75 * width))


def _place(value: float, side: Side) -> float:
    """Where a value lies between the least and the greatest."""
    width = side.greatest - side.least
    return float(np.clip((value - side.least) / width, 0.0, 1.0)) if width > 0 else 0.0
