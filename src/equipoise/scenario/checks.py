"""Whether a scenario of the right shape makes sense: names, units, levels, effects, starting situations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from equipoise.errors import Problem
from equipoise.scenario.models import Scenario
from equipoise.scenario.rules import effects, leftovers, names, numbers, starts

MAX_PROBLEMS = 100
"""Of each severity; nobody reads more, and looking for near names takes time."""

Rule = Callable[[Scenario], Iterator[Problem]]
ERRORS: tuple[Rule, ...] = (
    names.reserved,
    names.distinct,
    names.seats,
    names.actors,
    names.levels,
    names.parameters_exist,
    names.argument,
    names.sources,
    numbers.units,
    numbers.positive,
    numbers.ranges,
    numbers.weights,
    effects.changes,
    effects.point,
    starts.starts,
    starts.reasons,
    starts.impossible,
    starts.variants,
)
WARNINGS: tuple[Rule, ...] = (
    leftovers.unused,
    leftovers.bystanders,
    leftovers.vacuous,
    leftovers.idle,
    leftovers.never,
    leftovers.inert,
    leftovers.outside,
)


def check(scenario: Scenario) -> list[Problem]:
    """Every problem of a scenario, errors first, at most `MAX_PROBLEMS` of each severity.

    Problems have a path of keys; reading from a file adds the position.
    """
    problems: list[Problem] = []
    for rules in (ERRORS, WARNINGS):
        found = (problem for rule in rules for problem in rule(scenario))
        problems += islice(found, MAX_PROBLEMS)
    return problems
