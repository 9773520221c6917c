"""All solo concepts for five actors on graphs of options, against merely reading their moves once, in one run.

    python -m benchmarks.stability [--options K] [--large K] [--json FILE]

K yes-no options are dealt to five actors; an actor may change any of its own at once, which is how conflicts are coded
in the literature. Preferences come from random statements about options. Seconds are of the processor.
"""

from __future__ import annotations

import resource
import sys
from functools import partial

import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.common import Result, ratio, script, seconds
from equipoise.game.game import Ints
from equipoise.stability.graph import GraphModel
from equipoise.stability.options import option_graph
from equipoise.stability.ranking import STATEMENTS, Ranking, by_statements
from equipoise.stability.solo import CONCEPTS, solo

ACTORS = 5
STATEMENTS_EACH = 12


def run(small: int, options: int, large: int) -> Result:
    """Three sizes; the last is left out if 0."""
    result: Result = {"facts": {}, "seconds": {}, "ratios": {}}
    measure(6, {"facts": {}, "seconds": {}, "ratios": {}})  # compiles the kernels
    bars = {small: 0.069, options: 2.0, large: 120.0}
    for k in (small, options, large):
        if k:
            total = measure(k, result)
            result["ratios"][f"2^{k} states: seconds for all / {bars[k]:g} s"] = ratio(total / bars[k], "at most", 1)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    result["facts"]["GiB of memory, at most"] = used
    result["ratios"]["memory / 4 GiB"] = ratio(used / 4, "at most", 1)
    return result


def measure(options: int, result: Result) -> float:
    """Seconds for all solo concepts and all actors, the moves being laid out beforehand."""
    rng = np.random.default_rng(options)
    owner = np.arange(options) % ACTORS
    built, graph = seconds(lambda: option_graph([list(np.flatnonzero(owner == i)) for i in range(ACTORS)], options))
    ranking = Ranking(np.array([by_statements(statements(graph, rng)) for _ in range(ACTORS)]), (STATEMENTS,) * ACTORS)
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
        )
    )
