"""Whether the numbers of a game are such that it can be played."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from equipoise.errors import KeyPath, Problem

if TYPE_CHECKING:
    from equipoise.game.game import Game


def faults(game: Game) -> list[Problem]:
    """What is wrong with the numbers; at most one problem for each actor or step.

    Paths are those of the scenario.
    """
    found = []
    for i, name in enumerate(game.actors):
        above_zero = {"noise": game.noise[:, i], "discount": game.discount[i : i + 1]}
        finite = {"tempo": game.tempo[:, i], "flow": game.flow[:, i]}
        for field, numbers in (above_zero | finite).items():
            bad = ~np.isfinite(numbers) | ((numbers <= 0) if field in above_zero else (numbers != numbers))
            if bad.any():
                at = int(bad.argmax())
                where = f" where {_tell(game, at)}" if numbers.size > 1 else ""
                right = "a finite number above 0" if field in above_zero else "a finite number"
                path: KeyPath = ("payoffs",) if field == "flow" else ("actors", name, field)
                found.append(Problem(f"the {field} of '{name}' is {numbers[at]:g}{where}", right, path))
    for outcome in np.unique(game.end_outcome[~np.isfinite(game.end_value).all(axis=1)]).tolist():
        name = game.outcomes[outcome]
        found.append(Problem(f"the worth of '{name}' is not finite", "finite numbers", ("outcomes", name, "value")))

    entry_kind = np.repeat(np.arange(game.kind_step.size), np.diff(game.kind_branch_ptr))
    by_field = {
        "cost": np.flatnonzero(~np.isfinite(game.kind_cost)),
        "rate": np.flatnonzero(~np.isfinite(game.kind_rate)),
        "impact": entry_kind[~np.isfinite(game.impact).all(axis=1)],
        "then": entry_kind[~np.isfinite(game.probability)],
    }
    for field, kinds in by_field.items():
        for step, actor in np.unique([game.kind_step[kinds], game.kind_actor[kinds]], axis=1).T.tolist():
            section = "moves" if actor < game.n_actors else "events"
            told, right = f"the {field} of '{game.steps[step]}' is not finite", "a finite number"
            if field == "then":
                told = f"the weights of '{game.steps[step]}' sum to 0 in some situation"
                right = "in every situation at least one weight above 0"
            found.append(Problem(told, right, (section, game.steps[step], field)))
    return found


def _tell(game: Game, state: int) -> str:
    return ", ".join(f"{factor}: {level}" for factor, level in game.describe(state).items())
