"""An assessment as a folder: JSON, tables, and pictures if the extra for them is installed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

from equipoise.assessment import Assessment
from equipoise.cli.terminal import Terminal, write_files


def write_assessment(terminal: Terminal, assessment: Assessment, folder: Path) -> None:
    """Write everything into a folder that is made if need be, and say what was written."""
    contents = {"assessment.json": (json.dumps(assessment.to_dict(), indent=1) + "\n").encode()}
    contents |= {f"{name}.csv": table for name, table in _tables(assessment).items()}
    if find_spec("altair") and find_spec("vl_convert"):
        from equipoise.pictures import draw

        with terminal.progress() as report:
            report("drawing pictures", 0)
            contents |= draw(assessment)
    else:
        terminal.note("No pictures: they need the extra, pip install 'equipoise[pictures]'.")
    written = write_files(folder, contents)
    forms = ", ".join(sorted({path.suffix[1:] for path in written}))
    others = sum(path.is_file() and path not in written for path in folder.iterdir())
    left = f" {others} other file{'s' * (others != 1)} stood there already." if others else ""
    terminal.note(f"Wrote {len(written)} files into {folder}/ ({forms}).{left}")


def write_comparison(terminal: Terminal, assessments: Sequence[Assessment], folder: Path) -> None:
    """Write the picture that sets variants side by side, if there are any and the extra for pictures is installed."""
    if len(assessments) > 1 and find_spec("altair") and find_spec("vl_convert"):
        from equipoise.pictures import draw_comparison

        for path in write_files(folder, draw_comparison(assessments)):
            terminal.note(f"Wrote {path}.")


def _tables(assessment: Assessment) -> dict[str, bytes]:
    prospects = assessment.prospects.items()
    return {
        "risk": _csv(
            ("start", "outcome", "years", "probability"),
            (
                (start, outcome, time, chance)
                for start, prospect in prospects
                for outcome, curve in zip(assessment.game.outcomes, prospect.risk.T, strict=True)
                for time, chance in zip(assessment.times, curve, strict=True)
            ),
        ),
        "conduct": _csv(
            ("start", "actor", "move", "probability", "per_year", "prefers_util"),
            (
                (start, option.actor, option.move, option.probability, option.rate, option.prefers)
                for start, prospect in prospects
                for option in prospect.options
            ),
        ),
        "regimes": _csv(
            ("start", "regime", "years", "settles", "settles_years", "dwell", "ends_per_year"),
            (
                (start, name, r.years, r.settles, r.settles_years, r.dwell, float(r.lasting.sum()))
                for start, prospect in prospects
                for name, r in prospect.regimes.items()
            ),
        ),
        "value": _csv(
            ("start", "actor", "part", "source", "util"),
            (
                (start, actor, part.name, part.source, part.value[i])
                for start, prospect in prospects
                for part in prospect.value.parts
                for i, actor in enumerate(assessment.game.actors)
                if part.value[i]
            ),
        ),
    }


def _csv(head: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([f"{cell:.10g}" if isinstance(cell, float) else cell for cell in row] for row in rows)
    return text.getvalue().encode()
