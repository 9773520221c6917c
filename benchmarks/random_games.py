"""Random games, stratified: how many end certified, how many in an honest failure, how many in a wrong answer.

    python -m benchmarks.random_games [--count N] [--seed K] [--budget STEPS] [--largest S] [--json FILE]

Actors 2 to 6; states 10 to 5,000, log-uniform; noise in half of the games .02 to .1, in the others .1 to 1, log-uniform
in each; the three conventions in turn. `budget` is the most steps along the curve: a principal equilibrium that needs
more is left for another branch and counts as jumped. An answer counts as wrong if it is certified and the equations as
written below in NumPy, a third time and sharing no code with the package, do not hold to ten times the residual that a
certificate allows, or if the policies are not those that V implies.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from typing import Any

import numpy as np
import reference
from numpy.typing import NDArray

from benchmarks.common import Result, ratio, script, seconds
from equipoise.equilibrium import AGENT_ERROR, CONTROL_COST, PRIVATE_SHOCK, Convention, Equilibrium, solve
from equipoise.game.game import Game
from games import random_game

Floats = NDArray[np.float64]
CONVENTIONS = (CONTROL_COST, PRIVATE_SHOCK, AGENT_ERROR)
ENDS = ("certified principal", "certified jumped", "honest failure", "WRONG")
SIZES = (100, 1000, 5001)
RESIDUAL = 1e-8
POLICY = 1e-9


def run(count: int, seed: int, budget: int, largest: int) -> Result:
    """Counts by stratum, seconds by size, and the games that were not certified."""
    check_twin()
    tally: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(ENDS, 0))
    taken: dict[str, list[float]] = defaultdict(list)
    failures = []
    for number in range(count):
        game, convention, noise = drawn(number, seed, largest)
        spent, found = seconds(
            lambda g=game, c=convention: solve(g, convention=c, most_steps=budget)  # type: ignore[misc]
        )
        end = outcome(found)
        size = f"fewer than {next(s for s in SIZES if game.n_states < s)} states"
        strata = (
            "all",
            size,
            f"{game.n_actors} actors",
            convention.name,
            "noise " + ("<= .1" if noise <= 0.1 else "> .1"),
        )
        for stratum in strata:
            tally[stratum][end] += 1
            taken[stratum].append(spent)
        line = (
            f"{number:4d} {game.n_actors} actors {game.n_states:5d} states noise {noise:.3f} {convention.name:<14}"
            f"{spent:8.1f} s  {found.trace.steps:4d} steps  {end}"
        )
        if not found.certified or end == "WRONG":
            line += f": {found.cause or found.certificate.reason}"
            failures.append(line)
        print(line, flush=True)
    return {
        "facts": {name: table(tally[name], taken[name]) for name in sorted(tally)} | {"not certified": str(failures)},
        "tally": tally,
        "ratios": {
            "certified in 100": ratio(100 * (tally["all"][ENDS[0]] + tally["all"][ENDS[1]]) / count, "at least", 99),
            "wrong answers": ratio(tally["all"]["WRONG"], "at most", 0),
        },
    }


def drawn(number: int, seed: int, largest: int) -> tuple[Game, Convention, float]:
    """Game `number`: strata in turn, everything else at random."""
    rng = np.random.default_rng([seed, number])
    states = round(10 * (largest / 10) ** rng.random())
    low, high = (0.02, 0.1) if number % 2 else (0.1, 1.0)
    noise = low * (high / low) ** float(rng.random())
    game = random_game(rng, actors=2 + number // 6 % 5, states=states, noise=noise)
    return game, CONVENTIONS[number // 2 % 3], noise


def outcome(found: Equilibrium) -> str:
    if not found.certified:
        return "honest failure"
    residual, policy = twin(found.game, found.convention, found.value)
    fast = (found.game.discount + found.game.tempo.sum(axis=1, keepdims=True)) * found.certificate.scale
    if np.abs(residual / fast).max() > RESIDUAL or np.abs(policy - found.policy).max() > POLICY:
        return "WRONG"
    return f"certified {found.branch.value}"


def twin(game: Game, convention: Convention, value: Floats) -> tuple[Floats, Floats]:
    """Left minus right side of the equilibrium equations (S, N), util/year, and the policy (R,) that V implies."""
    S, N = value.shape
    state, actor, kind, entry = game.row_state, game.row_actor, game.row_kind, game.branch_entry
    after = np.concatenate([value, game.end_value])[game.target] + game.impact[entry]
    lead = np.add.reduceat(game.probability[entry][:, None] * after, game.branch_ptr[:-1]) - value[state]
    moves = np.flatnonzero(actor < N)
    s, i = state[moves], actor[moves]
    reference_kind, reference_hold = convention.reference(game)
    own = lead[moves, i] - game.kind_cost[kind[moves]]
    weight = np.log(reference_kind[kind[moves]]) + own / game.noise[s, i]
    top = np.log(reference_hold)
    np.maximum.at(top, (s, i), weight)
    hold = reference_hold * np.exp(-top)
    total = hold.copy()
    np.add.at(total, (s, i), np.exp(weight - top[s, i]))
    policy = np.zeros(game.n_rows)
    policy[moves] = np.exp(weight - top[s, i]) / total[s, i]
    worth = game.noise * (top + np.log(total))
    if convention.name == "agent-error":
        worth = np.zeros((S, N))
        np.add.at(worth, (s, i), policy[moves] * own)
    rate = game.kind_rate[kind].copy()
    rate[moves] = game.tempo[s, i] * policy[moves]
    others = rate[:, None] * lead
    others[moves, i] = 0.0
    out = game.discount * value - game.flow - game.tempo * worth
    np.subtract.at(out, state, others)
    return out, policy


def check_twin() -> None:
    """The twin against the tests' plain Python (right minus left side) on a small game, away from any equilibrium."""
    for convention in CONVENTIONS:
        rng: Any = np.random.default_rng(1)
        game = random_game(rng, actors=3, states=12)
        value = rng.normal(size=game.flow.shape)
        residual, policy = twin(game, convention, value)
        assert np.abs(residual + reference.residual(game, convention, value)).max() < 1e-11
        assert np.abs(policy - reference.policy(game, convention, value)).max() < 1e-13


def table(counts: dict[str, int], times: list[float]) -> str:
    told = ", ".join(f"{n} {end}" for end, n in counts.items())
    return f"{told}; median {np.median(times):.2f} s, most {max(times):.1f} s"


if __name__ == "__main__":
    sys.exit(
        script(
            __doc__,
            run,
            count=(int, 300, "number of games"),
            seed=(int, 0, "of the random numbers"),
            budget=(int, 40, "most steps along the curve"),
            largest=(int, 5000, "states of the largest games"),
        )
    )
