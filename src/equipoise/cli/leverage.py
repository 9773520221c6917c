"""Levers told in the terminal, and as files."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from equipoise.claims.leverage import Leverage
from equipoise.claims.levers import Group, Lever
from equipoise.claims.wording import signed
from equipoise.cli.grid import grid
from equipoise.cli.terminal import Terminal, write_files
from equipoise.scenario.claim_english import tell_amount
from equipoise.scenario.claims import MeasureUnit
from equipoise.scenario.models import Scenario
from equipoise.scenario.phrases import listed, number, sentence, words

_NEAR = 1e4
"""Inverse Jacobian from which on a warning is due."""
_UNITS = {"util": " util", "util/year": " util a year", "1/year": " a year", "ratio": "", "weight": ""}


def report_leverage(terminal: Terminal, scenario: Scenario, found: Leverage, *, by: str | None, most: int) -> None:
    """The number, its longest levers or groups of them, and how far they can be trusted."""
    terminal.out.print(f"\n{_heading(scenario, found)}", style="bold", markup=False)
    if not math.isfinite(found.number):
        terminal.paragraph("There is no such number, and so nothing that moves it.")
        return
    terminal.paragraph(
        "What moves it most, everything else held: each parameter moved to the 5% and to the 95% quantile of what is "
        "known of it, to first order, with everybody's choices following."
    )
    terminal.out.print()
    if by is None:
        _levers(terminal, found, most)
    else:
        _groups(terminal, found, by, most)
    _footing(terminal, found)


def told(scenario: Scenario, found: Sequence[Leverage], convention: str) -> dict[str, Any]:
    """Everything as plain data; the form is described in docs/json.md."""
    return {"title": scenario.title, "convention": convention, "numbers": [one.to_dict() for one in found]}


def write_leverage(
    terminal: Terminal, scenario: Scenario, found: Sequence[Leverage], folder: Path, *, convention: str, most: int
) -> None:
    """Write JSON, a table, and tornado pictures if the extra for them is installed; say what was written."""
    plain = json.dumps(told(scenario, found, convention), indent=1) + "\n"
    contents = {"levers.json": plain.encode(), "levers.csv": _table(found)}
    if find_spec("altair") and find_spec("vl_convert"):
        for one in found:
            contents |= _pictures(scenario, one, most)
    else:
        terminal.note("No pictures: they need the extra, pip install 'equipoise[pictures]'.")
    written = write_files(folder, contents)
    terminal.note(f"Wrote {len(written)} files into {folder}/ ({', '.join(path.name for path in written)}).")


def _heading(scenario: Scenario, found: Leverage) -> str:
    whom = f" ({scenario.actors[found.actor].name or words(found.actor)})" if found.actor else ""
    amount = tell_amount(found.number, found.unit) if found.number >= 0 else _change(found.number, found.unit)
    return sentence(f"{found.told}{whom}: {amount}")


def _levers(terminal: Terminal, found: Leverage, most: int) -> None:
    shown = [lever for lever in found.levers if lever.derivative][:most]
    if not shown:
        terminal.paragraph("Nothing does: it is the same whatever the parameters are.")
        return
    table = grid(
        "parameter", "is", "5%", "moves it", "95%", "moves it", "per cent of it", "argument", right=(1, 2, 4, 6)
    )
    for lever in shown:
        table.add(
            words(lever.parameter),
            number(lever.value),
            _end(lever.low),
            _moves(lever.to_low, found.unit),
            _end(lever.high),
            _moves(lever.to_high, found.unit),
            f"{lever.elasticity:+.2f}" if math.isfinite(lever.elasticity) else "",
            ", ".join(lever.mechanisms),
        )
    table.print(terminal)
    counted = sum(bool(lever.derivative) for lever in found.levers)
    unknown = sum(bool(lever.derivative) and not math.isfinite(lever.low) for lever in found.levers)
    rest = f"{counted} of {len(found.levers)} parameters move it at all"
    rest += f"; of {unknown} of them nothing is known but their value" if unknown else ""
    terminal.out.print(f"\n{rest}. Per cent of it: by how much it changes if the parameter does by 1%.", style="dim")


def _groups(terminal: Terminal, found: Leverage, by: str, most: int) -> None:
    table = grid(by, "lowers it", "raises it", "parameters that do most", right=(1, 2))
    for group in [group for group in found.groups(by) if group.reach][:most]:
        longest = [words(lever.parameter) for lever in group.levers[:3] if lever.reach]
        table.add(
            group.name or "none",
            _moves(group.lowers, found.unit),
            _moves(group.raises, found.unit),
            listed(longest),
        )
    table.print(terminal)
    terminal.out.print()
    terminal.paragraph(
        f"Each of a {by}'s parameters moved to the side that lowers, or raises, it, and their changes added as "
        f"independent doubts add, in squares. A parameter that has more than one {by} stands in each."
    )


def _footing(terminal: Terminal, found: Leverage) -> None:
    norms = [f"{number(norm)} ({case})" for case, norm in found.near_folds.items()]
    text = f"Inverse Jacobian {listed(norms)}; adjoint equations solved to {found.residual:.0e}."
    terminal.out.print(text, style="dim", markup=False)
    if any(norm > _NEAR for norm in found.near_folds.values()):
        terminal.note("A fold may be near: derivatives are large there, and hold for small moves only.")


def _moves(change: float, unit: MeasureUnit) -> str:
    return _change(change, unit) if math.isfinite(change) else ""


def _change(change: float, unit: MeasureUnit) -> str:
    """As `signed`, but times without losing what is less than a day."""
    if unit != "years":
        return signed(change, unit)
    return f"{chr(0x2212) if change < 0 else '+'}{number(abs(change))} years"


def _end(value: float) -> str:
    return number(value) if math.isfinite(value) else ""


def _table(found: Sequence[Leverage]) -> bytes:
    text = io.StringIO()
    columns = ["parameter", "value", "unit", "derivative", "elasticity", "low", "high", "to_low", "to_high"]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["what", "actor", *columns, "mechanisms", "sources"])
    for one in found:
        for lever in one.levers:
            numbers = [getattr(lever, column) for column in columns]
            plain = ["" if isinstance(value, float) and math.isnan(value) else value for value in numbers]
            writer.writerow([one.told, one.actor, *plain, " ".join(lever.mechanisms), " ".join(lever.sources)])
    return text.getvalue().encode()


def _pictures(scenario: Scenario, found: Leverage, most: int) -> dict[str, bytes]:
    from equipoise.pictures.tornado import Gust, drawn, tornado

    chance = found.unit in ("chance", "share")
    scale = 100.0 if chance else 1.0
    axis = f"change, {'points' if chance else {'1/year': 'per year'}.get(found.unit, found.unit)}"
    name = f"tornado-{found.actor}" if found.actor else "tornado"

    def of_lever(lever: Lever) -> Gust:
        label = f"{words(lever.parameter)}, {number(lever.value)}{_UNITS[lever.unit]}"
        return Gust(label, scale * lever.to_low, scale * lever.to_high, number(lever.low), number(lever.high))

    def of_group(group: Group) -> Gust:
        label = group.name or "none"
        label += f": {scenario.argument[group.name]}" if group.name in scenario.argument else ""
        return Gust(label, scale * group.lowers, scale * group.raises, "", "")

    singles = [of_lever(lever) for lever in found.levers if lever.reach][:most]
    contents: dict[str, bytes] = {}
    ends = ("at its 5% quantile", "at its 95% quantile")
    sides = ("each moved to lower it", "each moved to raise it")
    pictures = [(name, singles, "Each parameter alone, over what is not known of it", ends)]
    for by in ("mechanism", "source"):
        groups = [of_group(group) for group in found.groups(by) if group.reach][:most]
        together = f"The parameters of each {by} together, as independent doubts add"
        pictures.append((f"{name}-{by}", groups, together, sides))
    for file, gusts, subtitle, which in pictures:
        if gusts:
            title = f"What moves {_heading(scenario, found)[:1].lower()}{_heading(scenario, found)[1:]}"
            told = listed([f"{gust.label} from {gust.low:+.3g} to {gust.high:+.3g}" for gust in gusts[:5]])
            chart = tornado(
                gusts,
                title=title,
                subtitle=f"{scenario.title}. {subtitle}; to first order, everybody's choices following.",
                description=f"{title} Most of all: {told}.",
                axis=axis,
                ends=which,
            )
            svg, png = drawn(chart)
            contents |= {f"{file}.svg": svg, f"{file}.png": png}
    return contents
