"""What `equipoise check` says about a scenario without faults: its size, and what the ends are worth."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
import typer

from equipoise.cli.grid import grid
from equipoise.cli.terminal import Exit, Terminal
from equipoise.draws import design
from equipoise.equilibrium.solve import Equilibrium, solve
from equipoise.errors import Problem, ScenarioError
from equipoise.game.compile import compile
from equipoise.game.game import Floats, Game
from equipoise.game.size import Size, measure
from equipoise.scenario.phrases import listed, number
from equipoise.scenario.reading import located, placed, read

_REMEDY = "raise the noise, bring numbers that are many orders of magnitude apart closer, or try another `--convention`"


@dataclass(frozen=True)
class Worth:
    """What an end is worth to an actor against going on from a start."""

    start: str
    outcome: str
    actor: str
    best: float
    """util, if it comes in the state in which it is best for the actor."""
    worst: float
    """util"""
    flow: float
    """util/year between the actor's best and worst situation."""


def examine(terminal: Terminal, name: str, *, quick: bool, as_json: bool) -> None:
    """Print warnings and size, and unless ``quick`` solve the game and print what ends are worth.

    Errors are raised, or with ``as_json`` printed as JSON too.
    """
    try:
        scenario, warnings = read(name)
        with located(name), terminal.progress() as report:
            game = compile(scenario, progress=report)
            if any(parameter.varies for parameter in scenario.parameters.values()):
                design(scenario)  # Priors that a range or an ordering leaves nothing of are found by drawing only.
    except ScenarioError as fault:
        if not as_json:
            raise
        typer.echo(json.dumps({"errors": [_told(problem) for problem in fault.problems]}, indent=2))
        raise typer.Exit(Exit.INPUT) from None
    size = measure(scenario, game)
    if not as_json:
        terminal.problems(warnings)
        terminal.out.print(scenario.title, style="bold", markup=False)
        terminal.paragraph(f"No errors. {told_size(size)}")
    worths: tuple[Worth, ...] = ()
    preferences: tuple[Problem, ...] = ()
    if not quick and game.outcomes:
        with terminal.progress() as report:
            equilibrium = solve(game, best_response=False, progress=partial(report, "solving"))
        demand_certified(terminal, equilibrium)
        worths = tuple(_worths(game, equilibrium.felt))
        preferences = placed(_preferences(worths), name)
    if as_json:
        told = {
            "errors": [],
            "title": scenario.title,
            "size": asdict(size),
            "warnings": [_told(problem) for problem in (*warnings, *preferences)],
            "worth": [asdict(worth) for worth in worths],
        }
        typer.echo(json.dumps(told, indent=2))
    elif worths:
        _print(terminal, game, worths)
        terminal.problems(preferences)


def _told(problem: Problem) -> dict[str, Any]:
    told = asdict(problem)
    del told["of_key"]  # Only of use for finding the place, which is found.
    return told


def demand_certified(terminal: Terminal, equilibrium: Equilibrium) -> None:
    """Leave with cause and remedy unless the equilibrium is certified: no number is shown then."""
    if not equilibrium.certified:
        terminal.error(f"No equilibrium could be certified. {equilibrium.cause or equilibrium.certificate}")
        terminal.note(f"What may help: {equilibrium.remedy or _REMEDY}.")
        raise typer.Exit(Exit.UNCERTIFIED)


def told_size(size: Size) -> str:
    """The size of a game and what solving it will take, in sentences."""
    written = listed([_count(size.actors, "actor"), _count(size.moves, "move"), _count(size.events, "event")])
    memory = f"{size.gibibytes:.1f} GiB" if size.gibibytes >= 0.1 else "less than 0.1 GiB"
    return (
        f"{written}; {size.states:,} of {size.combinations:,} combinations can be reached, with "
        f"{_count(size.move_rows, 'move')} on offer in them and {_count(size.event_rows, 'event')} that can happen. "
        f"Solving will take roughly {_time(size.seconds)} and {memory}."
    )


def _print(terminal: Terminal, game: Game, worths: Sequence[Worth]) -> None:
    start = next(iter(game.starts))
    terminal.out.print(
        f"\nWhat each end is worth, against going on from {start}: utils, and years of flow", style="bold"
    )
    table = grid("actor", *game.outcomes)
    for actor in game.actors:
        own = [worth for worth in worths if worth.actor == actor and worth.start == start]
        table.add(actor, *(f"{_span(worth.worst, worth.best)}\n{_years(worth)}" for worth in own))
    table.print(terminal)
    terminal.out.print("\nA year of flow: a year in the actor's best rather than its worst situation.", style="dim")


def _worths(game: Game, value: Floats) -> Iterator[Worth]:
    flow = np.ptp(game.flow, axis=0)
    for start, state in game.starts.items():
        for o, outcome in enumerate(game.outcomes):
            ends = game.end_value[game.end_outcome == o]
            for i, actor in enumerate(game.actors if ends.size else ()):
                gain = ends[:, i] - value[state, i]
                yield Worth(start, outcome, actor, float(gain.max()), float(gain.min()), float(flow[i]))


def _preferences(worths: Sequence[Worth]) -> Iterator[Problem]:
    """One warning for every actor and end that the actor would rather have than a start."""
    tempting: dict[tuple[str, str], list[Worth]] = {}
    for worth in worths:
        if worth.best > 0:
            tempting.setdefault((worth.actor, worth.outcome), []).append(worth)
    for (actor, outcome), found in tempting.items():
        starts = listed([f"{worth.start} (by {number(worth.best)} util)" for worth in found])
        yield Problem(
            found=f"{actor} would rather have {outcome} than go on from {starts}",
            right="an end that is worse than going on, unless the argument is that it is not",
            path=("outcomes", outcome, "value"),
            severity="warning",
        )


def _count(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'s' if count != 1 else ''}"


def _time(seconds: float) -> str:
    return f"{number(round(seconds))} seconds" if seconds >= 2 else "a second"


def _span(low: float, high: float) -> str:
    return _signed(low) if number(low) == number(high) else f"{_signed(low)} to {_signed(high)}"


def _years(worth: Worth) -> str:
    return f"{_span(worth.worst / worth.flow, worth.best / worth.flow)} years" if worth.flow > 0 else "no flow"


def _signed(value: float) -> str:
    return f"{'-' if value < 0 else '+'}{number(abs(value))}"
