"""A tornado: what each of several things does to a number, from one end of what is not known of it to the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten, wrap

import altair as alt
import vl_convert

from equipoise.pictures.charts import still

_LOW, _HIGH, _INK = "#0072B2", "#D55E00", "#222222"
_FONT = "DejaVu Sans, Verdana, sans-serif"
_ROW = 44
"""Characters in a row of a label, of which there are two at most."""


@dataclass(frozen=True)
class Gust:
    """One thing that moves the number."""

    label: str
    low: float
    """Change of the number at the low end."""
    high: float
    """Change at the high end."""
    low_text: str
    """What stands at the end of that bar, the value at the low end, say."""
    high_text: str


def tornado(
    gusts: Sequence[Gust],
    *,
    title: str,
    subtitle: str,
    description: str,
    axis: str,
    ends: tuple[str, str] = ("at its low end", "at its high end"),
    width: int = 500,
) -> alt.LayerChart:
    """Bars to both sides of the number as it stands, in the order given; colours, and the key, tell the ends apart."""
    reach = 1.3 * max((abs(change) for gust in gusts for change in (gust.low, gust.high)), default=1.0) or 1.0
    labels = [wrap(shorten(gust.label, 2 * _ROW - 12, placeholder=" …"), _ROW) for gust in gusts]
    step = 32 if any(len(rows) > 1 for rows in labels) else 24
    values = [
        {"label": "\n".join(rows), "change": change, "end": end, "text": text}
        for gust, rows in zip(gusts, labels, strict=True)
        for change, end, text in ((gust.low, ends[0], gust.low_text), (gust.high, ends[1], gust.high_text))
    ]
    x = alt.X(
        "change:Q",
        title=axis,
        stack=None,
        scale=alt.Scale(domain=[-reach, reach], nice=False),
        axis=alt.Axis(tickCount=6, labelExpr="datum.value ? format(datum.value, '+,.3~r') : '0'"),
    )
    y = alt.Y(
        "label:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelExpr="split(datum.label, '\\n')", labelLimit=420, ticks=False, domain=False),
    )
    colour = alt.Color(
        "end:N",
        scale=alt.Scale(domain=list(ends), range=[_LOW, _HIGH]),
        legend=alt.Legend(title=None, orient="top", labelFont=_FONT, labelFontSize=11, labelLimit=400),
    )
    base = alt.Chart(alt.Data(values=values)).encode(x=x, y=y)
    marks = base.mark_bar(height={"band": 0.62}, opacity=0.9).encode(
        color=colour,
        tooltip=[
            alt.Tooltip("label:N", title="what"),
            alt.Tooltip("end:N", title="where"),
            alt.Tooltip("text:N", title="value there"),
            alt.Tooltip("change:Q", title="change", format="+.3~g"),
        ],
    )
    # Where both ends move the number the same way, the shorter bar's text would lie under the longer bar.
    told = [
        value
        for low, high in zip(values[::2], values[1::2], strict=True)
        for value in ((low, high) if _change(low) * _change(high) < 0 else (max(low, high, key=_size),))
        if value["text"]
    ]
    texts = alt.Chart(alt.Data(values=told)).encode(x=x, y=y, text="text:N")
    ahead = texts.transform_filter("datum.change >= 0").mark_text(align="left", dx=5, font=_FONT, fontSize=11)
    back = texts.transform_filter("datum.change < 0").mark_text(align="right", dx=-5, font=_FONT, fontSize=11)
    zero = alt.Chart(alt.Data(values=[{"change": 0}])).mark_rule(color="#767676").encode(x="change:Q")
    heading = alt.TitleParams(
        text=wrap(title, 78),
        subtitle=wrap(subtitle, 110),
        anchor="start",
        fontSize=15,
        subtitleFontSize=11.5,
        color=_INK,
        subtitleColor="#555555",
        offset=10,
        font=_FONT,
        subtitleFont=_FONT,
    )
    chart: alt.LayerChart = (
        alt.layer(marks, zero, ahead, back)
        .properties(
            title=heading,
            description=description,
            padding=14,
            background="white",
            width=width,
            height=alt.Step(step),
        )
        .configure_view(stroke=None)
        .configure_axis(labelFont=_FONT, titleFont=_FONT, labelColor=_INK, titleColor="#555555", gridColor="#e8e8e8")
        .configure_title(anchor="start", frame="group")
    )
    return chart


def drawn(chart: alt.LayerChart, *, scale: float = 2.0) -> tuple[bytes, bytes]:
    """A chart as SVG and as PNG."""
    svg = still(chart.to_dict(validate=False))
    return svg.encode(), vl_convert.svg_to_png(svg, scale=scale)


def _change(value: dict[str, object]) -> float:
    return float(value["change"])  # type: ignore[arg-type]


def _size(value: dict[str, object]) -> float:
    return abs(_change(value))
