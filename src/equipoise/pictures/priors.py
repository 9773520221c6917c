"""Every range and prior as a bar: where half and nine tenths of the weight lie, and the number as written."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import vl_convert

from equipoise.draws.summary import Summary
from equipoise.pictures.charts import FONT, Chart, dressed, still
from equipoise.scenario.phrases import number, words

_WIDE, _CORE, _INK = "#9cc3de", "#0072B2", "#222222"
_WIDTH, _ROW = 420, 17
_UNITS = {
    "1/year": "rates, a year",
    "ratio": "ratios",
    "weight": "weights",
    "util": "worth felt once, utils",
    "util/year": "worth felt per year, utils a year",
}


def draw_priors(title: str, told: Sequence[Summary]) -> dict[str, bytes]:
    """The picture as SVG and PNG, by file name."""
    svg = still(priors_picture(title, told).to_dict(validate=False))
    return {"priors.svg": svg.encode(), "priors.png": vl_convert.svg_to_png(svg, scale=2.0)}


def priors_picture(title: str, told: Sequence[Summary]) -> Chart:
    """Median, half and nine tenths of the weight of every parameter, a panel for each unit, in ratios."""
    units = [unit for unit in _UNITS if any(one.unit == unit for one in told)]
    panels = [_panel([one for one in told if one.unit == unit], _UNITS[unit]) for unit in units]
    heading = f"What is not known: {len(told)} parameters" if len(told) > 1 else f"What is known of {told[0].parameter}"
    described = "; ".join(
        f"{words(one.parameter)} {number(one.median)}, nine in ten from {number(one.p5)} to {number(one.p95)}"
        for one in told
    )
    return dressed(
        alt.vconcat(*panels, spacing=18),
        heading,
        f"{title}. Pale: nine draws in ten. Dark: the middle half of all. Stroke: the median. Dot: the number as "
        "written. Axes in equal ratios.",
        f"{heading}. {described}.",
        _WIDTH + 240,
    )


def _panel(told: Sequence[Summary], heading: str) -> alt.LayerChart | alt.FacetChart:
    floor = min((low for one in told for low in (one.p5, one.p25, one.median) if low > 0), default=1e-3)
    rows = [
        {
            "name": one.parameter,
            **{key: max(getattr(one, key), floor) for key in ("p5", "p25", "median", "p75", "p95", "value")},
            "told": f"{number(one.median)} ({number(one.p5)} to {number(one.p95)})",
            "written": number(one.value),
            "form": one.form,
        }
        for one in sorted(told, key=lambda one: -one.median)
    ]
    ends = [row[key] for row in rows for key in ("p5", "p95", "value")]
    scale = alt.Scale(type="log", domain=[min(ends) / 1.15, max(ends) * 1.15], nice=False)
    order = [row["name"] for row in rows]
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=220, ticks=False, domain=False, minExtent=150))
    x = alt.X("p5:Q", title=None, scale=scale, axis=alt.Axis(format="~g", tickCount=6))
    tips = [
        alt.Tooltip("name:N", title="parameter"),
        alt.Tooltip("told:N", title="median, nine in ten"),
        alt.Tooltip("written:N", title="as written"),
        alt.Tooltip("form:N", title="form"),
    ]
    base = alt.Chart(alt.Data(values=rows)).encode(y=y, tooltip=tips)
    wide = base.mark_bar(height=5, color=_WIDE, cornerRadius=2).encode(x=x, x2="p95:Q")
    core = base.mark_bar(height=5, color=_CORE).encode(x="p25:Q", x2="p75:Q")
    median = base.mark_tick(thickness=2, size=12, color=_INK).encode(x="median:Q")
    value = base.mark_point(shape="circle", size=26, filled=True, color="#D55E00", stroke="white", strokeWidth=0.7)
    title = alt.TitleParams(text=heading, anchor="start", fontSize=12, color=_INK, fontWeight="bold", font=FONT)
    return alt.layer(wide, core, median, value.encode(x="value:Q")).properties(
        width=_WIDTH, height=_ROW * len(rows), title=title
    )
