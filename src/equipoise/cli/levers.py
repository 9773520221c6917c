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
    from equipoise.claims.leverage import Leverage
    from equipoise.claims.solutions import Solutions
    from equipoise.scenario.claims import Measure
    from equipoise.scenario.models import Scenario


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
    from equipoise.claims.solutions import Solutions
    from equipoise.cli.checking import demand_certified
    from equipoise.cli.leverage import report_leverage, told, write_leverage
    from equipoise.equilibrium.convention import Convention
    from equipoise.scenario.asking import measure_asked
    from equipoise.scenario.reading import located
    from equipoise.scenario.variants import with_parameters

    terminal: Terminal = context.obj
    if claim is not None and any(option is not None for option in (measure, start, variant, against)):
        raise RequestError("a claim says itself what is measured and where; right would be --claim without the others")
    written = with_parameters(read_scenario(terminal, scenario), numbers_set(settings or []))
    asked = measure_asked(measure or "risk: any", written)
    with located(scenario), terminal.progress() as report:
        solutions = Solutions(written, Convention(convention.value), progress=report)
        found = (
            _of_claim(written, solutions, claim)
            if claim is not None
            else _of_measure(written, solutions, asked, start, variant, against)
        )
    for solution in solutions.solved.values():
        demand_certified(terminal, solution.equilibrium)
    if out is not None:
        write_leverage(terminal, written, found, out, most=most)
    if as_json:
        typer.echo(json.dumps(told(written, found, convention.value), indent=2))
        return
    for one in found:
        report_leverage(terminal, written, one, by=by.value if by else None, most=most)


def _of_claim(scenario: Scenario, solutions: Solutions, name: str) -> tuple[Leverage, ...]:
    from equipoise.claims.leverage import claim_leverage

    known = {claim.id: claim for claim in scenario.claims}
    if name not in known:
        raise no_such("claim", name, known)
    return (claim_leverage(known[name], solutions),)


def _of_measure(
    scenario: Scenario,
    solutions: Solutions,
    measure: Measure,
    start: str | None,
    variant: str | None,
    against: str | None,
) -> tuple[Leverage, ...]:
    from equipoise.claims.cases import Case
    from equipoise.claims.leverage import leverage
    from equipoise.scenario.claims import AS_WRITTEN

    for name in (variant, against):
        if name not in (None, AS_WRITTEN, *scenario.variants):
            raise no_such("variant", str(name), [AS_WRITTEN, *scenario.variants])
    if against is not None and against == (variant or AS_WRITTEN):
        raise RequestError(f"{against} against itself; right would be two different variants")
    start = start or next(iter(scenario.initial))
    if start not in scenario.initial:
        raise no_such("starting situation", start, list(scenario.initial))
    case, other = Case(variant or AS_WRITTEN), None if against is None else Case(against)
    solutions.prepare([case] if other is None else [case, other])
    return leverage(measure, solutions, start, case=case, against=other)
