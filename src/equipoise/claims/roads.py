"""The roads to each end and to each regime: how they are travelled, and who could still have turned back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from equipoise.claims.solutions import Solution
from equipoise.outlook.chain import Chain
from equipoise.outlook.regimes import dwell, exits, reached
from equipoise.outlook.risk import risk
from equipoise.outlook.storylines import Storylines, clauses, storylines
from equipoise.scenario.models import Move
from equipoise.scenario.phrases import words

LEAST = 0.01
"""Turns that change a risk by a smaller share of it are not told."""


@dataclass(frozen=True)
class Turn:
    """A move that opens or closes a road: what the risk would be if nobody ever made it, all else going on."""

    move: str
    mover: str
    """Actor or seat."""
    text: str
    risk: float
    """The chance of the road without the move."""
    change: float
    """That less the chance with it: negative for a move that leads there, positive for one that turns back."""


@dataclass(frozen=True)
class Road:
    """The ways to one end, or to one regime, from one start within the horizon."""

    start: str
    end: str
    """Outcome or regime."""
    name: str
    chance: float
    stories: Storylines
    turns: tuple[Turn, ...]
    """Moves that matter to it, those that matter most first."""


@dataclass(frozen=True)
class Undoing:
    """How the first visit to a regime ends."""

    start: str
    regime: str
    inside: bool
    """Whether the start lies in it."""
    reached: float
    """Chance that it is reached within the horizon."""
    dwell: float
    """Expected years of the first visit."""
    causes: tuple[tuple[str, str, float], ...]
    """Move or event, what it leads to (an outcome, or empty for another situation), and its share; largest first."""


def roads(solution: Solution, starts: Sequence[str], *, turns: bool = True) -> tuple[Road, ...]:
    """The roads to every outcome from each start."""
    found = []
    for start in starts:
        state = solution.game.starts[start]
        chances = risk(solution.chain, state, [solution.scenario.horizon])[0]
        without = _without_each_move(solution, solution.chain, state) if turns else {}
        for o, outcome in enumerate(solution.chain.outcomes):
            told = storylines(
                solution.chain,
                solution.game,
                state,
                solution.scenario.horizon,
                outcomes=[outcome],
                scenario=solution.scenario,
            )
            name = solution.scenario.outcomes[outcome].name or outcome
            changed = {move: float(numbers[o]) for move, numbers in without.items()}
            chance = float(chances[o])
            found.append(Road(start, outcome, name, chance, told, _turns(solution, chance, changed)))
    return tuple(found)


def road_to(solution: Solution, start: str, regime: str) -> Road | None:
    """The road to a regime; None from a start in it."""
    mask = solution.game.where(solution.scenario.regimes[regime].when)
    state, horizon = solution.game.starts[start], solution.scenario.horizon
    if mask[state]:
        return None
    told = storylines(
        solution.chain, solution.game, state, horizon, regime=mask, name=words(regime), scenario=solution.scenario
    )
    ending = solution.chain.ending_in(mask, regime)
    changed = {move: float(numbers[-1]) for move, numbers in _without_each_move(solution, ending, state).items()}
    chance = float(reached(solution.chain, state, [horizon], mask)[0])
    return Road(start, regime, regime, chance, told, _turns(solution, chance, changed))


def undoing(solution: Solution, start: str, regime: str) -> Undoing:
    """How the first visit to a regime ends, and by what."""
    chain, state = solution.chain, solution.game.starts[start]
    mask = solution.game.where(solution.scenario.regimes[regime].when)
    shares = exits(chain, state, mask)
    ends = [*chain.outcomes, ""]
    causes = [
        (chain.steps[a], ends[o], float(share)) for (a, o), share in np.ndenumerate(np.nan_to_num(shares)) if share > 0
    ]
    return Undoing(
        start,
        regime,
        bool(mask[state]),
        float(reached(chain, state, [solution.scenario.horizon], mask)[0]),
        float(dwell(chain, state, mask).years),
        tuple(sorted(causes, key=lambda cause: -cause[2])),
    )


def road_to_dict(road: Road) -> dict[str, Any]:
    """As plain data; the form is described in docs/json.md."""
    return {
        "start": road.start,
        "end": road.end,
        "name": road.name,
        "chance": road.chance,
        "covered": road.stories.covered,
        "stories": [vars(story) for story in road.stories.stories],
        "turns": [vars(turn) for turn in road.turns],
    }


def _without_each_move(solution: Solution, chain: Chain, state: int) -> dict[str, np.ndarray]:
    """For every move, the chance of each end if it never happened and everybody went on as before."""
    found = {}
    for move in solution.scenario.moves:
        rows = chain.row_step == chain.steps.index(move.id)
        if rows.any() and chain.row_rate[rows].any():
            stopped = replace(chain, row_rate=np.where(rows, 0.0, chain.row_rate))
            found[move.id] = risk(stopped, state, [solution.scenario.horizon])[0]
    return found


def _turns(solution: Solution, chance: float, without: dict[str, float]) -> tuple[Turn, ...]:
    told = clauses(solution.scenario)
    movers = {step.id: step.actor for step in solution.scenario.steps if isinstance(step, Move)}
    turns = [
        Turn(move, movers[move], told[move], changed, changed - chance)
        for move, changed in without.items()
        if abs(changed - chance) > LEAST * chance
    ]
    return tuple(sorted(turns, key=lambda turn: -abs(turn.change)))
