"""Equilibria on about ten thousand states, in sweep-times: what a solve costs as a number of evaluations.

    python -m benchmarks.equilibrium [--only NAME] [--steps N] [--json FILE]

A sweep-time is the time of one evaluation of everybody's policy and of the equations' residual in all states, the
median of runs between the solves. From noisy: the curve is followed from infinite noise and certified. From a
neighbour: one parameter is changed by 5% and the old equilibrium given as start. At a fifth: the same from infinite
noise down to a fifth of the game's own. All with the whole certificate, best responses included.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from benchmarks.common import Result, interleaved, ratio, script, seconds
from equipoise.equilibrium import CONTROL_COST, Equilibrium, certify, felt_value, solve
from equipoise.equilibrium.equations import Equations
from equipoise.equilibrium.evaluation import solver_systems
from equipoise.equilibrium.follow import NORMAL, Curve
from equipoise.game.compile import compile
from equipoise.game.game import Game
from equipoise.scenario.reading import load
from games import ladder, random_game

BARS = {"from noisy": 600.0, "from a neighbour": 150.0, "at a fifth of the noise": 2500.0}


def run(only: str, steps: int) -> Result:
    """Sweep-times of every game and task, split into path, refinement and certificate."""
    result: Result = {"facts": {}, "seconds": {}, "ratios": {}}
    for actors in (5, 6):
        # Compiles everything: loops are compiled anew for another number of actors.
        solve(random_game(np.random.default_rng(1), actors=actors, states=700, noise=1.0))
    for name, (game, neighbour) in games().items():
        if only not in name:
            continue
        start: Equilibrium | None = None
        tasks = {
            "from noisy": game,
            "from a neighbour": neighbour,
            "at a fifth of the noise": replace(game, noise=game.noise / 5),
        }
        for task, changed in tasks.items():
            given = start if task == "from a neighbour" else None
            before = sweep(changed)
            taken, found = seconds(partial(solve, changed, start=given, most_steps=steps))
            unit = 0.5 * (before + sweep(changed))
            start = found if start is None else start
            label = f"{name}, {task}"
            parts = certificate_parts(found)
            if given is not None:
                parts["refinement"] = taken - sum(parts.values())
            elif found.branch.value == "principal":
                parts["refinement"] = refinement(found)
                parts["path"] = taken - sum(parts.values())
            result["seconds"][label] = taken
            result["facts"][f"{label}: outcome"] = told(found)
            result["facts"][f"{label}: steps and corrections"] = f"{found.trace.steps}, {found.trace.corrections}"
            for part, part_taken in parts.items():
                result["facts"][f"{label}: {part}, sweep-times"] = part_taken / unit
            result["ratios"][f"{label}, sweep-times"] = ratio(taken / unit, "at most", BARS[task])
            result["ratios"][f"{label}: certified"] = ratio(found.certified, "at least", 1)
            print(f"{label}: {taken / unit:.0f} sweep-times of {unit * 1e3:.2f} ms, {told(found)}", flush=True)
    return result


def games() -> dict[str, tuple[Game, Game]]:
    """Each game with its neighbour: a payoff parameter larger by 5%, or the flow payoffs where there is none."""
    flagship = compile(load("northeast-asia"))
    rivals = compile(ladder(5, 6))
    drawn = random_game(np.random.default_rng(1), actors=5, states=10_000, noise=1.0)
    return {
        f"northeast-asia ({flagship.n_states} states)": (flagship, raised(flagship, payoff_parameter(flagship))),
        f"ladder ({rivals.n_states} states)": (rivals, raised(rivals, "standing")),
        f"random ({drawn.n_states} states)": (drawn, replace(drawn, flow=drawn.flow * 1.05)),
    }


def raised(game: Game, parameter: str) -> Game:
    return game.with_parameters({parameter: 1.05 * values(game)[parameter]})


def payoff_parameter(game: Game) -> str:
    """The flow payoff whose 5% move most states' flows most."""
    return max(values(game), key=lambda name: float(np.abs(raised(game, name).flow - game.flow).sum()))


def values(game: Game) -> dict[str, float]:
    assert game.structure is not None
    return dict(zip(game.structure.parameters, game.structure.theta.tolist(), strict=True))


def sweep(game: Game) -> float:
    """Median processor seconds of one evaluation."""
    equations = Equations(game, CONTROL_COST)
    value = np.zeros(equations.shape)
    equations.policy(value)
    return interleaved({"sweep": lambda: equations.policy(value)}, 31)["sweep"]


def certificate_parts(found: Equilibrium) -> dict[str, float]:
    """Seconds of what `solve` does once it has V, by doing it again."""
    game, convention, value = found.game, found.convention, found.value
    systems = solver_systems(Equations(game, convention), value, found.policy)
    given: Any = None if systems is None else systems.evaluate
    felt_taken, felt = seconds(lambda: felt_value(game, found.policy, guess=value, untrusted=given))
    light, _ = seconds(lambda: certify(game, convention, value, felt=felt, best_response=False, untrusted=systems))
    parts = {"felt value": felt_taken, "certificate but best responses": light}
    if found.branch.value != "none":
        full, _ = seconds(lambda: certify(game, convention, value, felt=felt, untrusted=systems))
        parts["best responses"] = full - light
    return parts


def refinement(found: Equilibrium) -> float:
    """Seconds of Newton's method at the end, from as far away as the curve ends."""
    equations = Equations(found.game, found.convention)
    curve: Any = Curve(equations, found.value.ravel(), 1.0, NORMAL)
    rng = np.random.default_rng(1)
    away = rng.uniform(-1, 1, found.value.size) * NORMAL.closeness * found.game.noise.ravel()
    begin = replace(curve.points[0], value=found.value.ravel() + away, level=curve.end)
    return seconds(lambda: curve.refine(begin))[0]


def told(found: Equilibrium) -> str:
    return f"{found.branch.value}, {'certified' if found.certified else found.certificate.reason}"


if __name__ == "__main__":
    sys.exit(
        script(
            __doc__,
            run,
            only=(str, "", "only games whose name contains this"),
            steps=(int, 300, "most steps along the curve"),
        )
    )
