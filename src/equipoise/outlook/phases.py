"""Which few factors tell most about a risk, and the phases that they divide the states into."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from equipoise.errors import no_such
from equipoise.game.game import Floats, Game, Ints

MOST_FACTORS = 3
MOST_PHASES = 30
LEAST_GAIN = 0.03
"""A further factor must explain at least this share of the variance."""


def phases(game: Game, factors: Sequence[str]) -> Ints:
    """(S,) number of the phase each state is in: the combination of levels of ``factors``.

    Raises:
        RequestError: a factor is unknown.
    """
    for name in factors:
        if name not in game.factors:
            raise no_such("factor", name, game.factors)
    columns = [game.factors.index(name) for name in factors]
    if not columns:
        return np.zeros(game.n_states, np.int64)
    return np.unique(game.levels[:, columns], axis=0, return_inverse=True)[1].reshape(-1).astype(np.int64)


def telling_factors(game: Game, measure: Floats, weight: Floats) -> tuple[str, ...]:
    """The few factors whose phases explain most of the variance of ``measure`` (S,) under ``weight`` (S,).

    Chosen one by one, each the best addition, while it adds at least `LEAST_GAIN`; at most `MOST_FACTORS` of them and
    `MOST_PHASES` phases.
    """
    chosen: list[str] = []
    total = float(weight @ (measure - weight @ measure / weight.sum()) ** 2) if weight.sum() > 0 else 0.0
    explained = 0.0
    while len(chosen) < MOST_FACTORS and total > 0:
        scores = {}
        for name in game.factors:
            if name not in chosen:
                group = phases(game, [*chosen, name])
                if group.max() < MOST_PHASES:
                    scores[name] = _between(group, measure, weight)
        best = max(scores, key=scores.__getitem__, default=None)
        if best is None or scores[best] - explained < LEAST_GAIN * total:
            break
        chosen.append(best)
        explained = scores[best]
    return tuple(chosen)


def _between(group: Ints, measure: Floats, weight: Floats) -> float:
    """Variance between groups, times the total weight."""
    mass = np.bincount(group, weights=weight)
    mean = np.divide(np.bincount(group, weights=weight * measure), mass, out=np.zeros_like(mass), where=mass > 0)
    return float(mass @ (mean - weight @ measure / weight.sum()) ** 2)
