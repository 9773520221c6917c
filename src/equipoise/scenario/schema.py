"""JSON Schema of the scenario file, for completion and checking in editors; generated from the models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from equipoise.scenario import claims, kinds, models, priors
from equipoise.scenario.fields import UNWRITTEN
from equipoise.scenario.merging import REMOVABLE
from equipoise.scenario.models import Model, Scenario
from equipoise.scenario.writing import reading_order

Schema = dict[str, Any]

KINDS: dict[str, tuple[Any, str]] = {
    "name": (kinds.Name, "A name: a letter, then letters, digits, - and _; at most 80."),
    "names": (kinds.Names, "One name, or a list of names: `a` or `[a, b]`."),
    "some-names": (kinds.SomeNames, "One name, or a list of at least one name: `a` or `[a, b]`."),
    "level": (kinds.Level, "The name of a level; unlike other names it may start with a digit."),
    "levels": (kinds.Levels, "One level, or a list of levels of which any will do: `open` or `[none, open]`."),
    "alternative": (
        kinds.Conjunction,
        "Factors and levels that must all hold: `{threat: open, credit: [strained, believed]}`.",
    ),
    "condition": (
        kinds.Condition,
        "Factors and levels that must all hold, or a list of such alternatives of which one must hold. "
        "A condition left out, and `{}`, always hold.",
    ),
    "number": (kinds.Number, "A finite number, 0 or above."),
    "positive": (kinds.Positive, "A finite number above 0."),
    "reference": (kinds.Ref, "The name of a parameter, or the bare number 0 or 1 where nothing could be tuned."),
    "bound": (claims.Bound, "A number in the unit of the measure; a time says its unit: `3 years`."),
    "changes": (kinds.Changes, "Factors and their new levels: `{talks: yes, arsenal: up}`."),
    "prose": (kinds.Text, "Text that is not empty."),
}
"""Kinds of values that many keys share, with what is said about them."""


def json_schema() -> Schema:
    """The schema of a scenario file, of draft 2020-12; a file that extends another may leave things out."""
    full = Scenario.model_json_schema(schema_generator=_Generator)
    defs: dict[str, Schema] = {**full.pop("$defs"), "Scenario": full}
    for name, definition in defs.items():
        order = reading_order(_MODELS[name])
        definition["properties"] = {key: definition["properties"][key] for key in order if key not in UNWRITTEN}
    shapes = {name: _kind_schema(kind) for name, (kind, _) in KINDS.items()}
    defs = {name: _named(_tidy(definition), shapes) for name, definition in defs.items()}
    partial = {_partial(name): _extending(definition) for name, definition in defs.items()}
    partial[_partial("Scenario")]["properties"] |= _FILE_KEYS
    shared = {
        name: {**_named(schema, shapes, but=name), "description": KINDS[name][1]} for name, schema in shapes.items()
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Equipoise scenario",
        "if": {"type": "object", "required": ["extend"]},
        "then": _ref(_partial("Scenario")),
        "else": _ref("Scenario"),
        "$defs": defs | partial | shared,
    }


_MODELS: dict[str, type[Model]] = {
    name: thing
    for module in (models, priors, claims)
    for name, thing in vars(module).items()
    if isinstance(thing, type) and issubclass(thing, Model)
}
_FILE_KEYS: Schema = {
    "extend": {
        "anyOf": [
            {"type": "string", "minLength": 1},
            {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
        ],
        "description": "File in this folder or below, or shipped scenario, that this one changes; or a list of them.",
    },
    "remove": {
        "type": "object",
        "description": "Names of entries to take out of the extended scenario, by section.",
        "properties": {section: {"$ref": "#/$defs/names"} for section in REMOVABLE},
        "additionalProperties": False,
    },
}


class _Generator(GenerateJsonSchema):
    def encode_default(self, dft: Any) -> Any:
        return {} if dft == {} else super().encode_default(dft)


def _kind_schema(kind: Any) -> Schema:
    schema: Schema = _tidy(TypeAdapter(kind).json_schema(schema_generator=_Generator))
    return schema


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _partial(name: str) -> str:
    return f"{name}-extending"


def _each(schema: Any, change: Callable[[Any], Any]) -> Any:
    """The same schema with a change made to every part, innermost first."""
    if isinstance(schema, dict):
        return change({key: _each(value, change) for key, value in schema.items()})
    return [_each(value, change) for value in schema] if isinstance(schema, list) else schema


def _tidy(schema: Any) -> Any:
    """Without titles that repeat keys and without null; keys of mappings are checked."""

    def tidy(part: Schema) -> Schema:
        if isinstance(part.get("title"), str):
            part.pop("title")
        if part.get("type") == "object" and len(part.get("patternProperties", {})) == 1:
            ((pattern, entry),) = part.pop("patternProperties").items()
            part["propertyNames"] = {**part.get("propertyNames", {}), "pattern": pattern, "type": "string"}
            part["additionalProperties"] = entry
        choices = part.get("anyOf", ())
        if {"type": "null"} in choices:
            kept = [choice for choice in choices if choice != {"type": "null"}]
            part.pop("anyOf")
            if part.get("default", 0) is None:
                part.pop("default")
            part = {**part, **kept[0]} if len(kept) == 1 else {**part, "anyOf": kept}
        return part

    return _each(schema, tidy)


def _named(schema: Any, kinds: dict[str, Schema], *, but: str | None = None) -> Any:
    """With references in place of what has a name of its own, largest first."""
    order = sorted((name for name in kinds if name != but), key=lambda name: -len(str(kinds[name])))

    def swap(part: Any) -> Any:
        if isinstance(part, list):
            return [swap(item) for item in part]
        if not isinstance(part, dict):
            return part
        for name in order:
            part = _swapped(part, name, kinds[name])
        return {key: value if key in ("default", "enum") else swap(value) for key, value in part.items()}

    return swap(schema)


def _swapped(part: Schema, name: str, kind: Schema) -> Schema:
    extra: Schema = {key: part[key] for key in ("description", "default") if key in part}
    core = {key: value for key, value in part.items() if key not in extra}
    if core == kind:
        return {**_ref(name), **extra}
    members = kind.get("anyOf", [kind])
    choices = core.get("anyOf", [])
    if choices and len(choices) > len(members) and all(member in choices for member in members):
        return {"anyOf": [_ref(name), *(choice for choice in choices if choice not in members)], **extra}
    return part


def _extending(definition: Schema) -> Schema:
    """A definition of which anything may be left out, because the extended scenario has it."""

    def rename(part: Schema) -> Schema:
        reference = part.get("$ref")
        if isinstance(reference, str):
            name = reference.removeprefix("#/$defs/")
            return part if name in KINDS else {**part, **_ref(_partial(name))}
        return part

    return {key: value for key, value in _each(definition, rename).items() if key != "required"}
