"""The number that a measure of the language stands for, read off a solved case."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from equipoise.claims.question import Question
from equipoise.claims.solutions import Solution
from equipoise.game.game import Floats
from equipoise.outlook.chain import Chain
from equipoise.outlook.count import frequency, loss, triggers
from equipoise.outlook.ever import eventually, settles
from equipoise.outlook.regimes import dwell, exits, occupancy, reached, years_in
from equipoise.outlook.risk import hazard, risk
from equipoise.outlook.value import split
from equipoise.scenario.claims import Measure
from equipoise.stability.regime import regime_sanctioned
from equipoise.stability.scenario_ranking import ranking_of

Numbers = dict[str, float]
"""By actor, or under the empty name where no actor is meant; nan where there is no such number."""


def measured(measure: Measure, solution: Solution, state: int, *, chain: Chain | None = None) -> Numbers:
    """The measure's numbers from a state: one, or one for each actor of a measure of losses or values.

    ``chain`` replaces the chain that the equilibrium induces (policies frozen at another case's, say); felt values
    are then those of the policies in it. nan where the number does not exist: the dwell of a regime that is never
    reached, the road to a regime in which one stands already.
    """
    return _MEASURES[measure.kind](Question(measure, solution, chain or solution.chain, state))


def _risk(question: Question) -> Numbers:
    measure, chain = question.measure, question.chain
    if measure.avoiding is not None:
        return _one(_until(question, chain.only(~question.regime(measure.avoiding))))
    whole = _until(question, chain)
    if measure.through is not None:
        whole -= _until(question, chain.only(~question.regime(measure.through)))
    return _one(whole)


def _until(question: Question, chain: Chain) -> float:
    """P(one of the outcomes by the time, brought about as asked)."""
    if question.measure.by:
        last = triggers(chain, question.state, [question.within])[0]
        return float(last[np.ix_(question.steps(question.measure.by), question.outcomes)].sum())
    return float(risk(chain, question.state, [question.within])[0, question.outcomes].sum())


def _eventually(question: Question) -> Numbers:
    return _one(eventually(question.chain).probability[question.state, question.outcomes].sum())


def _hazard(question: Question) -> Numbers:
    inside = question.measure.inside
    mask = None if inside is None else question.regime(inside)
    return _one(hazard(question.chain, question.state, [question.at], within=mask)[0, question.outcomes].sum())


def _loss(question: Question) -> Numbers:
    felt = loss(question.chain, question.solution.game, question.state, [question.within]).total[0]
    return {actor: float(felt[i]) for actor, i in question.actors.items()}


def _value(question: Question) -> Numbers:
    if question.chain is question.solution.chain:
        felt = question.solution.equilibrium.felt[question.state]
    else:
        felt = np.array(split(question.chain, question.solution.game, question.state).total)
    return {actor: float(felt[i]) for actor, i in question.actors.items()}


def _frequency(question: Question) -> Numbers:
    times = frequency(question.chain, question.state, [question.within])[0]
    return _one(times[question.steps(question.measure.of)].sum())


def _occupancy(question: Question) -> Numbers:
    mask = question.regime(question.measure.occupancy)[:, None]
    return _one(occupancy(question.chain, question.state, [question.at], mask)[0, 0])


def _time(question: Question) -> Numbers:
    mask = question.regime(question.measure.time)[:, None]
    return _one(years_in(question.chain, question.state, [question.within], mask)[0, 0])


def _dwell(question: Question) -> Numbers:
    return _one(dwell(question.chain, question.state, question.regime(question.measure.dwell)).years)


def _exits(question: Question) -> Numbers:
    measure = question.measure
    during = None if measure.during is None else question.regime(measure.during)
    shares = exits(question.chain, question.state, question.regime(measure.exits), during=during).sum(axis=-1)
    return _one(shares[question.steps(measure.by)].sum() if measure.by else shares.sum())


def _settles(question: Question) -> Numbers:
    return _one(_arrival(question, question.measure.settles, question.measure.avoiding))


def _road(question: Question) -> Numbers:
    regime = question.regime(question.measure.road)
    whole = _arrival(question, question.measure.road, None)
    if regime[question.state] or whole < 1e-9:
        return _one(np.nan)
    return _one(1 - _arrival(question, question.measure.road, question.measure.through) / whole)


def _arrival(question: Question, goal: str | None, avoided: str | None) -> float:
    regime = question.regime(goal)
    avoiding = None if avoided is None else question.regime(avoided)
    if question.measure.within is None:
        return float(settles(question.chain, regime, avoiding=avoiding).probability[question.state])
    return float(reached(question.chain, question.state, [question.measure.within], regime, avoiding=avoiding)[0])


def _unsanctioned(question: Question) -> Numbers:
    """Depends on who can move where and who prefers what alone, neither on the state nor on the chain."""
    game, inside = question.solution.game, question.regime(question.measure.unsanctioned)
    if not inside.any():
        return _one(np.nan)
    ranking = ranking_of(question.scenario, game)
    return _one(len(regime_sanctioned(game, ranking, inside, question.measure.concept or "SEQ").unsanctioned))


def _one(value: float | Floats) -> Numbers:
    return {"": float(value)}


_MEASURES: Mapping[str, Callable[[Question], Numbers]] = {
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
