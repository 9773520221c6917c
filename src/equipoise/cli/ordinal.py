"""Commands of the ordinal lens: stability, import, export."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.cli.analysis import Levels, OneVariant, Settings, Start, numbers_set, pairs
from equipoise.cli.authoring import AsJson, ScenarioName
from equipoise.cli.terminal import Terminal, write_file, write_files
from equipoise.errors import RequestError, no_such

if TYPE_CHECKING:
    from equipoise.assessment import Assessment
    from equipoise.game.game import Game
    from equipoise.scenario.models import Scenario
    from equipoise.stability.reading import Reading

Concepts = Annotated[
    list[str] | None,
    typer.Option("--concept", metavar="NAME", help="Explain by this concept: Nash, GMR, SMR, SEQ, SIM; repeatable."),
]
Where = Annotated[
    list[str] | None, typer.Option("--where", metavar="FACTOR=LEVEL", help="Only such states in the table; repeatable.")
]


LONG = 30.0
"""Seconds from which a wait is worth announcing."""


class Format(StrEnum):
    """What a scenario can be exported to."""

    GMCR = "gmcr"
    PRISM = "prism"
    DRN = "drn"


def stability(
    context: typer.Context,
    scenario: ScenarioName,
    start: Start = None,
    levels: Levels = None,
    concepts: Concepts = None,
    where: Where = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="States of the table to show.")] = 20,
    coalitions: Annotated[
        str | None,
        typer.Option(
            "--coalitions",
            metavar="SIZE",
            help="Also CNash, CGMR, CSMR, CSEQ, with all coalitions of up to SIZE actors, or `all`; "
            "those of the scenario, if left out.",
        ),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Do not solve: nothing on how long states last.")] = False,
    variant: OneVariant = None,
    settings: Settings = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", file_okay=False, help="Also write tables (CSV, HTML) and JSON there."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say which states are stable for whom, given only who can move where and who prefers what."""
    from equipoise.assess import situate
    from equipoise.cli.ordinal_report import report_reading, report_state
    from equipoise.scenario.reading import located, read
    from equipoise.stability.solo import CONCEPTS

    terminal: Terminal = context.obj
    for concept in concepts or ():
        if concept not in CONCEPTS:
            raise no_such("concept", concept, CONCEPTS)
    largest = _size(coalitions)
    chosen = pairs(where or [], "--where FACTOR=LEVEL")
    written, _ = read(scenario)
    asked: str | None = None
    with located(scenario):
        if start is not None or levels:
            changes = pairs(levels or [], "--state FACTOR=LEVEL")
            written, asked = situate(written, start or next(iter(written.initial)), changes)
        reading = _read(terminal, written, variant, settings, largest=largest, quick=quick)
    _check_levels(reading, chosen)
    if as_json:
        from equipoise.cli.ordinal_files import told

        typer.echo(json.dumps(told(reading, chosen, asked, concepts or ["SEQ"]), indent=1))
    elif asked is not None:
        report_state(terminal, reading, asked, concepts or ["SEQ"])
    else:
        report_reading(terminal, reading, chosen, limit)
    if out is not None:
        from equipoise.cli.ordinal_files import folder

        written_files = write_files(out, folder(reading, chosen, asked, concepts or ["SEQ"]))
        terminal.note(f"Wrote {len(written_files)} files into {out}/ (csv, html, json).")


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A conflict of the graph model's tools, .gmcr.")],
    to: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Where to write.")] = None,
) -> None:
    """Turn a .gmcr file into a scenario."""
    from equipoise.scenario import dump
    from equipoise.stability.gmcr import read_gmcr
    from equipoise.stability.translate import to_scenario

    terminal: Terminal = context.obj
    conflict = read_gmcr(file)
    text = dump(to_scenario(conflict, title=file.stem))
    if to is None:
        typer.echo(text, nl=False)
        return
    _write_new(to, text)
    terminal.note(f"Wrote {to}. Next: equipoise stability --quick {to}")


def export(
    context: typer.Context,
    scenario: ScenarioName,
    form: Annotated[
        Format, typer.Option("--to", help="gmcr: options and rankings; prism: .tra and .lab; drn: for Storm.")
    ],
    to: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="Where to write; prism adds endings.")],
    variant: OneVariant = None,
    settings: Settings = None,
) -> None:
    """Write a scenario for other programs: its graph and rankings, or the chain of its equilibrium."""
    from equipoise.scenario.reading import located, read

    terminal: Terminal = context.obj
    written, _ = read(scenario)
    with located(scenario):
        if form is Format.GMCR:
            from equipoise.stability.coalition import acting_together
            from equipoise.stability.gmcr import to_gmcr
            from equipoise.stability.translate import to_conflict

            reading = _read(terminal, written, variant, settings, coalitional=False)
            groups = acting_together(written)
            conflict = to_conflict(reading.graph, reading.ranking, list(reading.actors.values()), coalitions=groups)
            contents = {to: to_gmcr(conflict)}
        else:
            from equipoise.outlook.storm_files import labels, to_drn, to_lab, to_tra

            assessment = _solved(terminal, written, variant, settings)
            masks = {name: assessment.game.where(of.when) for name, of in assessment.scenario.regimes.items()}
            flags = labels(assessment.chain, assessment.game, masks)
            if form is Format.DRN:
                contents = {to: to_drn(assessment.chain, flags)}
            else:
                stem = to.with_suffix("") if to.suffix in (".tra", ".lab") else to
                tra, lab = stem.with_name(stem.name + ".tra"), stem.with_name(stem.name + ".lab")
                contents = {tra: to_tra(assessment.chain), lab: to_lab(flags)}
    for path, text in contents.items():
        write_file(path, text.encode())
        terminal.note(f"Wrote {path}.")


def _write_new(path: Path, text: str) -> None:
    if path.exists():
        raise RequestError(f"{path} is there already; name a file that is not, or remove it first")
    write_file(path, text.encode())


def _size(text: str | None) -> int | None:
    """The largest coalition that is asked for, 0 for all of them, or None if nothing is."""
    if text is None:
        return None
    if text != "all" and not (text.isascii() and text.isdigit() and int(text) > 0):
        raise RequestError(f"--coalitions {text}; right would be a number of actors from 1 up, or all")
    return 0 if text == "all" else int(text)


def _read(
    terminal: Terminal,
    scenario: Scenario,
    variant: str | None,
    settings: list[str] | None,
    *,
    largest: int | None = None,
    quick: bool = True,
    coalitional: bool = True,
) -> Reading:
    """The reading, set against the equilibrium unless that is to be quick."""
    from equipoise.game.compile import compile
    from equipoise.scenario.variants import apply, with_parameters
    from equipoise.stability.coalition import acting_together, all_coalitions
    from equipoise.stability.reading import read_ordinally

    groups: list[tuple[int, ...]] = []
    if coalitional and largest is not None:
        groups = all_coalitions(range(len(scenario.actors)), largest or None)
    elif coalitional and scenario.coalitions:
        groups = acting_together(scenario)
    assessment = None if quick else _solved(terminal, scenario, variant, settings)
    with terminal.progress() as report:
        if assessment is not None:
            edited, game = assessment.scenario, assessment.game
        else:
            edited = with_parameters(apply(scenario, variant) if variant else scenario, numbers_set(settings or []))
            game = compile(edited, progress=report)
        concepts = _affordable(terminal, edited, game, groups)
        reading = read_ordinally(edited, game, coalitions=groups, concepts=concepts, progress=report)
        if assessment is None:
            return reading
        return reading.against(assessment.equilibrium, assessment.chain)


def _affordable(terminal: Terminal, scenario: Scenario, game: Game, groups: list[tuple[int, ...]]) -> tuple[str, ...]:
    """The coalitional concepts that can be had within reason; says first what takes time, and what is left out."""
    from equipoise.scenario.phrases import listed
    from equipoise.stability.coalition import COALITIONAL
    from equipoise.stability.graph import of_game
    from equipoise.stability.price import joint_price, price, wait
    from equipoise.stability.scenario_ranking import ranking_of

    graph, ranking = of_game(game), ranking_of(scenario, game)
    joint = joint_price(graph, ranking)
    if joint > LONG:
        terminal.note(f"SIM tries combinations of improvements: {wait(joint)} at most, mostly far less.")
    if not groups:
        return ()
    cost = price(graph, ranking, groups)
    terminal.note(
        f"{cost.coalitions} coalitions: CNash and CGMR take {wait(cost.sweeping)} each, "
        f"CSMR and CSEQ {wait(cost.searching)} each."
    )
    hopeless = cost.hopeless
    for reason in dict.fromkeys(hopeless.values()):
        without = listed([concept for concept, why in hopeless.items() if why == reason])
        terminal.note(
            f"Left out: {without} ({reason}). Right would be fewer or smaller coalitions: --coalitions 2, or those "
            "that the scenario names under `coalitions`."
        )
    return tuple(concept for concept in COALITIONAL if concept not in hopeless)


def _solved(terminal: Terminal, scenario: Scenario, variant: str | None, settings: list[str] | None) -> Assessment:
    """A certified assessment from the first start; leaves with an explanation if there is none."""
    from equipoise.assess import assess
    from equipoise.cli.checking import demand_certified

    start = next(iter(scenario.initial))
    with terminal.progress() as report:
        assessment = assess(
            scenario, variant=variant, settings=numbers_set(settings or []), starts=[start], progress=report
        )
    demand_certified(terminal, assessment.equilibrium)
    return assessment


def _check_levels(reading: Reading, chosen: dict[str, str]) -> None:
    for factor, level in chosen.items():
        if factor not in reading.scenario.factors:
            raise no_such("factor", factor, reading.scenario.factors)
        if level not in reading.scenario.factors[factor].levels:
            raise no_such(f"level of '{factor}'", level, reading.scenario.factors[factor].levels)
