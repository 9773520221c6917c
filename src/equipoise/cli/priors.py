"""What `equipoise priors` prints: every range and prior as a distribution, and draws from them as files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

import typer

from equipoise.cli.grid import grid
from equipoise.cli.terminal import Terminal, write_files
from equipoise.draws import Design, design
from equipoise.draws.design import Method
from equipoise.draws.summary import Summary, summaries
from equipoise.errors import RequestError
from equipoise.scenario.models import Scenario
from equipoise.scenario.phrases import listed, number, percent
from equipoise.scenario.prior_english import tell_correlation, tell_ordering
from equipoise.scenario.reading import load, located

_BLOCKS = " ▁▂▃▄▅▆▇█"
_BATCH = 1000


def show(
    terminal: Terminal,
    name: str,
    *,
    parameters: Sequence[str] | None,
    draws: int,
    method: Method,
    seed: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Print what each parameter is drawn from; with a folder, write that, a picture and draws there."""
    if out is None and draws:
        raise RequestError("draws have nowhere to go; right would be --out and a folder")
    scenario = load(name)
    with located(name):
        told = summaries(scenario, design(scenario, seed=seed, parameters=parameters))
        drawn = None
        if draws:
            count = draws if method == "lhs" else None
            drawn = design(scenario, method=method, seed=seed, count=count, parameters=parameters)
    if as_json:
        typer.echo(json.dumps(_plain(scenario, told), indent=2))
    else:
        _print(terminal, scenario, told)
    if out is not None:
        _write(terminal, scenario, told, drawn, draws, out)


def sparkline(spread: Sequence[float]) -> str:
    """Shares as blocks, the greatest of them a full one; nothing at all stays empty."""
    most = max(spread) or 1.0
    return "".join(_BLOCKS[max(1, round(8 * share / most)) if share else 0] for share in spread)


def _print(terminal: Terminal, scenario: Scenario, told: Sequence[Summary]) -> None:
    terminal.paragraph(
        f"{scenario.title}: {len(told)} parameters are not known for certain, and each is drawn from a distribution. "
        "Nine draws in ten lie between the two numbers of the fifth column. The spread runs between the numbers beside "
        "it, in equal ratios if marked ×, else in equal steps. The last column says how many draws lie at or below the "
        "number as written."
    )
    terminal.out.print()
    table = grid("parameter", "unit", "written", "median", "nine in ten", "spread", "place", right=(2, 3, 6))
    for one in told:
        ends = f"{_short(one.first)} {sparkline(one.spread)} {_short(one.last)}{' ×' * (one.scale == 'log')}"
        table.add(
            one.parameter + "*" * one.ordered,
            one.unit,
            number(one.value),
            number(one.median),
            f"{number(one.p5)} to {number(one.p95)}",
            ends,
            percent(one.place),
        )
    table.print(terminal)
    known = [tell_ordering(one) for one in scenario.orderings] + [
        tell_correlation(one) for one in scenario.correlations
    ]
    if known:
        terminal.out.print()
        terminal.paragraph(f"Known together: {'; '.join(known)}.")
    if any(one.ordered for one in told):
        terminal.paragraph("* as the orderings leave it: half and nine tenths of draws that keep them.")
    if extremes := [one.parameter for one in told if not one.p5 <= one.value <= one.p95]:
        shown = listed(extremes if len(extremes) <= 8 else [*extremes[:8], f"{len(extremes) - 8} others"])
        terminal.note(f"Written outside nine draws in ten: {shown}. Is that meant?")


def _short(value: float) -> str:
    return number(float(f"{value:.2g}"))


def _plain(scenario: Scenario, told: Sequence[Summary]) -> dict[str, object]:
    return {"title": scenario.title, "parameters": [asdict(one) for one in told]}


def _write(
    terminal: Terminal, scenario: Scenario, told: Sequence[Summary], drawn: Design | None, count: int, out: Path
) -> None:
    contents = {
        "priors.json": (json.dumps(_plain(scenario, told), indent=1) + "\n").encode(),
        "priors.csv": _table(told),
    }
    if drawn is not None:
        contents["draws.csv"] = _draws(terminal, drawn, count)
    if find_spec("altair") and find_spec("vl_convert"):
        from equipoise.pictures.priors import draw_priors

        with terminal.progress() as report:
            report("drawing the picture", 0)
            contents |= draw_priors(scenario.title, told)
    else:
        terminal.note("No picture: it needs the extra, pip install 'equipoise[pictures]'.")
    written = write_files(out, contents)
    terminal.note(f"Wrote {listed([path.name for path in written])} into {out}/.")


def _table(told: Sequence[Summary]) -> bytes:
    names = [name for name in Summary.__dataclass_fields__ if name != "spread"]
    return _csv(names, [[getattr(one, name) for name in names] for one in told])


def _draws(terminal: Terminal, drawn: Design, count: int) -> bytes:
    """One row for each draw: its number, then the value of every parameter, to the last digit."""
    rows: list[list[object]] = []
    with terminal.progress() as report:
        for first in range(0, count, _BATCH):
            values = drawn.points(first, min(first + _BATCH, count)).values.tolist()
            rows += [[first + k, *row] for k, row in enumerate(values)]
            report("drawing", len(rows) / count)
    return _csv(["draw", *drawn.parameters], rows)


def _csv(head: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return text.getvalue().encode()
