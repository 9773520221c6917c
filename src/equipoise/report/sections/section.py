"""What a section of a report is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from equipoise.report.gather import Evidence

Content = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """A part of the report under a heading of its own."""

    name: str
    """Key of its content, anchor in the page, and stem of its templates."""
    title: str
    tell: Callable[[Evidence], Content | None]
    """What it says, as plain data; None if there is nothing to say, and then it is left out."""
