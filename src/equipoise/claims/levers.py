"""What moves a number most: every parameter's derivative, in units of what is not known of the parameter."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.draws.distribution import distribution
from equipoise.errors import KeyPath
from equipoise.levers.adjoint import Gradient
from equipoise.scenario import uses
from equipoise.scenario.models import Parameter, Scenario

TAILS = (0.05, 0.95)
"""Between these quantiles a parameter may plausibly lie."""


@dataclass(frozen=True)
class Lever:
    """One parameter's hold on a number, all others held and the equilibrium moving along."""

    parameter: str
    value: float
    """The scenario's own number."""
    unit: str
    derivative: float
    """Unit of the number by unit of the parameter."""
    elasticity: float
    """Per cent by which the number changes if the parameter does by one; nan where one of the two is 0."""
    low: float
    """Plausibly not below (the 5% quantile of what is known of it); nan if nothing is said of it."""
    high: float
    """Plausibly not above (95%)."""
    to_low: float
    """What moving it there does to the number, to first order; nan if nothing is said of it."""
    to_high: float
    mechanisms: tuple[str, ...]
    """Ids of the argument that the lines implement in which it counts."""
    sources: tuple[str, ...]

    @property
    def reach(self) -> float:
        """The greater of the two changes, without its sign; 0 if nothing is said of it."""
        return max((abs(change) for change in (self.to_low, self.to_high) if math.isfinite(change)), default=0.0)


@dataclass(frozen=True)
class Group:
    """Levers that share a mechanism or a source."""

    name: str
    """Empty for those that have none."""
    levers: tuple[Lever, ...]
    lowers: float
    """What they do together to first order, each moved to the side that makes the number smaller: the root of the sum
    of squares of the changes, with its sign, as doubts add that are independent of each other."""
    raises: float
    """The same, each moved to the side that makes it larger."""

    @property
    def reach(self) -> float:
        """The greater of the two, without its sign."""
        return max(-self.lowers, self.raises)


def levers(scenario: Scenario, gradient: Gradient) -> tuple[Lever, ...]:
    """Every parameter's lever, the longest reach first; ``gradient`` is in the scenario's order of parameters.

    A move is taken along ratios where that is how the parameter is drawn, that is where it cannot be 0:

        change = dm/dtheta (end - theta),   or   dm/dtheta theta log(end/theta).

    Both are the same to first order; neither says what a large move really does.
    """
    mechanisms = mechanisms_of(scenario)
    found = [
        _lever(name, parameter, gradient.number, float(by), mechanisms.get(name, ()))
        for (name, parameter), by in zip(scenario.parameters.items(), gradient.by_parameter, strict=True)
    ]
    return tuple(sorted(found, key=lambda lever: (-lever.reach, -abs(lever.derivative), lever.parameter)))


def grouped(found: Sequence[Lever], *, by: str) -> tuple[Group, ...]:
    """The levers by `mechanism` or by `source`, the longest reach first; one that has several stands in each."""
    members: dict[str, list[Lever]] = {}
    for lever in found:
        for name in (lever.mechanisms if by == "mechanism" else lever.sources) or ("",):
            members.setdefault(name, []).append(lever)
    groups = []
    for name, each in members.items():
        changes = [[c for c in (lever.to_low, lever.to_high, 0.0) if math.isfinite(c)] for lever in each]
        lowers, raises = (math.hypot(*map(side, changes)) for side in (min, max))
        groups.append(Group(name, tuple(each), -lowers, raises))
    return tuple(sorted(groups, key=lambda group: (-group.reach, group.name)))


def mechanisms_of(scenario: Scenario) -> Mapping[str, tuple[str, ...]]:
    """Ids of the argument that each parameter serves: those of the innermost line around each of its uses."""
    lines: dict[KeyPath, tuple[str, ...]] = {path[:-1]: ids for path, ids in uses.mechanisms(scenario) if ids}
    found: dict[str, dict[str, None]] = {}
    for use in uses.parameters(scenario):
        inner = next((lines[use.path[:n]] for n in range(len(use.path), 0, -1) if use.path[:n] in lines), ())
        found.setdefault(str(use.ref), {}).update(dict.fromkeys(inner))
    return {name: tuple(ids) for name, ids in found.items()}


def _lever(name: str, parameter: Parameter, number: float, derivative: float, mechanisms: tuple[str, ...]) -> Lever:
    value, low, high = parameter.value, math.nan, math.nan
    if parameter.varies:
        low, high = (float(end) for end in distribution(name, parameter).quantile(np.array(TAILS)))
    ratios = value > 0 and parameter.support[0] > 0

    def change(end: float) -> float:
        return derivative * (value * math.log(end / value) if ratios else end - value)

    return Lever(
        parameter=name,
        value=value,
        unit=parameter.unit,
        derivative=derivative,
        elasticity=derivative * value / number if number and value else math.nan,
        low=low,
        high=high,
        to_low=change(low),
        to_high=change(high),
        mechanisms=mechanisms,
        sources=tuple(source.strip() for source in parameter.source.split(",")),
    )
