"""One game of 40 states, 5 actors, 3 options at the same noise: Equipoise against sgamesolver, in one run.

    python -m benchmarks.sgame [--noise TAU] [--json FILE]

sgamesolver (Eibelshaeuser and Poensgen) traces quantal-response equilibria of discrete games in which all act at once:
243 joint actions in each state. The game is embedded there as in tests/equilibrium/test_oracles_sgamesolver.py, whose
heading says how to install it. Both start from uniform choices and follow the curve to the same noise; building the
embedded game and the compilation of either side's loops are not counted.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from benchmarks.common import Result, least, ratio, script, seconds
from equipoise.equilibrium import AGENT_ERROR, solve
from games import random_game

ACTORS, STATES, MOVES = 5, 40, 2


def run(noise: float) -> Result:
    """Seconds of both, their ratio, and how far their policies differ."""
    from sgamesolver import SGame, homotopy
    from test_oracles_sgamesolver import embedded

    game = random_game(np.random.default_rng(3), actors=ACTORS, states=STATES, moves=MOVES, noise=noise, vary=False)
    solve(game, convention=AGENT_ERROR)
    ours, found = least(lambda: solve(game, convention=AGENT_ERROR), repeats=5)
    lighter, _ = least(lambda: solve(game, convention=AGENT_ERROR, best_response=False), repeats=5)

    outside = SGame(*embedded(game))
    trace(homotopy, SGame(*embedded(random_game(np.random.default_rng(1), actors=2, states=2, moves=1, vary=False))))
    theirs, tracer = seconds(lambda: trace(homotopy, outside))
    expected = tracer.equilibrium.strategies[:STATES]
    moves = found.policy[game.row_actor < ACTORS].reshape(STATES, ACTORS, MOVES)
    gap = np.abs(np.concatenate([found.hold[..., None], moves], axis=2) - expected).max()
    return {
        "facts": {
            "states": STATES,
            "noise": noise,
            "branch": found.branch.value,
            "certified": str(found.certified),
            "greatest difference of policies": float(gap),
        },
        "seconds": {
            "sgamesolver": theirs,
            "equipoise, with the whole certificate": ours,
            "equipoise, certificate without best responses": lighter,
        },
        "ratios": {
            "sgamesolver / equipoise": ratio(theirs / ours, "at least", 1000),
            "difference of policies / 1e-6": ratio(gap / 1e-6, "at most", 1),
        },
    }


def trace(homotopy: Any, outside: Any) -> Any:
    """sgamesolver's quantal-response tracer, run to the end with its own settings."""
    tracer = homotopy.QRE(outside)
    tracer.solver_setup(target_lambda=1.0)
    tracer.solver.verbose = 0
    tracer.solve()
    return tracer


if __name__ == "__main__":
    np.NaN = np.nan  # type: ignore[attr-defined]  # sgamesolver was written for numpy 1
    sys.exit(script(__doc__, run, noise=(float, 0.3, "scale of the choice noise, util")))
