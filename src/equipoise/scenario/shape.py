"""From plain data to a `Scenario`, with every fault of shape explained in the language's own words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from equipoise.errors import KeyPath, Problem, nearest, shown, told
from equipoise.scenario.models import Scenario

MAX_PROBLEMS = 100
FILE_KEYS = ("extend", "remove")
"""Keys at the top of a file that are gone once files are merged."""
UNWRITTEN = ("dropped",)
"""Fields that no file may set."""


def shape(data: Any) -> tuple[Scenario | None, list[Problem]]:
    """The scenario, or None and every fault of shape, each with its path of keys but without position."""
    try:
        return Scenario.model_validate(data), []
    except ValidationError as error:
        faults = error.errors(include_url=False)
    problems = [_explained(fault) for fault in faults[:MAX_PROBLEMS]]
    # A misspelt required key is one mistake, not an unknown key and a missing one.
    meant = {(*problem.path[:-1], problem.suggestion) for problem in problems if problem.suggestion}
    problems = [problem for problem in problems if problem.path not in meant]
    if len(faults) > MAX_PROBLEMS:
        problems.append(Problem(f"{len(faults) - MAX_PROBLEMS:,} faults more", "first of all what is named above"))
    return None, problems


def model_at(path: KeyPath) -> type[BaseModel] | None:
    """The model whose fields stand at a path of keys, or None where no model stands."""
    here: Any = Scenario
    for key in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            field = here.model_fields.get(str(key))
            here = bare(field.annotation) if field is not None else None
        else:
            here = entry(here)
    return here if isinstance(here, type) and issubclass(here, BaseModel) else None


def bare(annotation: Any) -> Any:
    """A type without what is annotated to it and without ``None`` as an alternative."""
    if get_origin(annotation) is Annotated:
        return bare(get_args(annotation)[0])
    kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
    return bare(kinds[0]) if NoneType in get_args(annotation) and len(kinds) == 1 else annotation


def entry(annotation: Any) -> Any:
    """The type of a list's items or a mapping's values, or None."""
    origin = get_origin(annotation)
    if origin is tuple:
        return bare(get_args(annotation)[0])
    return bare(get_args(annotation)[1]) if isinstance(origin, type) and issubclass(origin, Mapping) else None


def written_keys(model: type[BaseModel]) -> list[str]:
    """The keys that an author may write for a model."""
    top = FILE_KEYS if model is Scenario else ()
    return [*(key for key in model.model_fields if key not in UNWRITTEN), *top]


def unknown_key(key: str, path: KeyPath) -> Problem:
    """The problem of a key that does not belong where it stands."""
    model = model_at(path[:-1])
    keys = written_keys(model) if model is not None else []
    return Problem(f"the unknown key {shown(key)}", _one_of(keys), path, nearest(key, keys), of_key=True)


def _explained(fault: Any) -> Problem:
    kind, value, context, path = fault["type"], fault["input"], fault.get("ctx", {}), tuple(fault["loc"])
    if kind == "wrong":
        return Problem(context["found"], context["right"], path)
    if kind == "extra_forbidden":
        return unknown_key(str(path[-1]), path)
    if kind == "missing":
        return _missing(path)
    if kind == "string_pattern_mismatch":
        first = "a letter" if context["pattern"].startswith("^[A-Za-z][") else "a letter or digit"
        right = f"a name: {first}, then letters, digits, - and _"
        key = path[-1] == "[key]"
        return Problem(f"the name {shown(value)}", right, path[:-1] if key else path, _as_name(value), of_key=key)
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", context["expected"])
        right = _one_of(choices) if choices else context["expected"]
        return Problem(told(value), right, path, nearest(value, choices) if isinstance(value, str) else None)
    right = _RIGHT.get(kind, "").format(**context) or fault["msg"]
    if kind == "string_type" and isinstance(value, int | float):
        right = "text; if it is meant as text, put it in quotes"
    if kind == "too_short" and isinstance(value, str):
        return Problem("an empty text", "some text", path)
    if kind == "too_short":
        return Problem(_EMPTY.get(context["field_type"], "nothing"), right, path)
    if kind in ("too_long", "string_too_long"):
        length = context.get("actual_length") or len(value)
        return Problem(f"{length:,} {'characters' if isinstance(value, str) else 'entries'}", right, path)
    return Problem(told(value), right, path)


def _missing(path: KeyPath) -> Problem:
    model = model_at(path[:-1])
    field = model.model_fields.get(str(path[-1])) if model is not None else None
    if field is None:
        return Problem("too few entries", "two numbers, `[least, greatest]`", path[:-1])
    return Problem(f"no `{path[-1]}`", f"`{path[-1]}`: {_first_lower(field.description or '')}", path)


def _one_of(keys: list[str]) -> str:
    return f"one of {', '.join(keys)}" if keys else "no key at all"


def _as_name(text: Any) -> str | None:
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", text[:80]).strip("-") if isinstance(text, str) else ""
    return name if name[:1].isalpha() else None


def _first_lower(text: str) -> str:
    text = text.strip().rstrip(".")
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


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
