"""Commands for whoever asks a scenario something: assess, explain, simulate."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.cli.authoring import AsJson, ScenarioName
from equipoise.cli.terminal import Terminal
from equipoise.conventions import ConventionName
from equipoise.errors import RequestError

if TYPE_CHECKING:
    from equipoise.assessment import Assessment
    from equipoise.scenario.models import Scenario


Starts = Annotated[
    list[str] | None, typer.Option("--from", metavar="START", help="Starting situation; repeatable; all, if left out.")
]
Start = Annotated[
    str | None, typer.Option("--from", metavar="START", help="Starting situation; the first, if left out.")
]
Avoiding = Annotated[
    list[str] | None,
    typer.Option("--avoiding", metavar="REGIME", help="Also reach regimes without passing this one; repeatable."),
]
Variants = Annotated[
    list[str] | None, typer.Option("--variant", metavar="NAME", help="Also with this variant's edits; repeatable.")
]
OneVariant = Annotated[str | None, typer.Option("--variant", metavar="NAME", help="With this variant's edits.")]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="PARAMETER=VALUE", help="Another value for this run; repeatable.")
]
Levels = Annotated[
    list[str] | None, typer.Option("--state", metavar="FACTOR=LEVEL", help="Change the situation; repeatable.")
]
Noise = Annotated[ConventionName, typer.Option("--convention", help="Noise convention (docs/notation.md).")]
Years = Annotated[float | None, typer.Option("--years", metavar="N", help="Horizon, if not the scenario's own.")]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", metavar="DIR", file_okay=False, help="Also write pictures, JSON and tables into this folder."
    ),
]


def assess(
    context: typer.Context,
    scenario: ScenarioName,
    starts: Starts = None,
    variants: Variants = None,
    settings: Settings = None,
    convention: Noise = ConventionName.CONTROL_COST,
    years: Years = None,
    avoiding: Avoiding = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Solve, and give the risk of every road to an end, what each would do, and the certificate."""
    from equipoise.cli.folder import write_assessment, write_comparison
    from equipoise.cli.report import report_assessment, report_comparison
    from equipoise.scenario.reading import located
    from equipoise.scenario.variants import apply

    terminal: Terminal = context.obj
    written = read_scenario(terminal, scenario)
    for variant in variants or ():
        apply(written, variant)  # A wrong name is said before minutes of solving.
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    assessments = []
    for variant in (None, *(variants or ())):
        with located(scenario):
            assessment = _assessed(terminal, written, variant, settings, starts, convention, years, avoiding)
        if not as_json:
            report_assessment(terminal, assessment)
        if out is not None:
            write_assessment(terminal, assessment, out / variant if variant else out)
        assessments.append(assessment)
    if as_json:
        typer.echo(json.dumps({"assessments": [a.to_dict() for a in assessments]}, indent=2))
    else:
        report_comparison(terminal, assessments)
    if out is not None:
        write_comparison(terminal, assessments, out)


def explain(
    context: typer.Context,
    scenario: ScenarioName,
    start: Start = None,
    levels: Levels = None,
    variant: OneVariant = None,
    settings: Settings = None,
    convention: Noise = ConventionName.CONTROL_COST,
    as_json: AsJson = False,
) -> None:
    """Say what each actor would do in a situation, and why."""
    from equipoise.assess import situate
    from equipoise.cli.report import report_conduct
    from equipoise.scenario.reading import located

    changes = pairs(levels or [], "--state FACTOR=LEVEL")
    with located(scenario):
        written = read_scenario(context.obj, scenario)
        situated, name = situate(written, start or next(iter(written.initial)), changes)
        assessment = _assessed(context.obj, situated, variant, settings, [name], convention)
    if as_json:
        told = assessment.to_dict()["starts"][name]
        typer.echo(json.dumps({"situation": told["situation"], "conduct": told["conduct"]}, indent=2))
        return
    report_conduct(context.obj, assessment, name)


def simulate(
    context: typer.Context,
    scenario: ScenarioName,
    start: Start = None,
    years: Years = None,
    seed: Annotated[int, typer.Option("--seed", metavar="K", min=0, help="The same seed, the same history.")] = 0,
    begin: Annotated[
        datetime | None, typer.Option("--begin", metavar="DATE", formats=["%Y-%m-%d"], help="Date of the start.")
    ] = None,
    variant: OneVariant = None,
    settings: Settings = None,
    convention: Noise = ConventionName.CONTROL_COST,
    as_json: AsJson = False,
) -> None:
    """Tell one history, drawn at random from the equilibrium."""
    from equipoise.cli.history import history, report_history
    from equipoise.scenario.reading import located

    with located(scenario):
        written = read_scenario(context.obj, scenario)
        start = start or next(iter(written.initial))
        assessment = _assessed(context.obj, written, variant, settings, [start], convention, years)
    told = history(assessment, start, seed=seed, begin=begin)
    if as_json:
        typer.echo(json.dumps({"start": start, "seed": seed, "years": assessment.horizon, "history": told}, indent=2))
        return
    report_history(context.obj, assessment, start, told)


def read_scenario(terminal: Terminal, name: str) -> Scenario:
    """The scenario of that name; warnings are only counted, `check` tells them."""
    from equipoise.scenario.reading import read

    scenario, warnings = read(name)
    if warnings:
        terminal.note(f"{len(warnings)} warning{'s' * (len(warnings) != 1)}; to see: equipoise check --quick {name}")
    return scenario


def _assessed(
    terminal: Terminal,
    scenario: Scenario,
    variant: str | None,
    settings: list[str] | None,
    starts: list[str] | None,
    convention: ConventionName,
    years: float | None = None,
    avoiding: list[str] | None = None,
) -> Assessment:
    """The assessment asked for; leaves with an explanation if there is no certified equilibrium."""
    from equipoise.assess import assess as assess_
    from equipoise.cli.checking import demand_certified
    from equipoise.equilibrium.convention import Convention

    numbers = numbers_set(settings or [])
    if variant is None:
        _remark_on_ranges(terminal, scenario, numbers)
    with terminal.progress() as report:
        assessment = assess_(
            scenario,
            variant=variant,
            settings=numbers,
            starts=starts or None,
            convention=Convention(convention.value),
            years=years,
            avoiding=avoiding or (),
            progress=report,
        )
    demand_certified(terminal, assessment.equilibrium)
    return assessment


def _remark_on_ranges(terminal: Terminal, scenario: Scenario, numbers: dict[str, float]) -> None:
    """A number may be set outside its range for one run, but not without a word."""
    for name, value in numbers.items():
        known = scenario.parameters.get(name)
        if known is not None and known.range is not None and not known.range[0] <= value <= known.range[1]:
            low, high = known.range
            terminal.note(f"{name} is set to {value:g}, outside its range from {low:g} to {high:g}.")


def pairs(texts: list[str], form: str) -> dict[str, str]:
    """Names and values of an option such as `--state`. Raises `RequestError` if one is not of that ``form``."""
    pairs = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name.strip() and equals and value.strip()):
            raise RequestError(f"'{text}' is not of the form {form}")
        pairs[name.strip()] = value.strip()
    return pairs


def numbers_set(texts: list[str]) -> dict[str, float]:
    """The parameters of `--set`. Raises `RequestError` if one has the wrong form."""
    numbers = {}
    for name, value in pairs(texts, "--set PARAMETER=VALUE").items():
        try:
            numbers[name] = float(value)
        except ValueError:
            raise RequestError(f"parameter '{name}' cannot be '{value}'; right would be a number, 0 or above") from None
    return numbers
