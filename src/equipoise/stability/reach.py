"""Status-quo analysis: what can come of a state, in how many moves, and who moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.errors import RequestError
from equipoise.stability.graph import GraphModel, Index
from equipoise.stability.ranking import Ranking, check
from equipoise.stability.solo import Flags


@dataclass(frozen=True, eq=False)
class Reach:
    """How the states can be reached from one of them by legal sequences, in which nobody moves twice in a row.

    Source: K. W. Li, D. M. Kilgour and K. W. Hipel, "Status quo analysis in the graph model for conflict resolution",
    Journal of the Operational Research Society 56 (2005).
    """

    start: int
    steps: Index
    """(S,) least number of moves; -1 if unreachable."""
    last: Flags
    """(N, S) whether the actor can make the last move of some legal sequence to the state, however long."""
    came: NDArray[np.int64]
    """(N, S) for a shortest sequence that ends with that actor's move, N times the state before plus the actor who
    moved there (the actor itself at the start); -1 if there is none."""


def reach(
    graph: GraphModel,
    start: int,
    *,
    ranking: Ranking | None = None,
    improving: bool = False,
    without: int | None = None,
) -> Reach:
    """What can be reached from ``start``, in order of length; time grows with the moves times the actors.

    Args:
        graph: the graph model.
        start: the state.
        ranking: needed for improvements.
        improving: whether every move must be an improvement for whoever makes it.
        without: an actor who does not move.

    Raises:
        RequestError: there is no such state.
    """
    S, N = graph.n_states, graph.n_actors
    if not 0 <= start < S:
        raise RequestError(f"no state {start}; right would be 0 to {S - 1}")
    if improving:
        if ranking is None:
            raise RequestError("improvements need a ranking")
        check(graph, ranking)
    movers = [k for k in range(N) if k != without]
    steps = np.full(S, -1, np.int32)
    steps[start] = 0
    last, came = np.zeros((N, S), bool), np.full((N, S), -1, np.int64)
    front = [(start, -1)]
    length = 0
    while front:
        length += 1
        ahead = []
        for state, led in front:
            for k in movers:
                if k == led:
                    continue
                to = graph.moves(k, state)
                if improving and ranking is not None:
                    to = to[ranking.grade[k, to] > ranking.grade[k, state]]
                fresh = to[~last[k, to]]
                last[k, fresh] = True
                came[k, fresh] = state * N + (led if led >= 0 else k)
                steps[fresh] = np.where(steps[fresh] < 0, length, steps[fresh])
                ahead += [(int(t), k) for t in fresh]
        front = ahead
    return Reach(start, steps, last, came)


def path(graph: GraphModel, found: Reach, to: int) -> list[tuple[int, int]]:
    """A shortest legal sequence to a state: who moves, and where to, from the first move on; empty for the start.

    Raises `RequestError` if it cannot be reached.
    """
    if to == found.start:
        return []
    lengths = [_back(graph.n_actors, found, int(k), to) for k in np.flatnonzero(found.last[:, to])]
    if not lengths:
        raise RequestError(f"state {to} cannot be reached from state {found.start}")
    return min(lengths, key=len)


def _back(n_actors: int, found: Reach, actor: int, to: int) -> list[tuple[int, int]]:
    sequence = [(actor, to)]
    while True:
        before, led = divmod(int(found.came[actor, to]), n_actors)
        if led == actor:  # Nobody moves twice in a row: it was the first move.
            return sequence[::-1]
        sequence.append((led, before))
        actor, to = led, before
