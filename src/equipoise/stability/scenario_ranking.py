"""Rankings of a scenario's states, from what it says its actors want."""

from __future__ import annotations

import numpy as np

from equipoise.game.game import Game
from equipoise.scenario.models import Preference, Scenario
from equipoise.stability.ranking import STATEMENTS, Ranking, by_statements, felt
from equipoise.stability.solo import Flags


def ranking_of(scenario: Scenario, game: Game) -> Ranking:
    """Grades of the states and ends of ``game``, which ``scenario`` compiles to.

    An actor with `preferences` is ranked by them, any other by felt flow and outcome values (`ranking.felt`). At an end
    no condition on factors holds.
    """
    default = felt(game)
    grade, source = default.grade.copy(), list(default.source)
    for i, actor in enumerate(game.actors):
        wishes = scenario.actors[actor].preferences
        if wishes:
            grade[i] = by_statements([_true(wish, game) for wish in wishes])
            source[i] = STATEMENTS
    return Ranking(grade, tuple(source))


def _true(wish: Preference, game: Game) -> Flags:
    """(S,) where a preference is met."""
    if wish.when is not None:
        return np.concatenate([game.where(wish.when), np.zeros(game.end_outcome.size, bool)])
    named = [game.outcomes.index(outcome) for outcome in wish.ends or wish.avoids or ()]
    come = np.concatenate([np.zeros(game.n_states, bool), np.isin(game.end_outcome, named)])
    return come if wish.ends else ~come
