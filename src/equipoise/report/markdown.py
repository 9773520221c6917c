"""The report as Markdown."""

from __future__ import annotations

import re

from jinja2 import Environment, PackageLoader, StrictUndefined

from equipoise.report.content import content
from equipoise.report.gather import Evidence


def to_markdown(evidence: Evidence) -> str:
    """The same content as the HTML page without its charts; text from the scenario cannot become markup."""
    environment = Environment(
        loader=PackageLoader("equipoise.report"), autoescape=False, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, finalize=_plain,
    )  # fmt: skip
    text = environment.get_template("report.md.j2").render(report=content(evidence))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _plain(value: object) -> object:
    """Text with whatever Markdown or HTML would take for markup escaped, on one line."""
    if not isinstance(value, str):
        return value
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", " ".join(value.split()))
