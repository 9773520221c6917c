"""Which states a scenario can reach."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import numpy as np

from equipoise.errors import KeyPath, Problem, ScenarioError
from equipoise.game.game import Ints
from equipoise.game.states import LARGEST_CODE, Columns, Flags, Guard, Levels, Space, holds
from equipoise.game.steps import Step, land
from equipoise.scenario.models import Scenario

Progress = Callable[[str, int], None]
"""Told the stage and how much of it is done: states found, rows laid."""

CHUNK = 1 << 16
DEEPEST = 5_000


def explore(
    scenario: Scenario, space: Space, steps: Sequence[Step], *, max_states: int, progress: Progress | None = None
) -> Ints:
    """Codes of the states that moves and events reach from the starting situations, ascending.

    Breadth first, one round per distance from the start. Stops with an error, in bounded time and memory, as soon
    as there are more than ``max_states``, or a state lies farther off than any readable story.

    Raises:
        ScenarioError: too many states, or steps that lead into impossible states (one example of each).
    """
    if space.size > LARGEST_CODE:
        size = f"the levels combine to {Decimal(space.size):.2e} states, more than can be numbered"
        raise ScenarioError([_too_many(size)])
    frontier = _distinct([np.array([space.encode(s.state) for s in scenario.initial.values()], np.int64)])
    impossible = [(set(dict(c)), (c,)) for c in space.guard(scenario.impossible)]
    problems: dict[KeyPath, Problem] = {}
    active = [step for step in steps if not step.source.dropped]
    seen = frontier
    for _ in range(DEEPEST):
        if not frontier.size:
            break
        found: Ints = np.empty(0, np.int64)
        for first in range(0, frontier.size, CHUNK):
            codes = frontier[first : first + CHUNK]
            levels = space.decode(codes)
            reached = [_reached(step, codes, levels, space, impossible, problems) for step in active]
            found = _distinct([found, _without(_distinct(reached), seen)])
            if seen.size + found.size > max_states:
                raise ScenarioError([_too_many(f"more than {max_states:,} states can be reached")])
        seen, frontier = _distinct([seen, found]), found
        if progress:
            progress("states", seen.size)
    else:
        raise ScenarioError([_too_many(f"some states lie more than {DEEPEST:,} moves and events from the start")])
    if problems:
        raise ScenarioError(list(problems.values()))
    return seen


def _reached(
    step: Step,
    codes: Ints,
    levels: Levels,
    space: Space,
    impossible: Sequence[tuple[set[int], Guard]],
    problems: dict[KeyPath, Problem],
) -> Ints:
    """Codes that one step leads to; where a branch leads into the impossible, one problem for the branch."""
    here = np.flatnonzero(holds(step.guard, levels))
    if not here.size:
        return here
    before = levels[:, here]
    reached = []
    for b, effect in enumerate(step.effects):
        landing = land(effect, before, space)
        bad = _broken(landing.columns, before, impossible) & landing.changes
        if bad.any():
            path = step.branch_path(b)
            problems.setdefault(
                path, _impossible(step, path, before[:, bad.argmax()], landing.columns, bad.argmax(), space)
            )
        good = landing.changes & ~bad if effect.end is None else np.zeros(here.size, bool)
        reached.append((codes[here] + landing.shift)[good])
    return np.concatenate(reached)


def _broken(columns: Columns, before: Levels, impossible: Sequence[tuple[set[int], Guard]]) -> Flags:
    """Which states become impossible; only combinations that mention a changed factor can be new."""
    broken = np.zeros(before.shape[1], bool)
    for mentions, guard in impossible:
        if mentions & columns.keys():
            broken |= holds(guard, before, columns)
    return broken


def _distinct(codes: Sequence[Ints]) -> Ints:
    """Codes from several arrays, ascending, each once (NumPy's own `unique` hashes, which is slow on such codes)."""
    together: Ints = np.concatenate([np.empty(0, np.int64), *codes])
    together.sort(kind="stable")
    fresh = np.ones(together.size, bool)
    fresh[1:] = together[1:] != together[:-1]
    return together[fresh]


def _without(codes: Ints, seen: Ints) -> Ints:
    """Those of the codes that are not among the ascending codes seen."""
    at = np.minimum(np.searchsorted(seen, codes), seen.size - 1)
    new: Ints = codes[seen[at] != codes]
    return new


def _impossible(step: Step, path: KeyPath, before: np.ndarray, columns: Columns, at: np.intp, space: Space) -> Problem:
    after = ", ".join(f"{space.factors[k]}: {space.levels[k][column[at]]}" for k, column in columns.items())
    return Problem(
        found=f"'{step.source.id}' leads from {{{space.tell(before)}}} to {{{after}}}, an impossible combination",
        right="a `when` that leaves this situation out, or an effect that also sets the other factors",
        path=path,
    )


def _too_many(found: str) -> Problem:
    return Problem(
        found=found,
        right="fewer factors or levels, more combinations under `impossible`, narrower `when`, or a larger max_states",
        path=("factors",),
    )
