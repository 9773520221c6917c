"""Whether a scenario of the right shape makes sense: names, units, levels, effects, starting situations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from equipoise.errors import Problem
from equipoise.scenario.models import Scenario
from equipoise.scenario.rules import claims, effects, fairness, leftovers, names, numbers, priors, starts, together

MAX_PROBLEMS = 100
"""Of each severity; nobody reads more, and looking for near names takes time."""

Rule = Callable[[Scenario], Iterator[Problem]]
ERRORS: tuple[Rule, ...] = (
    names.reserved,
    names.distinct,
    names.seats,
    names.actors,
    names.levels,
    names.preferences,
    names.parameters_exist,
    names.argument,
    names.sources,
    numbers.magnitude,
    numbers.units,
    numbers.positive,
    numbers.weights,
    together.orderings,
    together.correlations,
    effects.changes,
    starts.starts,
    starts.reasons,
    starts.impossible,
    starts.variants,
    claims.measures,
    claims.tests,
    claims.bounds,
)
AS_WRITTEN: tuple[Rule, ...] = (priors.ranges, priors.priors, together.kept, effects.point, claims.needs)
"""Errors of an author that an edit for one run may well bring about."""
WARNINGS: tuple[Rule, ...] = (
    leftovers.unused,
    leftovers.bystanders,
    leftovers.vacuous,
    leftovers.idle,
    leftovers.never,
    leftovers.inert,
    leftovers.outside,
    fairness.fair,
)


def check(scenario: Scenario, *, edited: bool = False) -> list[Problem]:
    """Every problem of a scenario, errors first, at most `MAX_PROBLEMS` of each severity.

    Problems have a path of keys; reading from a file adds the position. In a scenario that was ``edited`` for one run,
    by a variant or other numbers, moves may be left without effect and values may lie outside their ranges.
    """
    problems: list[Problem] = []
    for rules in (ERRORS if edited else ERRORS + AS_WRITTEN, WARNINGS):
        found = (problem for rule in rules for problem in rule(scenario))
        problems += islice(found, MAX_PROBLEMS)
    return problems
