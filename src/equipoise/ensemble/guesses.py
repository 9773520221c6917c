"""What one case of a draw says about another: first guesses of V."""

from __future__ import annotations

import numpy as np

from equipoise.game.game import Floats, Ints


def shifted(value: Floats, states: Ints, before: Floats, after: Floats) -> Floats:
    """V (S, N) of a case, plus what changed from ``before`` to ``after`` in another game, at the states it shares.

    ``states`` (S,) are the other game's states, -1 where it has none; there nothing is added.
    """
    return value + np.where(states[:, None] >= 0, (after - before)[states], 0.0)


def carried(value: Floats, states: Ints, other: Floats) -> Floats:
    """V (S, N) of another game at the states that are shared, of ``value`` elsewhere."""
    return np.where(states[:, None] >= 0, other[states], value)
