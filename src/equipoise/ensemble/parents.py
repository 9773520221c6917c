"""The parent of every draw: each case of the scenario as written, compiled and solved once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from equipoise.claims.carrying import state_numbers
from equipoise.claims.cases import Case, all_cases, edited
from equipoise.claims.judge import judge
from equipoise.claims.solutions import Solutions
from equipoise.ensemble.plan import Plan
from equipoise.equilibrium.convention import Convention
from equipoise.equilibrium.equations import Equations
from equipoise.game.compile import compile
from equipoise.game.game import Floats, Game, Ints
from equipoise.scenario.claims import AS_WRITTEN
from equipoise.scenario.models import Scenario

CHALLENGING = 60
"""Most steps along the curve for a parent under a further convention."""

Values = dict[Case, Floats | None]
"""V (S, N) of every case under one convention; None where no equilibrium could be certified."""


def solve_parent(plan: Plan, convention: Convention) -> Values:
    """Every case that the plan's claims need solved from full noise, at the scenario's own numbers."""
    first = convention == plan.conventions[0]
    solutions = Solutions(plan.scenario, convention, most_steps=4000 if first else CHALLENGING)
    solutions.prepare(all_cases(plan.scenario, plan.fair))
    for claim in plan.fair:
        judge(claim, solutions)  # Situations that no start leads to become cases of their own here.
    return {
        case: solution.equilibrium.value if solution.equilibrium.certified else None
        for case, solution in solutions.solved.items()
    }


@dataclass(frozen=True, eq=False)
class Parent:
    """One case of the scenario as written."""

    case: Case
    scenario: Scenario
    """With the case's edits made."""
    game: Game
    pinned: frozenset[str]
    """Parameters that the case sets; a draw does not change them."""
    states: Ints
    """(S,) states of the scenario as written, -1 where it has none."""
    values: dict[Convention, Floats | None]
    """V (S, N) by convention."""

    @cached_property
    def policies(self) -> dict[Convention, Floats]:
        """(R,) what everybody does there, by every convention with an equilibrium."""
        known = {convention: value for convention, value in self.values.items() if value is not None}
        return {convention: Equations(self.game, convention).policy(value)[0] for convention, value in known.items()}


@dataclass(frozen=True, eq=False)
class Parents:
    """All cases of a plan, compiled: what a process needs to work on draws."""

    plan: Plan
    values: dict[Convention, Values]

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """Every case, the scenario as written first."""
        return tuple(dict.fromkeys(case for values in self.values.values() for case in values))

    @cached_property
    def all(self) -> tuple[Parent, ...]:
        """In the order of `cases`."""
        written: Game | None = None
        made = []
        for case in self.cases:
            scenario = edited(self.plan.scenario, case)
            game = compile(scenario)
            written = game if written is None else written
            values = {convention: found.get(case) for convention, found in self.values.items()}
            states = state_numbers(written, game.levels)
            made.append(Parent(case, scenario, game, _pinned(self.plan.scenario, case), states, values))
        return tuple(made)


def _pinned(scenario: Scenario, case: Case) -> frozenset[str]:
    variant = () if case.variant == AS_WRITTEN else scenario.variants[case.variant].set
    return frozenset([*variant, *(name for name, _ in case.settings)])
