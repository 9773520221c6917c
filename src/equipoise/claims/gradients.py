"""Derivatives of a measure by every parameter, in one case or across several."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from equipoise.claims.cases import Case
from equipoise.claims.question import Question
from equipoise.claims.slopes import slopes
from equipoise.claims.solutions import Solution
from equipoise.levers.adjoint import Adjoint, Gradient
from equipoise.levers.differential import Differential
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


@dataclass(frozen=True, eq=False)
class Part:
    """A multiple of a measure in one solved case, as it goes into a number that is asked about."""

    factor: float
    measure: Measure
    solution: Solution
    state: int


@dataclass(eq=False)
class Slopes:
    """Derivatives by the parameters of a scenario, in any of its cases; what was solved once is kept."""

    scenario: Scenario
    """As written: its parameters, in its order, are those of every gradient."""
    _adjoints: dict[int, tuple[Solution, Adjoint]] = field(default_factory=dict)

    def of(self, parts: Iterable[Part], actor: str, constant: float = 0.0) -> Gradient:
        """The gradient of a constant and a sum of measures' numbers, those of one actor where they are actors' own.

        A parameter that a case does not have, or to which it gives a number of its own, does nothing there: when the
        scenario's own number changes, the case does not.
        """
        total = Gradient(constant, np.zeros(len(self.scenario.parameters)))
        for part in parts:
            solution, earnings = part.solution, self.adjoint(part.solution).earnings(part.state)
            found = slopes(Question(part.measure, solution, solution.chain, part.state), earnings)
            total = total + self.at(solution, found[actor]).times(part.factor)
        return total

    def at(self, solution: Solution, number: Differential) -> Gradient:
        """The gradient of a number read off a solution, with its derivatives by the rates of the chain."""
        own = self.adjoint(solution).gradient(number)
        structure = solution.game.structure
        assert structure is not None  # solutions are compiled from scenarios
        by_name = dict(zip(structure.parameters, own.by_parameter.tolist(), strict=True))
        pinned = own_numbers(self.scenario, solution.case)
        by_parameter = [0.0 if name in pinned else by_name.get(name, 0.0) for name in self.scenario.parameters]
        return Gradient(own.number, np.array(by_parameter), own.residual)

    def adjoint(self, solution: Solution) -> Adjoint:
        """That of a solution's equilibrium."""
        key = id(solution.equilibrium)
        if key not in self._adjoints:
            self._adjoints[key] = (solution, Adjoint(solution.equilibrium))
        return self._adjoints[key][1]


def own_numbers(scenario: Scenario, case: Case) -> set[str]:
    """Parameters to which a case gives numbers of its own."""
    variant = scenario.variants[case.variant].set if case.variant != AS_WRITTEN else {}
    return {*variant, *(name for name, _ in case.settings)}
