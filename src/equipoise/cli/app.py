"""The program `equipoise`: its commands, what it returns, and how it fails."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Annotated

import typer

from equipoise.cli import analysis, authoring, court, cruxes, exploring, levers, ordinal
from equipoise.cli.terminal import Exit, Terminal
from equipoise.errors import EquipoiseError, ScenarioError

app = typer.Typer(
    name="equipoise",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_COMMANDS: dict[str, tuple[Callable[..., None], ...]] = {
    "Write a scenario": (
        authoring.list_,
        authoring.new,
        authoring.check,
        authoring.read,
        authoring.priors,
        authoring.mechanisms,
        authoring.schema,
    ),
    "Ask a scenario": (analysis.assess, analysis.explain, analysis.simulate, levers.levers),
    "Read it without numbers": (ordinal.stability, ordinal.import_, ordinal.export),
    "Put its argument on trial": (court.judge, court.report, exploring.explore, cruxes.crux),
}
for panel, commands in _COMMANDS.items():
    for command in commands:
        app.command(command.__name__.rstrip("_"), rich_help_panel=panel)(command)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"equipoise {version('equipoise')}")
        raise typer.Exit


@app.callback()
def equipoise(
    context: typer.Context,
    no_color: Annotated[
        bool, typer.Option("--no-color", help="Plain text; NO_COLOR in the environment does too.")
    ] = False,
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version and stop.")
    ] = False,
) -> None:
    """From an argument about a regional security system to a model, its equilibrium and its war risk.

    Start with `equipoise new mine.yaml`, then `equipoise check mine.yaml` and `equipoise assess mine.yaml`.
    SCENARIO is a file or the name of a shipped scenario (`equipoise list`).
    """
    context.obj = Terminal.open(no_color=no_color)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program and leave with its exit code; whatever is wrong is said in words."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    terminal = Terminal.open(no_color="--no-color" in given)
    try:
        app(given, prog_name="equipoise")
    except ScenarioError as fault:
        terminal.problems(fault.problems)
        sys.exit(Exit.INPUT)
    except EquipoiseError as fault:
        terminal.error(str(fault))
        sys.exit(Exit.INPUT)
    except MemoryError:
        terminal.error("There is not enough memory for this scenario; `equipoise check` says how large it is.")
        sys.exit(Exit.INPUT)
    except OSError as fault:
        name = f"{fault.filename}: " if fault.filename else ""
        terminal.error(f"{name}{fault.strerror or fault}.")
        sys.exit(Exit.FILES)
    except KeyboardInterrupt:
        sys.exit(Exit.INTERRUPTED)
    except Exception:
        traceback.print_exc()
        terminal.error("This is a fault of Equipoise, not of your input; please report the lines above.")
        sys.exit(Exit.FAULT)
