"""A scenario against its record, and the fit that chooses its defaults.

    python scripts/fit_record.py                      # northeast-asia: model and record side by side
    python scripts/fit_record.py south-asia           # the same of south-asia
    python scripts/fit_record.py mine.yaml --record south-asia --json     # of another file, as JSON
    python scripts/fit_record.py --markdown           # as Markdown tables
    python scripts/fit_record.py --write              # those tables into the scenario's page
    python scripts/fit_record.py --set provoking=0.3  # with other values of parameters
    python scripts/fit_record.py --fit                # choose values within the committed ranges; blind to the claims

From each historical start the scenario is run to the next one, so that the windows do not overlap, and its exact
expectations are set beside what the coded record (docs/evidence) says of the same years. Which move, event, factor or
parameter stands for what is written in one table for each scenario, scripts/record/northeast_asia.py and
scripts/south_asia/names.py; a name there that the scenario does not have is an error. What the fit does:
scripts/record/fit.py.

Exit code 0; 1 if a name is unknown or no certified equilibrium was found; 2 if a file or option cannot be used.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from equipoise.equilibrium.convention import Convention
from equipoise.errors import EquipoiseError
from equipoise.game.compile import compile
from equipoise.scenario.models import Scenario
from equipoise.scenario.reading import load
from equipoise.scenario.variants import with_parameters
from record.comparison import report
from record.fit import Fitted, fit
from record.history import History
from record.model import NotSolvedError, expect
from record.names import Correspondence, unknown_names
from record.northeast_asia import NORTHEAST_ASIA
from record.observed import evidence
from record.tables import UnreadableError
from south_asia.names import SOUTH_ASIA

TABLES = {table.scenario: table for table in (NORTHEAST_ASIA, SOUTH_ASIA)}
MARK = "<!-- tables written by scripts/fit_record.py --write -->\n"
CONVENTIONS = ("control-cost", "private-shock", "agent-error")


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare, or fit and compare."""
    given = _parser().parse_args(arguments)
    table = TABLES[given.record or (given.scenario if given.scenario in TABLES else NORTHEAST_ASIA.scenario)]
    try:
        settings = _settings(given.set)
        scenario, history = with_parameters(load(given.scenario), settings), table.read()
    except (EquipoiseError, UnreadableError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    unknown = unknown_names(scenario, table)
    if unknown:
        print("\n".join(unknown), file=sys.stderr)
        return 1
    try:
        fitted = _fit(scenario, table, history, given.most) if given.fit else None
        convention = Convention(given.convention)
        expected = fitted.expected if fitted else expect(compile(scenario), table, convention=convention)
    except NotSolvedError as error:
        print(f"{scenario.title}: {error}", file=sys.stderr)
        return 1
    plain = report(table, history, expected)
    if given.write:
        with contextlib.redirect_stdout(io.StringIO()) as text:
            _show(scenario, plain, fitted, "markdown")
        _renew(table.page, text.getvalue())
    else:
        _show(scenario, plain, fitted, "json" if given.json else "markdown" if given.markdown else "text")
    return 0


def _fit(scenario: Scenario, table: Correspondence, history: History, most: int) -> Fitted:
    def told(evaluation: int, objective: float) -> None:
        if sys.stderr.isatty():
            print(f"\r{evaluation:4} games solved; deviance and distance {objective:8.2f}", end="", file=sys.stderr)

    found = fit(scenario, compile(scenario), table, evidence(table, history), most=most, told=told)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    return found


def _show(scenario: Scenario, plain: dict[str, Any], fitted: Fitted | None, form: str) -> None:
    if fitted:
        plain["fit"] = {
            "values": dict(fitted.values),
            "z": dict(fitted.z),
            "deviance": {"as_written": fitted.before, "fitted": fitted.after},
            "games_solved": fitted.evaluations,
            "unsolved": fitted.unsolved,
        }
    if form == "json":
        print(json.dumps(plain, indent=1))
        return
    write = _Table(markdown=form == "markdown")
    if fitted:
        rows = [
            [name, f"{scenario.parameters[name].value:g}", f"{value:g}", f"{fitted.z[name]:+.2f}"]
            for name, value in fitted.values.items()
        ]
        write("Values", ["parameter", "as written", "fitted", "z"], rows)
        print(
            f"\nDeviance {fitted.before:.1f} as written, {fitted.after:.1f} fitted; {fitted.evaluations} games solved."
        )
    _tables(plain, write)


def _tables(plain: dict[str, Any], write: _Table) -> None:
    starts = [window["start"] for window in plain["windows"]]
    rows = [
        [
            line["series"] + ("" if line["fitted"] else " *"),
            *(f"{n} / {mu:.1f}" for n, mu in zip(line["seen"], line["expected"], strict=True)),
            f"{sum(line['seen'])} / {sum(line['expected']):.1f}",
            _rate(line),
            "disagrees" if line["disagrees"] else "",
        ]
        for line in plain["series"]
    ]
    write("How often: seen / expected (* not fitted)", ["series", *starts, "all", "a year while possible", ""], rows)
    rows = [
        [f"{factor}: {level}", *(f"{r:.2f} / {m:.2f}" for r, m in zip(both["record"], both["model"], strict=True))]
        for factor, levels in plain["shares"].items()
        for level, both in levels.items()
    ]
    write("Share of the time: record / model", ["factor and level", *starts], rows)
    war = plain["war"]
    rows = [[start, f"{sum(risks.values()):.4f}"] for start, risks in war["within_a_year"].items()]
    write("Any war within a year", ["start", "model"], rows)
    low, high = war["record_interval_a_year"]
    print(f"\nRecord: {war['record']}, {low:g} to {high:g} a year. Any war by the next start, by window:")
    print(", ".join(f"{start} {p:.3f}" for start, p in zip(starts, war["in_window"], strict=True)))
    rows = [[j["who"], j["date"], j["of"], f"{j['low']:g} to {j['high']:g}", j["horizon"]] for j in war["judgements"]]
    if rows:
        write("Published judgements", ["who", "date", "of what", "probability", "horizon"], rows)


def _rate(line: dict[str, Any]) -> str:
    if line["record_rate"] is None or line["model_rate"] is None:
        return ""
    return f"{line['record_rate']:.2f} [{line['record_low']:.2f}, {line['record_high']:.2f}] / {line['model_rate']:.2f}"


class _Table:
    """Writes tables as text in columns or as Markdown."""

    def __init__(self, *, markdown: bool) -> None:
        self.markdown = markdown

    def __call__(self, title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        print(f"\n### {title}\n" if self.markdown else f"\n{title}\n")
        if self.markdown:
            print("\n".join(f"| {' | '.join(row)} |" for row in (header, ["---"] * len(header), *rows)))
            return
        widths = [max(len(row[k]) for row in (header, *rows)) for k in range(len(header))]
        for row in (header, *rows):
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _renew(page: Path, tables: str) -> None:
    """Put the tables after the mark, up to the next mark."""
    before, _, after = page.read_text(encoding="utf-8").split(MARK)
    beside = page.with_suffix(".new")
    beside.write_text(MARK.join((before, tables, after)), encoding="utf-8")
    beside.replace(page)


def _settings(texts: Sequence[str]) -> dict[str, float]:
    settings = {}
    for text in texts:
        name, sign, value = text.partition("=")
        try:
            settings[name] = float(value)
        except ValueError:
            raise ValueError(f"--set {text}: right would be NAME=NUMBER") from None
        if not sign:
            raise ValueError(f"--set {text}: right would be NAME=NUMBER")
    return settings


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Model against record, and the fit that chooses defaults.")
    parser.add_argument("scenario", nargs="?", default="northeast-asia", help="a shipped scenario or a file")
    parser.add_argument("--record", choices=list(TABLES), help="the record of which scenario (its own)")
    parser.add_argument("--fit", action="store_true", help="choose values of parameters within their ranges")
    parser.add_argument("--most", type=int, default=8, help="most steps of the fit (8)")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=NUMBER", help="another value of a parameter"
    )
    parser.add_argument("--convention", choices=CONVENTIONS, default="control-cost", help="noise convention")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON")
    form.add_argument("--write", action="store_true", help="as Markdown tables, into the scenario's page")
    form.add_argument("--markdown", action="store_true", help="as Markdown tables")
    return parser


if __name__ == "__main__":
    sys.exit(main())
