"""The equilibrium equations in plain Python, row by row: a twin for tests that shares nothing with the package."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import root

from equipoise.equilibrium.convention import Convention
from equipoise.game.game import Game

Array = NDArray[np.float64]


def options(game: Game, s: int, i: int) -> range:
    """Rows of actor i in state s (of the events, if i = N)."""
    group = s * (game.n_actors + 1) + i
    return range(int(game.row_ptr[group]), int(game.row_ptr[group + 1]))


def expects(game: Game, value: Array, row: int, i: int) -> float:
    """E[V_i(s') + w_i] after a row."""
    total = 0.0
    kind = int(game.row_kind[row])
    for k, b in enumerate(range(int(game.branch_ptr[row]), int(game.branch_ptr[row + 1]))):
        entry = int(game.kind_branch_ptr[kind]) + k
        target = int(game.target[b])
        after = value[target, i] if target < game.n_states else game.end_value[target - game.n_states, i]
        total += game.probability[entry] * (after + game.impact[entry, i])
    return float(total)


def choice(game: Game, convention: Convention, value: Array, s: int, i: int) -> tuple[list[float], float, float, float]:
    """Probabilities of the moves and of hold, Phi, and E[x], of actor i in state s."""
    rows = options(game, s, i)
    kind_reference, hold_reference = convention.reference(game)
    tau = float(game.noise[s, i])
    worth = [expects(game, value, row, i) - float(game.kind_cost[game.row_kind[row]]) for row in rows]
    worth.append(float(value[s, i]))
    reference = [float(kind_reference[game.row_kind[row]]) for row in rows] + [float(hold_reference[s, i])]
    top = max(worth)
    weight = [r * math.exp((x - top) / tau) for r, x in zip(reference, worth, strict=True)]
    sigma = [w / sum(weight) for w in weight]
    mean = sum(p * x for p, x in zip(sigma, worth, strict=True))
    smooth = top + tau * math.log(sum(weight))
    euler = tau * 0.5772156649015329 if convention.euler else 0.0
    phi = {"control-cost": smooth, "private-shock": smooth + euler, "agent-error": mean}[convention.name]
    return sigma[:-1], sigma[-1], phi, mean


def policy(game: Game, convention: Convention, value: Array) -> Array:
    """(R,) what V implies."""
    out = np.zeros(game.n_rows)
    for s in range(game.n_states):
        for i in range(game.n_actors):
            out[options(game, s, i)] = choice(game, convention, value, s, i)[0]
    return out


def right_side(game: Game, convention: Convention, value: Array, chosen: Array | None = None) -> Array:
    """(S, N) util/year: u_i + events + others' moves + lambda_i (Phi_i - V_i), at policies `chosen` for the others."""
    S, N = game.n_states, game.n_actors
    chosen = policy(game, convention, value) if chosen is None else chosen
    out = np.array(game.flow)
    for s in range(S):
        for i in range(N):
            for row in options(game, s, N):
                rate = float(game.kind_rate[game.row_kind[row]])
                out[s, i] += rate * (expects(game, value, row, i) - value[s, i])
            for j in range(N):
                if j == i:
                    out[s, i] += game.tempo[s, i] * (choice(game, convention, value, s, i)[2] - value[s, i])
                    continue
                for row in options(game, s, j):
                    out[s, i] += game.tempo[s, j] * chosen[row] * (expects(game, value, row, i) - value[s, i])
    return out


def residual(game: Game, convention: Convention, value: Array) -> Array:
    """(S, N) util/year, 0 in equilibrium."""
    return right_side(game, convention, value) - game.discount * value


def equilibrium(game: Game, convention: Convention) -> Array:
    """V (S, N) of some equilibrium of a small game: noise falls by halves, MINPACK's hybrid method at each level."""
    shape = game.flow.shape
    value = np.zeros(game.flow.size)
    for factor in (8.0, 4.0, 2.0, 1.0):
        noisier = replace(game, noise=game.noise * factor)
        found = root(lambda v, g=noisier: residual(g, convention, v.reshape(shape)).ravel(), value, tol=1e-13)
        value = found.x
    assert np.abs(residual(game, convention, value.reshape(shape))).max() < 1e-10, "the twin did not converge"
    return value.reshape(shape)
