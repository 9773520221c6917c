"""The command `levers`: what moves a number most."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.cli.analysis import Noise, OneVariant, Out, Settings, Start, numbers_set, read_scenario
from equipoise.cli.authoring import AsJson, ScenarioName
from equipoise.cli.terminal import Terminal
from equipoise.conventions import ConventionName
from equipoise.errors import RequestError, no_such

if TYPE_CHECKING:
    from equipoise.claims.cases import Case
    from equipoise.claims.leverage import Leverage
    from equipoise.claims.solutions import Solutions
    from equipoise.scenario.models import Scenario

    Ask = Callable[[Solutions], tuple[Leverage, ...]]


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
OfMove = Annotated[
    str | None, typer.Option("--move", metavar="ID", help="The chance that this move is chosen there, instead.")
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
    move: OfMove = None,
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
    from equipoise.cli.leverage import report_leverage, told, write_leverage
    from equipoise.scenario.reading import located
    from equipoise.scenario.variants import with_parameters

    terminal: Terminal = context.obj
    if claim is not None and any(option is not None for option in (measure, move, start, variant, against)):
        raise RequestError("a claim says itself what is measured and where; right would be --claim without the others")
    if move is not None and (measure is not None or against is not None):
        raise RequestError("one number at a time; right would be --move without --measure and --against")
    written = with_parameters(read_scenario(terminal, scenario), numbers_set(settings or []))
    cases, ask = _asked(written, measure, move, start, variant, against) if claim is None else _of_claim(written, claim)
    with located(scenario):
        found = ask(_solved(terminal, written, convention, cases))
    if out is not None:
        write_leverage(terminal, written, found, out, convention=convention.value, most=most)
    if as_json:
        typer.echo(json.dumps(told(written, found, convention.value), indent=2))
        return
    for one in found:
        report_leverage(terminal, written, one, by=by.value if by else None, most=most)


def _solved(terminal: Terminal, scenario: Scenario, convention: ConventionName, cases: Sequence[Case]) -> Solutions:
    """The cases, solved; leaves with an explanation if one has no certified equilibrium."""
    from equipoise.claims.solutions import Solutions
    from equipoise.cli.checking import demand_certified
    from equipoise.equilibrium.convention import Convention

    with terminal.progress() as report:
        solutions = Solutions(scenario, Convention(convention.value), progress=report)
        solutions.prepare(cases)
    for case in cases:
        demand_certified(terminal, solutions[case].equilibrium)
    return solutions


def _of_claim(scenario: Scenario, name: str) -> tuple[Sequence[Case], Ask]:
    """The cases that a claim compares, and what to ask of their solutions."""
    from equipoise.claims.cases import all_cases
    from equipoise.claims.leverage import claim_leverage, demand_fair

    known = {claim.id: claim for claim in scenario.claims}
    if name not in known:
        raise no_such("claim", name, known)
    demand_fair(known[name], scenario)
    return all_cases(scenario, [known[name]]), lambda solutions: (claim_leverage(known[name], solutions),)


def _asked(
    scenario: Scenario,
    measure: str | None,
    move: str | None,
    start: str | None,
    variant: str | None,
    against: str | None,
) -> tuple[Sequence[Case], Ask]:
    """The case asked about and the one it is held against, if any, and what to ask of their solutions."""
    from equipoise.claims.cases import Case
    from equipoise.claims.leverage import conduct_leverage, leverage
    from equipoise.scenario.asking import measure_asked
    from equipoise.scenario.claims import AS_WRITTEN

    variants = [AS_WRITTEN, *scenario.variants]
    for name in (variant, against):
        if name is not None and name not in variants:
            raise no_such("variant", name, variants)
    if start is not None and start not in scenario.initial:
        raise no_such("starting situation", start, list(scenario.initial))
    begun, case = start or next(iter(scenario.initial)), Case(variant or AS_WRITTEN)
    other = None if against is None else Case(against)
    if case == other:
        raise RequestError(f"{against} against itself; right would be two different variants")
    if move is not None:
        return [case], lambda solutions: (conduct_leverage(solutions, move, begun, case=case),)
    asked = measure_asked("risk: any" if measure is None else measure, scenario)
    cases = [case] if other is None else [case, other]
    return cases, lambda solutions: leverage(asked, solutions, begun, case=case, against=other)
