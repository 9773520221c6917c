"""Rows of a game: one for every move or event in every state where it is on offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.errors import Problem, ScenarioError
from equipoise.game.game import Ints
from equipoise.game.kinds import EndTable, KindTable, StepNumbers
from equipoise.game.products import distinct
from equipoise.game.states import Levels, Space, holds
from equipoise.game.steps import Step, land
from equipoise.game.structure import Index
from equipoise.game.terms import TermColumns

LARGEST_INDEX = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Rows:
    """The graph of a game; shapes as in `Game`."""

    row_ptr: Ints
    row_kind: Index
    branch_ptr: Ints
    target: Index


def lay_rows(
    steps: Sequence[Step],
    numbers: Sequence[StepNumbers],
    codes: Ints,
    levels: Levels,
    space: Space,
    n_actors: int,
    kinds: KindTable,
    ends: EndTable,
    impact: TermColumns,
) -> Rows:
    """Lay out the rows of all steps: by state, then mover, then the scenario's order.

    Counts first, because a row's place and a move's share of the reference depend on its neighbours; then writes.
    Dropped moves count in the reference and get no rows.
    """
    tally = _Tally(codes.size * (n_actors + 1))
    laid = []
    for k, (step, of_step) in enumerate(zip(steps, numbers, strict=True)):
        offer = _offer(k, step, of_step, codes, levels, space, n_actors, ends, impact, tally)
        if offer is not None:
            laid.append(offer)
    families = tally.families()
    row_ptr = np.concatenate([[0], np.cumsum(tally.rows, dtype=np.int64)])
    R, B = int(row_ptr[-1]), sum(offer.group.size * len(offer.targets) for offer in laid)
    if max(R, B, codes.size + len(ends.found)) > LARGEST_INDEX:
        raise ScenarioError([Problem(f"{R:,} rows with {B:,} branches", f"at most {LARGEST_INDEX:,}", ("moves",))])

    row_kind, length = np.empty(R, np.int32), np.empty(R, np.int32)
    for offer in laid:
        step, group = steps[offer.step], offer.group
        product = families[group].astype(np.int64) * tally.members(step)[group] if step.moves else group * 0
        moves = tally.moves[group] if step.moves else group * 0
        patterns, which = distinct([offer.which, group % (n_actors + 1), product, moves])
        tuples = np.concatenate([patterns[:, 1:], offer.patterns[patterns[:, 0]]], axis=1)
        row = row_ptr[group] + offer.place
        row_kind[row] = kinds.add(offer.step, numbers[offer.step], tuples)[which]
        length[row] = len(offer.targets)
    branch_ptr = np.concatenate([[0], np.cumsum(length, dtype=np.int64)])
    target = np.empty(B, np.int32)
    for offer in laid:
        first = branch_ptr[row_ptr[offer.group] + offer.place]
        for b, to in enumerate(offer.targets):
            target[first + b] = np.where(to < 0, codes.size - 1 - to, to)
    return Rows(row_ptr, row_kind, branch_ptr, target)


@dataclass(frozen=True, eq=False)
class _Offer:
    """Where one step is on offer, n rows."""

    step: int
    group: Ints
    """(n,) state * (N + 1) + mover"""
    place: NDArray[np.uint16]
    """(n,) position within the group"""
    targets: list[Index]
    """For each branch (n,) the state, or -1 - e for the end e"""
    which: Index
    """(n,) row of `patterns`"""
    patterns: Ints
    """Distinct tuples of `StepNumbers.columns`"""


class _Tally:
    """What stands in every group: rows laid, moves and members of families that count in the reference."""

    def __init__(self, groups: int) -> None:
        self.rows = np.zeros(groups, np.uint16)
        self.moves = np.zeros(groups, np.uint16)
        self.alone = np.zeros(groups, np.uint16)
        self.family: dict[str, NDArray[np.uint16]] = {}

    def count_move(self, step: Step, group: Ints) -> None:
        self.moves[group] += 1
        if step.family is None:
            self.alone[group] += 1
        else:
            self.family.setdefault(step.family, np.zeros_like(self.rows))[group] += 1

    def place(self, group: Ints) -> NDArray[np.uint16]:
        place = self.rows[group]
        self.rows[group] += 1
        return place

    def families(self) -> NDArray[np.uint16]:
        """Distinct families in every group."""
        total = self.alone.copy()
        for members in self.family.values():
            total += members > 0
        return total

    def members(self, step: Step) -> NDArray[np.uint16]:
        """Members of the step's family in every group."""
        return np.ones_like(self.rows) if step.family is None else self.family[step.family]


def _offer(
    k: int,
    step: Step,
    numbers: StepNumbers,
    codes: Ints,
    levels: Levels,
    space: Space,
    n_actors: int,
    ends: EndTable,
    impact: TermColumns,
    tally: _Tally,
) -> _Offer | None:
    """Find where a step is on offer, and where it leads from there; None if nowhere."""
    state = np.flatnonzero(holds(step.guard, levels))
    before = levels[:, state]
    landings = [land(effect, before, space) for effect in step.effects]
    if not step.always_offered:
        some = np.any([landing.changes for landing in landings], axis=0)
        if not some.all():
            state, before = state[some], before[:, some]
            landings = [land(effect, before, space) for effect in step.effects]
    group = state * (n_actors + 1) + step.mover(before)
    if step.moves:
        tally.count_move(step, group)
    if step.source.dropped or not state.size:
        return None
    targets = []
    for effect, landing in zip(step.effects, landings, strict=True):
        if effect.end is not None:
            to = -1 - ends.numbers(effect.end, before)
        else:
            to = np.searchsorted(codes, codes[state] + landing.shift).astype(np.int32)
        targets.append(to)
    patterns, which = distinct(numbers.columns(before, impact))
    return _Offer(k, group, tally.place(group), targets, which, patterns)
