"""The command that says what would flip a verdict: crux."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.cli.analysis import Noise, Settings, numbers_set, read_scenario
from equipoise.cli.authoring import AsJson, ScenarioName
from equipoise.cli.grid import grid
from equipoise.cli.terminal import Exit, Terminal, write_files
from equipoise.conventions import ConventionName
from equipoise.errors import RequestError, no_such

if TYPE_CHECKING:
    from equipoise.deciding.flipping import Flips
    from equipoise.scenario.claims import Claim
    from equipoise.scenario.models import Scenario

_TOLD = 8
"""Premises of a crux that are told one by one."""

ClaimIds = Annotated[
    list[str] | None, typer.Option("--claim", metavar="ID", help="The claim; repeatable; every one, if left out.")
]
PremiseNames = Annotated[
    list[str] | None,
    typer.Option("--premise", metavar="PARAMETER", help="Only this parameter may change; repeatable."),
]
Singles = Annotated[
    int, typer.Option("--singles", metavar="N", min=0, help="How many premises are tried alone, the likeliest first.")
]
PictureOut = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", file_okay=False, help="Also write a picture for each claim into this folder."),
]


def crux(
    context: typer.Context,
    scenario: ScenarioName,
    claims: ClaimIds = None,
    premises: PremiseNames = None,
    singles: Singles = 4,
    settings: Settings = None,
    convention: Noise = ConventionName.CONTROL_COST,
    out: PictureOut = None,
    as_json: AsJson = False,
) -> None:
    """Find the smallest plausible changes of premises that flip a verdict, and confirm them by solving."""
    from equipoise.claims.cases import all_cases
    from equipoise.claims.solutions import Solutions
    from equipoise.claims.trial import CONVENTIONS
    from equipoise.deciding.flipping import flips, premises_of
    from equipoise.deciding.plain import flips_to_dict
    from equipoise.scenario.reading import located
    from equipoise.scenario.variants import with_parameters

    terminal: Terminal = context.obj
    if out is not None and not (find_spec("altair") and find_spec("vl_convert")):
        raise RequestError("a picture needs the extra that draws it: pip install 'equipoise[pictures]'")
    written = with_parameters(read_scenario(terminal, scenario), numbers_set(settings or []))
    asked = _asked(written, claims or [], scenario)
    noise = next(each for each in CONVENTIONS if each.name == convention.value)
    found: list[Flips] = []
    with located(scenario), terminal.progress() as report:
        may_change = premises_of(written, premises)
        for claim in asked:
            solutions = Solutions(written, noise, progress=report)
            solutions.prepare(all_cases(written, [claim]))
            found.append(flips(claim, solutions, premises=may_change, singles=singles, progress=report))
            if not as_json:
                _tell(terminal, written, found[-1])
    if as_json:
        told = {
            "title": written.title,
            "convention": noise.name,
            "claims": [flips_to_dict(one) for one in found],
        }
        typer.echo(json.dumps(told, indent=2))
    if out is not None:
        _draw(terminal, written, found, out)
    if all(one.why.startswith("some case has no certified") for one in found):
        raise typer.Exit(Exit.UNCERTIFIED)


def _asked(scenario: Scenario, names: list[str], file: str) -> list[Claim]:
    """The claims that are asked about: those named, or every one that has a test."""
    known = {claim.id: claim for claim in scenario.claims}
    for name in names:
        if name not in known:
            raise no_such("claim", name, known)
    asked = [known[name] for name in names] or [claim for claim in scenario.claims if claim.test is not None]
    if not asked:
        raise RequestError(f"{file} has no claims with a test; they are written under `claims`")
    return asked


def _tell(terminal: Terminal, scenario: Scenario, flips: Flips) -> None:
    from equipoise.deciding.crux import shares
    from equipoise.deciding.wording import tell_amount, tell_flips
    from equipoise.scenario.phrases import number, percent, words

    terminal.out.print(f"\n{flips.claim.id}  {flips.claim.says}", style="bold", markup=False)
    terminal.hanging("", f"At the scenario's own numbers: {flips.status.value}.")
    for line in tell_flips(scenario, flips):
        terminal.hanging("", line)
    for one in flips.found:
        table = grid("premise", "from", "to", "standard deviations", "share of the way")
        parts = shares(one.crux, flips.premises)
        for p in one.crux.moved[:_TOLD]:
            name = flips.premises.names[p]
            table.add(
                f"    {words(name)}",
                number(flips.premises.own[p]),
                tell_amount(scenario, name, float(one.crux.values[p])),
                f"{one.crux.scores[p] - flips.premises.start[p]:+.2f}".replace("-", "\N{MINUS SIGN}"),
                percent(float(parts[p])),
            )
        if len(one.crux.moved) > 1:
            told = f"    {len(one.crux.moved)} premises together, {number(round(one.crux.distance, 2))} in all:"
            terminal.out.print(told, style="dim", markup=False)
            table.print(terminal)
    if flips.solved:
        told = f"{flips.solved} points solved on the way; every crux confirmed from full noise."
        terminal.out.print(f"      {told}", style="dim", markup=False)


def _draw(terminal: Terminal, scenario: Scenario, found: list[Flips], out: Path) -> None:
    import vl_convert

    from equipoise.pictures.charts import still
    from equipoise.pictures.decisions import crux_picture

    contents = {}
    for one in found:
        chart = crux_picture(scenario, one)
        if chart is not None:
            svg = still(chart.to_dict(validate=False))
            contents[f"crux-{one.claim.id}.svg"] = svg.encode()
            contents[f"crux-{one.claim.id}.png"] = vl_convert.svg_to_png(svg, scale=2.0)
    write_files(out, contents)
    terminal.note(f"Wrote {len(contents)} files into {out}/." if contents else "No picture: nothing was found to draw.")
