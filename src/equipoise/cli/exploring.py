"""The command that runs a scenario under many draws: explore."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.cli.analysis import read_scenario
from equipoise.cli.authoring import AsJson, MethodName, ScenarioName
from equipoise.cli.grid import grid
from equipoise.cli.terminal import Exit, Terminal
from equipoise.conventions import Conventions

if TYPE_CHECKING:
    from equipoise.ensemble import Store, Summary

_TOLD = 8
"""Causes of failures that are told."""


Draws = Annotated[int, typer.Option("--draws", "-n", metavar="N", min=1, help="How many draws there are to be in all.")]
Out = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", file_okay=False, help="Folder of the ensemble.")]
Resume = Annotated[
    bool,
    typer.Option("--resume", help="Go on where a run stopped, however it did; also to add draws of `sobol`."),
]
Workers = Annotated[int, typer.Option("--workers", metavar="K", min=1, help="Processes that share the work.")]
Seed = Annotated[int, typer.Option("--seed", metavar="K", min=0, help="Another seed, other draws.")]
Method = Annotated[
    MethodName,
    typer.Option(
        "--method",
        help="How draws are made; `lhs` cannot be added to, `sobol` should be 1,000 or more.",
    ),
]
Claims = Annotated[list[str] | None, typer.Option("--claim", metavar="ID", help="Judge only this claim; repeatable.")]
SampledConventions = Annotated[
    Conventions,
    typer.Option("--convention", help="Noise convention; with `all` each draw has one of the three, drawn too."),
]
Equilibria = Annotated[
    float,
    typer.Option("--equilibria", metavar="SHARE", min=0, max=1, help="Share of draws solved from a random start."),
]
ColdShare = Annotated[
    float, typer.Option("--cold", metavar="SHARE", min=0, max=1, help="Share of draws that are also solved cold.")
]


def explore(
    context: typer.Context,
    scenario: ScenarioName,
    draws: Draws,
    out: Out,
    resume: Resume = False,
    workers: Workers = 1,
    seed: Seed = 0,
    method: Method = MethodName.LHS,
    claims: Claims = None,
    convention: SampledConventions = Conventions.CONTROL_COST,
    equilibria: Equilibria = 0.0,
    cold: ColdShare = 0.02,
    as_json: AsJson = False,
) -> None:
    """Solve and judge the scenario under many draws of all that is not known; keeps them, and can be resumed."""
    from equipoise.claims.trial import CONVENTIONS
    from equipoise.ensemble import Plan, run, summarise
    from equipoise.scenario.reading import located

    terminal: Terminal = context.obj
    written = read_scenario(terminal, scenario)
    plan = Plan(
        written,
        method=method.value,
        seed=seed,
        count=draws if method is MethodName.LHS else None,
        claims=tuple(claims or ()),
        conventions=tuple(c for c in CONVENTIONS if convention.value in (c.name, Conventions.ALL.value)),
        equilibria=equilibria,
        cold=cold,
        command=shlex.join(["equipoise", *sys.argv[1:]]),
    )
    try:
        with located(scenario), terminal.progress() as report:
            store = run(plan, out, draws, resume=resume, workers=workers, progress=report)
    except (KeyboardInterrupt, OSError):
        if out.exists():
            terminal.note(f"What is done is kept in {out}. To go on: the same command with --resume.")
        raise
    summary = summarise(store)
    if as_json:
        typer.echo(json.dumps({"title": written.title, "store": store.about, **summary.to_dict()}, indent=2))
    else:
        _tell(terminal, store, summary)
    if not summary.status.get("solved") and not summary.status.get("partly"):
        terminal.error("No draw could be solved; the causes stand above and in the store.")
        raise typer.Exit(Exit.UNCERTIFIED)


def _tell(terminal: Terminal, store: Store, summary: Summary) -> None:
    about = store.about
    terminal.out.print(str(about["scenario"]), style="bold", markup=False)
    drawn = f"{summary.draws:,} draws of {len(store.axes.parameter)} numbers ({about['method']}, seed {about['seed']})."
    terminal.paragraph(drawn)
    if summary.shares:
        table = grid("claim", "holds in", "95% interval", "fails", "unresolved", "not solved")
        for share in summary.shares:
            counts, of = share.counts, max(share.draws, 1)
            if counts["refused"] == share.draws:
                table.add(share.claim, "refused: the test is unfair", "", "", "", "")
                continue
            parts = [f"{counts[key] / of:.1%}" for key in ("fails", "unresolved", "failed")]
            table.add(share.claim, f"{share.holds:.1%}", f"{share.low:.1%} to {share.high:.1%}", *parts)
        table.print(terminal)
    _tell_failures(terminal, summary)
    _tell_cold(terminal, summary)
    terminal.note(f"Everything is in {store.folder}; xarray.open_zarr opens it.")


def _tell_failures(terminal: Terminal, summary: Summary) -> None:
    failed = {name: summary.status.get(name, 0) for name in ("partly", "failed")}
    if not any(failed.values()):
        terminal.paragraph("Every case of every draw has a certified equilibrium.")
        return
    told = f"Draws that failed: {failed['failed']:,}; solved in part: {failed['partly']:,}. All are counted above."
    terminal.paragraph(told)
    for cause, count in list(summary.causes.items())[:_TOLD]:
        terminal.hanging(f"{count:,}", cause)


def _tell_cold(terminal: Terminal, summary: Summary) -> None:
    agree, differ, failed = (summary.cold.get(name, 0) for name in ("agrees", "disagrees", "failed"))
    if not agree + differ + failed:
        terminal.paragraph("No draw was also solved cold.")
        return
    told = f"Draws also solved cold: {agree + differ + failed:,}; {agree:,} came to the same"
    told += f", {differ:,} to another equilibrium" if differ else ""
    told += f"; in {failed:,} the cold solve lost its way" if failed else ""
    terminal.paragraph(f"{told}.")
    changed = {claim: count for claim, count in summary.cold_verdicts.items() if count}
    if changed:
        listed = ", ".join(f"{claim} in {count:,}" for claim, count in changed.items())
        terminal.paragraph(f"The cold solve changes the verdict on {listed}.")
