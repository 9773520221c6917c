"""What is said of several parameters together can be true of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from equipoise.errors import KeyPath, Problem, shown
from equipoise.scenario.models import Scenario
from equipoise.scenario.priors import Correlation, groups, pearson
from equipoise.scenario.rules.common import repeated, unknown
from equipoise.scenario.uses import keyed

Found = Iterator[Problem]

LARGEST = 200
"""Correlated parameters whose matrix is still looked at."""


def orderings(scenario: Scenario) -> Found:
    """Orderings are of different parameters of one unit, do not go in circles, and leave room."""
    pairs: list[tuple[str, str, KeyPath]] = []
    for key, ordering in keyed(scenario.orderings):
        path: KeyPath = ("orderings", key, "rising")
        faults = list(_named(scenario, ordering.rising, path))
        yield from faults
        if not faults:
            pairs += [(low, high, path) for low, high in pairwise(ordering.rising)]
    above: dict[str, set[str]] = {}
    sound = []
    for low, high, path in pairs:
        if _reaches(above, high, low):
            right = "orderings that go one way only"
            yield Problem(f"{low} below {high}, which is below {low} by what is said before", right, path)
        else:
            above.setdefault(low, set()).add(high)
            sound.append((low, high, path))
    yield from _room(scenario, sound)


def correlations(scenario: Scenario) -> Found:
    """Correlations are of different parameters that vary, each pair once, and can be had together."""
    seen: set[frozenset[str]] = set()
    sound: list[tuple[str | int, Correlation]] = []
    for key, correlation in keyed(scenario.correlations):
        path: KeyPath = ("correlations", key, "between")
        faults = list(_named(scenario, correlation.between, path, one_unit=False))
        pair = frozenset(correlation.between)
        if not faults:
            for i, name in enumerate(correlation.between):
                if not scenario.parameters[name].varies:
                    found = f"{name}, of which only one value is admissible"
                    faults.append(Problem(found, "a parameter with a range or prior", (*path, i)))
            if pair in seen:
                found = f"{correlation.between[0]} and {correlation.between[1]} for the second time"
                faults.append(Problem(found, "one correlation for every pair", path))
        yield from faults
        seen.add(pair)
        if not faults:
            sound.append((key, correlation))
    for group in groups([correlation.between for _, correlation in sound]):
        within = [(key, one) for key, one in sound if one.between[0] in group]
        yield from _definite(sorted(group), within)


def kept(scenario: Scenario) -> Found:
    """The scenario's own numbers keep its orderings."""
    for key, ordering in keyed(scenario.orderings):
        for low, high in pairwise(ordering.rising):
            one, other = scenario.parameters.get(low), scenario.parameters.get(high)
            if one is not None and other is not None and one.value > other.value:
                found = f"{low} is {one.value:g} and {high} is {other.value:g}, against what is said to rise"
                yield Problem(found, "values in that order", ("orderings", key, "rising"))


def _named(scenario: Scenario, names: Sequence[str], path: KeyPath, *, one_unit: bool = True) -> Found:
    for i, name in enumerate(names):
        if name not in scenario.parameters:
            yield unknown("parameter", name, scenario.parameters, (*path, i))
    for i, name in repeated(names):
        yield Problem(f"the parameter {shown(name)} twice", "every parameter once", (*path, i))
    known = [name for name in names if name in scenario.parameters]
    for one, other in pairwise(known) if one_unit else ():
        units = scenario.parameters[one].unit, scenario.parameters[other].unit
        if units[0] != units[1]:
            found = f"{one} in {units[0]} and {other} in {units[1]}, which cannot be compared"
            yield Problem(found, "parameters of one unit", path)


def _reaches(above: dict[str, set[str]], begin: str, end: str) -> bool:
    """Whether what is said so far puts one parameter below another, by way of others."""
    waiting, seen = [begin], {begin}
    while waiting:
        name = waiting.pop()
        if name == end:
            return True
        new = above.get(name, set()) - seen
        seen |= new
        waiting += new
    return False


def _room(scenario: Scenario, pairs: Sequence[tuple[str, str, KeyPath]]) -> Found:
    """Every parameter may lie above the least values of all that are below it."""
    names = dict.fromkeys(name for low, high, _ in pairs for name in (low, high))
    least = {name: scenario.parameters[name].support[0] for name in names}
    said: set[str] = set()
    changed = True
    while changed:  # There are no circles, so this ends after as many rounds as the longest chain has links.
        changed = False
        for low, high, path in pairs:
            if least[low] <= least[high]:
                continue
            least[high], changed = least[low], True
            greatest = scenario.parameters[high].support[1]
            if least[high] > greatest and high not in said:
                said.add(high)
                found = f"no room for {high} above {low}: it is at most {greatest:g}, but {low} at least {least[low]:g}"
                yield Problem(found, "ranges and priors in which the order can be kept", path)


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
