"""Starting situations are complete and possible; variants edit what exists."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.errors import Problem, shown
from equipoise.scenario.models import Scenario
from equipoise.scenario.rules.common import levels, met, unknown

MAX_COMPARISONS = 2_000_000


def starts(scenario: Scenario) -> Iterator[Problem]:
    """Every factor has a level, and the combination can occur."""
    if len(scenario.initial) * len(scenario.impossible) > MAX_COMPARISONS:
        found = f"{len(scenario.initial):,} starts and {len(scenario.impossible):,} impossible combinations"
        yield Problem(found, "fewer of either", ("initial",))
        return
    for name, situation in scenario.initial.items():
        path = ("initial", name, "state")
        yield from levels(scenario, situation.state, path)
        missing = [factor for factor in scenario.factors if factor not in situation.state]
        if missing:
            found = f"no level for {', '.join(missing[:12])}{' and others' if len(missing) > 12 else ''}"
            example = scenario.factors[missing[0]].levels[0]
            yield Problem(found, f"a level of every factor, such as `{missing[0]}: {example}`", path)
            continue
        for conjunction in scenario.impossible:
            if conjunction and met(conjunction, situation.state):
                said = ", ".join(f"{factor}: {situation.state[factor]}" for factor in conjunction)
                yield Problem(f"{{{said}}}, which is said to be impossible", "a combination that can occur", path)
                break


def reasons(scenario: Scenario) -> Iterator[Problem]:
    """Reasons are given for factors that exist."""
    for name, situation in scenario.initial.items():
        for factor in situation.because:
            if factor not in scenario.factors:
                yield unknown("factor", factor, scenario.factors, ("initial", name, "because", factor))


def impossible(scenario: Scenario) -> Iterator[Problem]:
    """Not everything is impossible."""
    for i, conjunction in enumerate(scenario.impossible):
        if not conjunction:
            right = "a combination such as `{pledge: none, credit: believed}`"
            yield Problem("an empty combination, so that everything is impossible", right, ("impossible", i))


def variants(scenario: Scenario) -> Iterator[Problem]:
    """Variants drop, pin, start from and set what exists."""
    ids = [step.id for step in scenario.steps]
    known = set(ids)
    for name, variant in scenario.variants.items():
        path = ("variants", name)
        for i, step in enumerate(variant.drop):
            if step not in known:
                yield unknown("move or event", step, ids, (*path, "drop", i))
        yield from levels(scenario, variant.pin, (*path, "pin"))
        yield from levels(scenario, variant.start, (*path, "start"))
        for factor in variant.start.keys() & variant.pin.keys():
            found = f"{shown(factor)} under start, though it is pinned"
            yield Problem(found, "a factor under start or under pin", (*path, "start", factor))
        for parameter in variant.set:
            if parameter not in scenario.parameters:
                yield unknown("parameter", parameter, scenario.parameters, (*path, "set", parameter))
        if not (variant.drop or variant.pin or variant.start or variant.set or variant.without):
            yield Problem(f"the variant {shown(name)} changes nothing", "drop, pin, start, set or without", path)
