"""Loop-erased routes between phases, and their exact probabilities."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.linalg import bicgstab

from equipoise.game.game import Floats, Ints
from equipoise.outlook.chain import Chain, rate_chain
from equipoise.outlook.evolve import ERROR, absorbed

ROUGH = 1e-4
"""Precision of the solves that nominate routes; their probabilities are then computed exactly."""


class Route(NamedTuple):
    """A route from the start to an outcome, loops erased."""

    steps: tuple[int, ...]
    """The step into each new phase, and at last the one that brings the outcome."""
    phases: tuple[int, ...]
    """The phases passed, that of the start first."""
    outcome: int
    probability: float


@dataclass(frozen=True, eq=False)
class Jumps:
    """The chain's transitions, summed over branches between the same two states by the same step."""

    state: Ints
    target: Ints
    """Below S a state, S + o the outcome o."""
    step: Ints
    rate: Floats


def routes(
    chain: Chain,
    start: int,
    horizon: float,
    phase: Ints,
    *,
    outcomes: Ints,
    most: int = 12,
    error: float = ERROR,
) -> tuple[Route, ...]:
    """Likely loop-erased routes from ``start`` to ``outcomes`` within ``horizon`` years, likeliest first.

    Whenever a path returns to a phase that it has passed, what happened in between is erased; what is left is the
    route: phases that are all different, each with the step that led in. Every path to an outcome has exactly one
    route, so that routes are disjoint and their probabilities sum to the risk.

    Which routes are looked at is decided by best-first search with a horizon that is exponential with the same mean:
    there the probability that the path's route begins with the phases F_0, ..., F_n and ends in an outcome factorises
    into Green's functions of the chain kept out of the earlier phases. The probabilities then come from one exact pass
    over the chain enlarged by the memory of up to ``most`` beginnings; states outside them keep the longest beginning
    that still stands. Truncation error at most ``error`` each.

    Source: Lawler and Limic (2010), Random Walk: A Modern Introduction, section 9.2, for loop erasure.
    """
    jumps = _jumps(chain)
    tree = _nominate(chain, jumps, start, horizon, phase, outcomes, most)
    return _evaluate(chain, jumps, tree, start, horizon, phase, outcomes, error)


@dataclass
class _Tree:
    """Beginnings of routes: node v is the beginning of its parent followed by one more phase."""

    n_phases: int
    step: list[int]
    phase: list[int]
    parent: list[int]
    on: list[Ints]
    """For every phase the node of this beginning that is in it, -1 if none."""
    children: list[dict[tuple[int, int], int]]

    def add(self, parent: int, step: int, phase: int) -> int:
        node = len(self.phase)
        on = self.on[parent].copy() if parent >= 0 else np.full(self.n_phases, -1)
        on[phase] = node
        self.step.append(step)
        self.phase.append(phase)
        self.parent.append(parent)
        self.on.append(on)
        self.children.append({})
        if parent >= 0:
            self.children[parent][step, phase] = node
        return node

    def path(self, node: int) -> list[int]:
        return [] if node < 0 else [*self.path(self.parent[node]), node]


def _jumps(chain: Chain) -> Jumps:
    target = chain.target.astype(np.int64)
    ends = target >= chain.n_states
    target[ends] = chain.n_states + chain.end_outcome[target[ends] - chain.n_states]
    step = chain.row_step[chain.branch_row].astype(np.int64)
    moves = np.flatnonzero((target != chain.branch_state) & (chain.branch_rate > 0))
    width = chain.n_states + len(chain.outcomes)
    key = (chain.branch_state[moves] * len(chain.steps) + step[moves]) * width + target[moves]
    found, where = np.unique(key, return_inverse=True)
    rate = np.bincount(where.reshape(-1), weights=chain.branch_rate[moves], minlength=found.size).astype(float)
    return Jumps(found // width // len(chain.steps), found % width, found // width % len(chain.steps), rate)


def _nominate(chain: Chain, jumps: Jumps, start: int, horizon: float, phase: Ints, outcomes: Ints, most: int) -> _Tree:
    """Best-first search under an exponential horizon; a node is taken when its estimate is the greatest left."""
    S = chain.n_states
    leave = chain.exit_rate + 1 / horizon
    inner = jumps.target < S
    wanted = np.isin(jumps.target - S, outcomes) & ~inner
    ends = np.bincount(jumps.state[wanted], weights=jumps.rate[wanted], minlength=S).astype(float)
    begin = np.zeros(S)
    begin[start] = 1.0
    tree = _Tree(int(phase.max()) + 1, [], [], [], [], [])
    queue = [(-1.0, -1, -1, int(phase[start]))]
    entering = {queue[0][1:]: begin}
    while queue and len(tree.phase) < most:
        _, *place = heapq.heappop(queue)
        parent, step, into = place
        node = tree.add(parent, step, into)
        here = phase == into
        free = tree.on[node][phase] < 0
        years = _solve(chain.transition.T, leave, entering[parent, step, into], here | free)
        home = _solve(chain.transition, leave, ends, free)
        out = np.flatnonzero(
            inner & here[jumps.state] & np.append(free, np.zeros(len(chain.outcomes), bool))[jumps.target]
        )
        flow = years[jumps.state[out]] * jumps.rate[out]
        key = jumps.step[out] * tree.n_phases + phase[jumps.target[out]]
        estimate = np.bincount(key, weights=flow * home[jumps.target[out]])
        for child in np.flatnonzero(estimate > 0):
            own = key == child
            new = (node, int(child // tree.n_phases), int(child % tree.n_phases))
            entering[new] = np.bincount(jumps.target[out][own], weights=flow[own], minlength=S).astype(float)
            heapq.heappush(queue, (-float(estimate[child]), *new))
    return tree


def _solve(matrix: sp.csr_array, leave: Floats, right: Floats, keep: NDArray[np.bool_]) -> Floats:
    """Rough solution of (diag(leave) - matrix) x = right on the states of ``keep``, 0 elsewhere."""
    inside = np.flatnonzero(keep)
    out = np.zeros(keep.size)
    if inside.size and right[inside].any():
        part = sp.csr_array(matrix)[inside][:, inside]
        system = sp.csr_array(sp.diags_array(leave[inside]) - part)
        scale = sp.diags_array(1 / leave[inside])
        found, _ = bicgstab(system, right[inside], rtol=ROUGH, atol=0.0, maxiter=500, M=scale)
        out[inside] = np.maximum(found, 0.0)
    return out


def _evaluate(
    chain: Chain,
    jumps: Jumps,
    tree: _Tree,
    start: int,
    horizon: float,
    phase: Ints,
    outcomes: Ints,
    error: float,
) -> tuple[Route, ...]:
    """Exact probabilities on copies of the states, one for each node: copy v remembers the beginning v."""
    S, V, steps = chain.n_states, len(tree.phase), len(chain.steps)
    inner = jumps.target < S
    row, column, rate, reading = [], [], [], []
    for v in range(V):
        at = phase == tree.phase[v]
        live = at | (tree.on[v][phase] < 0)
        go = np.flatnonzero(inner & live[jumps.state])
        state, target, step = jumps.state[go], jumps.target[go], jumps.step[go]
        copy = tree.on[v][phase[target]]
        child = np.full((steps, tree.n_phases), v)
        for (a, p), c in tree.children[v].items():
            child[a, p] = c
        onward = np.where(at[state], child[step, phase[target]], v)
        copy = np.where(copy >= 0, copy, onward)
        row.append(v * S + state)
        column.append(copy * S + target)
        rate.append(jumps.rate[go])
        end = np.flatnonzero(~inner & live[jumps.state])
        # Whatever ends the path outside the node's own phase is a longer route that is not among those remembered.
        known = at[jumps.state[end]] & np.isin(jumps.target[end] - S, outcomes)
        key = np.where(known, (v * steps + jumps.step[end]) * len(chain.outcomes) + jumps.target[end] - S, -1)
        reading.append((v * S + jumps.state[end], key, jumps.rate[end]))
    state, key, weight = (np.concatenate(part) for part in zip(*reading, strict=True))
    keys, where = np.unique(key, return_inverse=True)
    absorbing = sp.coo_array((weight, (state, where.reshape(-1))), shape=(V * S, keys.size))
    moving = sp.coo_array((np.concatenate(rate), (np.concatenate(row), np.concatenate(column))), shape=(V * S, V * S))
    copies = rate_chain(sp.hstack([moving, absorbing]), outcomes=[str(k) for k in keys])
    probability = absorbed(copies, start, [horizon], copies.absorption, error=error)[0]
    found = []
    for k, p in zip(keys, probability, strict=True):
        if k >= 0:
            node, rest = divmod(int(k), steps * len(chain.outcomes))
            last, outcome = divmod(rest, len(chain.outcomes))
            path = tree.path(node)
            passed = tuple(tree.phase[n] for n in path)
            found.append(Route((*(tree.step[n] for n in path[1:]), last), passed, outcome, float(p)))
    return tuple(sorted(found, key=lambda route: -route.probability))
