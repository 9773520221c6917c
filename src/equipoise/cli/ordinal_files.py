"""The ordinal reading as JSON, tables (CSV) and one page whose table can be filtered (HTML)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib.metadata import version
from typing import Any

import numpy as np

from equipoise.stability.inverse import INVERTIBLE, inverse
from equipoise.stability.reading import Reading
from equipoise.stability.reasons import explain
from equipoise.stability.telling import situation, status_quo_told


def told(reading: Reading, where: Mapping[str, str], start: str | None, concepts: Sequence[str]) -> dict[str, Any]:
    """Everything as plain data; the form is described in docs/json.md."""
    data: dict[str, Any] = {
        "equipoise": version("equipoise"),
        "title": reading.scenario.title,
        "actors": reading.actors,
        "ranking": dict(zip(reading.game.actors, reading.ranking.source, strict=True)),
        "coalitions": [[reading.game.actors[i] for i in group] for group in reading.coalitions],
        "equilibria": {concept: np.flatnonzero(of.equilibrium).tolist() for concept, of in reading.stability.items()},
        "starts": dict(reading.game.starts),
        "regimes": {
            name: {
                concept: {
                    "holds": of.holds,
                    "states": of.states,
                    "leaving": of.leaving,
                    "unsanctioned": [
                        {"actor": reading.game.actors[i], "state": s, "to": t}
                        for i, s, t in of.unsanctioned[:1000].tolist()
                    ],
                    "unsanctioned_count": len(of.unsanctioned),
                }
                for concept, of in by_concept.items()
            }
            for name, by_concept in reading.regimes().items()
        },
        "states": [
            {
                "state": s,
                "situation": reading.graph.describe(s),
                "stable": {
                    concept: [reading.game.actors[i] for i in np.flatnonzero(of.stable[:, s])]
                    for concept, of in reading.stability.items()
                },
            }
            for s in _states(reading, where)
        ],
        "explained": None if start is None else _explained(reading, start, concepts),
        "disagreements": None,
    }
    if reading.disagreements is not None:
        data["disagreements"] = {
            "brief": reading.brief,
            "lasting": reading.lasting if np.isfinite(reading.lasting) else None,
            "states": [
                {
                    "state": d.state,
                    "situation": reading.graph.describe(d.state),
                    "stable": d.stable,
                    "stay": d.stay if np.isfinite(d.stay) else None,
                    "cause": d.cause,
                    "text": d.text,
                }
                for d in reading.disagreements
            ],
        }
    return data


def folder(reading: Reading, where: Mapping[str, str], start: str | None, concepts: Sequence[str]) -> dict[str, bytes]:
    """Contents by file name."""
    contents = {
        "stability.json": (json.dumps(told(reading, where, start, concepts), indent=1) + "\n").encode(),
        "stability.csv": _csv(_head(reading), _rows(reading, where)),
        "stability.html": _page(reading, where).encode(),
    }
    if reading.disagreements is not None:
        contents["disagreements.csv"] = _csv(
            ("state", "situation", "stable", "stay_years", "cause", "text"),
            (
                (str(d.state), situation(reading, d.state), str(d.stable).lower(), f"{d.stay:.10g}", d.cause, d.text)
                for d in reading.disagreements
            ),
        )
    return contents


def _explained(reading: Reading, start: str, concepts: Sequence[str]) -> dict[str, Any]:
    state = reading.game.starts[start]
    verdicts = []
    for i, actor in enumerate(reading.game.actors):
        for concept in concepts:
            verdict = explain(reading.graph, reading.ranking, state, i, concept, names=reading.actors)
            changes: list[list[int]] | None = None
            rise: int | None = None
            if concept in INVERTIBLE:
                answer = inverse(reading.graph, reading.ranking, state, i, concept)
                changes, rise = [list(change.states) for change in answer.changes], answer.rise
            verdicts.append(
                {
                    "actor": actor,
                    "concept": concept,
                    "stable": verdict.stable,
                    "text": verdict.text,
                    "improvements": [
                        {
                            "to": reason.to,
                            "sanctioned": reason.sanctioned,
                            "answer": [{"actor": reading.game.actors[who], "to": to} for who, to in reason.answer],
                            "text": reason.text,
                        }
                        for reason in verdict.reasons
                    ],
                    "needs_no_better": changes,
                    "needs_rise": rise,
                }
            )
    return {
        "start": start,
        "state": state,
        "situation": reading.graph.describe(state),
        "verdicts": verdicts,
        "status_quo": list(status_quo_told(reading, state)),
    }


def _states(reading: Reading, where: Mapping[str, str]) -> list[int]:
    found: list[int] = np.flatnonzero(reading.where({factor: [level] for factor, level in where.items()})).tolist()
    return found


def _head(reading: Reading) -> tuple[str, ...]:
    return ("state", *reading.graph.factors, "end", *reading.stability)


def _rows(reading: Reading, where: Mapping[str, str]) -> Iterable[tuple[str, ...]]:
    """For each state its levels and, for each concept, `all`, `none` or who finds it stable."""
    keys, C = reading.game.actors, reading.game.n_states
    for s in _states(reading, where):
        described = reading.graph.describe(s)
        levels = [described.get(factor, "") if s < C else "" for factor in reading.graph.factors]
        cells = []
        for of in reading.stability.values():
            stable = np.flatnonzero(of.stable[:, s])
            cells.append("all" if stable.size == len(keys) else " ".join(keys[i] for i in stable) or "none")
        yield (str(s), *levels, described["end"] if s >= C else "", *cells)


def _csv(head: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue().encode()


_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{title}: stability</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 15px/1.5 system-ui, sans-serif; margin: 1rem; }}
div {{ overflow-x: auto; }}
table {{ border-collapse: collapse; }}
th, td {{ padding: .2rem .6rem; text-align: left; border-bottom: 1px solid #8884; white-space: nowrap; }}
td.all {{ font-weight: 600; }}
input {{ width: 100%; min-width: 4rem; font: inherit; }}
</style></head><body>
<h1>{title}: stability</h1>
<p>For every state, who finds it stable under each concept; <b>all</b> makes it an equilibrium. Type under a heading to
filter: parts of words will do, and <code>=all</code> asks for exactly that.</p>
<p role="status" id="count"></p>
<div tabindex="0" role="region" aria-label="Table of states"><table><thead><tr>{heads}</tr><tr>{filters}</tr></thead>
<tbody>
{rows}
</tbody></table></div>
<script>
"use strict";
const fields = [...document.querySelectorAll("input")], rows = [...document.querySelectorAll("tbody tr")];
const texts = rows.map(row => [...row.cells].map(cell => cell.textContent.toLowerCase()));
function sift() {{
  const asked = fields.map(field => field.value.trim().toLowerCase());
  let shown = 0;
  const fit = (cell, text) => text[0] === "=" ? cell === text.slice(1) : cell.includes(text);
  rows.forEach((row, r) => {{
    const fits = asked.every((text, k) => !text || fit(texts[r][k], text));
    row.hidden = !fits;
    shown += fits;
  }});
  document.getElementById("count").textContent = shown + " of " + rows.length + " states";
}}
fields.forEach(field => field.addEventListener("input", sift));
sift();
</script></body></html>
"""


def _page(reading: Reading, where: Mapping[str, str]) -> str:
    head = _head(reading)
    rows = "\n".join(
        "<tr>"
        + "".join(f'<td class="all">{cell}</td>' if cell == "all" else f"<td>{escape(cell)}</td>" for cell in row)
        + "</tr>"
        for row in _rows(reading, where)
    )
    return _PAGE.format(
        title=escape(reading.scenario.title),
        heads="".join(f'<th scope="col">{escape(name)}</th>' for name in head),
        filters="".join(f'<td><input aria-label="Filter {escape(name, quote=True)}"></td>' for name in head),
        rows=rows,
    )
