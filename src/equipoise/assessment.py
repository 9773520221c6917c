"""What an assessment holds: every measure from every starting situation, and how it is written down."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from equipoise.equilibrium.solve import Equilibrium
from equipoise.game.game import Floats, Game, Ints
from equipoise.game.size import measure
from equipoise.outlook.chain import Chain
from equipoise.outlook.conduct import Option, conduct
from equipoise.outlook.count import frequency, loss, triggers
from equipoise.outlook.ever import eventually, settles
from equipoise.outlook.passages import passages
from equipoise.outlook.regimes import dwell, exits, occupancy, years_in
from equipoise.outlook.risk import hazard, risk
from equipoise.outlook.storylines import Storylines, storylines
from equipoise.outlook.value import Split, split
from equipoise.scenario.models import Scenario
from equipoise.scenario.phrases import one_in

ELSEWHERE = "elsewhere"
"""Where the system stands while it is in none of the named regimes."""


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


@dataclass(frozen=True, eq=False)
class Assessment:
    """A solved scenario and what follows from it."""

    scenario: Scenario
    """With all edits made."""
    variant: str | None
    settings: Mapping[str, float]
    game: Game
    equilibrium: Equilibrium
    chain: Chain
    times: Floats
    """(T,) years, the last of them the horizon."""
    prospects: Mapping[str, Prospect]
    """By starting situation."""

    @property
    def title(self) -> str:
        return self.scenario.title

    @property
    def horizon(self) -> float:
        return float(self.times[-1])

    @property
    def actors(self) -> dict[str, str]:
        """Names of the actors by key."""
        return {key: actor.name or key for key, actor in self.scenario.actors.items()}

    @property
    def offices(self) -> dict[str, str]:
        """For every actor, the name of the seat it contends for, or else its own."""
        seats = {who: seat.name or key for key, seat in self.scenario.seats.items() for who in seat.sitters.values()}
        return {key: seats.get(key, name) for key, name in self.actors.items()}

    @property
    def outcomes(self) -> dict[str, str]:
        """Names of the outcomes by key, in the order of `Prospect.risk`."""
        return {key: self.scenario.outcomes[key].name or key for key in self.game.outcomes}

    @property
    def regimes(self) -> tuple[str, ...]:
        return tuple(self.scenario.regimes)

    @property
    def groups(self) -> tuple[str, ...]:
        """Regimes, and elsewhere: a partition, in which a state of several regimes counts for the rarest."""
        return (*self.regimes, ELSEWHERE)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data; the form is described in docs/json.md."""
        solution = self.equilibrium
        return {
            "equipoise": version("equipoise"),
            "title": self.title,
            "variant": self.variant,
            "settings": dict(self.settings),
            "horizon": self.horizon,
            "size": asdict(measure(self.scenario, self.game)),
            "convention": asdict(solution.convention),
            "certificate": plain(solution.certificate.to_dict()),
            "cause": solution.cause,
            "remedy": solution.remedy,
            "actors": self.actors,
            "outcomes": self.outcomes,
            "times": self.times.tolist(),
            "starts": {
                start: _prospect(prospect, self, self.game.starts[start]) for start, prospect in self.prospects.items()
            },
        }


def look_ahead(
    scenario: Scenario, game: Game, equilibrium: Equilibrium, chain: Chain, starts: Sequence[str], times: Floats
) -> dict[str, Prospect]:
    """Every measure from each of the starting situations; ``times`` (T,) years end with the horizon."""
    states = np.array([game.starts[start] for start in starts], np.int64)
    horizon = times[-1:]
    ever = eventually(chain)
    risks, hazards = risk(chain, states, times), hazard(chain, states)[:, 0]
    losses, counts = loss(chain, game, states, horizon).total[:, 0], frequency(chain, states, horizon)[:, 0]
    last = triggers(chain, states, horizon)[:, 0]
    masks = [game.where(regime.when) for regime in scenario.regimes.values()]
    regimes = [_regime(chain, states, times, mask) for mask in masks]
    groups = _groups(masks, [sum(seen.years for seen in each) for each in regimes], game.n_states)
    years, moves = years_in(chain, states, horizon, groups)[:, 0], passages(chain, states, horizon, groups)[:, 0]
    return {
        start: Prospect(
            situation=game.describe(state),
            risk=risks[k],
            eventually=ever.probability[state],
            eventually_years=ever.years[state],
            hazard=hazards[k],
            loss=_named(game.actors, losses[k]),
            frequency=_named(game.steps, counts[k]),
            triggers={outcome: _ranked(game.steps, last[k, :, o]) for o, outcome in enumerate(game.outcomes)},
            regimes={name: seen[k] for name, seen in zip(scenario.regimes, regimes, strict=True)},
            years_in=years[k],
            passages=moves[k],
            storylines=storylines(chain, game, state, float(times[-1]), scenario=scenario),
            options=conduct(game, state, value=equilibrium.value, policy=equilibrium.policy, hold=equilibrium.hold),
            value=split(chain, game, state),
        )
        for k, (start, state) in enumerate(zip(starts, states.tolist(), strict=True))
    }


def _regime(chain: Chain, states: Ints, times: Floats, regime: NDArray[np.bool_]) -> list[RegimeProspect]:
    mask = regime[:, None]
    inside, years = occupancy(chain, states, times, mask), years_in(chain, states, times[-1:], mask)
    settling, visit = settles(chain, regime), dwell(chain, states, regime)
    causes = exits(chain, states, regime).sum(axis=-1)
    return [
        RegimeProspect(
            occupancy=inside[k, :, 0],
            years=float(years[k, 0, 0]),
            settles=float(settling.probability[state]),
            settles_years=float(settling.years[state]),
            dwell=float(visit.years[k]),
            exits=_ranked(chain.steps, causes[k]),
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


def _prospect(prospect: Prospect, assessment: Assessment, state: int) -> dict[str, Any]:
    outcomes = assessment.game.outcomes
    solution = assessment.equilibrium
    account = solution.noise_account[state]
    told: dict[str, Any] = plain(
        {
            "situation": prospect.situation,
            "risk": dict(zip(outcomes, prospect.risk.T, strict=True)),
            "in_words": {o: one_in(float(p)) for o, p in zip(outcomes, prospect.risk[-1], strict=True)},
            "eventually": {
                o: {"probability": p, "years": years}
                for o, p, years in zip(outcomes, prospect.eventually, prospect.eventually_years, strict=True)
            },
            "hazard": dict(zip(outcomes, prospect.hazard, strict=True)),
            "loss": prospect.loss,
            "frequency": prospect.frequency,
            "triggers": prospect.triggers,
            "regimes": {name: vars(regime) for name, regime in prospect.regimes.items()},
            "groups": {
                "names": assessment.groups,
                "years": prospect.years_in,
                "passages": prospect.passages,
            },
            "storylines": [asdict(story) for story in prospect.storylines.stories],
            "conduct": [asdict(option) for option in prospect.options],
            "value": {
                actor: {
                    "felt": prospect.value.total[i],
                    "noise_account": account[i],
                    "parts": [
                        {"name": part.name, "source": part.source, "value": part.value[i]}
                        for part in prospect.value.parts
                        if part.value[i]
                    ],
                }
                for i, actor in enumerate(assessment.game.actors)
            },
        }
    )
    return told


def plain(value: Any) -> Any:
    """Plain data for JSON, which knows no nan and no infinity: both become None."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    return None if isinstance(value, float) and not math.isfinite(value) else value
