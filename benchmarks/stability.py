"""All concepts for five actors on graphs of options, against merely reading their moves once, in one run.

    python -m benchmarks.stability [--options K] [--large K] [--allied K] [--json FILE]

K yes-no options are dealt to five actors; an actor may change any of its own at once, which is how conflicts are coded
in the literature. Preferences come from random statements about options; SIM, whose time depends on them, is also timed
with other kinds (`KINDS`). The coalitional concepts face all 31 coalitions. Seconds are of the processor.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from functools import partial

import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.common import Result, ratio, script, seconds
from equipoise.game.game import Ints
from equipoise.stability.coalition import COALITIONAL, all_coalitions, coalitional
from equipoise.stability.graph import GraphModel
from equipoise.stability.options import option_graph
from equipoise.stability.price import joint_price, price
from equipoise.stability.ranking import STATEMENTS, Ranking, by_statements, graded
from equipoise.stability.solo import CONCEPTS, solo

Grades = NDArray[np.int32]
ACTORS = 5
STATEMENTS_EACH = 12


def run(small: int, options: int, large: int, allied: int) -> Result:
    """Three sizes, the last left out if 0; coalitions at the small and the allied size."""
    result: Result = {"facts": {}, "seconds": {}, "ratios": {}}
    for compiling in (measure, kinds, coalitions):
        compiling(6, {"facts": {}, "seconds": {}, "ratios": {}})
    bars = {small: 0.069, options: 2.0, large: 120.0}
    for k in (small, options, large):
        if k:
            total = measure(k, result)
            result["ratios"][f"2^{k} states: seconds for all / {bars[k]:g} s"] = ratio(total / bars[k], "at most", 1)
    kinds(options, result)
    for k in (small, allied):
        coalitions(k, result)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    result["facts"]["GiB of memory, at most"] = used
    result["ratios"]["memory / 4 GiB"] = ratio(used / 4, "at most", 1)
    return result


def dealt(options: int) -> GraphModel:
    """Options dealt to the actors in turn."""
    owner = np.arange(options) % ACTORS
    return option_graph([list(np.flatnonzero(owner == i)) for i in range(ACTORS)], options)


def by_random_statements(graph: GraphModel, rng: np.random.Generator) -> Ranking:
    """Every actor with statements of its own."""
    return Ranking(np.array([by_statements(statements(graph, rng)) for _ in range(ACTORS)]), (STATEMENTS,) * ACTORS)


def measure(options: int, result: Result) -> float:
    """Seconds for all solo concepts and all actors, the moves being laid out beforehand."""
    built, graph = seconds(lambda: dealt(options))
    ranking = by_random_statements(graph, np.random.default_rng(options))
    name = f"2^{options} states"
    turned, into = seconds(lambda: graph.into)
    read_taken, _ = seconds(lambda: read(*into, ranking.grade))
    result["facts"][f"{name}: moves"] = graph.target.size
    result["seconds"][f"{name}: laying out the moves"] = built
    result["seconds"][f"{name}: turning them round"] = turned
    result["seconds"][f"{name}: reading them once"] = read_taken
    total = turned
    for concept in CONCEPTS:
        taken, answer = seconds(partial(solo, graph, ranking, concept))
        result["facts"][f"{name}: equilibria, {concept}"] = int(answer.equilibrium.sum())
        result["seconds"][f"{name}: {concept}"] = taken
        total += taken
    result["seconds"][f"{name}: all solo concepts"] = total
    result["facts"][f"{name}: all / reading the moves once"] = total / read_taken
    return total


def _own(graph: GraphModel, actor: int, *, first: bool) -> Grades:
    """Every option taken is good; the actor's own ones count more than the others', or less."""
    F = len(graph.factors)
    mine = [f for f in range(F) if f % ACTORS == actor]
    theirs = [f for f in range(F) if f % ACTORS != actor]
    order = mine + theirs if first else theirs + mine
    return by_statements([graph.levels[:, F - 1 - f] == 1 for f in order])


KINDS: dict[str, Callable[[GraphModel, np.random.Generator], list[Grades]]] = {
    "lexicographic": lambda graph, rng: [
        by_statements([graph.levels[:, f] == rng.integers(0, 2) for f in rng.permutation(len(graph.factors))])
        for _ in range(ACTORS)
    ],
    "eight grades at random": lambda graph, rng: [graded(rng.integers(0, 8, graph.n_states)) for _ in range(ACTORS)],
    "ranks at random": lambda graph, rng: [graded(rng.permutation(graph.n_states)) for _ in range(ACTORS)],
    "all want all options": lambda graph, rng: [graded(graph.levels.sum(axis=1))] * ACTORS,
    "own options first": lambda graph, rng: [_own(graph, i, first=True) for i in range(ACTORS)],
    "others' options first": lambda graph, rng: [_own(graph, i, first=False) for i in range(ACTORS)],
}
"""Preferences under which SIM has much to try: where interests agree nothing deters, and every combination is tried."""


def kinds(options: int, result: Result) -> None:
    """Seconds of SIM with other kinds of preferences, and what was said of it beforehand."""
    graph = dealt(options)
    for kind, grades in KINDS.items():
        ranking = Ranking(np.array(grades(graph, np.random.default_rng(options))), (STATEMENTS,) * ACTORS)
        taken, _ = seconds(partial(solo, graph, ranking, "SIM"))
        result["seconds"][f"2^{options} states, {kind}: SIM"] = taken
        result["facts"][f"2^{options} states, {kind}: seconds of SIM at most, said before"] = joint_price(
            graph, ranking
        )


def coalitions(options: int, result: Result) -> None:
    """Seconds for the coalitional concepts with all coalitions, and what was said of them beforehand."""
    graph = dealt(options)
    ranking = by_random_statements(graph, np.random.default_rng(options))
    groups = all_coalitions(range(ACTORS))
    said = price(graph, ranking, groups)
    result["facts"][f"2^{options} states: seconds of CNash and CGMR, said before"] = said.sweeping
    result["facts"][f"2^{options} states: seconds of CSMR and CSEQ, said before"] = said.searching
    for concept in COALITIONAL:
        taken, answer = seconds(partial(coalitional, graph, ranking, concept, coalitions=groups))
        result["facts"][f"2^{options} states: equilibria, {concept}"] = int(answer.equilibrium.sum())
        result["seconds"][f"2^{options} states: {concept}"] = taken


def statements(graph: GraphModel, rng: np.random.Generator) -> list[NDArray[np.bool_]]:
    """Random statements, each about one to three options."""
    found = []
    for _ in range(STATEMENTS_EACH):
        about = rng.choice(len(graph.factors), min(len(graph.factors), int(rng.integers(1, 4))), replace=False)
        found.append(np.all(graph.levels[:, about] == rng.integers(0, 2, about.size), axis=1))
    return found


@njit(cache=True)
def read(ptr: Ints, source: NDArray[np.int32], grade: NDArray[np.int32]) -> int:
    """Every move once, with the grade of where it starts."""
    m, n = grade.shape
    total = 0
    for label in range(m):
        for t in range(n):
            for x in range(ptr[label * n + t], ptr[label * n + t + 1]):
                total += grade[label, source[x]]
    return total


if __name__ == "__main__":
    sys.exit(
        script(
            __doc__,
            run,
            small=(int, 12, "options of the smallest graph"),
            options=(int, 16, "options of the middle graph"),
            large=(int, 20, "options of the largest graph"),
            allied=(int, 14, "options of the larger graph on which coalitions form"),
        )
    )
