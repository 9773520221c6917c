"""Likeliest routes to an outcome or a regime, told in sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.errors import RequestError, no_such
from equipoise.game.game import Floats, Game
from equipoise.outlook.chain import Chain
from equipoise.outlook.evolve import ERROR, evolve_everywhere, years_by_state
from equipoise.outlook.phases import phases, telling_factors
from equipoise.outlook.risk import risk
from equipoise.outlook.routes import routes
from equipoise.scenario.models import Move, Scenario
from equipoise.scenario.phrases import one_in, sentence

MOST, FEWEST = 12, 3
"""Beginnings of routes that are remembered."""
COPIES = 400_000
"""Copies of states that may be needed for it; large chains remember fewer beginnings, so less of the risk is told."""


@dataclass(frozen=True)
class Storyline:
    """One way things may come about, loops erased."""

    steps: tuple[str, ...]
    """Ids of the moves and events that lead into each new phase, and at last to the end."""
    end: str
    """The outcome, or what the regime is called."""
    probability: float
    """P(it happens by the horizon)."""
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Storylines:
    """The likeliest storylines from one start."""

    factors: tuple[str, ...]
    """Factors whose levels make the phases."""
    horizon: float
    """years"""
    risk: float
    """P(any of the ends by the horizon)."""
    stories: tuple[Storyline, ...]
    """Disjoint, likeliest first."""

    @property
    def covered(self) -> float:
        """Share of `risk` that the stories make up; 0 if there is no risk."""
        return sum(story.probability for story in self.stories) / self.risk if self.risk > 0 else 0.0


def storylines(
    chain: Chain,
    game: Game,
    start: int,
    horizon: float,
    *,
    outcomes: Sequence[str] | None = None,
    regime: NDArray[np.bool_] | None = None,
    name: str = "regime",
    factors: Sequence[str] | None = None,
    limit: int = 8,
    scenario: Scenario | None = None,
    error: float = ERROR,
) -> Storylines:
    """The likeliest routes to outcomes, or to first entering a regime, within ``horizon`` years.

    Single paths are too many and too unlikely to tell anything, so states are merged into phases, the combinations of
    levels of a few factors, and loops between phases are erased (see `routes`). Stories are disjoint, and those not
    listed make up the rest of the risk. Every probability is exact for the chain up to ``error``, none is an estimate.

    Args:
        chain: what `induced_chain` made of ``game``.
        game: gives the factors.
        start: a state.
        horizon: years, above 0.
        outcomes: names of the ends; all outcomes if None.
        regime: (S,) ends stories on entering it instead; ``name`` is what to call it.
        factors: names of the factors that make phases; those that tell most about the risk if None.
        limit: most stories to list.
        scenario: gives the phrases that tell steps and ends; their ids do if left out.
        error: truncation error of every probability.

    Raises:
        RequestError: a name is unknown, or the start lies in the regime.
    """
    if not 0 <= start < chain.n_states:
        raise RequestError(f"start {start} is not one of the {chain.n_states} states")
    if not (np.isfinite(horizon) and horizon > 0):
        raise RequestError(f"a horizon of {horizon} years; right would be a finite number above 0")
    if regime is not None:
        if regime[start]:
            raise RequestError(f"the start lies in {name} already; right would be a start outside")
        chain, outcomes = chain.ending_in(regime, name), [name]
    wanted = _numbers(chain, chain.outcomes if outcomes is None else outcomes)
    total = float(risk(chain, start, [horizon], error=error)[0, wanted].sum())
    chosen = tuple(factors) if factors is not None else _telling(chain, game, start, horizon, wanted)
    most = max(FEWEST, min(MOST, COPIES // chain.n_states))
    found = routes(chain, start, horizon, phases(game, chosen), outcomes=wanted, most=most, error=error)
    merged: dict[tuple[tuple[str, ...], str], float] = defaultdict(float)
    for route in found:
        merged[tuple(chain.steps[a] for a in route.steps), chain.outcomes[route.outcome]] += route.probability
    likeliest = sorted(merged.items(), key=lambda item: -item[1])[:limit]
    told = clauses(scenario) if scenario else {}
    ends = {key: outcome.name or key for key, outcome in scenario.outcomes.items()} if scenario else {}
    stories = (
        Storyline(steps, end, p, _told(steps, ends.get(end, end), p, told))
        for (steps, end), p in likeliest
        if p > error
    )
    return Storylines(chosen, horizon, total, tuple(stories))


def clauses(scenario: Scenario) -> dict[str, str]:
    """For every move and event a clause that tells it: the mover's name and what `about` says."""
    told = {}
    for step in scenario.steps:
        about = step.about or step.id.replace("-", " ").replace("_", " ")
        by = f"{_mover(scenario, step.actor)}{' ' if step.about else ': '}" if isinstance(step, Move) else ""
        told[step.id] = by + about
    return told


def _mover(scenario: Scenario, key: str) -> str:
    named = scenario.actors.get(key) or scenario.seats.get(key)
    return (named.name if named else None) or key


def _told(steps: tuple[str, ...], end: str, probability: float, phrases: Mapping[str, str]) -> str:
    parts = [f"{phrases[step].rstrip('.')} ({step})" if step in phrases else step for step in steps]
    return f"{sentence(', '.join(parts) + ': ' + end)} {sentence(one_in(probability))}"


def _numbers(chain: Chain, outcomes: Sequence[str]) -> NDArray[np.int64]:
    for outcome in outcomes:
        if outcome not in chain.outcomes:
            raise no_such("outcome", outcome, chain.outcomes)
    return np.array([chain.outcomes.index(outcome) for outcome in outcomes], np.int64)


def _telling(chain: Chain, game: Game, start: int, horizon: float, wanted: NDArray[np.int64]) -> tuple[str, ...]:
    """Factors that tell most about how near the ends are: P(one of them within a tenth of the horizon)."""
    rate: Floats = np.asarray(chain.absorption[:, wanted].sum(axis=1)).ravel()
    near = evolve_everywhere(chain, horizon / 10, rate, error=1e-6).total
    return telling_factors(game, near, years_by_state(chain, start, horizon, error=1e-6))
