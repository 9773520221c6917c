"""Numbers and lists as an analyst would say them aloud."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Sequence


def number(value: float) -> str:
    """Three significant figures at most, without exponents in the usual range: ``0.15``, ``12``, ``1,200``."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else str(value)
    if abs(value) >= 1e6 or abs(value) < 1e-4:
        return f"{value:.3g}"
    decimals = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def listed(words: Sequence[str], last: str = "and") -> str:
    """``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


# Keys begin with a small letter by custom; a month before a year is a date all the same.
_DATED = re.compile(rf"\b(?:{'|'.join(calendar.month_name[1:])})(?= \d{{4}}\b)", re.IGNORECASE)


def words(key: str) -> str:
    """A key as words: ``back-down-plainly`` becomes ``back down plainly``, ``june-1994`` becomes ``June 1994``."""
    return _DATED.sub(lambda month: month[0].capitalize(), key.replace("-", " ").replace("_", " "))


def sentence(text: str) -> str:
    """With a capital at the start and one full stop at the end; the rest is left as it stands."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "!", "?")) else ".")


def how_often(rate: float) -> str:
    """A Poisson rate per year: ``about once in 7 years``, ``about 4 times a year``."""
    if rate <= 0:
        return "never"
    if rate < 0.95:
        years = _rounded(1 / rate)
        return f"about once in {years} years" if years != "1" else "about once a year"
    times = _rounded(rate)
    return {"1": "about once a year", "2": "about twice a year"}.get(times, f"about {times} times a year")


def one_in(chance: float) -> str:
    """A probability as odds: ``about 1 in 12``; ``never`` and ``certain`` only for 0 and 1."""
    if chance <= 0:
        return "never"
    if chance >= 1:
        return "certain"
    if chance < 1e-6:
        return "less than 1 in a million"
    if chance > 0.5:
        return "all but certain" if chance > 0.995 else f"about {_of_ten(chance)}"
    return f"about 1 in {_rounded(1 / chance)}"


def percent(chance: float) -> str:
    """A probability in per cent with two significant figures: ``8.4%``, ``0.031%``."""
    if chance <= 0:
        return "0%"
    if chance < 1e-6:
        return "<0.0001%"
    decimals = min(6, max(0, 1 - math.floor(math.log10(chance * 100))))
    text = f"{chance * 100:.{decimals}f}"
    if text.startswith("100") and chance < 1:
        return ">99%"
    return f"{text}%"


def span(years: float) -> str:
    """A length of time: ``3 days``, ``5 months``, ``2.5 years``."""
    if not math.isfinite(years):
        return "for ever"
    for unit, length, limit in (("day", 1 / 365.25, 45 / 365.25), ("month", 1 / 12, 2.0)):
        if years < limit:
            count = max(1, round(years / length))
            return f"{count} {unit}{'s' if count != 1 else ''}"
    count_text = _rounded(years)
    return f"{count_text} year{'s' if count_text != '1' else ''}"


def _rounded(value: float) -> str:
    """A count: to two figures from 100 on, whole from 5 on, one decimal below."""
    if value >= 100:
        scale = 10 ** (math.floor(math.log10(value)) - 1)
        return f"{round(value / scale) * scale:,}"
    return number(round(value, 0 if value >= 5 else 1))


def _of_ten(chance: float) -> str:
    tenths = round(chance * 10)
    if tenths < 10:
        return f"{tenths} in 10"
    return f"{min(99, round(chance * 100))} in 100"
