"""The number that a measure of the language stands for, read off a solved case."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from equipoise.claims.question import Question
from equipoise.claims.solutions import Solution
from equipoise.game.game import Floats, Ints
from equipoise.outlook.chain import Chain
from equipoise.outlook.count import frequency_of, loss, triggers
from equipoise.outlook.ever import eventually, settles
from equipoise.outlook.regimes import dwell, exits, occupancy, reached, years_in
from equipoise.outlook.risk import hazard, risk_of
from equipoise.outlook.value import split
from equipoise.scenario.claims import Measure
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
    return _MEASURES[measure.kind](Question(measure, solution, chain, int(states[0])), states)


def _at(vectors: Vectors, place: int) -> Numbers:
    return {actor: float(vector[place]) for actor, vector in vectors.items()}


def _risk(question: Question, states: Ints) -> Vectors:
    measure, chain = question.measure, question.chain
    if measure.avoiding is not None:
        return _one(_until(question, states, chain.only(~question.regime(measure.avoiding))))
    whole = _until(question, states, chain)
    if measure.through is not None:
        whole = whole - _until(question, states, chain.only(~question.regime(measure.through)))
    return _one(whole)


def _until(question: Question, states: Ints, chain: Chain) -> Floats:
    """P(one of the outcomes by the time, brought about as asked)."""
    if question.measure.by:
        last = triggers(chain, states, [question.within])[:, 0]
        return np.asarray(last[:, question.steps(question.measure.by)][:, :, question.outcomes].sum(axis=(1, 2)))
    return risk_of(chain, states, [question.within], question.outcomes)[:, 0]


def _eventually(question: Question, states: Ints) -> Vectors:
    chance = eventually(question.chain).probability[states]
    return _one(chance[:, question.outcomes].sum(axis=1))


def _hazard(question: Question, states: Ints) -> Vectors:
    inside = question.measure.inside
    mask = None if inside is None else question.regime(inside)
    rates = hazard(question.chain, states, [question.at], within=mask)[:, 0]
    return _one(rates[:, question.outcomes].sum(axis=1))


def _loss(question: Question, states: Ints) -> Vectors:
    felt = loss(question.chain, question.solution.game, states, [question.within]).total[:, 0]
    return {actor: felt[:, i] for actor, i in question.actors.items()}


def _value(question: Question, states: Ints) -> Vectors:
    if question.chain is question.solution.chain:
        felt = question.solution.equilibrium.felt[states]
    else:
        felt = np.array([split(question.chain, question.solution.game, int(s)).total for s in states])
    return {actor: felt[:, i] for actor, i in question.actors.items()}


def _frequency(question: Question, states: Ints) -> Vectors:
    asked = question.steps(question.measure.of)
    return _one(frequency_of(question.chain, states, [question.within], asked)[:, 0])


def _occupancy(question: Question, states: Ints) -> Vectors:
    mask = question.regime(question.measure.occupancy)[:, None]
    return _one(occupancy(question.chain, states, [question.at], mask)[:, 0, 0])


def _time(question: Question, states: Ints) -> Vectors:
    mask = question.regime(question.measure.time)[:, None]
    return _one(years_in(question.chain, states, [question.within], mask)[:, 0, 0])


def _dwell(question: Question, states: Ints) -> Vectors:
    return _one(dwell(question.chain, states, question.regime(question.measure.dwell)).years)


def _exits(question: Question, states: Ints) -> Vectors:
    measure = question.measure
    during = None if measure.during is None else question.regime(measure.during)
    shares = exits(question.chain, states, question.regime(measure.exits), during=during).sum(axis=-1)
    return _one(shares[:, question.steps(measure.by)].sum(axis=1) if measure.by else shares.sum(axis=1))


def _settles(question: Question, states: Ints) -> Vectors:
    return _one(_arrival(question, states, question.measure.settles, question.measure.avoiding))


def _road(question: Question, states: Ints) -> Vectors:
    regime = question.regime(question.measure.road)
    whole = _arrival(question, states, question.measure.road, None)
    through = _arrival(question, states, question.measure.road, question.measure.through)
    none = regime[states] | (whole < 1e-9)
    return _one(np.where(none, np.nan, 1 - through / np.where(none, 1.0, whole)))


def _arrival(question: Question, states: Ints, goal: str | None, avoided: str | None) -> Floats:
    regime = question.regime(goal)
    avoiding = None if avoided is None else question.regime(avoided)
    if question.measure.within is None:
        return settles(question.chain, regime, avoiding=avoiding).probability[states]
    return reached(question.chain, states, [question.measure.within], regime, avoiding=avoiding)[:, 0]


def _unsanctioned(question: Question, states: Ints) -> Vectors:
    """Depends on who can move where and who prefers what alone, neither on the state nor on the chain."""
    game, inside = question.solution.game, question.regime(question.measure.unsanctioned)
    if not inside.any():
        return _one(np.full(states.size, np.nan))
    ranking = ranking_of(question.scenario, game)
    found = len(regime_sanctioned(game, ranking, inside, question.measure.concept or "SEQ").unsanctioned)
    return _one(np.full(states.size, float(found)))


def _one(values: Floats) -> Vectors:
    return {"": values}


_MEASURES: Mapping[str, Callable[[Question, Ints], Vectors]] = {
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
