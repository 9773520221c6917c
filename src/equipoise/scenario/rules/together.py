"""What is said of several parameters together can be true of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from equipoise.errors import KeyPath, Problem, shown
from equipoise.scenario.models import Scenario
from equipoise.scenario.priors import Correlation, groups, pearson
from equipoise.scenario.rules.common import repeated, unknown
from equipoise.scenario.uses import keyed

Found = Iterator[Problem]
Pair = tuple[str, str, KeyPath]
"""A parameter, one that is at least as great, and where that is said."""

LARGEST = 200
"""Correlated parameters whose matrix is still looked at."""


def orderings(scenario: Scenario) -> Found:
    """Orderings are of different parameters of one unit, do not go in circles, and leave room."""
    pairs: list[Pair] = []
    for key, ordering in keyed(scenario.orderings):
        path: KeyPath = ("orderings", key, "rising")
        faults = list(_named(scenario, ordering.rising, path)) or list(_units(scenario, ordering.rising, path))
        yield from faults
        if not faults:
            pairs += [(low, high, path) for low, high in pairwise(ordering.rising)]
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for low, high, _ in pairs:
        sorter.add(high, low)
    try:
        upwards = tuple(sorter.static_order())
    except CycleError as error:
        circle: list[str] = error.args[1]
        links = set(pairwise(circle))
        path = [path for low, high, path in pairs if (low, high) in links][-1]
        told = " below ".join(circle[:6] if len(circle) <= 6 else [*circle[:5], "..."])
        yield Problem(f"a circle: {told}", "orderings that go one way only", path)
    else:
        yield from _room(scenario, upwards, pairs)


def correlations(scenario: Scenario) -> Found:
    """Correlations are of different parameters that vary, each pair once, and can be had together."""
    sound: dict[frozenset[str], tuple[str | int, Correlation]] = {}
    for key, correlation in keyed(scenario.correlations):
        path: KeyPath = ("correlations", key, "between")
        pair = frozenset(correlation.between)
        faults = list(_named(scenario, correlation.between, path)) or list(_vary(scenario, correlation.between, path))
        if not faults and pair in sound:
            found = f"{correlation.between[0]} and {correlation.between[1]} for the second time"
            faults = [Problem(found, "one correlation for every pair", path)]
        yield from faults
        if not faults:
            sound[pair] = (key, correlation)
    tied = groups(correlation.between for _, correlation in sound.values())
    of = {name: g for g, group in enumerate(tied) for name in group}
    within: list[list[tuple[str | int, Correlation]]] = [[] for _ in tied]
    for key, correlation in sound.values():
        within[of[correlation.between[0]]].append((key, correlation))
    for group, those in zip(tied, within, strict=True):
        yield from _definite(sorted(group), those)


def kept(scenario: Scenario) -> Found:
    """The scenario's own numbers keep its orderings."""
    if any(orderings(scenario)):
        return  # What no numbers can keep is one mistake.
    for key, ordering in keyed(scenario.orderings):
        for low, high in pairwise(ordering.rising):
            one, other = scenario.parameters.get(low), scenario.parameters.get(high)
            if one is not None and other is not None and one.value > other.value:
                found = f"{low} is {one.value:g} and {high} is {other.value:g}, against what is said to rise"
                yield Problem(found, "values in that order", ("orderings", key, "rising"))


def _named(scenario: Scenario, names: Sequence[str], path: KeyPath) -> Found:
    for i, name in enumerate(names):
        if name not in scenario.parameters:
            yield unknown("parameter", name, scenario.parameters, (*path, i))
    for i, name in repeated(names):
        yield Problem(f"the parameter {shown(name)} twice", "every parameter once", (*path, i))


def _units(scenario: Scenario, names: Sequence[str], path: KeyPath) -> Found:
    for one, other in pairwise(names):
        units = scenario.parameters[one].unit, scenario.parameters[other].unit
        if units[0] != units[1]:
            found = f"{one} in {units[0]} and {other} in {units[1]}, which cannot be compared"
            yield Problem(found, "parameters of one unit", path)


def _vary(scenario: Scenario, names: Sequence[str], path: KeyPath) -> Found:
    for i, name in enumerate(names):
        if not scenario.parameters[name].varies:
            yield Problem(f"{name}, of which only one value is admissible", "a parameter that varies", (*path, i))


def _room(scenario: Scenario, upwards: Sequence[str], pairs: Sequence[Pair]) -> Found:
    """Every parameter may lie above the least values of all that are below it."""
    least = {name: scenario.parameters[name].support[0] for name in upwards}
    under: dict[str, list[tuple[str, KeyPath]]] = {name: [] for name in upwards}
    for low, high, path in pairs:
        under[high].append((low, path))
    for name in upwards:
        own, greatest = scenario.parameters[name].support
        for low, path in under[name]:
            if least[low] > greatest >= own:
                found = f"no room for {name} above {low}: it is at most {greatest:g}, but {low} at least {least[low]:g}"
                yield Problem(found, "ranges and priors in which the order can be kept", path)
                least[name] = own  # What lies above it is no second mistake.
                break
            least[name] = max(least[name], least[low])


def _definite(names: Sequence[str], within: Sequence[tuple[str | int, Correlation]]) -> Found:
    """The matrix of a group's correlations is positive definite: Cholesky's factor exists.

    The problem is placed at the last correlation of the first parameter for which it does not.
    """
    if len(names) > LARGEST:
        found = f"{len(names)} parameters that are all correlated with one another by way of others"
        yield Problem(found, f"at most {LARGEST} of them", ("correlations",))
        return
    n = len(names)
    matrix = [[float(i == j) for j in range(n)] for i in range(n)]
    for _, correlation in within:
        i, j = (names.index(name) for name in correlation.between)
        matrix[i][j] = matrix[j][i] = pearson(correlation.rank)
    factor: list[list[float]] = []
    for i in range(n):
        row: list[float] = []
        for j in range(i):
            row.append((matrix[i][j] - sum(map(float.__mul__, row, factor[j][:j]))) / factor[j][j])
        left = 1 - sum(x * x for x in row)
        if left < 1e-9:
            last = max((key for key, one in within if names[i] in one.between), key=[key for key, _ in within].index)
            told = ", ".join(names[:6]) + (f" and {n - 6} others" if n > 6 else "")
            found = f"correlations of {told} that cannot all hold: what follows from the others contradicts this one"
            yield Problem(found, "weaker ones (the matrix must be positive definite)", ("correlations", last, "rank"))
            return
        factor.append([*row, math.sqrt(left)])
