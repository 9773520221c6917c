"""What one actor can do, state by state, and its noisy or best reply to given values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from equipoise.equilibrium.convention import EULER, Convention
from equipoise.game.game import Floats, Game, Ints
from equipoise.game.part import ranges


@dataclass(frozen=True, eq=False)
class Reply:
    """One actor's choice in every state and what an opportunity is then worth."""

    policy: Floats
    """(Ri,) probability of each of the actor's rows."""
    hold: Floats
    """(S,)"""
    worth: Floats
    """(S,) util, Phi: what an opportunity is worth under the convention."""
    mean: Floats
    """(S,) util, E[x]: the same in real payoffs."""


@dataclass(frozen=True, eq=False)
class Mover:
    """The rows of one actor: x = reach V + payoff is the worth of each, V that of hold."""

    actor: int
    rows: Ints
    """(Ri,) rows of the game."""
    state: Ints
    """(Ri,) in ascending order."""
    reach: sparse.csr_array
    """(Ri, S) probability of the next state."""
    payoff: Floats
    """(Ri,) util: the actor's impacts and ends, less the cost."""
    starts: Ints
    """First of the actor's rows in every state that has any."""
    busy: Ints
    """Those states."""
    tempo: Floats
    """(S,)"""
    noise: Floats
    """(S,)"""
    log_reference: Floats
    """(Ri,)"""
    log_hold: Floats
    """(S,)"""
    convention: Convention

    def worths(self, value: Floats) -> Floats:
        """(Ri,) util, x of every row under the actor's own values (S,)."""
        return np.asarray(self.reach @ value + self.payoff)

    def total(self, rows: Floats) -> Floats:
        """Sums over the rows of every state, of an array (Ri, ...)."""
        out = np.zeros((self.noise.size, *rows.shape[1:]))
        if self.starts.size:
            out[self.busy] = np.add.reduceat(rows, self.starts, axis=0)
        return out

    def logit(self, value: Floats) -> Reply:
        """sigma proportional to r exp(x/tau), x taken from the values (S,)."""
        x = self.worths(value)
        logits = x / self.noise[self.state] + self.log_reference
        peak = hold = value / self.noise + self.log_hold
        if self.starts.size:
            peak = hold.copy()
            peak[self.busy] = np.maximum(hold[self.busy], np.maximum.reduceat(logits, self.starts))
        policy = np.exp(logits - peak[self.state])
        hold = np.exp(hold - peak)
        weight = hold + self.total(policy)
        policy /= weight[self.state]
        hold = hold / weight
        mean = value + self.total(policy * (x - value[self.state]))
        if self.convention.name == "agent-error":
            return Reply(policy, hold, mean, mean)
        shock = EULER if self.convention.name == "private-shock" and self.convention.euler else 0.0
        return Reply(policy, hold, self.noise * (peak + np.log(weight) + shock), mean)

    def best(self, value: Floats) -> Reply:
        """The option of greatest x in every state, hold if no move is better by more than rounding."""
        x = self.worths(value)
        policy, hold, top = np.zeros(x.size), np.ones(value.size), value.copy()
        if self.starts.size:
            highest = np.maximum.reduceat(x, self.starts)
            better = highest > value[self.busy] + 1e-14 * (np.abs(highest) + np.abs(value[self.busy]))
            top[self.busy[better]] = highest[better]
            hold[self.busy[better]] = 0.0
            chosen = np.flatnonzero((x == top[self.state]) & (hold[self.state] == 0))
            _, first = np.unique(self.state[chosen], return_index=True)
            policy[chosen[first]] = 1.0
        return Reply(policy, hold, top, top)


def movers(game: Game, convention: Convention) -> list[Mover]:
    """One `Mover` per actor."""
    S, N = game.flow.shape
    group_state, group_actor = np.divmod(np.arange(game.row_ptr.size - 1), N + 1)
    per_group = np.diff(game.row_ptr)
    kind_reference, hold_reference = convention.reference(game)
    with np.errstate(divide="ignore"):
        log_kind, log_hold = np.log(kind_reference), np.log(hold_reference)
    parts = []
    for i in range(N):
        groups = np.flatnonzero((group_actor == i) & (per_group > 0))
        rows = ranges(game.row_ptr[groups], per_group[groups])
        kinds = game.row_kind[rows]
        length = np.diff(game.branch_ptr)[rows]
        branches = ranges(game.branch_ptr[rows], length)
        row = np.repeat(np.arange(rows.size), length)
        entry = branches + np.repeat(game.kind_branch_ptr[kinds] - game.branch_ptr[rows], length)
        target, probability = game.target[branches], game.probability[entry]
        inside = target < S
        gain = probability * game.impact[entry, i]
        gain[~inside] += probability[~inside] * game.end_value[target[~inside] - S, i]
        ends = np.append(0, np.cumsum(inside))[np.append(0, np.cumsum(length))]
        parts.append(
            Mover(
                actor=i,
                rows=rows,
                state=np.repeat(group_state[groups], per_group[groups]),
                reach=sparse.csr_array((probability[inside], target[inside], ends), shape=(rows.size, S)),
                payoff=np.bincount(row, gain, rows.size) - game.kind_cost[kinds],
                starts=np.cumsum(per_group[groups]) - per_group[groups],
                busy=group_state[groups],
                tempo=game.tempo[:, i],
                noise=game.noise[:, i],
                log_reference=log_kind[kinds],
                log_hold=log_hold[:, i],
                convention=convention,
            )
        )
    return parts
