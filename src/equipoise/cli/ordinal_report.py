"""The ordinal reading of a scenario on the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from equipoise.cli.grid import grid
from equipoise.cli.terminal import Terminal
from equipoise.scenario.phrases import listed, span, words
from equipoise.stability.disagreement import foremost, stays_told
from equipoise.stability.inverse import INVERTIBLE, inverse
from equipoise.stability.reading import Reading
from equipoise.stability.reasons import changes, explain
from equipoise.stability.telling import rankings_told, situation, status_quo_told

MOST_DISAGREEMENTS = 5


def report_reading(terminal: Terminal, reading: Reading, where: Mapping[str, str], limit: int) -> None:
    """Equilibria first, then regimes, the table, and where this reading parts from the probabilistic one."""
    terminal.out.print(reading.scenario.title, style="bold", markup=False)
    for line in rankings_told(reading):
        terminal.paragraph(line)
    _equilibria(terminal, reading, limit)
    _regimes(terminal, reading)
    _table(terminal, reading, where, limit)
    _disagreements(terminal, reading)


def report_state(terminal: Terminal, reading: Reading, start: str, concepts: Sequence[str]) -> None:
    """One state: for whom it is stable and why, where it may lead, what would have to be preferred."""
    state = reading.game.starts[start]
    terminal.out.print(f"{reading.scenario.title}: {words(start)}", style="bold", markup=False)
    terminal.paragraph(situation(reading, state))
    for line in rankings_told(reading):
        terminal.paragraph(line)
    for i, name in enumerate(reading.actors.values()):
        stable = [concept for concept, of in reading.stability.items() if of.stable[i, state]]
        terminal.out.print(f"\n{name}: {'stable under ' + listed(stable) if stable else 'not stable'}", markup=False)
        for concept in concepts:
            verdict = explain(reading.graph, reading.ranking, state, i, concept, names=reading.actors)
            terminal.hanging(concept, verdict.text)
            for reason in verdict.reasons[:12]:
                terminal.hanging(" ", reason.text)
            if len(verdict.reasons) > 12:
                terminal.hanging(" ", f"{len(verdict.reasons) - 12} improvements more.")
            for line in _what_it_takes(reading, state, i, concept):
                terminal.hanging(" ", line)
    terminal.out.print("\nWhat may come of it", style="bold")
    for line in status_quo_told(reading, state):
        terminal.paragraph(line)


def _what_it_takes(reading: Reading, state: int, actor: int, concept: str) -> Iterator[str]:
    if concept not in INVERTIBLE or reading.stability[concept].stable[actor, state]:
        return
    answer = inverse(reading.graph, reading.ranking, state, actor, concept)
    name = list(reading.actors.values())[actor]
    for change in answer.changes[:2]:
        there = listed([f"that with {changes(reading.graph, state, s)}" for s in change.states[:4]])
        more = f" and {len(change.states) - 4} more" if len(change.states) > 4 else ""
        yield f"Stable if {name} liked no better than this one: {there}{more}."


def _equilibria(terminal: Terminal, reading: Reading, limit: int) -> None:
    terminal.out.print("\nEquilibria: stable for everybody", style="bold")
    table = grid("concept", "states", "of them starts", "ends", right=(1, 3))
    for concept, of in reading.stability.items():
        inside = of.equilibrium[: reading.game.n_states]
        starts = [words(name) for name, state in reading.game.starts.items() if inside[state]]
        shown = ", ".join(starts[:6]) + (f" and {len(starts) - 6} more" if len(starts) > 6 else "")
        ends = str(int(of.equilibrium[reading.game.n_states :].sum()))
        table.add(concept, f"{int(inside.sum()):,} of {inside.size:,}", shown or "none", ends)
    table.print(terminal)
    nash = np.flatnonzero(reading.stability["Nash"].equilibrium[: reading.game.n_states])
    if 0 < nash.size <= min(limit, 12):
        terminal.paragraph("Nash equilibria:")
        for s in nash:
            terminal.hanging("  -", situation(reading, int(s)))


def _regimes(terminal: Terminal, reading: Reading) -> None:
    found = reading.regimes()
    if not found:
        return
    terminal.out.print("\nRegimes: is every improvement that leads out of them sanctioned?", style="bold")
    table = grid("regime", "states", "improvements out", *(f"unsanctioned, {c}" for c in next(iter(found.values()))))
    for name, by_concept in found.items():
        first = next(iter(by_concept.values()))
        cells = ["none: holds" if of.holds else f"{len(of.unsanctioned):,}" for of in by_concept.values()]
        table.add(words(name), f"{first.states:,}", f"{first.leaving:,}", *cells)
    table.print(terminal)


def _table(terminal: Terminal, reading: Reading, where: Mapping[str, str], limit: int) -> None:
    states = np.flatnonzero(reading.where({factor: [level] for factor, level in where.items()}))
    counts = sum(of.stable.sum(axis=0) for of in reading.stability.values())
    states = states[np.argsort(-np.asarray(counts)[states], kind="stable")]
    terminal.out.print(f"\nStates, those stable in most respects first ({len(states):,})", style="bold")
    for s in states[:limit]:
        terminal.out.print(situation(reading, int(s)), markup=False)
        terminal.hanging(" ", _for_whom(reading, int(s)))
    if len(states) > limit:
        terminal.note(f"{len(states) - limit:,} more: --where FACTOR=LEVEL, --limit N, or --out DIR for all of them.")


def _for_whom(reading: Reading, state: int) -> str:
    """``GMR, SMR: all; Nash, SEQ: not Local``."""
    keys = list(reading.game.actors)
    cells: dict[str, list[str]] = {}
    for concept, of in reading.stability.items():
        against = [keys[i] for i in np.flatnonzero(~of.stable[:, state])]
        told = "all" if not against else "nobody" if len(against) == len(keys) else f"not {', '.join(against)}"
        cells.setdefault(told, []).append(concept)
    return "; ".join(f"{', '.join(concepts)}: {told}" for told, concepts in cells.items())


def _disagreements(terminal: Terminal, reading: Reading) -> None:
    found = reading.disagreements
    if found is None:
        terminal.note("Not solved: without --quick the states on which the probabilistic reading disagrees are listed.")
        return
    terminal.out.print("\nWhere the two readings part", style="bold")
    terminal.paragraph(
        "Stable here (SEQ) but in the quarter of states that is left soonest, on average within "
        f"{span(reading.brief)}, or not stable but in the quarter kept longest, for at least {span(reading.lasting)}."
    )
    if not found:
        terminal.paragraph("Nowhere.")
        return
    causes = Counter(("stable, but short-lived" if d.stable else "not stable, but lasting", d.cause) for d in found)
    for (kind, cause), count in causes.most_common():
        terminal.hanging(f"{count:,}", f"{kind}: explained by {cause}")
    for d in foremost(found, MOST_DISAGREEMENTS):
        terminal.hanging("  -", f"{situation(reading, d.state)}. {stays_told(d)} {d.text}")
