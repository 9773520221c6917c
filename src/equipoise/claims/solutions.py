"""Cases solved once and shared by every claim that needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from equipoise.claims.carrying import carried_policy, carried_value, state_numbers
from equipoise.claims.cases import Case, edited
from equipoise.equilibrium.convention import CONTROL_COST, Convention
from equipoise.equilibrium.solve import Equilibrium, solve
from equipoise.game.compile import compile
from equipoise.game.game import Game
from equipoise.outlook.chain import Chain, induced_chain, induced_rates
from equipoise.scenario.models import Scenario

Progress = Callable[[str, float], None]


@dataclass(frozen=True, eq=False)
class Solution:
    """A case with its equilibrium and the chain that follows."""

    case: Case
    scenario: Scenario
    """With the case's edits made."""
    game: Game
    equilibrium: Equilibrium
    chain: Chain

    def state(self, start: str, levels: Mapping[str, str]) -> int | None:
        """The state of a starting situation with some levels changed; None if it cannot be reached from any start."""
        situation = {**self.scenario.initial[start].state, **levels}
        numbers = [
            names.index(situation[factor])
            for factor, names in zip(self.game.factors, self.game.factor_levels, strict=True)
        ]
        found = int(state_numbers(self.game, np.array([numbers], np.uint16))[0])
        return found if found >= 0 else None


@dataclass(frozen=True, eq=False)
class Frozen:
    """What a case's own numbers and graph would bring if everybody went on as in another case."""

    chain: Chain
    known: NDArray[np.bool_]
    """(S,) states that the other case knows; elsewhere the case's own policies stand in."""


@dataclass(eq=False)
class Solutions:
    """The cases of one scenario under one noise convention, solved when asked for and then kept.

    With a ``neighbour`` (the same scenario with one thing different) every case is tried from the neighbour's solution
    of the same case first, which is many times faster; `Equilibrium.branch` says where that was done. Without one each
    case is followed from full noise, so that what is found is the principal equilibrium.
    """

    scenario: Scenario
    convention: Convention = CONTROL_COST
    neighbour: Solutions | None = None
    progress: Progress | None = None
    most_steps: int = 4000
    """Most steps along the curve; a case that needs more is left for another branch, which its basis says."""
    split: bool = True
    """Whether differences are split into what is assumed and what emerges: of use to readers, not to a count."""
    solved: dict[Case, Solution] = field(default_factory=dict)
    _frozen: dict[tuple[Case, Case], Frozen] = field(default_factory=dict)

    def __getitem__(self, case: Case) -> Solution:
        if case not in self.solved:
            self.solved[case] = self._solve(case)
        return self.solved[case]

    def prepare(self, cases: Iterable[Case]) -> None:
        """Solve some cases now, saying how far it has come."""
        todo = [case for case in dict.fromkeys(cases) if case not in self.solved]
        for k, case in enumerate(todo):
            if self.progress is not None:
                self.progress(f"solving {case} ({self.convention.name})", k / len(todo))
            self[case]

    def place(self, case: Case, start: str, levels: Mapping[str, str]) -> tuple[Solution, int]:
        """A solution in which a situation is a state, and that state."""
        state = self[case].state(start, levels)
        if state is None:
            case = replace(case, start=(start, tuple(levels.items())))
            state = self[case].state(start, levels)
        assert state is not None  # the situation is now a start of its own
        return self[case], state

    def frozen(self, case: Case, base: Case) -> Frozen:
        """The case under the policies of another one."""
        if (case, base) not in self._frozen:
            own, other = self[case], self[base]
            policy, known = carried_policy(other.equilibrium, own.equilibrium)
            self._frozen[case, base] = Frozen(induced_chain(own.game, induced_rates(own.game, policy)), known)
        return self._frozen[case, base]

    def with_equilibrium(self, case: Case, equilibrium: Equilibrium) -> Solutions:
        """The same solutions, but one case in another of its equilibria."""
        own = self[case]
        chain = induced_chain(own.game, induced_rates(own.game, equilibrium.policy))
        other = replace(own, equilibrium=equilibrium, chain=chain)
        return replace(self, solved={**self.solved, case: other}, _frozen={})

    def _solve(self, case: Case) -> Solution:
        scenario = edited(self.scenario, case)
        for other in self.solved.values():
            if other.scenario == scenario:  # a variant may pin what a test pins too
                return replace(other, case=case)
        game = compile(scenario)
        start = None
        # The costly part of the certificate is worth its time for the scenario itself only.
        thorough = case.as_written and self.neighbour is None and self.convention.name == CONTROL_COST.name
        if self.neighbour is not None:
            start = carried_value(self.neighbour[case].equilibrium, game)
        equilibrium = solve(
            game, convention=self.convention, start=start, best_response=thorough, most_steps=self.most_steps
        )
        return Solution(case, scenario, game, equilibrium, induced_chain(game, induced_rates(game, equilibrium.policy)))
