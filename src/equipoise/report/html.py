"""The report as one HTML file that needs nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from equipoise.report.content import content
from equipoise.report.figure import Figure
from equipoise.report.figures import figures
from equipoise.report.gather import Evidence


def to_html(evidence: Evidence) -> str:
    """One self-contained page: style, charts and the libraries that draw them are all inside it.

    Whatever comes from the scenario is escaped; a content security policy in the page forbids every connection.
    """
    environment = Environment(
        loader=PackageLoader("equipoise.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    drawn = figures(evidence)
    by_section: dict[str, list[Figure]] = {}
    for figure in drawn:
        by_section.setdefault(figure.section, []).append(figure)
    specs = {figure.name: {"wide": json.loads(figure.wide), "narrow": json.loads(figure.narrow)}
             for figure in drawn if figure.wide}  # fmt: skip
    return environment.get_template("report.html.j2").render(
        report=content(evidence),
        figures=by_section,
        specs=specs,
        maps={figure.name: Markup(_inline(figure.svg)) for figure in drawn if figure.svg},
        library=Markup(_library()),
        style=Markup(_source(environment, "report.css")),
        script=Markup(_source(environment, "report.js")),
    )


def _library() -> str:
    """What draws the charts. The bundle names things at its top; in a function of its own they are in nobody's way."""
    # Its stub asks for an argument that it can do without.
    make: Callable[..., str] = vl_convert.javascript_bundle
    return "(function () {" + make().replace("</script", "<\\/script") + "})();"


def _inline(svg: str) -> str:
    """An SVG of our own writer, which escapes what it is given, so that it fits its place."""
    return svg[svg.index("<svg") :]


def _source(environment: Environment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]
