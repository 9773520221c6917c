"""The language reference in Markdown, generated from the models: ``python -m equipoise.scenario.reference docs``."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from equipoise.scenario.schema import KINDS, json_schema
from equipoise.scenario.starter import STARTER

HEAD = """\
# The scenario language

<!-- Generated from the models by `python -m equipoise.scenario.reference docs`; a test fails when it is stale. -->

One YAML file is the whole model. `equipoise new mine.yaml` writes a commented one to start from,
`equipoise check mine.yaml` says everything that is wrong with it, and `equipoise read mine.yaml` tells it back in
plain English. For completion in an editor, put this line first (the schema comes from `equipoise schema`):

```yaml
# yaml-language-server: $schema=scenario.schema.json
```

## A whole scenario

```yaml
"""

RULES = """\
```

## Rules

- **YAML 1.2**, core schema: `yes`, `no`, `on` and `off` are ordinary names, `1e-3` is a number, `true` and `false`
  are the only truth values. Aliases, anchors, merge keys and tags are refused, and so is a key that stands twice. A
  file has at most 5 MB.
- **Numbers have names.** Every number is a parameter with a value, a unit and a source. Where a parameter is asked
  for, only 0 and 1 may stand bare.
- **What is not known** of a number is said by its `range` or `prior`, and of several together by `orderings` and
  `correlations`; [priors and draws](priors.md) says what each means. A range is read as a distribution: even on a scale
  of ratios if its least value is above 0, even otherwise. The value, and the values of an ordering, must be among what
  they allow.
- **No signs and no arithmetic.** A `cost` makes worse off, a `gain` better off. `times` multiplies the quantity of
  the mapping it stands in, a rate, a cost, a weight or a payoff; several multipliers multiply one another.
- **Conditions** mean the same wherever they stand: `{threat: open, credit: [strained, believed]}` asks for both,
  with either level of credit; a list of such mappings asks for one of them.
- **`up` and `down`** move an ordered factor by one level; the `when` of the step must exclude the level from which
  there is nowhere to go.
- **One effect.** A move or event has one of `set` (factors change), `end` (the system ends in an outcome) and
  `then` (branches with weights, each with its own `set` or `end`). A move that changes nothing in a state is not
  offered there, unless it has an `impact` and says `repeatable: true`.
- **`hold`**, to change nothing, is always possible and is never written.
- **Names** are free, but `everyone` (all actors), `up`, `down` and `hold` keep their meaning.
- **Sources.** `source` has one or more keys of `sources` with commas between, or the words `analyst's judgement`.

## Files that extend others

`extend: base.yaml` at the top starts from another file in the same folder or below it, or from a shipped scenario
by its name. A list, `extend: [actors.yaml, war.yaml]`, starts from several: a large model is written by theme, each
file with the factors, moves, events, payoffs and numbers of its own. The files of a list are merged in their order,
and none may be extended twice. What the new file says is merged into them:

- sections merge by name, entries merge field by field, and a field that is given anew replaces the old one, so that
  `parameters: {pace: {value: 2}}` changes one number;
- in `payoffs`, `value`, `impact`, `orderings` and `correlations`, as among moves, events and claims, an entry with an
  `id` that exists is changed and any other is added; `impossible` only grows;
- the tables `state`, `because`, `meaning` and `sitters` merge row by row;
- a new `set`, `end` or `then` takes the place of an old one, and so do `cost` and `gain`;
- `remove: {moves: [strike], payoffs: [fear]}` takes entries out first, so that one can be written anew from
  nothing.

"""


def reference() -> str:
    """The reference page: rules, then every part of the language with its keys, units and defaults."""
    defs = json_schema()["$defs"]
    parts = [HEAD, STARTER, RULES, "## Keys\n\nKeys without a default must be written.\n"]
    parts += [_section(name, defs[name]) for name in _order(defs)]
    parts.append("\n## Kinds of values\n\n")
    parts += [f'- <a id="kind-{name}"></a>**{_words(name)}**: {told}\n' for name, (_, told) in KINDS.items()]
    return "".join(parts)


def write(folder: Path) -> None:
    """Write the reference page and the JSON Schema into a folder."""
    (folder / "language.md").write_text(reference(), encoding="utf-8")
    (folder / "scenario.schema.json").write_text(json.dumps(json_schema(), indent=2) + "\n", encoding="utf-8")


def _order(defs: dict[str, Any]) -> list[str]:
    """The parts of the language as one meets them, from the top of the file."""
    found = ["Scenario"]
    for name in found:
        for key in _targets(defs[name]["properties"]):
            if key in defs and key not in KINDS and key not in found:
                found.append(key)
    return found


def _targets(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"].removeprefix("#/$defs/")
        for value in schema.values():
            yield from _targets(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _targets(value)


def _section(name: str, definition: dict[str, Any]) -> str:
    rows = [
        f'\n<a id="{name.lower()}"></a>\n\n### {_heading(name)}\n\n{definition["description"]}\n\n',
        "| key | value | unit | default | meaning |\n|---|---|---|---|---|\n",
    ]
    for key, field in definition["properties"].items():
        unit, meaning = _unit(field["description"])
        default = "" if key in definition.get("required", ()) else _default(field.get("default"))
        rows.append(f"| `{key}` | {_value(field)} | {unit} | {default} | {meaning} |\n")
    return "".join(rows)


def _unit(text: str) -> tuple[str, str]:
    """The unit that a description names, and the description without it."""
    match = re.search(r" \(unit `([^`]+)`\)", text)
    rest = text.replace(match[0], "") if match else text
    return (f"`{match[1]}`" if match else ""), rest.replace("|", "\\|")


def _default(value: Any) -> str:
    if value is None or value == [] or value == {}:
        return "none"
    return f"`{value:g}`" if isinstance(value, float) else f"`{json.dumps(value)}`"


def _value(schema: dict[str, Any]) -> str:
    """What may be written, in words."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        return f"[{_words(name)}](#kind-{name})" if name in KINDS else f"[{_heading(name).lower()}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_value(choice) for choice in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return " or ".join(f"`{choice}`" for choice in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        if "prefixItems" in schema:
            return "`[least, greatest]`" if schema["prefixItems"][0] == {"$ref": "#/$defs/number"} else "`[one, other]`"
        return f"list of: {_value(schema['items'])}"
    if schema.get("type") == "object":
        entry = schema.get("additionalProperties")
        return f"mapping from names to: {_value(entry)}" if isinstance(entry, dict) else "mapping"
    if "pattern" in schema and "years" in schema["pattern"]:
        return "`10 years`"
    words = {"string": "text", "boolean": "`true` or `false`", "integer": "whole number", "number": "number"}
    return words.get(str(schema.get("type")), "anything")


def _heading(name: str) -> str:
    """A model's name as words: ``EventCount`` becomes ``Event count``."""
    return re.sub(r"(?<=[a-z])([A-Z])", lambda match: f" {match[1].lower()}", name)


def _words(name: str) -> str:
    return name.replace("-", " ")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
