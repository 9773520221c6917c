"""Part of a game: some of its states, with the rest as if play ended there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from equipoise.game.game import Floats, Game, Ints


def part(game: Game, states: Ints, value: Floats) -> Game:
    """The game on some states in increasing order; every other state that they lead to is an end worth V (S, N).

    V solves the equilibrium equations of the whole at these states if and only if V at these states is an equilibrium
    of the part. Outcomes, starts and parameters are those of nobody: only numbers are meant to be read off.
    """
    S, N = game.n_states, game.n_actors
    place = np.full(S + game.end_value.shape[0], -1)
    place[states] = np.arange(states.size)
    groups = (states[:, None] * (N + 1) + np.arange(N + 1)).ravel()
    row_count = np.diff(game.row_ptr)[groups]
    rows = ranges(game.row_ptr[groups], row_count)
    branch_count = np.diff(game.branch_ptr)[rows]
    branches = ranges(game.branch_ptr[rows], branch_count)
    target = game.target[branches]
    outside = np.unique(target[place[target] < 0])
    place[outside] = states.size + np.arange(outside.size)
    return replace(
        game,
        starts={},
        levels=game.levels[states],
        row_ptr=np.append(0, np.cumsum(row_count)),
        row_kind=game.row_kind[rows],
        branch_ptr=np.append(0, np.cumsum(branch_count)),
        target=place[target].astype(np.int32),
        flow=game.flow[states],
        tempo=game.tempo[states],
        noise=game.noise[states],
        end_outcome=np.zeros(outside.size, np.int32),
        end_value=np.concatenate([value.reshape(S, N), game.end_value])[outside],
        structure=None,
    )


def around(game: Game, states: Ints) -> Ints:
    """These states, and all that lead to them or that they lead to by one move or event."""
    S = game.n_states
    inside, source, stays = np.zeros(S + 1, bool), game.row_state[game.branch_row], np.minimum(game.target, S)
    inside[states] = True
    near = inside.copy()
    near[stays[inside[source]]] = True
    near[source[inside[stays]]] = True
    return np.flatnonzero(near[:S])


def ranges(first: Ints, count: Ints) -> Ints:
    """The integers first[k], ..., first[k] + count[k] - 1, for all k in turn."""
    before = np.cumsum(count) - count
    between: Ints = np.arange(int(count.sum())) + np.repeat(first - before, count)
    return between
