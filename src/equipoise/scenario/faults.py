"""Every fault of shape explained in the language's own words: what was found, what would be right."""

from __future__ import annotations

import re
from typing import Any

from equipoise.errors import KeyPath, Problem, nearest, shown, told
from equipoise.scenario.fields import model_at, written_keys
from equipoise.scenario.models import Move


def explained(fault: Any) -> Problem:
    """The problem that an error of pydantic stands for, with its path of keys but without position."""
    kind, value, context, path = fault["type"], fault["input"], fault.get("ctx", {}), tuple(fault["loc"])
    if kind == "wrong":
        return Problem(context["found"], context["right"], path)
    if kind == "extra_forbidden":
        return unknown_key(str(path[-1]), path)
    if kind == "missing":
        return _missing(path)
    if kind == "string_pattern_mismatch":
        return _no_name(value, context["pattern"], path)
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", context["expected"])
        right = _one_of(choices) if choices else context["expected"]
        return Problem(told(value), right, path, nearest(value, choices) if isinstance(value, str) else None)
    if kind == "too_short":
        found = "an empty text" if isinstance(value, str) else _EMPTY.get(context["field_type"], "nothing")
        found = "a list of one" if context.get("actual_length") == 1 else found
        return Problem(found, "some text" if isinstance(value, str) else _right(kind, context, path), path)
    if kind in ("too_long", "string_too_long"):
        length = context.get("actual_length") or len(value)
        found = f"{length:,} {'characters' if isinstance(value, str) else 'entries'}"
        return Problem(found, _right(kind, context, path), path)
    if kind == "string_type" and isinstance(value, int | float):
        return Problem(told(value), "text; if it is meant as text, put it in quotes", path)
    if kind == "string_type" and isinstance(value, list | dict):
        return Problem(told(value), _single(path), path)
    return Problem(told(value), _right(kind, context, path) or fault["msg"], path)


def unknown_key(key: str, path: KeyPath) -> Problem:
    """The problem of a key that does not belong where it stands."""
    model = model_at(path[:-1])
    keys = written_keys(model) if model is not None else []
    right, near = _one_of(keys), nearest(key, keys)
    if key.isdigit():
        # In `{value: 0,5}` the comma begins a new key.
        right, near = "numbers with a decimal point, as 0.5, and without separators of thousands, as 30000", None
    elif model is Move and key in ("rate", "probability", "chance"):
        right = f"no {key}: how often an actor decides is its `tempo`, and what happens by itself is an event"
    return Problem(f"the unknown key {shown(key)}", right, path, near, of_key=True)


def _missing(path: KeyPath) -> Problem:
    model = model_at(path[:-1])
    field = model.model_fields.get(str(path[-1])) if model is not None else None
    if field is None:
        return Problem("too few entries", _FORMS.get(str(path[-2]), ""), path[:-1])
    return Problem(f"no `{path[-1]}`", f"`{path[-1]}`: {_first_lower(field.description or '')}", path)


def _no_name(value: Any, pattern: str, path: KeyPath) -> Problem:
    first = "a letter" if pattern.startswith("^[A-Za-z][") else "a letter or digit"
    right = f"a name: {first}, then letters, digits, - and _"
    if isinstance(value, str) and re.match(r"(not|or|and)\s|.*\s(or|and)\s|[!<>=]", value[:80]):
        right = "a level, or the list of all levels that are meant, as `[one, other]`"
    key = path[-1] == "[key]"
    return Problem(f"the name {shown(value)}", right, path[:-1] if key else path, _as_name(value), of_key=key)


def _right(kind: str, context: Any, path: KeyPath) -> str:
    """What would be right, as an example where the language has a form of its own for it."""
    if kind in ("dict_type", "mapping_type", "tuple_type") and (form := _form(path)):
        return form
    model = model_at(path) if kind in ("model_type", "model_attributes_type") else None
    if model is not None:
        return f"a mapping with keys such as {', '.join(written_keys(model)[:8])}"
    return _RIGHT.get(kind, "").format(**context)


def _form(path: KeyPath) -> str | None:
    """How the last key of a path is written."""
    key = next((key for key in reversed(path) if isinstance(key, str)), "")
    if path[0] == "variants" and key == "set":
        return "a number for every parameter, as `{parameter: 0.5}`"
    return _FORMS.get(key)


def _single(path: KeyPath) -> str:
    """What would be right where a list or a mapping stands instead of a text."""
    if path[0] in ("moves", "events") and "set" in path:
        return "a single level; where one of several may follow, branches with weights under `then`"
    if path[0] == "moves" and path[-1] == "actor":
        return "a single actor or seat; a move of two actors is written twice, under two ids"
    return "a single text"


def _one_of(keys: list[str]) -> str:
    return f"one of {', '.join(keys)}" if keys else "no key at all"


def _as_name(text: Any) -> str | None:
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", text[:80]).strip("-") if isinstance(text, str) else ""
    return name if name[:1].isalpha() else None


def _first_lower(text: str) -> str:
    text = text.strip().rstrip(".")
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


_CONDITION = "a condition: `{factor: level}`, `{factor: [level, other]}`, or a list of such, of which one must hold"
_FORMS = {
    "when": _CONDITION,
    "impossible": _CONDITION,
    "set": "a level for every factor that changes, as `{factor: level}`",
    "pin": "a level for every factor that is held, as `{factor: level}`",
    "state": "a level for every factor, as `{factor: level}`",
    "sitters": "an actor for every level of the seat's factor, as `{level: actor}`",
    "meaning": "a phrase for every level, as `{level: phrase}`",
    "range": "two numbers, `[least, greatest]`",
    "discrete": "at least two values, each with its weight: `[{value: 0.1, weight: 3}, {value: 0.4, weight: 1}]`",
    "rising": "a list of at least two parameters, as `[low, high]`",
    "between": "two parameters, as `[one, other]`",
    "levels": "a list of levels: `[low, high]`, or lines that start with `- `",
    **dict.fromkeys(
        ("actors", "seats", "factors", "outcomes", "parameters", "regimes", "initial", "variants", "sources"),
        "a mapping: a name and a colon for each, its own keys indented below, without `- `",
    ),
    "argument": "a mapping: an id and a sentence for each, `A1: Pressure breeds accidents.`",
}
_EMPTY = {"Tuple": "an empty list", "Dictionary": "an empty mapping"}
_MAPPING = "a mapping: `key: value` lines, or `{{key: value}}`"
_LIST = "a list: lines that start with `- `, or `[a, b]`"
_RIGHT = {
    "string_type": "text",
    "string_too_short": "some text",
    "string_too_long": "at most {max_length} characters",
    "too_short": "at least {min_length} of them",
    "too_long": "at most {max_length}",
    "dict_type": _MAPPING,
    "mapping_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
    "tuple_type": _LIST,
    "float_type": "a number, without quotes",
    "int_type": "a whole number, without quotes",
    "bool_type": "true or false, without quotes",
    "finite_number": "a finite number",
    "greater_than": "a number above {gt:g}",
    "greater_than_equal": "a number of at least {ge:g}",
    "less_than": "a number below {lt:g}",
    "less_than_equal": "a number of at most {le:g}",
}
