"""What `equipoise mechanisms` prints: from the argument to the lines of a scenario, and from the lines back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from equipoise.cli.terminal import Terminal
from equipoise.scenario.mechanisms import Line, Mechanism, lines, mechanisms
from equipoise.scenario.phrases import listed, sentence
from equipoise.scenario.reading import load, places

Places = Mapping[Line, tuple[str, int]]


def show(terminal: Terminal, name: str, *, as_json: bool) -> None:
    """Print each id with its lines and claims, then each line with its ids; errors are raised."""
    scenario = load(name)
    expressing = lines(scenario)
    where = dict(zip(expressing, places(name, [line.path for line in expressing]), strict=True))
    told = mechanisms(scenario)
    if as_json:
        typer.echo(
            json.dumps({"mechanisms": [_mechanism(one, where) for one in told], "lines": _lines(where)}, indent=2)
        )
        return
    if not told:
        terminal.paragraph("The scenario argues nothing: it has no `argument`, no `implements` and no `judges`.")
        return
    terminal.out.print("From the argument to the lines", style="bold")
    for one in told:
        _print(terminal, one, where)
    terminal.out.print("\nFrom the lines to the argument", style="bold")
    for line, place in where.items():
        terminal.hanging(_at(place), f"{', '.join(line.ids)}: {line.says}")


def _print(terminal: Terminal, one: Mechanism, where: Places) -> None:
    terminal.out.print()
    terminal.hanging(one.id, sentence(one.says) if one.says else "Not in the argument.")
    for line in one.lines:
        terminal.hanging(f"  {_at(where[line])}", line.says)
    if one.claims:
        terminal.hanging("  judged by", f"{listed(one.claims)}.")
    if not one.lines and not one.claims:
        terminal.hanging("  ", "Nothing stands for it.")


def _at(place: tuple[str, int]) -> str:
    file, line = place
    return f"{Path(file).name}:{line}"


def _mechanism(one: Mechanism, where: Places) -> dict[str, Any]:
    found = [_line(line, where[line]) for line in one.lines]
    return {"id": one.id, "says": one.says, "lines": found, "claims": list(one.claims)}


def _lines(where: Places) -> list[dict[str, Any]]:
    return [_line(line, place) | {"ids": list(line.ids)} for line, place in where.items()]


def _line(line: Line, place: tuple[str, int]) -> dict[str, Any]:
    file, number = place
    return {"path": list(line.path), "file": file, "line": number, "says": line.says}
