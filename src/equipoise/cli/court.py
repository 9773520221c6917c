"""The command that puts an argument on trial: judge."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

import typer

from equipoise.cli.analysis import Settings, Starts, numbers_set, read_scenario
from equipoise.cli.authoring import AsJson, ScenarioName
from equipoise.cli.terminal import Exit, Terminal
from equipoise.errors import RequestError


class Conventions(StrEnum):
    """The noise conventions as the command line names them, and all of them."""

    CONTROL_COST = "control-cost"
    PRIVATE_SHOCK = "private-shock"
    AGENT_ERROR = "agent-error"
    ALL = "all"


Claims = Annotated[
    list[str] | None, typer.Option("--claim", metavar="ID", help="Only this claim, with all its evidence; repeatable.")
]
AllConventions = Annotated[
    Conventions, typer.Option("--convention", help="Noise convention; `all` says where the verdicts differ.")
]
Equilibria = Annotated[
    int,
    typer.Option("--equilibria", metavar="N", min=0, help="Look for other equilibria from N random starts per case."),
]
Seed = Annotated[int, typer.Option("--seed", metavar="K", min=0, help="Seed of those random starts.")]


def judge(
    context: typer.Context,
    scenario: ScenarioName,
    claims: Claims = None,
    starts: Starts = None,
    settings: Settings = None,
    convention: AllConventions = Conventions.CONTROL_COST,
    equilibria: Equilibria = 0,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Put the scenario's claims on trial: which hold, which fail, by what numbers."""
    from equipoise.claims.trial import CONVENTIONS, put_on_trial
    from equipoise.claims.verdict import Status
    from equipoise.cli.verdicts import report_trial
    from equipoise.scenario.reading import located
    from equipoise.scenario.variants import with_parameters

    terminal: Terminal = context.obj
    written = with_parameters(read_scenario(terminal, scenario), numbers_set(settings or []))
    if not written.claims:
        raise RequestError(f"{scenario} has no claims to judge; they are written under `claims`")
    chosen = CONVENTIONS if convention is Conventions.ALL else [c for c in CONVENTIONS if c.name == convention.value]
    with located(scenario), terminal.progress() as report:
        trial = put_on_trial(
            written,
            claims=claims or (),
            starts=starts or (),
            conventions=chosen,
            equilibria=equilibria,
            seed=seed,
            progress=report,
        )
    if as_json:
        told = {
            "title": written.title,
            "conventions": list(trial.conventions),
            "equilibria": equilibria,
            "seed": seed,
            "verdicts": [verdict.to_dict() for verdict in trial.verdicts],
        }
        typer.echo(json.dumps(told, indent=2))
    else:
        report_trial(terminal, trial, full=bool(claims))
    uncertified = [v for v in trial.verdicts if v.status is Status.UNRESOLVED and any(not b.certified for b in v.basis)]
    if uncertified:
        raise typer.Exit(Exit.UNCERTIFIED)
