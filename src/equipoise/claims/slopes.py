"""Every measure of the language once more, as a formula whose numbers carry their derivatives along.

`measuring` says what each is; here each is made of expected rewards, which are all that has to be differentiated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from equipoise.claims.question import Question
from equipoise.errors import RequestError
from equipoise.game.game import Floats
from equipoise.levers.differential import Differential
from equipoise.levers.rewards import Earned, Earnings
from equipoise.outlook.ever import RAREST
from equipoise.outlook.evolve import ERROR

Slopes = dict[str, Differential]
"""By actor, or under the empty name where no actor is meant."""


def slopes(question: Question, earnings: Earnings) -> Slopes:
    """The measure's numbers, which are those of `measured`, with their derivatives by the rates of the chain.

    nan, with derivatives nan, where there is no such number; inf with derivatives nan where a time has no limit.

    Raises:
        RequestError: the measure is a count, which has no derivatives.
    """
    kind = question.measure.kind
    if kind not in _SLOPES:
        found = f"{kind} is a count, which does not change with small changes of numbers"
        raise RequestError(f"{found}; right would be one of {', '.join(_SLOPES)}")
    return _SLOPES[kind](_Chain(question, earnings))


class _Chain:
    """A question, and what it needs to know of the chain's branches."""

    def __init__(self, question: Question, earnings: Earnings) -> None:
        self.question, self.measure, self.earnings = question, question.measure, earnings
        self.chain, self.game = earnings.chain, question.solution.game
        self.nothing = earnings.nothing
        self.source, self.row = self.chain.branch_state, self.chain.branch_row
        self.end = np.where(self.chain.target >= self.chain.n_states, self.chain.target - self.chain.n_states, -1)

    def chance(self, events: NDArray[np.bool_]) -> Floats:
        """(B,) a reward of one for each of these branches."""
        return events.astype(float)

    def by(self, names: tuple[str, ...]) -> NDArray[np.bool_]:
        """(B,) branches of these moves and events."""
        return np.isin(self.chain.row_step, self.question.steps(names))[self.row]

    @property
    def outcomes(self) -> NDArray[np.bool_]:
        """(B,) branches that end in one of the measure's outcomes."""
        kept = np.isin(self.chain.end_outcome, self.question.outcomes)
        return np.append(kept, False)[self.end]

    def enters(self, regime: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(B,) branches that lead into the regime from outside."""
        return self._there(regime) & ~regime[self.source]

    def leaves(self, regime: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(B,) branches that lead out of the regime, or to an outcome from it."""
        return regime[self.source] & ~self._there(regime)

    def constant(self, number: float) -> Differential:
        """A number that no rate changes; nan where there is none."""
        slope = 0.0 if np.isfinite(number) else np.nan
        return Differential(number, np.full(self.source.size, slope))

    def _there(self, regime: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.append(regime, np.zeros(self.chain.end_outcome.size, bool))[self.chain.target]


def _risk(on: _Chain) -> Slopes:
    measure = on.measure
    if measure.avoiding is not None:
        return {"": _until(on, ~on.question.regime(measure.avoiding))}
    whole = _until(on, on.nothing.moving)
    if measure.through is not None:
        whole = whole - _until(on, ~on.question.regime(measure.through))
    return {"": whole}


def _until(on: _Chain, moving: NDArray[np.bool_]) -> Differential:
    """P(one of the outcomes by the time, brought about as asked)."""
    counted = on.outcomes & on.by(on.measure.by) if on.measure.by else on.outcomes
    reward = on.nothing._replace(per_event=on.chance(counted), moving=moving)
    return on.earnings.until(reward, on.question.within).differential


def _eventually(on: _Chain) -> Slopes:
    return {"": on.earnings.ever(on.nothing._replace(per_event=on.chance(on.outcomes))).differential}


def _hazard(on: _Chain) -> Slopes:
    inside = on.measure.inside
    mask = np.ones(on.chain.n_states, bool) if inside is None else on.question.regime(inside)
    share = on.earnings.at(on.nothing._replace(per_year=mask.astype(float)), on.question.at).differential
    if not share.number > 1e3 * ERROR:
        return {"": on.constant(np.nan)}
    counted = on.nothing._replace(per_event=on.chance(on.outcomes & mask[on.source]))
    return {"": on.earnings.at(counted, on.question.at).differential / share}


def _loss(on: _Chain) -> Slopes:
    felt = _felt(on)
    found = {}
    for actor, i in on.question.actors.items():
        earned = on.earnings.until(on.nothing._replace(per_event=-felt[:, i]), on.question.within)
        found[actor] = Differential(earned.number, earned.by_branch, _by_payoffs(on, i, -earned.by_event))
    return found


def _value(on: _Chain) -> Slopes:
    game, felt = on.game, _felt(on)
    found = {}
    for actor, i in on.question.actors.items():
        kind = game.row_kind[on.row]
        paid = np.where(game.kind_actor[kind] == i, game.kind_cost[kind], 0.0)
        reward = on.nothing._replace(per_event=felt[:, i] - paid, per_year=game.flow[:, i])
        earned = on.earnings.ever(reward, discount=float(game.discount[i]))
        by_cost = -np.bincount(kind, earned.by_event * (game.kind_actor[kind] == i), game.kind_cost.size).astype(float)
        direct = {
            **_by_payoffs(on, i, earned.by_event),
            "flow": _column(earned.by_year, i, game.n_actors),
            "kind_cost": by_cost,
            "discount": np.where(np.arange(game.n_actors) == i, earned.by_discount, 0.0),
        }
        found[actor] = Differential(earned.number, earned.by_branch, direct)
    return found


def _felt(on: _Chain) -> Floats:
    """(B, N) util, what a branch is worth to everybody when it happens: impacts, and the worth of ends."""
    worth = np.append(on.game.end_value, np.zeros((1, on.game.n_actors)), axis=0)
    return np.asarray(on.game.impact[on.game.branch_entry] + worth[on.end])


def _by_payoffs(on: _Chain, actor: int, by_event: Floats) -> dict[str, Floats]:
    """Derivatives by impacts and by the worth of ends, given those by what each branch is worth to the actor."""
    game, ends = on.game, on.end >= 0
    by_impact = np.bincount(game.branch_entry, by_event, game.probability.size).astype(float)
    by_end = np.bincount(on.end[ends], by_event[ends], len(game.end_value)).astype(float)
    return {"impact": _column(by_impact, actor, game.n_actors), "end_value": _column(by_end, actor, game.n_actors)}


def _column(numbers: Floats, actor: int, n_actors: int) -> Floats:
    """(X, N) the numbers (X,) in one actor's column, 0 elsewhere."""
    return np.asarray(numbers[:, None] * (np.arange(n_actors) == actor))


def _frequency(on: _Chain) -> Slopes:
    reward = on.nothing._replace(per_event=on.chance(on.by(on.measure.of)))
    return {"": on.earnings.until(reward, on.question.within).differential}


def _occupancy(on: _Chain) -> Slopes:
    mask = on.question.regime(on.measure.occupancy).astype(float)
    return {"": on.earnings.at(on.nothing._replace(per_year=mask), on.question.at).differential}


def _time(on: _Chain) -> Slopes:
    mask = on.question.regime(on.measure.time).astype(float)
    return {"": on.earnings.until(on.nothing._replace(per_year=mask), on.question.within).differential}


def _dwell(on: _Chain) -> Slopes:
    regime = on.question.regime(on.measure.dwell)
    first_visit = on.nothing._replace(ending=on.leaves(regime))
    return {"": _given_reached(on, regime, on.earnings.ever(first_visit._replace(per_year=regime.astype(float))))}


def _exits(on: _Chain) -> Slopes:
    measure, regime = on.measure, on.question.regime(on.measure.exits)
    leaving = on.leaves(regime)
    counted = leaving & on.by(measure.by) if measure.by else leaving
    if measure.during is not None:
        counted = counted & on.question.regime(measure.during)[on.source]
    ended = on.earnings.ever(on.nothing._replace(per_event=on.chance(counted), ending=leaving))
    return {"": _given_reached(on, regime, ended)}


def _given_reached(on: _Chain, regime: NDArray[np.bool_], earned: Earned) -> Differential:
    """What the first visit to a regime earns, given that there is one."""
    if regime[on.question.state]:
        return earned.differential
    reached = _arrived(on, regime, on.nothing.moving, None)
    return earned.differential / reached if reached.number > 0 else on.constant(np.nan)


def _settles(on: _Chain) -> Slopes:
    return {"": _arrival(on, on.measure.settles, on.measure.avoiding)}


def _road(on: _Chain) -> Slopes:
    whole = _arrival(on, on.measure.road, None)
    if on.question.regime(on.measure.road)[on.question.state] or whole.number < RAREST:
        return {"": on.constant(np.nan)}
    around = _arrival(on, on.measure.road, on.measure.through)
    return {"": on.constant(1.0) - around / whole}


def _arrival(on: _Chain, goal: str | None, avoided: str | None) -> Differential:
    """P(the goal is reached before any outcome, and before what is avoided)."""
    regime = on.question.regime(goal)
    moving = on.nothing.moving if avoided is None else ~on.question.regime(avoided) | regime
    if regime[on.question.state]:
        return on.constant(1.0)
    return _arrived(on, regime, moving, on.measure.within)


def _arrived(on: _Chain, regime: NDArray[np.bool_], moving: NDArray[np.bool_], within: float | None) -> Differential:
    enters = on.enters(regime)
    reward = on.nothing._replace(per_event=on.chance(enters), ending=enters, moving=moving)
    earned = on.earnings.ever(reward) if within is None else on.earnings.until(reward, within)
    return earned.differential


_SLOPES: Mapping[str, Callable[[_Chain], Slopes]] = {
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
}
