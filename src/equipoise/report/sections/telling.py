"""How numbers and names are said in every section."""

from __future__ import annotations

from typing import Any

from equipoise.scenario.claims import AS_WRITTEN
from equipoise.scenario.phrases import number, one_in, percent, span, words

_UNITS = {"util": "util", "times": "times", "count": "", "1/year": "a year"}


def case_name(name: str) -> str:
    """A case as a heading."""
    return "as written" if name == AS_WRITTEN else words(name)


def told_chance(chance: float) -> dict[str, str]:
    """A chance in per cent, and as odds."""
    return {"percent": percent(chance), "odds": one_in(chance)}


def signed(value: float, unit: str) -> str:
    """A difference with its sign; of chances and shares in percentage points."""
    if abs(value) < 1e-9:
        return "0"
    sign = "\N{MINUS SIGN}" if value < 0 else "+"
    if unit in ("chance", "share"):
        return f"{sign}{number(100 * abs(value))} points"
    return sign + (span(abs(value)) if unit == "years" else f"{number(abs(value))} {_UNITS[unit]}".rstrip())


def util(value: float) -> str:
    """A number of utils, without a unit."""
    return "0" if abs(value) < 5e-4 else f"{value:.3g}".replace("-", "\N{MINUS SIGN}")


def grouped(told: dict[str, Any]) -> list[dict[str, Any]]:
    """What is told from each of several starts, for a reader to choose from."""
    return [{"key": start, "name": words(start), "told": what} for start, what in told.items()]
