"""What a worker does: it compiles and keeps the games of a plan, and works on some draws in order."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from equipoise.ensemble.draw import solve_draw
from equipoise.ensemble.layout import Axes, Records, empty
from equipoise.ensemble.parents import Parents, Values, solve_parent
from equipoise.ensemble.plan import Plan
from equipoise.equilibrium.convention import Convention


class Unit(NamedTuple):
    """Consecutive draws, first to last - 1: what one task of an executor works on."""

    first: int
    last: int


@dataclass(frozen=True)
class Brief:
    """A plan with its solved parents, packed: all that a worker in any process needs, sent with every unit."""

    packed: bytes

    @staticmethod
    def of(plan: Plan, values: dict[Convention, Values]) -> Brief:
        return Brief(pickle.dumps((replace(plan), values), protocol=5))


def parent_values(packed_plan: bytes, convention: Convention) -> Values:
    """Task: the parents of every draw under one convention."""
    return solve_parent(pickle.loads(packed_plan), convention)


def work(brief: Brief, unit: Unit) -> Records:
    """Task: the records of a unit's draws; a function of the brief and of the draws' indices alone."""
    parents, axes = _opened(brief.packed)
    points = parents.plan.design.points(*unit)
    records = empty(axes, unit.last - unit.first)
    records["quantile"][:], records["value"][:] = points.quantiles, points.values
    for row in range(len(points)):
        solved = solve_draw(parents, axes, unit.first + row, points.settings(row))
        for name, array in solved.items():
            if name not in ("quantile", "value"):
                records[name][row] = array[0]
    return records


@lru_cache(maxsize=2)
def _opened(packed: bytes) -> tuple[Parents, Axes]:
    """The brief unpacked and its games compiled, once per process."""
    plan, values = pickle.loads(packed)
    parents = Parents(plan, values)
    return parents, Axes.of(plan, parents.cases)
