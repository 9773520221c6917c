"""Derivatives of a measure by all parameters of the flagship, against a cold solve of it in the same run.

    python -m benchmarks.levers [--scenario NAME] [--differences N] [--json FILE]

The cold solve follows the curve from infinite noise and certifies; best responses, which would make it longer, are left
out. A measure's time is that of everything from the equilibrium to the parameters: linearisation, chain, adjoint,
pullback. Then the longest levers of the risk are held against central differences of equilibria solved anew.
"""

from __future__ import annotations

import sys
from functools import partial

import numpy as np

from benchmarks.common import Result, least, ratio, script, seconds
from equipoise.claims.cases import Case
from equipoise.claims.gradients import gradients
from equipoise.claims.solutions import Solution
from equipoise.equilibrium import Equilibrium, solve
from equipoise.game.compile import compile
from equipoise.levers.adjoint import Adjoint, predicted
from equipoise.outlook.chain import Chain, induced_chain, induced_rates
from equipoise.outlook.risk import risk
from equipoise.scenario.claims import Measure
from equipoise.scenario.models import Scenario
from equipoise.scenario.reading import load

BAR = 0.5
CLOSE = 1e-5
"""Relative difference of a derivative from a difference quotient."""


def run(scenario: str, differences: int) -> Result:
    """Seconds of the cold solve and of one measure of each kind, and how well derivatives agree with differences."""
    warm_up()
    written = load(scenario)
    game = compile(written)
    cold, equilibrium = seconds(lambda: solve(game, best_response=False))
    solution = Solution(Case(), written, game, equilibrium, chain_of(equilibrium))
    state = next(iter(game.starts.values()))
    result: Result = {
        "facts": {
            "states": float(game.n_states),
            "parameters": float(len(written.parameters)),
            "equilibrium": f"{equilibrium.branch.value}, {'' if equilibrium.certified else 'not '}certified",
            "inverse Jacobian": equilibrium.certificate.inverse_jacobian,
        },
        "seconds": {"cold solve": cold},
        "ratios": {},
    }
    for name, measure in measures(written).items():
        taken, found = least(partial(gradients, measure, solution, state), 3)
        result["seconds"][name] = taken
        result["ratios"][f"{name}, cold solves"] = ratio(taken / cold, "at most", BAR)
        result["facts"][f"{name}: residual"] = max(gradient.residual for gradient in found.values())
    result["ratios"]["greatest error of a derivative"] = ratio(worst(solution, state, differences), "at most", CLOSE)
    return result


def measures(scenario: Scenario) -> dict[str, Measure]:
    """One of each kind that gives one number; losses and values are of one actor."""
    regime, other = list(scenario.regimes)[:2]
    actor, step = next(iter(scenario.actors)), scenario.steps[0].id
    asked = {
        "risk": {"risk": "any"},
        "risk through": {"risk": "any", "through": regime},
        "eventually": {"eventually": "any"},
        "hazard": {"hazard": "any", "inside": regime},
        "loss": {"loss": actor},
        "value": {"value": actor},
        "frequency": {"frequency": step},
        "occupancy": {"occupancy": regime},
        "time": {"time": other},
        "dwell": {"dwell": regime},
        "exits": {"exits": regime},
        "settles": {"settles": other},
        "road": {"road": other, "through": regime},
    }
    return {name: Measure.model_validate(measure) for name, measure in asked.items()}


def worst(solution: Solution, state: int, count: int) -> float:
    """Greatest relative error of the longest levers of the risk, by central differences of one in ten thousand."""
    structure = solution.game.structure
    assert structure is not None  # it was compiled from a scenario
    adjoint = Adjoint(solution.equilibrium)
    exact = gradients(Measure(risk=("any",)), solution, state, adjoint=adjoint)[""].by_parameter
    longest = np.argsort(-np.abs(exact * structure.theta))[:count]
    errors = [0.0]
    for p in longest:
        sides, theta = [], float(structure.theta[p])
        for sign in (1, -1):
            game = solution.game.with_parameters({structure.parameters[p]: theta * (1 + sign * 1e-4)})
            guess = predicted(solution.equilibrium, game, adjoint=adjoint)
            moved = solve(game, start=guess, best_response=False)
            sides.append(float(risk(chain_of(moved), state, [solution.scenario.horizon], error=1e-13).sum()))
        errors.append(abs((sides[0] - sides[1]) / (2e-4 * theta) / exact[p] - 1))
    return max(errors)


def chain_of(equilibrium: Equilibrium) -> Chain:
    """The chain it induces."""
    return induced_chain(equilibrium.game, induced_rates(equilibrium.game, equilibrium.policy))


def warm_up() -> None:
    """Have all loops compiled."""
    small = load("south-asia")
    game = compile(small)
    equilibrium = solve(game, best_response=False)
    solution = Solution(Case(), small, game, equilibrium, chain_of(equilibrium))
    for measure in measures(small).values():
        gradients(measure, solution, 0)


if __name__ == "__main__":
    sys.exit(
        script(
            __doc__,
            run,
            scenario=(str, "northeast-asia", "shipped scenario"),
            differences=(int, 6, "levers held against differences"),
        )
    )
