"""Moves and events do something, and what they do can be done."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.errors import KeyPath, Problem
from equipoise.scenario.models import Condition, Factor, Move, Scenario
from equipoise.scenario.rules.common import no_level, unknown
from equipoise.scenario.uses import branches, steps


def changes(scenario: Scenario) -> Iterator[Problem]:
    """What changes exists, and `up` and `down` have somewhere to go."""
    for path, step, branch in branches(scenario):
        if branch.end is not None and branch.end not in scenario.outcomes:
            yield unknown("outcome", branch.end, scenario.outcomes, (*path, "end"))
        if branch.end is not None and branch.set:
            yield Problem("set and end together", "one of the two: an end is judged in the state that is left", path)
        for name, level in branch.set.items():
            at = (*path, "set", name)
            factor = scenario.factors.get(name)
            if factor is None:
                yield unknown("factor", name, scenario.factors, at)
            elif level in ("up", "down"):
                yield from _step_of_one(name, factor, level, step.when, at)
            elif level not in factor.levels:
                yield no_level(name, level, factor.levels, at)


def point(scenario: Scenario) -> Iterator[Problem]:
    """A move or event changes something or is felt."""
    for path, step in steps(scenario):
        changed = any(branch.set or branch.end for branch in step.branches)
        felt = bool(step.impact) or any(branch.impact for branch in step.then)
        repeatable = isinstance(step, Move) and step.repeatable
        if repeatable and not felt:
            right = "an impact, which is the point of repeating it"
            yield Problem("a repeatable move without impact", right, (*path, "repeatable"))
        elif not changed and not felt:
            yield Problem("no effect: nothing is set, nothing ends, nobody feels it", "set, end, then or impact", path)
        elif not changed and isinstance(step, Move) and not repeatable:
            yield Problem("a move that changes nothing", "`repeatable: true` if its impact is the point", path)


def _step_of_one(name: str, factor: Factor, way: str, when: Condition, path: KeyPath) -> Iterator[Problem]:
    if not factor.ordered:
        yield Problem(f"'{way}' on {name}, whose levels have no order", f"a level, or `ordered: true` in {name}", path)
        return
    last = factor.levels[-1 if way == "up" else 0]
    rest = [level for level in factor.levels if level != last]
    if not rest:
        yield Problem(f"'{way}' on {name}, which has one level only", "a factor with two levels or more", path)
    elif not when or any(last in conjunction.get(name, factor.levels) for conjunction in when):
        found = f"{name} may already be {last}, from where it cannot go {way}"
        yield Problem(found, f"`{name}: [{', '.join(rest)}]` in `when`", path)
