"""A measure of the language, asked of a chain from a state: its names as masks and numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.claims.solutions import Solution
from equipoise.outlook.chain import Chain
from equipoise.scenario.claims import ANY, Measure
from equipoise.scenario.models import Scenario


@dataclass(frozen=True, eq=False)
class Question:
    """A measure, and the chain it is read off."""

    measure: Measure
    solution: Solution
    chain: Chain
    state: int

    @property
    def scenario(self) -> Scenario:
        """The scenario with the case's edits."""
        return self.solution.scenario

    @property
    def within(self) -> float:
        """Years that count."""
        return self.measure.within or self.scenario.horizon

    @property
    def at(self) -> float:
        """The moment that counts, years from the start."""
        return self.measure.at or self.scenario.horizon

    @property
    def outcomes(self) -> list[int]:
        """Numbers of the outcomes that are meant."""
        names = self.chain.outcomes
        return list(range(len(names))) if ANY in self.measure.of else [names.index(name) for name in self.measure.of]

    def steps(self, names: tuple[str, ...]) -> list[int]:
        """Numbers of moves and events."""
        return [self.chain.steps.index(name) for name in names]

    def regime(self, name: str | None) -> NDArray[np.bool_]:
        """(S,) whether each state is in a regime."""
        assert name is not None  # the language asks for one
        return self.solution.game.where(self.scenario.regimes[name].when)

    @property
    def actors(self) -> dict[str, int]:
        """Number of every actor that is meant; a seat means its contenders."""
        meant: list[str] = []
        for name in self.measure.of:
            seat = self.scenario.seats.get(name)
            everyone = list(self.scenario.actors) if name == "everyone" else [name]
            meant += list(seat.sitters.values()) if seat is not None else everyone
        return {actor: self.solution.game.actors.index(actor) for actor in dict.fromkeys(meant)}
