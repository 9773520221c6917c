"""An ordinal reading in sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from equipoise.scenario.phrases import listed, words
from equipoise.stability.coalition import all_coalitions
from equipoise.stability.ranking import FELT, STATEMENTS
from equipoise.stability.reach import path, reach
from equipoise.stability.reading import Reading
from equipoise.stability.reasons import changes

_HOW = {
    STATEMENTS: "its preferences as written, most important first",
    FELT: "what it feels per year in a state, over its discount rate, and what each end is worth to it",
}


def rankings_told(reading: Reading) -> Iterator[str]:
    """Which ranking was used for whom, and which coalitions can form if they are asked for."""
    by_source: dict[str, list[str]] = {}
    for name, source in zip(reading.actors.values(), reading.ranking.source, strict=True):
        by_source.setdefault(source, []).append(name)
    for source, names in by_source.items():
        yield f"Ranked by {source}: {listed(names)} ({_HOW.get(source, 'as given')})."
    if reading.coalitions:
        yield _coalitions_told(reading)


def _coalitions_told(reading: Reading) -> str:
    names, groups = list(reading.actors.values()), reading.coalitions
    largest = max(map(len, groups))
    if sorted(groups) == sorted(all_coalitions(range(len(names)), largest)):
        which = f"all of at most {largest} actors" if largest < len(names) else "all there could be"
        return f"Under CNash, CGMR, CSMR and CSEQ {len(groups):,} coalitions can form, {which}."
    together = [listed([names[i] for i in group]) for group in groups if len(group) > 1]
    alone = [names[i] for i in range(len(names)) if (i,) in groups]
    told = f"Under CNash, CGMR, CSMR and CSEQ there act together: {'; '.join(together)}"
    return told + (f"; alone: {listed(alone)}." if alone else ".")


def situation(reading: Reading, state: int) -> str:
    """A state in words."""
    told = reading.graph.describe(state)
    if "end" in told and state >= reading.game.n_states:
        outcome = reading.scenario.outcomes[told["end"]]
        return f"the end: {outcome.name or words(told['end'])}"
    return ", ".join(f"{words(factor)} {level}" for factor, level in told.items())


def status_quo_told(reading: Reading, state: int) -> Iterator[str]:
    """What can be reached from a state, by moves and by improvements, and the nearest equilibria."""
    graph = reading.graph
    by_moves = reach(graph, state)
    willingly = reach(graph, state, ranking=reading.ranking, improving=True)
    total, wanted = int((by_moves.steps > 0).sum()), int((willingly.steps > 0).sum())
    yield (
        f"By moves alone {total:,} other states can be reached, in at most {int(by_moves.steps.max())} moves; by moves "
        f"that whoever makes them prefers, {wanted:,}."
    )
    stable = reading.stability["SEQ"].equilibrium
    if stable[state]:
        yield "It is itself an equilibrium (SEQ)."
    near = np.flatnonzero(stable & (willingly.steps > 0))
    for s in near[np.argsort(willingly.steps[near], kind="stable")][:3]:
        told, at = [], state
        for mover, to in path(graph, willingly, int(s)):
            told.append(f"{reading.actors[graph.actors[mover]]} can go to {changes(graph, at, to)}")
            at = to
        yield f"An equilibrium (SEQ) that it may lead to: {', then '.join(told)}."
    if not near.size and not stable[state]:
        yield "No equilibrium (SEQ) can be reached by improvements alone."
