"""Commands for whoever writes a scenario: list, new, check, read, priors, mechanisms, schema."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from equipoise.cli.terminal import Terminal, write_file
from equipoise.errors import RequestError

ScenarioName = Annotated[str, typer.Argument(metavar="SCENARIO", help="A file, or the name of a shipped scenario.")]
OptionalFile = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help="Where to write; the terminal, if left out.")
]
Quick = Annotated[bool, typer.Option("--quick", help="Do not solve: errors, warnings and size only.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON (docs/json.md), for other programs.")]


class MethodName(StrEnum):
    """The ways of drawing as the command line names them."""

    SOBOL = "sobol"
    LHS = "lhs"
    SALTELLI = "saltelli"
    MORRIS = "morris"


def list_(context: typer.Context, as_json: AsJson = False) -> None:
    """Say which scenarios are shipped."""
    from equipoise.cli.grid import grid
    from equipoise.scenario.files import SHELF, shipped
    from equipoise.scenario.reading import load

    scenarios = {name: load(name) for name in shipped()}
    groups = {name: path.parent.name if path.parent.name == SHELF else "models" for name, path in shipped().items()}
    if as_json:
        told = [
            {"name": name, "title": scenario.title, "group": groups[name], "starts": list(scenario.initial)}
            for name, scenario in scenarios.items()
        ]
        typer.echo(json.dumps({"scenarios": told}, indent=2))
        return
    terminal: Terminal = context.obj
    for group, heading in (("models", "Models"), (SHELF, "Classic conflicts, for equipoise stability")):
        terminal.out.print(heading, style="bold")
        table = grid("name", "title", "actors", "starting situations")
        for name, scenario in scenarios.items():
            if groups[name] == group:
                starts = list(scenario.initial)
                more = f" and {len(starts) - 6} more" if len(starts) > 6 else ""
                table.add(name, scenario.title, str(len(scenario.actors)), ", ".join(starts[:6]) + more)
        table.print(terminal)


def new(context: typer.Context, file: OptionalFile = None) -> None:
    """Write a small commented scenario to start from."""
    from equipoise.scenario.starter import starter

    if file is None:
        typer.echo(starter(), nl=False)
        return
    if file.exists():
        raise RequestError(f"{file} is there already; name a file that is not, or remove it first")
    write_file(file, starter().encode())
    terminal: Terminal = context.obj
    terminal.note(f"Wrote {file}. Next: equipoise check {file}")


def check(context: typer.Context, scenario: ScenarioName, quick: Quick = False, as_json: AsJson = False) -> None:
    """Say everything that is wrong, how large the game is, and what each end is worth to whom."""
    from equipoise.cli.checking import examine

    examine(context.obj, scenario, quick=quick, as_json=as_json)


def read(context: typer.Context, scenario: ScenarioName, as_json: AsJson = False) -> None:
    """Tell the model back in plain English, every line numbered so that one can object to it."""
    from equipoise.scenario.english import tell
    from equipoise.scenario.reading import load

    terminal: Terminal = context.obj
    sections = tell(load(scenario))
    if as_json:
        told = [{"title": section.title, "lines": list(section.lines)} for section in sections]
        typer.echo(json.dumps({"sections": told}, indent=2))
        return
    for k, section in enumerate(sections, start=1):
        terminal.out.print(f"\n{k}  {section.title}", style="bold", markup=False)
        for j, line in enumerate(section.lines, start=1):
            terminal.hanging(f"{k}.{j}", line)


def mechanisms(context: typer.Context, scenario: ScenarioName, as_json: AsJson = False) -> None:
    """Say which lines express each mechanism of the argument, and what each line stands for."""
    from equipoise.cli.mechanisms import show

    show(context.obj, scenario, as_json=as_json)


def priors(
    context: typer.Context,
    scenario: ScenarioName,
    parameters: Annotated[
        list[str] | None,
        typer.Option("--parameter", metavar="NAME", help="Only this one; repeatable; all, if left out."),
    ] = None,
    draws: Annotated[
        int, typer.Option("--draws", metavar="N", min=0, max=1_000_000, help="Write this many draws into --out too.")
    ] = 0,
    method: Annotated[MethodName, typer.Option("--method", help="How to draw (docs/priors.md).")] = MethodName.SOBOL,
    seed: Annotated[int, typer.Option("--seed", metavar="K", min=0, help="The same seed, the same draws.")] = 0,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", file_okay=False, help="Also write tables, draws and a picture there."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show what every range and prior means: median, nine draws in ten, and how the weight is spread."""
    from equipoise.cli.priors import show

    show(
        context.obj,
        scenario,
        parameters=parameters or None,
        draws=draws,
        method=method.value,
        seed=seed,
        out=out,
        as_json=as_json,
    )


def schema(context: typer.Context, file: OptionalFile = None) -> None:
    """Write the JSON Schema of the scenario language, by which editors complete and check."""
    from equipoise.scenario.schema import json_schema

    text = json.dumps(json_schema(), indent=2) + "\n"
    if file is None:
        typer.echo(text, nl=False)
        return
    write_file(file, text.encode())
    terminal: Terminal = context.obj
    terminal.note(f"Wrote {file}. In a scenario's first line: # yaml-language-server: $schema={file.name}")
