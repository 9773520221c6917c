"""Bars to the left and right of a line: what changes, by how much, in which direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

import altair as alt

_LESS, _MORE, _INK = "#0072B2", "#D55E00", "#222222"
_FONT = "DejaVu Sans, Verdana, sans-serif"


@dataclass(frozen=True)
class Bar:
    """One change."""

    label: str
    value: float
    text: str
    """The value in words, at the end of the bar."""
    group: str = ""
    """Bars of one group stand in a panel of their own."""


def bars(
    changes: Sequence[Bar], *, title: str, subtitle: str, description: str, axis: str, width: int = 380
) -> alt.VConcatChart:
    """Horizontal bars in the order given, less in blue to the left, more in orange to the right of zero."""
    groups = list(dict.fromkeys(bar.group for bar in changes))
    # Beyond the longest bar there is room for what is written at its end.
    written = 12 + 6.6 * max((len(bar.text) for bar in changes), default=0)
    reach = max((abs(bar.value) for bar in changes), default=1.0) / max(1 - 2 * written / width, 0.4) or 1.0
    # Labels of all panels take the same room, so that their zeros stand below one another.
    room = 12 + 6.4 * max((len(row) for bar in changes for row in wrap(bar.label, 34)), default=0)
    panels = [
        _panel(
            [bar for bar in changes if bar.group == group],
            group,
            reach,
            room,
            axis if group == groups[-1] else "",
            width,
        )
        for group in groups
    ]
    chart: alt.VConcatChart = (
        alt.vconcat(*panels, spacing=8)
        .properties(
            title=alt.TitleParams(
                text=wrap(title, 62),
                subtitle=wrap(subtitle, 92),
                anchor="start",
                fontSize=16,
                subtitleFontSize=11.5,
                color=_INK,
                subtitleColor="#555555",
                offset=12,
                font=_FONT,
                subtitleFont=_FONT,
            ),
            description=description,
            padding=14,
            background="white",
        )
        .configure_view(stroke=None)
        .configure_axis(labelFont=_FONT, titleFont=_FONT, labelColor=_INK, titleColor="#555555", gridColor="#e8e8e8")
    )
    return chart


def _panel(
    changes: Sequence[Bar], group: str, reach: float, room: float, axis: str, width: int
) -> alt.LayerChart | alt.FacetChart:
    values = [
        {"label": "\n".join(wrap(bar.label, 34)), "value": bar.value, "text": bar.text, "more": bar.value > 0}
        for bar in changes
    ]
    x = alt.X(
        "value:Q",
        title=axis or None,
        scale=alt.Scale(domain=[-reach, reach], nice=False),
        axis=alt.Axis(tickCount=5, labels=bool(axis), ticks=bool(axis)),
    )
    y = alt.Y(
        "label:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelExpr="split(datum.label, '\\n')", labelLimit=400, minExtent=room, ticks=False, domain=False),
    )
    base = alt.Chart(alt.Data(values=values)).encode(x=x, y=y)
    marks = base.mark_bar(height={"band": 0.62}).encode(
        color=alt.condition("datum.more", alt.value(_MORE), alt.value(_LESS)),
        tooltip=[alt.Tooltip("label:N", title="what"), alt.Tooltip("text:N", title="change")],
    )
    right = base.transform_filter("datum.value >= 0").mark_text(align="left", dx=5, font=_FONT, fontSize=11, color=_INK)
    left = base.transform_filter("datum.value < 0").mark_text(align="right", dx=-5, font=_FONT, fontSize=11, color=_INK)
    zero = alt.Chart(alt.Data(values=[{"value": 0}])).mark_rule(color="#767676").encode(x="value:Q")
    layers = alt.layer(marks, zero, right.encode(text="text:N"), left.encode(text="text:N"))
    heading = alt.TitleParams(text=group, anchor="start", fontSize=12, color=_INK, fontWeight="bold", font=_FONT)
    return layers.properties(width=width, height=alt.Step(26), **({"title": heading} if group else {}))
