"""Derivatives of a measure by every parameter, in one case or of the difference between two."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from equipoise.claims.cases import Case
from equipoise.claims.question import Question
from equipoise.claims.slopes import slopes
from equipoise.claims.solutions import Solution
from equipoise.game.game import Floats
from equipoise.levers.adjoint import Adjoint, Gradient
from equipoise.scenario.claims import AS_WRITTEN, Measure
from equipoise.scenario.models import Scenario


def gradients(
    measure: Measure, solution: Solution, state: int, *, adjoint: Adjoint | None = None
) -> dict[str, Gradient]:
    """The measure's numbers from a state, as `measured` gives them, with their derivatives by the game's parameters.

    One transposed solve of the equilibrium equations for each number. ``adjoint`` is that of the solution's
    equilibrium, if it is there already.

    Raises:
        RequestError: the measure is a count, which has no derivatives.
    """
    at = adjoint or Adjoint(solution.equilibrium)
    found = slopes(Question(measure, solution, solution.chain, state), at.earnings(state))
    return {actor: at.gradient(slope) for actor, slope in found.items()}


def aligned(gradient: Gradient, solution: Solution, names: Collection[str], scenario: Scenario) -> Floats:
    """(P,) the derivatives in the order of ``names``, parameters of the scenario before the case's edits.

    A parameter that the case does not have, or to which it gives a number of its own, has derivative 0: when the
    scenario's own number changes, the case does not.
    """
    structure = solution.game.structure
    assert structure is not None  # solutions are compiled from scenarios
    at = dict(zip(structure.parameters, gradient.by_parameter, strict=True))
    pinned = own_numbers(scenario, solution.case)
    return np.array([0.0 if name in pinned else at.get(name, 0.0) for name in names])


def own_numbers(scenario: Scenario, case: Case) -> set[str]:
    """Parameters to which a case gives numbers of its own."""
    variant = scenario.variants[case.variant].set if case.variant != AS_WRITTEN else {}
    return {*variant, *(name for name, _ in case.settings)}
