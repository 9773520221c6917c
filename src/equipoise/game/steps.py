"""Moves and events in integers: when they are possible, who makes them, and what they lead to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.errors import KeyPath
from equipoise.game.game import Ints
from equipoise.game.states import Columns, Effect, Flags, Guard, Levels, Space, shift
from equipoise.scenario.models import Event, Move, Scenario
from equipoise.scenario.uses import steps as paths


@dataclass(frozen=True)
class Step:
    """One move or event."""

    source: Move | Event
    path: KeyPath
    guard: Guard
    effects: tuple[Effect, ...]
    seat: int | None
    """Factor that says who moves, if a seat does."""
    movers: tuple[int, ...]
    """Actor at each level of that factor, or the only one; N for nature."""

    @property
    def moves(self) -> bool:
        """Whether an actor makes it."""
        return isinstance(self.source, Move)

    @property
    def family(self) -> str | None:
        """The family that it shares with other moves."""
        return self.source.family if isinstance(self.source, Move) else None

    @property
    def always_offered(self) -> bool:
        """Whether it counts although it changes nothing: a repeatable move with an impact, an event with one."""
        repeats = isinstance(self.source, Event) or self.source.repeatable
        return repeats and bool(self.source.impact or any(branch.impact for branch in self.source.branches))

    def branch_path(self, branch: int) -> KeyPath:
        """Where one of its branches is written."""
        return (*self.path, "then", branch) if self.source.then else self.path

    def mover(self, levels: Levels) -> NDArray[np.int32]:
        """(n,) who makes it in each state."""
        if self.seat is None:
            return np.full(levels.shape[1], self.movers[0], np.int32)
        movers: NDArray[np.int32] = np.array(self.movers, np.int32)[levels[self.seat]]
        return movers


def number_steps(scenario: Scenario, space: Space) -> list[Step]:
    """The scenario's moves and events, in its order."""
    actors, outcomes = list(scenario.actors), list(scenario.outcomes)
    steps = []
    for path, source in paths(scenario):
        seat: int | None = None
        movers: tuple[int, ...] = (len(actors),)
        if isinstance(source, Move) and source.actor in scenario.seats:
            office = scenario.seats[source.actor]
            seat = space.factors.index(office.factor)
            movers = tuple(actors.index(office.sitters[level]) for level in space.levels[seat])
        elif isinstance(source, Move):
            movers = (actors.index(source.actor),)
        steps.append(
            Step(
                source=source,
                path=path,
                guard=space.guard(source.when),
                effects=tuple(Effect.of(branch, space, outcomes) for branch in source.branches),
                seat=seat,
                movers=movers,
            )
        )
    return steps


@dataclass(frozen=True, eq=False)
class Landing:
    """Where one branch leads from some states."""

    shift: Ints
    """(n,) change of the states' codes, 0 where it ends the system"""
    changes: Flags
    """(n,) whether anything changes"""
    columns: Columns
    """New levels of the factors it sets"""


def land(effect: Effect, levels: Levels, space: Space) -> Landing:
    """Follow one branch from some states."""
    if effect.end is not None:
        n = levels.shape[1]
        return Landing(np.zeros(n, np.int64), np.ones(n, bool), {})
    columns = effect.columns(levels, space)
    moved = shift(columns, levels, space)
    return Landing(moved, moved != 0, columns)
