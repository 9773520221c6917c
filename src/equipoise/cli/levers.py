"""The command `levers`: what moves a number most."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.cli.analysis import ConventionName, Noise, OneVariant, Out, Settings, Start, numbers_set, read_scenario
from equipoise.cli.authoring import AsJson, ScenarioName
from equipoise.cli.terminal import Terminal
from equipoise.errors import RequestError, no_such

if TYPE_CHECKING:
    from equipoise.scenario.models import Claim, Scenario


class Grouping(StrEnum):
    """What levers can be gathered under."""

    MECHANISM = "mechanism"
    SOURCE = "source"


Asked = Annotated[
    str | None,
    typer.Option(
        "--measure", metavar="MEASURE", help="As in a claim, e.g. 'risk: war, within: 5 years'; the risk of any end."
    ),
]
OfClaim = Annotated[
    str | None, typer.Option("--claim", metavar="ID", help="What the verdict on this claim turns on, instead.")
]
Against = Annotated[
    str | None,
    typer.Option("--against", metavar="NAME", help="The difference from this variant, or from `as-written`."),
]
By = Annotated[Grouping | None, typer.Option("--by", help="Gather the levers under what they stand for.")]
Most = Annotated[int, typer.Option("--most", metavar="N", min=1, help="How many to show.")]


def levers(
    context: typer.Context,
    scenario: ScenarioName,
    measure: Asked = None,
    claim: OfClaim = None,
    start: Start = None,
    variant: OneVariant = None,
    against: Against = None,
    settings: Settings = None,
    convention: Noise = ConventionName.CONTROL_COST,
    by: By = None,
    most: Most = 15,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Say which parameters move a number most, each over what is not known of it."""
    from equipoise.claims.cases import Case, all_cases
    from equipoise.claims.leverage import claim_leverage, demand_fair, leverage
    from equipoise.claims.solutions import Solutions
    from equipoise.cli.checking import demand_certified
    from equipoise.cli.leverage import report_leverage, told, write_leverage
    from equipoise.equilibrium.convention import Convention
    from equipoise.scenario.asking import measure_asked
    from equipoise.scenario.claims import AS_WRITTEN
    from equipoise.scenario.reading import located
    from equipoise.scenario.variants import with_parameters

    terminal: Terminal = context.obj
    if claim is not None and any(option is not None for option in (measure, start, variant, against)):
        raise RequestError("a claim says itself what is measured and where; right would be --claim without the others")
    written = with_parameters(read_scenario(terminal, scenario), numbers_set(settings or []))
    asked = measure_asked("risk: any" if measure is None else measure, written)
    turning = None if claim is None else _claim(written, claim)
    if turning is not None:
        demand_fair(turning, written)
    own, other = (None if name is None else Case(_variant(written, name)) for name in (variant or AS_WRITTEN, against))
    if own == other:
        raise RequestError(f"{against} against itself; right would be two different variants")
    begun = _start(written, start)
    cases = [case for case in (own, other) if case is not None] if turning is None else all_cases(written, [turning])
    with located(scenario):
        with terminal.progress() as report:
            solutions = Solutions(written, Convention(convention.value), progress=report)
            solutions.prepare(cases)
        for case in cases:
            demand_certified(terminal, solutions[case].equilibrium)
        with terminal.progress() as report:
            report("looking for levers", 0.0)
            found = (
                leverage(asked, solutions, begun, case=own, against=other)
                if turning is None
                else (claim_leverage(turning, solutions),)
            )
    if out is not None:
        write_leverage(terminal, written, found, out, convention=convention.value, most=most)
    if as_json:
        typer.echo(json.dumps(told(written, found, convention.value), indent=2))
        return
    for one in found:
        report_leverage(terminal, written, one, by=by.value if by else None, most=most)


def _claim(scenario: Scenario, name: str) -> Claim:
    known = {claim.id: claim for claim in scenario.claims}
    if name not in known:
        raise no_such("claim", name, known)
    return known[name]


def _variant(scenario: Scenario, name: str) -> str:
    from equipoise.scenario.claims import AS_WRITTEN

    known = [AS_WRITTEN, *scenario.variants]
    if name not in known:
        raise no_such("variant", name, known)
    return name


def _start(scenario: Scenario, name: str | None) -> str:
    if name is not None and name not in scenario.initial:
        raise no_such("starting situation", name, list(scenario.initial))
    return name or next(iter(scenario.initial))
