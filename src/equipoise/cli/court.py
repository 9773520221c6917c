"""Commands that put an argument on trial: judge, report."""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.cli.analysis import Settings, Starts, numbers_set, read_scenario
from equipoise.cli.authoring import AsJson, ScenarioName
from equipoise.cli.terminal import Exit, Terminal, write_file, write_files
from equipoise.conventions import Conventions
from equipoise.errors import RequestError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from equipoise.equilibrium.convention import Convention
    from equipoise.report import Evidence


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
    from equipoise.claims.trial import put_on_trial
    from equipoise.claims.verdict import Status
    from equipoise.cli.verdicts import report_trial
    from equipoise.scenario.reading import located
    from equipoise.scenario.variants import with_parameters

    terminal: Terminal = context.obj
    written = with_parameters(read_scenario(terminal, scenario), numbers_set(settings or []))
    if not written.claims:
        raise RequestError(f"{scenario} has no claims to judge; they are written under `claims`")
    with located(scenario), terminal.progress() as report:
        trial = put_on_trial(
            written,
            claims=claims or (),
            starts=starts or (),
            conventions=_conventions(convention),
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


def _conventions(name: Conventions) -> tuple[Convention, ...]:
    """The convention of that name, or all of them, the default first."""
    from equipoise.claims.trial import CONVENTIONS

    return tuple(each for each in CONVENTIONS if name in (each.name, Conventions.ALL))


class Format(StrEnum):
    """Forms of a report."""

    HTML = "html"
    MARKDOWN = "markdown"
    JSON = "json"


class Depth(StrEnum):
    """How far mechanisms are removed in turn."""

    VERDICTS = "verdicts"
    HEADLINE = "headline"
    NONE = "none"


Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", dir_okay=False, help="Where to write it.")]
Form = Annotated[
    Format | None, typer.Option("--format", help="Form of the report; by the ending of the file, if left out.")
]
Removing = Annotated[
    Depth,
    typer.Option("--ablation", help="Remove each mechanism in turn: judge anew, headlines only, or not at all."),
]
Everywhere = Annotated[
    bool, typer.Option("--all-variants", help="Tell risks and ledgers in every variant, not only in those compared.")
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", metavar="K", min=1, help="Processes that share the work; one for each core, if left out."
    ),
]
Figures = Annotated[
    Path | None,
    typer.Option("--figures", metavar="DIR", file_okay=False, help="Also write every figure there as SVG and PNG."),
]

Ensemble = Annotated[
    Path | None,
    typer.Option("--ensemble", metavar="DIR", file_okay=False, help="Also tell what this run of `explore` found."),
]
Cruxes = Annotated[
    list[str] | None,
    typer.Option("--crux", metavar="ID", help="Look for what would flip this claim, by solving; repeatable."),
]


def report(
    context: typer.Context,
    scenario: ScenarioName,
    output: Output = Path("report.html"),
    form: Form = None,
    convention: AllConventions = Conventions.ALL,
    equilibria: Equilibria = 0,
    seed: Seed = 0,
    ablation: Removing = Depth.HEADLINE,
    all_variants: Everywhere = False,
    workers: Workers = None,
    figures: Figures = None,
    ensemble: Ensemble = None,
    cruxes: Cruxes = None,
) -> None:
    """Write the argument, its verdicts and their evidence for people to read: one file that opens offline."""
    missing = [name for name in ("altair", "vl_convert", "jinja2") if not find_spec(name)]
    if missing:
        raise RequestError("a report needs the extra that draws and lays it out: pip install 'equipoise[report]'")
    from equipoise.report import gather
    from equipoise.report.figures import figures as drawn
    from equipoise.scenario.files import locate
    from equipoise.scenario.reading import located

    terminal: Terminal = context.obj
    if cruxes and ensemble is None:
        raise RequestError("--crux tells of what is not known beside an ensemble; right would be --ensemble DIR too")
    shape = form or _form(output)
    output.parent.mkdir(parents=True, exist_ok=True)
    written = read_scenario(terminal, scenario)
    with located(scenario), terminal.progress() as progress, _workers(workers) as executor:
        evidence = gather(
            written,
            path=locate(scenario),
            command=shlex.join(["equipoise", *sys.argv[1:]]),
            conventions=_conventions(convention),
            equilibria=equilibria,
            seed=seed,
            ablation=ablation.value,
            all_variants=all_variants,
            executor=executor,
            ensemble=ensemble,
            cruxes=cruxes or (),
            progress=progress,
        )
    if evidence is None:
        terminal.error("No equilibrium of the scenario as written could be certified, so there is nothing to report.")
        terminal.note(f"To see why, and what may help: equipoise assess {scenario}")
        raise typer.Exit(Exit.UNCERTIFIED)
    write_file(output, _laid_out(evidence, shape).encode())
    terminal.note(f"Wrote {output}.")
    if figures is not None:
        files = {f"{one.name}.svg": one.still().encode() for one in drawn(evidence)}
        files |= {f"{one.name}.png": one.png() for one in drawn(evidence)}
        write_files(figures, files)
        terminal.note(f"Wrote {len(files)} files into {figures}/.")


@contextmanager
def _workers(count: int | None) -> Iterator[Executor | None]:
    """An executor with as many processes; none for one. What has not begun when the reader interrupts never begins."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import active_children, get_context

    # Not every system says which cores are ours; then all of them are taken.
    count = count or (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    if count == 1:
        yield None
        return
    executor = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_quiet)
    try:
        yield executor
    except BaseException:
        for process in active_children():
            process.terminate()
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def _quiet() -> None:
    """A worker leaves an interruption to the process that it works for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _form(output: Path) -> Format:
    """The form that a file's ending asks for."""
    known = {".html": Format.HTML, ".htm": Format.HTML, ".md": Format.MARKDOWN, ".json": Format.JSON}
    if output.suffix.lower() not in known:
        raise RequestError(f"{output} does not say which form it should have; right would be .html, .md or .json")
    return known[output.suffix.lower()]


def _laid_out(evidence: Evidence, form: Format) -> str:
    from equipoise.assessment import plain
    from equipoise.report import to_html, to_markdown
    from equipoise.report.content import data

    if form is Format.JSON:
        return json.dumps(plain(data(evidence)), indent=1) + "\n"
    return to_html(evidence) if form is Format.HTML else to_markdown(evidence)
