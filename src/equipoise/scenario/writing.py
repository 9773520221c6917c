"""From a `Scenario` to YAML that a person reads with pleasure, and that loads as the same scenario."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from equipoise.scenario.claims import Measure, Series, Side
from equipoise.scenario.models import (
    Branch,
    Correlation,
    Model,
    Multiplier,
    Noise,
    Ordering,
    Preference,
    Prior,
    Scenario,
    Tempo,
    Term,
)
from equipoise.scenario.nodes import scalar
from equipoise.scenario.priors import Form

WIDTH = 100


def dump(scenario: Scenario) -> str:
    """The scenario as YAML 1.2: prose before numbers, what is left at its default left out, leaves on one line.

    ``loads(dump(scenario)) == scenario`` for every scenario that is in order.
    """
    text = ""
    for key, value in written_fields(scenario):
        gap = "\n" if isinstance(value, dict | list) else ""
        text += gap + "\n".join(_entry(key, value, 0)) + "\n"
    return text


def written_fields(model: Model) -> Iterator[tuple[str, Any]]:
    """The keys that are written for a model, in order of reading, with plain values."""
    fields = type(model).model_fields
    for name in reading_order(type(model)):
        value, field = getattr(model, name), fields[name]
        if name in _TIMES and value is not None:
            yield name, f"{_number(value)} years"
        elif name == "equipoise" or field.is_required() or value != field.get_default():
            yield name, _plain(name, value)


def reading_order(model: type[Model]) -> list[str]:
    """The written fields of a model: what it is, in prose, then who and when, then the rest."""
    names = [name for name, field in model.model_fields.items() if not field.exclude]
    return sorted(names, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST))


_FIRST = (
    *("equipoise", "id", "title", "name", "cite", "says", "about", "measure", "starts", "variant"),
    *("weight", "actor", "discount", "rate", "scale", "when", "cost", "gain", "times"),
)
_TIMES = ("horizon", "within", "at")
"""Numbers that are written with their unit."""
_LEAVES = ("set", "pin", "state", "sitters")
"""Mappings that stand on one line if they fit."""
_LONE = (
    *("implements", "judges", "drop", "without", "actor", "starts", "than", "than_one_of", "needs", "by"),
    *("ends", "avoids"),
    *("risk", "eventually", "hazard", "loss", "value", "frequency"),
)
"""Lists that are written without brackets if they have one entry."""


_SHORT = (Multiplier, Branch, Preference, Prior, Form, Ordering, Correlation, Measure, Series, Side)
"""Models that stand on one line if they fit."""


class _Leaf(dict[str, Any]):
    """A mapping that stands on one line if it fits."""


def _plain(name: str, value: Any) -> Any:
    """A value as mappings, lists and scalars, with the shorthands of the language."""
    if name in ("when", "impossible"):
        alternatives = [_Leaf({factor: _lone(levels) for factor, levels in given.items()}) for given in value]
        return alternatives[0] if name == "when" and len(alternatives) == 1 else alternatives
    if isinstance(value, Side) and value.start is None:
        return value.variant
    if name in _LONE and isinstance(value, tuple) and not (value and isinstance(value[0], Term)):
        return _lone([_plain("", item) for item in value])
    if isinstance(value, Tempo | Noise) and not value.times:
        return value.rate if isinstance(value, Tempo) else value.scale
    if isinstance(value, Model):
        entries = dict(written_fields(value))
        short = isinstance(value, _SHORT) and not entries.keys() & {"about", "impact"}
        return _Leaf(entries) if short else entries
    if isinstance(value, Mapping):
        entries = {key: _plain("", entry) if name != "ranked" else _lone(entry) for key, entry in value.items()}
        return _Leaf(entries) if name in _LEAVES else entries
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain("", entry) for entry in value]
    return value


def _lone(names: Sequence[Any]) -> Any:
    return names[0] if len(names) == 1 else list(names)


def _entry(key: str, value: Any, indent: int) -> Iterator[str]:
    """The lines of ``key: value``."""
    head = f"{' ' * indent}{_text(key, flow=True)}:"
    flow = _flow(value)
    if flow is not None and len(head) + 1 + len(flow) <= WIDTH:
        yield f"{head} {flow}"
    elif isinstance(value, dict) and value:
        yield head
        for name, entry in value.items():
            yield from _entry(name, entry, indent + 2)
    elif isinstance(value, list) and value:
        yield head
        for entry in value:
            yield from _item(entry, indent + 2)
    elif isinstance(value, str):
        yield from _prose(head, value, " " * (indent + 2))
    else:
        yield f"{head} {flow}"


def _item(value: Any, indent: int) -> Iterator[str]:
    """The lines of an entry of a list."""
    start, flow = f"{' ' * indent}- ", _flow(value)
    if flow is not None and len(start) + len(flow) <= WIDTH:
        yield start + flow
    elif isinstance(value, dict) and value:
        lines = [line for name, entry in value.items() for line in _entry(name, entry, indent + 2)]
        yield start + lines[0].lstrip()
        yield from lines[1:]
    elif isinstance(value, list) and value:
        lines = [line for entry in value for line in _item(entry, indent + 2)]
        yield start + lines[0].lstrip()
        yield from lines[1:]
    else:
        yield start + (_text(value) if isinstance(value, str) else str(flow))


def _prose(head: str, text: str, margin: str) -> Iterator[str]:
    """The lines of a text that is too long for the line of its key."""
    lines = text.split("\n")
    readable = text == text.strip() and all(line.isprintable() for line in lines) and text != ""
    if readable and len(lines) > 1:
        yield f"{head} |-"
        yield from ((margin + line if line else "") for line in lines)
    elif readable and "  " not in text:
        yield f"{head} >-"
        folded = textwrap.wrap(text, WIDTH - len(margin), break_long_words=False, break_on_hyphens=False)
        yield from (margin + line for line in folded)
    else:
        yield f"{head} {_text(text)}"


def _flow(value: Any, *, inside: bool = False) -> str | None:
    """A value on one line, or None if it belongs in a block: prose of several lines, mappings that are no leaves."""
    if isinstance(value, dict):
        if value and not isinstance(value, _Leaf):
            return None
        entries = [(_text(key, flow=True), _flow(entry, inside=True)) for key, entry in value.items()]
        if any(entry is None for _, entry in entries):
            return None
        return "{" + ", ".join(f"{key}: {entry}" for key, entry in entries) + "}"
    if isinstance(value, list):
        items = [_flow(entry, inside=True) for entry in value]
        if any(item is None for item in items) or (not inside and any(isinstance(entry, dict) for entry in value)):
            return None
        return "[" + ", ".join(str(item) for item in items) + "]"
    if isinstance(value, str):
        return None if "\n" in value and not inside else _text(value, flow=inside)
    return _number(value) if isinstance(value, int | float) and not isinstance(value, bool) else json.dumps(value)


def _number(value: float) -> str:
    return str(int(value)) if abs(value) < 1e15 and value == int(value) else repr(value)


def _text(text: str, *, flow: bool = False) -> str:
    """A text on one line, in quotes where YAML would take it for something else."""
    plain = (_PLAIN_FLOW if flow else _PLAIN).fullmatch(text) and text.isprintable() and scalar(text) == text
    # Dates, times and numbers of other kinds mean something to readers of older YAML.
    if plain and (text[0].isalpha() or " " in text):
        return text
    return "".join(map(_printable, json.dumps(text, ensure_ascii=False)))


def _printable(character: str) -> str:
    code = ord(character)
    if character.isprintable():
        return character
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


_PLAIN = re.compile(r"\w(?:[^:#]|:(?=[^ ])|(?<=[^ ])#)*(?<![ :])")
_PLAIN_FLOW = re.compile(r"\w[^:#,\[\]{}\"']*(?<! )")
