"""The schema is the manual: what is generated from the models is fresh, complete and true."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from specimen import GOOD, KNOWN, edited
from test_broken import SHAPE, Broken
from test_broken_priors import SHAPE as PRIORS

from equipoise.scenario import dump, load, loads, shipped
from equipoise.scenario.nodes import parse
from equipoise.scenario.reference import reference
from equipoise.scenario.schema import json_schema
from equipoise.scenario.starter import STARTER, starter

DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = json_schema()
PAGE = reference()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def faults(text: str) -> list[str]:
    """What an editor would mark."""
    return [fault.message for fault in VALIDATOR.iter_errors(parse(text, "a.yaml")[0].plain())]


def test_the_reference_page_is_fresh() -> None:
    assert (DOCS / "language.md").read_text(encoding="utf-8") == PAGE, "run python -m equipoise.scenario.reference docs"


def test_the_schema_file_is_fresh() -> None:
    assert json.loads((DOCS / "scenario.schema.json").read_text(encoding="utf-8")) == SCHEMA, (
        "run python -m equipoise.scenario.reference docs"
    )


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    defined, used = (
        set(SCHEMA["$defs"]),
        {part["$ref"].removeprefix("#/$defs/") for part in parts(SCHEMA) if "$ref" in part},
    )
    assert used <= defined
    assert defined - used <= {"levels", "alternative"}, "these stand inside the kind called condition"


@pytest.mark.parametrize("text", [GOOD, KNOWN, STARTER])
def test_an_editor_marks_nothing_in_a_good_file(text: str) -> None:
    assert faults(text) == []
    assert faults(dump(loads(text))) == []


@pytest.mark.parametrize("name", shipped())
def test_an_editor_marks_nothing_in_a_shipped_scenario(name: str) -> None:
    assert faults(shipped()[name].read_text(encoding="utf-8")) == []
    assert faults(dump(load(name))) == []


BEYOND = {"NaN", "infinite", "overflow", "infinite in test", "horizon too long", "horizon nought"}
BEYOND |= {"two preferences in one", "cost and gain", "neither cost nor gain", "set and end", "two priors", "no prior"}
BEYOND |= {"one quantile", "three quantiles", "ends only"}
"""Faults of shape that are not for JSON Schema to see."""


@pytest.mark.parametrize("broken", SHAPE, ids=lambda broken: broken.fault)
def test_an_editor_marks_what_has_the_wrong_shape(broken: Broken) -> None:
    text, _, _ = edited(broken.old, broken.new, broken.at)
    assert bool(faults(text)) != (broken.fault in BEYOND)


@pytest.mark.parametrize("broken", PRIORS, ids=lambda broken: broken.fault)
def test_an_editor_marks_priors_of_the_wrong_shape(broken: Broken) -> None:
    text, _, _ = edited(broken.old, broken.new, broken.at, KNOWN)
    assert bool(faults(text)) != (broken.fault in BEYOND)


def test_a_file_that_extends_may_leave_things_out_but_not_misspell_them() -> None:
    assert faults("extend: base.yaml\nparameters: {face: {value: 2}}\nremove: {moves: bluff}\n") == []
    assert faults("extend: base.yaml\nparameters: {face: {valu: 2}}\n")
    assert faults("extend: base.yaml\nremove: {move: bluff}\n")
    assert faults("parameters: {face: {value: 2}}\n")


def test_every_key_of_the_language_is_described() -> None:
    for name, definition in SCHEMA["$defs"].items():
        assert definition.get("description"), name
        for key, field in definition.get("properties", {}).items():
            if not (name.startswith("Scenario") and key == "remove"):
                assert field.get("description"), (name, key)
                assert f"| `{key}` |" in PAGE or key == "extend", (name, key)


def test_every_quantity_states_its_unit() -> None:
    reference_to_a_parameter = {"$ref": "#/$defs/reference"}
    for part in ("Actor", "Move", "Event", "Branch", "Multiplier", "Tempo", "Noise"):
        for key, field in SCHEMA["$defs"][part]["properties"].items():
            if field.get("$ref") == "#/$defs/reference" or reference_to_a_parameter in field.get("anyOf", ()):
                assert "(unit `" in field["description"], (part, key)


def test_the_starter_has_two_actors_and_explains_every_section_in_one_screen_of_block_style() -> None:
    scenario = loads(starter())
    assert len(scenario.actors) == 2
    lines = STARTER.splitlines()
    assert len(lines) <= 110
    sections = [k for k, line in enumerate(lines) if re.fullmatch(r"[a-z]+:", line)]
    assert len(sections) == 10
    assert all(lines[k - 1].startswith("# ") for k in sections)
    short = re.compile(r"    (when|set|state): {|  [a-z_]+: {value: ")
    braces = [line for line in lines if "{" in line and not short.match(line)]
    assert not braces, "prose before braces: only conditions, changes and numbers are short enough for a line"


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from parts(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from parts(value)
