"""Every measure from one starting situation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.equilibrium.solve import Equilibrium
from equipoise.game.game import Floats, Game, Ints
from equipoise.outlook.chain import Chain
from equipoise.outlook.conduct import Option, conduct
from equipoise.outlook.count import frequency, loss, triggers
from equipoise.outlook.ever import Settling, eventually, settles
from equipoise.outlook.passages import passages
from equipoise.outlook.regimes import dwell, exits, occupancy, years_in
from equipoise.outlook.risk import hazard, risk
from equipoise.outlook.storylines import Storylines, storylines
from equipoise.outlook.value import Split, split
from equipoise.scenario.models import Scenario

IMPACTS = "impacts of moves and events"
"""What a loss is made of beside outcomes; no name of an outcome has spaces."""


@dataclass(frozen=True, eq=False)
class RegimeProspect:
    """What becomes of a regime, seen from a start."""

    occupancy: Floats
    """(T,) P(in it at t)."""
    years: float
    """Expected years in it by the horizon."""
    settles: float
    """P(it is reached before any outcome)."""
    settles_years: float
    """Expected years until then, given that it happens; nan if it cannot."""
    dwell: float
    """Expected years of the first visit; inf if it may never be left, nan if it is never reached."""
    exits: Mapping[str, float]
    """Share of first visits that each move or event ends, the largest first."""
    hazard: Floats
    """(T, O) 1/year, rate of entering each outcome at t given that the system is in it then; nan if it is not."""
    lasting: Floats
    """(O,) 1/year, rate of entering each outcome while the first visit lasts; nan if the regime is never reached."""
    avoiding: Mapping[str, tuple[float, float]]
    """For each regime to be avoided, P(reached before any outcome and before that), and expected years until then."""


@dataclass(frozen=True, eq=False)
class Prospect:
    """All measures from one starting situation."""

    situation: Mapping[str, str]
    """Level of every factor."""
    risk: Floats
    """(T, O) P(outcome by t)."""
    eventually: Floats
    """(O,) P(outcome ever)."""
    eventually_years: Floats
    """(O,) expected years until then, given that it comes; nan if it cannot."""
    hazard: Floats
    """(O,) 1/year, rate of entering each outcome at the start."""
    loss: Mapping[str, float]
    """For each actor, expected felt cost of outcomes and impacts by the horizon, util."""
    loss_parts: Mapping[str, Mapping[str, float]]
    """The same, split by outcome and `IMPACTS`."""
    frequency: Mapping[str, float]
    """Expected number of times that each move or event happens by the horizon."""
    triggers: Mapping[str, Mapping[str, float]]
    """For each outcome, P(it comes by the horizon through that move or event), the likeliest first."""
    regimes: Mapping[str, RegimeProspect]
    years_in: Floats
    """(G,) expected years in each group by the horizon, see `Assessment.groups`."""
    passages: Floats
    """(G, G+O) expected number of passages between groups, and P of those into outcomes, by the horizon."""
    storylines: Storylines
    """Likeliest routes to the outcomes within the horizon."""
    options: tuple[Option, ...]
    """What each would do at its next decision."""
    value: Split
    """Felt value of every actor, split by payoff term, util."""

    @property
    def avoided(self) -> tuple[str, ...]:
        """Regimes that others were to be reached without."""
        return tuple(dict.fromkeys(name for regime in self.regimes.values() for name in regime.avoiding))


def look_ahead(
    scenario: Scenario,
    game: Game,
    equilibrium: Equilibrium,
    chain: Chain,
    starts: Sequence[str],
    times: Floats,
    *,
    avoiding: Sequence[str] = (),
) -> dict[str, Prospect]:
    """Every measure from each of the starting situations.

    ``times`` (T,) years end with the horizon. Every regime is also asked for without passing those of ``avoiding``.
    """
    states = np.array([game.starts[start] for start in starts], np.int64)
    horizon = times[-1:]
    ever = eventually(chain)
    risks, hazards = risk(chain, states, times), hazard(chain, states)[:, 0]
    losses, counts = loss(chain, game, states, horizon), frequency(chain, states, horizon)[:, 0]
    parts = np.concatenate([losses.outcomes[:, 0], losses.impacts[:, :1]], axis=1)
    last = triggers(chain, states, horizon)[:, 0]
    named = {name: game.where(regime.when) for name, regime in scenario.shown.items()}
    masks = [*named.values()]
    regimes = [
        _regime(chain, states, times, mask, {other: named[other] for other in avoiding if other != name})
        for name, mask in named.items()
    ]
    groups = _groups(masks, [sum(seen.years for seen in each) for each in regimes], game.n_states)
    years, moves = years_in(chain, states, horizon, groups)[:, 0], passages(chain, states, horizon, groups)[:, 0]
    return {
        start: Prospect(
            situation=game.describe(state),
            risk=risks[k],
            eventually=ever.probability[state],
            eventually_years=ever.years[state],
            hazard=hazards[k],
            loss=_named(game.actors, losses.total[k, 0]),
            loss_parts={a: _named((*game.outcomes, IMPACTS), parts[k, :, i]) for i, a in enumerate(game.actors)},
            frequency=_named(game.steps, counts[k]),
            triggers={outcome: _ranked(game.steps, last[k, :, o]) for o, outcome in enumerate(game.outcomes)},
            regimes={name: seen[k] for name, seen in zip(scenario.shown, regimes, strict=True)},
            years_in=years[k],
            passages=moves[k],
            storylines=storylines(chain, game, state, float(times[-1]), scenario=scenario),
            options=conduct(game, state, value=equilibrium.value, policy=equilibrium.policy, hold=equilibrium.hold),
            value=split(chain, game, state),
        )
        for k, (start, state) in enumerate(zip(starts, states.tolist(), strict=True))
    }


def _regime(
    chain: Chain,
    states: Ints,
    times: Floats,
    regime: NDArray[np.bool_],
    avoided: Mapping[str, NDArray[np.bool_]],
) -> list[RegimeProspect]:
    mask = regime[:, None]
    inside, years = occupancy(chain, states, times, mask), years_in(chain, states, times[-1:], mask)
    settling, visit = settles(chain, regime), dwell(chain, states, regime)
    around: dict[str, Settling] = {name: settles(chain, regime, avoiding=other) for name, other in avoided.items()}
    causes, hazards = exits(chain, states, regime), hazard(chain, states, times, within=regime)
    lasting = causes[..., :-1].sum(axis=1) / visit.years[:, None]
    return [
        RegimeProspect(
            occupancy=inside[k, :, 0],
            years=float(years[k, 0, 0]),
            settles=float(settling.probability[state]),
            settles_years=float(settling.years[state]),
            dwell=float(visit.years[k]),
            exits=_ranked(chain.steps, causes[k].sum(axis=-1)),
            hazard=hazards[k],
            lasting=lasting[k],
            avoiding={name: (float(x.probability[state]), float(x.years[state])) for name, x in around.items()},
        )
        for k, state in enumerate(states)
    ]


def _groups(masks: Sequence[NDArray[np.bool_]], years: Sequence[float], n_states: int) -> NDArray[np.bool_]:
    """(S, G) a partition of the states: each belongs to the rarest of its regimes, or elsewhere."""
    group = np.full(n_states, len(masks))
    for k in sorted(range(len(masks)), key=lambda k: -years[k]):
        group[masks[k]] = k
    partition: NDArray[np.bool_] = group[:, None] == np.arange(len(masks) + 1)
    return partition


def _named(names: Sequence[str], numbers: Floats) -> dict[str, float]:
    return dict(zip(names, (float(number) for number in numbers), strict=True))


def _ranked(names: Sequence[str], numbers: Floats) -> dict[str, float]:
    """Those above 0, the largest first."""
    order = np.argsort(-numbers, kind="stable")
    return {names[k]: float(numbers[k]) for k in order if numbers[k] > 0}
