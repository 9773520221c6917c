"""What can be wrong with an input, as data: located, explained, with a remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One fault of an input, in words that let its author mend it."""

    found: str
    """What stands there, e.g. ``no factor is called 'arsenel'``."""
    right: str
    """What would be right, e.g. ``one of arsenal, credit, line``."""
    path: KeyPath = ()
    """Path of keys from the top of the scenario, e.g. ``("moves", 3, "when")``."""
    suggestion: str | None = None
    """Nearest name, if one is near."""
    file: str | None = None
    line: int | None = None
    column: int | None = None
    """Position in the file, both counted from 1; None for a model built in Python."""
    severity: str = "error"
    """``error`` or ``warning``."""
    of_key: bool = False
    """Whether the last key of the path is at fault itself, not what stands under it."""

    def where(self) -> str:
        """Position as ``file:line:column``, as far as known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)

    def __str__(self) -> str:
        path = ".".join(str(key) for key in self.path)
        head = ": ".join(part for part in (self.where(), path) if part)
        hint = f" Did you mean '{self.suggestion}'?" if self.suggestion else ""
        found = f"{self.found[:1].upper()}{self.found[1:]}"
        body = f"{found}. Right would be: {self.right}.{hint}"
        return f"{head}: {body}" if head else body


class EquipoiseError(Exception):
    """Base of every error that Equipoise raises on purpose."""


class ScenarioError(EquipoiseError):
    """A scenario cannot be used; carries every problem found, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class RequestError(EquipoiseError):
    """A question cannot be answered as asked: unknown name, bad number, missing file."""


def no_such(what: str, name: str, names: Iterable[str]) -> RequestError:
    """The error of asking for what there is not, with the nearest name or all there are."""
    known = list(names)
    near = nearest(name, known)
    right = f"right would be {'one of ' if len(known) > 1 else ''}{', '.join(known[:20])}" if known else "there is none"
    return RequestError(f"no {what} is called '{name[:80]}'; " + (f"did you mean '{near}'?" if near else right))


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The one of ``names`` that ``name`` most likely meant, or None."""
    if len(name) > 100:
        return None
    # Comparing is slow; a name of a very different length is never meant, and some hundred candidates are enough.
    close = [other for other in names if abs(len(other) - len(name)) <= max(2, len(name) // 2)][:300]
    folded = {other.casefold(): other for other in reversed(close)}
    matches = get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else None


def shown(value: object) -> str:
    """A value as an error message quotes it: short, on one line, without control characters."""
    text = repr(value[:80] if isinstance(value, str) else value)
    return text if len(text) <= 62 else f"{text[:60]}…{text[0] if text[0] in _QUOTES else ''}"


def told(value: object) -> str:
    """A value of a file in words: ``the number 5``, ``a list``, ``nothing``."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"the text {shown(value)}"
    if isinstance(value, int | float):
        return f"the number {value}"
    return (
        "a mapping" if isinstance(value, Mapping) else "a list" if isinstance(value, list | tuple) else "something else"
    )


_QUOTES = "'\""
