"""One sweep over the equilibrium equations against merely reading its arrays, in one run.

    python -m benchmarks.sweep [--rungs R] [--json FILE]

A sweep evaluates everybody's policy and the residual of the equations in all states. The least any evaluation has to
do is to read its arrays once and take its exponentials: one for each move on offer and one for each hold beside moves.
The loop below does that and nothing else: no chasing of targets, no results written, no logarithms.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from benchmarks.common import Result, interleaved, ratio, script
from equipoise.equilibrium import AGENT_ERROR, CONTROL_COST, PRIVATE_SHOCK
from equipoise.equilibrium.equations import Equations
from equipoise.game.compile import compile
from equipoise.game.game import Game
from equipoise.kernels.bellman import Arrays
from equipoise.scenario.reading import load
from games import ladder, random_game


def run(rungs: int, repeats: int) -> Result:
    """Medians of interleaved runs on three games."""
    games = {
        f"ladder of {rungs} rungs": compile(ladder(5, rungs)),
        "random, 8,000 states": random_game(np.random.default_rng(1), actors=5, states=8000),
        "northeast-asia": compile(load("northeast-asia")),
    }
    result: Result = {"facts": {}, "seconds": {}, "ratios": {}}
    for name, game in games.items():
        taken = measure(game, repeats)
        read_taken = taken.pop("read")
        result["facts"][f"{name}: states"] = game.n_states
        result["facts"][f"{name}: exponentials"] = exponentials(Equations(game, CONTROL_COST).arrays)
        result["seconds"][f"{name}: read"] = read_taken
        for convention, sweep_taken in taken.items():
            result["seconds"][f"{name}: sweep, {convention}"] = sweep_taken
            result["ratios"][f"{name}: sweep / read, {convention}"] = ratio(sweep_taken / read_taken, "at most", 2)
    return result


def measure(game: Game, repeats: int) -> dict[str, float]:
    """Median seconds of reading and of a sweep under each convention."""
    value = np.random.default_rng(1).normal(size=game.flow.shape)
    conventions = [Equations(game, convention) for convention in (CONTROL_COST, PRIVATE_SHOCK, AGENT_ERROR)]
    arrays, ends = conventions[0].arrays, conventions[0].with_ends(value)
    jobs: dict[str, Callable[[], Any]] = {
        equations.convention.name: partial(equations.policy, value) for equations in conventions
    }
    jobs["read"] = partial(read, arrays, ends)
    interleaved(jobs, 3)
    return interleaved(jobs, repeats)


def exponentials(a: Arrays) -> int:
    """How many a sweep takes: one for each move, one for hold wherever there are moves."""
    n = a.flow.shape[1]
    moves = np.diff(a.row_ptr).reshape(-1, n + 1)[:, :n]
    return int(moves.sum() + np.count_nonzero(moves))


@njit(cache=True, error_model="numpy", fastmath={"contract", "reassoc"})
def read(a: Arrays, value: NDArray[Any]) -> float:
    """Every number of every array once, and as many exponentials as a sweep takes."""
    n_states, n = a.flow.shape
    total, whole, row, branch = 0.0, 0, 0, 0
    for e in range(a.probability.size):
        total += a.probability[e]
        for j in range(n):
            total += a.impact[e, j]
    for k in range(a.kind_cost.size):
        total += a.kind_cost[k] + a.kind_rate[k] + a.kind_log_reference[k] + a.kind_branch_ptr[k]
    for s in range(value.shape[0]):
        for j in range(n):
            total += value[s, j]
    for s in range(n_states):
        for i in range(n + 1):
            last = a.row_ptr[s * (n + 1) + i + 1]
            if i < n:
                x = -a.inverse_noise[s, i]
                total += a.flow[s, i] + a.tempo[s, i] + a.hold_log_reference[s, i]
                if row < last:
                    total += np.exp(x)
            while row < last:
                whole += a.row_kind[row]
                if i < n:
                    x *= 0.9
                    total += np.exp(x)
                row += 1
                end = a.branch_ptr[row]
                while branch < end:
                    whole += a.target[branch]
                    branch += 1
    return total + whole


if __name__ == "__main__":
    sys.exit(
        script(__doc__, run, rungs=(int, 6, "rungs of the ladder game"), repeats=(int, 41, "runs of each, interleaved"))
    )
