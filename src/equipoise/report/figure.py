"""One figure of a report, in a wide and in a narrow form."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import vl_convert

from equipoise.pictures.charts import Chart, still


@dataclass(frozen=True)
class Figure:
    """A chart, as a specification, or a map, as SVG."""

    name: str
    section: str
    """Section of the report that it belongs to."""
    alt: str
    """What it shows, for those who cannot see it."""
    wide: str = ""
    """Vega-Lite specification; empty for a map."""
    narrow: str = ""
    """The same for a narrow screen."""
    svg: str = ""
    """Of a map."""

    def still(self) -> str:
        """The figure as SVG, for paper and files."""
        return self.svg or still(json.loads(self.wide))

    def png(self) -> bytes:
        """The figure as PNG, two pixels for each unit."""
        return bytes(vl_convert.svg_to_png(self.still(), scale=2.0))


def charted(name: str, section: str, draw: Callable[[int], Chart | None]) -> Iterator[Figure]:
    """The figure of a chart that is drawn for a number of columns; nothing if there is nothing to draw."""
    wide, narrow = draw(2), draw(1)
    if wide is not None and narrow is not None:
        told = str(wide.to_dict(validate=False).get("description", ""))
        yield Figure(name, section, told, wide.to_json(validate=False), narrow.to_json(validate=False))
