"""Growth from a thousand to a million states, five actors.

    python -m benchmarks.growth [--largest RUNGS] [--steps N] [--json FILE]

Five rivals on ladders of 4, 6, 8, 10, 13 and 16 rungs. The first bar is a sweep's time per state against that of the
smallest game, medians of interleaved runs. For the second the largest game is compiled and solved in a process of its
own, whose peak memory counts; there the certificate is made without the best-response gains.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.common import Result, interleaved, ratio, script
from equipoise.equilibrium import CONTROL_COST, solve
from equipoise.equilibrium.equations import Equations
from equipoise.game.compile import compile
from games import ladder

RUNGS = (4, 6, 8, 10, 13, 16)
GIB = 2**30


def run(largest: int, steps: int, repeats: int) -> Result:
    """Sweep time per state by size, then the largest game from file to certificate."""
    result = sweeps(largest, repeats)
    command = [sys.executable, "-m", "benchmarks.growth", "solve", str(largest), str(steps)]
    solved = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    result["ratios"][f"{largest**5} states: peak memory / 8 GiB"] = ratio(solved.pop("peak") / (8 * GIB), "at most", 1)
    result["ratios"][f"{largest**5} states: certified"] = ratio(solved.pop("certified"), "at least", 1)
    result["facts"] |= {f"{largest**5} states: {what}": fact for what, fact in solved.items()}
    return result


def sweeps(largest: int, repeats: int) -> Result:
    """Time per state of a sweep, against that of the smallest game."""
    result: Result = {"facts": {}, "seconds": {}, "ratios": {}}
    smallest = evaluation(RUNGS[0])
    for rungs in RUNGS[1:]:
        if rungs > largest:
            continue
        game = evaluation(rungs)
        jobs = {"small": lambda: [smallest() for _ in range(20)], "large": game}
        taken = interleaved(jobs, repeats)
        per_state = taken["small"] / 20 / RUNGS[0] ** 5, taken["large"] / rungs**5
        result["seconds"][f"sweep, {rungs**5} states"] = taken["large"]
        result["facts"][f"nanoseconds a state, {RUNGS[0] ** 5} and {rungs**5} states"] = (
            f"{per_state[0] * 1e9:.0f}, {per_state[1] * 1e9:.0f}"
        )
        result["ratios"][f"time per state, {rungs**5} against {RUNGS[0] ** 5} states"] = ratio(
            per_state[1] / per_state[0], "at most", 1.5
        )
        del game, jobs
    return result


def evaluation(rungs: int) -> Any:
    """A job: one sweep over a ladder game."""
    equations = Equations(compile(ladder(5, rungs)), CONTROL_COST)
    value = np.zeros(equations.shape)
    equations.policy(value)
    return lambda: equations.policy(value)


def compile_and_solve(rungs: int, steps: int) -> dict[str, Any]:
    """Wall seconds of both, peak memory in bytes, and what came out."""
    begin = perf_counter()
    game = compile(ladder(5, rungs))
    compiled = perf_counter()
    print(f"compiled in {compiled - begin:.0f} s, {_peak() / GIB:.2f} GiB", file=sys.stderr, flush=True)
    found = solve(game, most_steps=steps, best_response=False, progress=_say)
    return {
        "wall seconds to compile": compiled - begin,
        "wall seconds to solve": perf_counter() - compiled,
        "peak memory, GiB": _peak() / GIB,
        "branch": found.branch.value,
        "steps, corrections": f"{found.trace.steps}, {found.trace.corrections}",
        "cause, if it failed": found.cause or found.certificate.reason or "none",
        "forward error": found.certificate.forward_error,
        "peak": _peak(),
        "certified": int(found.certified),
    }


def _say(share: float) -> None:
    print(f"{share:6.1%} of the curve, {_peak() / GIB:.2f} GiB", file=sys.stderr, flush=True)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    if sys.argv[1:2] == ["solve"]:
        print(json.dumps(compile_and_solve(int(sys.argv[2]), int(sys.argv[3]))))
        sys.exit(0)
    sys.exit(
        script(
            __doc__,
            run,
            largest=(int, RUNGS[-1], "rungs of the largest game"),
            steps=(int, 400, "most steps along the curve"),
            repeats=(int, 11, "runs of each, interleaved"),
        )
    )
