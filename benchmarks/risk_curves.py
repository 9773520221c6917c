"""Risk curves on one large chain: Equipoise against Storm and SciPy, in one run.

    python -m benchmarks.risk_curves [--json FILE]

A system of ten factors with 13,824 states, three outcomes, forty times over ten years. Storm is asked one query for
each outcome and time, as it has to be; its time for all of them is that of a few queries times their number, the cost
of one depending on its time only. SciPy's `expm_multiply` gives all of them at once.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from time import perf_counter
from typing import Any
from unittest.mock import patch

import numpy as np
import scipy.sparse as sp
import stormpy
from scipy.sparse.linalg import expm_multiply

from equipoise.outlook.chain import Chain, rate_chain
from equipoise.outlook.risk import risk

sys.path[:0] = [str(Path(__file__).parents[1] / "tests" / "outlook"), str(Path(__file__).parents[1] / "tests")]
from dense import product_chain  # noqa: E402
from storm import storm_model  # noqa: E402

SHAPE = (3, 2, 3, 3, 4, 4, 2, 2, 2, 2)
TIMES = np.linspace(0.25, 10, 40)
OUTCOMES = ("a", "b", "c")
REPEATS = 5
BARS = {"storm_all": 100.0, "storm_one": 2.0, "scipy_all": 1.0}


def run() -> dict[str, Any]:
    """Seconds, ratios, whether the bars are met, and by how much the answers differ."""
    rates = product_chain(SHAPE, np.random.default_rng(1), outcomes=len(OUTCOMES))
    risk(rate_chain(rates, outcomes=OUTCOMES), 0, [0.1, 9.0])  # compiles

    all_curves, curves = _best(lambda: risk(rate_chain(rates, outcomes=OUTCOMES), 0, TIMES))
    # What the chain caches belongs to the curves' cost, so every repeat builds it anew; Storm's model is built once.
    built, _ = _best(lambda: rate_chain(rates, outcomes=OUTCOMES))
    chain = rate_chain(rates, outcomes=OUTCOMES)
    one_query, _ = _best(lambda: risk(chain, 0, TIMES[-1:]))
    with patch("equipoise.outlook.evolve.POLYNOMIAL", np.inf):
        powers, _ = _best(lambda: risk(chain, 0, TIMES))

    model = storm_model(chain)
    queries = [_best(lambda t=t: _storm(model, t)) for t in (TIMES[0], TIMES[len(TIMES) // 2], TIMES[-1])]
    storm_one, storm_value = queries[-1]
    # The cost of a query grows with its time; the mean over all times is close to a straight line through three.
    line = np.polyfit([TIMES[0], TIMES[len(TIMES) // 2], TIMES[-1]], [seconds for seconds, _ in queries], 1)
    storm_all = float(np.polyval(line, TIMES).sum() * len(OUTCOMES))

    full, begin = _with_outcomes(chain)
    scipy_all, expanded = _best(lambda: expm_multiply(full, begin, start=0, stop=10, num=41, endpoint=True), repeats=2)

    ratios = {
        "storm_all": storm_all / (all_curves - built),
        "storm_one": storm_one / one_query,
        "scipy_all": scipy_all / (all_curves - built),
    }
    return {
        "states": chain.n_states,
        "transitions": int(chain.transition.nnz + chain.absorption.nnz),
        "clock": chain.clock,
        "seconds": {
            "equipoise, 3 outcomes at 40 times": all_curves - built,
            "equipoise, one query": one_query,
            "equipoise, the curves by powers alone": powers,
            "Storm, 120 queries": storm_all,
            "Storm, one query": storm_one,
            "SciPy expm_multiply, 3 outcomes at 40 times": scipy_all,
        },
        "ratios": ratios,
        "bars": BARS,
        "met": {name: bool(ratios[name] >= bar) for name, bar in BARS.items()},
        "differences": {
            "Storm": float(abs(storm_value - curves[-1, 0])),
            "SciPy": float(np.abs(expanded[1:, chain.n_states :] - curves).max()),
        },
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=Path, help="file to write the numbers to")
    arguments = parser.parse_args()
    result = run()
    for name, seconds in result["seconds"].items():
        print(f"{name:<46}{seconds:10.4f} s")
    for name, ratio in result["ratios"].items():
        met = "met" if result["met"][name] else "MISSED"
        print(f"{name + ' / equipoise':<46}{ratio:10.1f}   bar {BARS[name]:g}: {met}")
    for name, gap in result["differences"].items():
        print(f"{'greatest difference from ' + name:<46}{gap:10.1e}")
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=2) + "\n")
    return 0 if all(result["met"].values()) else 1


def _best(job: Any, repeats: int = REPEATS) -> tuple[float, Any]:
    """Least seconds of several runs, and the last answer."""
    least = np.inf
    for _ in range(repeats):
        begin = perf_counter()
        answer = job()
        least = min(least, perf_counter() - begin)
    return least, answer


def _storm(model: Any, time: float) -> float:
    formula = stormpy.parse_properties(f'P=? [F<={time} "outcome_0"]')[0]
    return float(stormpy.model_checking(model, formula).get_value(0))


def _with_outcomes(chain: Chain) -> tuple[sp.csr_array, np.ndarray]:
    """Q transposed on states and outcomes, and the start."""
    S, width = chain.n_states, len(chain.outcomes)
    inner = chain.transition - sp.diags_array(chain.exit_rate)
    full = sp.vstack([sp.hstack([inner, chain.absorption]), sp.csr_array((width, S + width))])
    begin = np.zeros(S + width)
    begin[0] = 1.0
    return sp.csr_array(full.T), begin


if __name__ == "__main__":
    sys.exit(main())
