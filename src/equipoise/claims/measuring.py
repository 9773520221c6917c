"""The number that a measure of the language stands for, read off a solved case."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from equipoise.claims.solutions import Solution
from equipoise.game.game import Floats, Ints
from equipoise.outlook.chain import Chain
from equipoise.outlook.count import frequency, loss, triggers
from equipoise.outlook.ever import eventually, settles
from equipoise.outlook.regimes import dwell, exits, occupancy, reached, years_in
from equipoise.outlook.risk import hazard, risk_of
from equipoise.outlook.value import split
from equipoise.scenario.claims import ANY, Measure
from equipoise.scenario.models import Scenario
from equipoise.stability.regime import regime_sanctioned
from equipoise.stability.scenario_ranking import ranking_of

Numbers = dict[str, float]
"""By actor, or under the empty name where no actor is meant; nan where there is no such number."""


Vectors = dict[str, Floats]
"""The same, (n,) from n states."""
TOGETHER = frozenset({"risk", "eventually", "hazard", "frequency", "occupancy", "time", "settles", "road"})
"""Measures that take hardly longer from all starts than from one: each reading is carried back through time once."""


def measured(measure: Measure, solution: Solution, state: int, *, chain: Chain | None = None) -> Numbers:
    """The measure's numbers from a state: one, or one for each actor of a measure of losses or values.

    ``chain`` replaces the chain that the equilibrium induces (policies frozen at another case's, say); felt values
    are then those of the policies in it. nan where the number does not exist: the dwell of a regime that is never
    reached, the road to a regime in which one stands already.
    """
    if chain is not None and chain is not solution.chain:
        return _at(_vectors(measure, solution, chain, np.array([state])), 0)
    starts = list(dict.fromkeys(solution.game.starts.values()))
    states = starts if measure.kind in TOGETHER and state in starts else [state]
    key = (measure, tuple(states))
    if key not in solution.read:
        solution.read[key] = _vectors(measure, solution, solution.chain, np.array(states))
    return _at(solution.read[key], states.index(state))


def _vectors(measure: Measure, solution: Solution, chain: Chain, states: Ints) -> Vectors:
    return _MEASURES[measure.kind](_Reading(measure, solution, chain, states))


def _at(vectors: Vectors, place: int) -> Numbers:
    return {actor: float(vector[place]) for actor, vector in vectors.items()}


class _Reading:
    """A measure, the chain it is read off, and the states (n,) from which."""

    def __init__(self, measure: Measure, solution: Solution, chain: Chain, states: Ints) -> None:
        self.measure, self.solution, self.chain, self.states = measure, solution, chain, states

    @property
    def scenario(self) -> Scenario:
        return self.solution.scenario

    @property
    def within(self) -> float:
        return self.measure.within or self.scenario.horizon

    @property
    def at(self) -> float:
        return self.measure.at or self.scenario.horizon

    @property
    def outcomes(self) -> list[int]:
        names = self.chain.outcomes
        return list(range(len(names))) if ANY in self.measure.of else [names.index(name) for name in self.measure.of]

    def steps(self, names: tuple[str, ...]) -> list[int]:
        return [self.chain.steps.index(name) for name in names]

    def regime(self, name: str | None) -> NDArray[np.bool_]:
        assert name is not None
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


def _risk(reading: _Reading) -> Vectors:
    measure, chain = reading.measure, reading.chain
    if measure.avoiding is not None:
        return _one(_until(reading, chain.only(~reading.regime(measure.avoiding))))
    whole = _until(reading, chain)
    if measure.through is not None:
        whole = whole - _until(reading, chain.only(~reading.regime(measure.through)))
    return _one(whole)


def _until(reading: _Reading, chain: Chain) -> Floats:
    """P(one of the outcomes by the time, brought about as asked)."""
    if reading.measure.by:
        last = triggers(chain, reading.states, [reading.within])[:, 0]
        return np.asarray(last[:, reading.steps(reading.measure.by)][:, :, reading.outcomes].sum(axis=(1, 2)))
    return risk_of(chain, reading.states, [reading.within], reading.outcomes)[:, 0]


def _eventually(reading: _Reading) -> Vectors:
    chance = eventually(reading.chain).probability[reading.states]
    return _one(chance[:, reading.outcomes].sum(axis=1))


def _hazard(reading: _Reading) -> Vectors:
    inside = reading.measure.inside
    mask = None if inside is None else reading.regime(inside)
    rates = hazard(reading.chain, reading.states, [reading.at], within=mask)[:, 0]
    return _one(rates[:, reading.outcomes].sum(axis=1))


def _loss(reading: _Reading) -> Vectors:
    felt = loss(reading.chain, reading.solution.game, reading.states, [reading.within]).total[:, 0]
    return {actor: felt[:, i] for actor, i in reading.actors.items()}


def _value(reading: _Reading) -> Vectors:
    if reading.chain is reading.solution.chain:
        felt = reading.solution.equilibrium.felt[reading.states]
    else:
        felt = np.array([split(reading.chain, reading.solution.game, int(s)).total for s in reading.states])
    return {actor: felt[:, i] for actor, i in reading.actors.items()}


def _frequency(reading: _Reading) -> Vectors:
    asked = reading.steps(reading.measure.of)
    return _one(frequency(reading.chain, reading.states, [reading.within], only=asked)[:, 0].sum(axis=1))


def _occupancy(reading: _Reading) -> Vectors:
    mask = reading.regime(reading.measure.occupancy)[:, None]
    return _one(occupancy(reading.chain, reading.states, [reading.at], mask)[:, 0, 0])


def _time(reading: _Reading) -> Vectors:
    mask = reading.regime(reading.measure.time)[:, None]
    return _one(years_in(reading.chain, reading.states, [reading.within], mask)[:, 0, 0])


def _dwell(reading: _Reading) -> Vectors:
    return _one(dwell(reading.chain, reading.states, reading.regime(reading.measure.dwell)).years)


def _exits(reading: _Reading) -> Vectors:
    measure = reading.measure
    during = None if measure.during is None else reading.regime(measure.during)
    shares = exits(reading.chain, reading.states, reading.regime(measure.exits), during=during).sum(axis=-1)
    return _one(shares[:, reading.steps(measure.by)].sum(axis=1) if measure.by else shares.sum(axis=1))


def _settles(reading: _Reading) -> Vectors:
    return _one(_arrival(reading, reading.measure.settles, reading.measure.avoiding))


def _road(reading: _Reading) -> Vectors:
    regime = reading.regime(reading.measure.road)
    whole = _arrival(reading, reading.measure.road, None)
    through = _arrival(reading, reading.measure.road, reading.measure.through)
    none = regime[reading.states] | (whole < 1e-9)
    return _one(np.where(none, np.nan, 1 - through / np.where(none, 1.0, whole)))


def _arrival(reading: _Reading, goal: str | None, avoided: str | None) -> Floats:
    regime = reading.regime(goal)
    avoiding = None if avoided is None else reading.regime(avoided)
    if reading.measure.within is None:
        return settles(reading.chain, regime, avoiding=avoiding).probability[reading.states]
    return reached(reading.chain, reading.states, [reading.measure.within], regime, avoiding=avoiding)[:, 0]


def _unsanctioned(reading: _Reading) -> Vectors:
    """Depends on who can move where and who prefers what alone, neither on the state nor on the chain."""
    game, inside = reading.solution.game, reading.regime(reading.measure.unsanctioned)
    if not inside.any():
        return _one(np.full(reading.states.size, np.nan))
    ranking = ranking_of(reading.scenario, game)
    found = len(regime_sanctioned(game, ranking, inside, reading.measure.concept or "SEQ").unsanctioned)
    return _one(np.full(reading.states.size, float(found)))


def _one(values: Floats) -> Vectors:
    return {"": values}


_MEASURES: Mapping[str, Callable[[_Reading], Vectors]] = {
    "risk": _risk,
    "eventually": _eventually,
    "hazard": _hazard,
    "loss": _loss,
    "value": _value,
    "frequency": _frequency,
    "occupancy": _occupancy,
    "time": _time,
    "dwell": _dwell,
    "exits": _exits,
    "settles": _settles,
    "road": _road,
    "unsanctioned": _unsanctioned,
}
