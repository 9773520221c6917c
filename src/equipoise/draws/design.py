"""Designs: which values of the parameters are tried, each draw a function of its number alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from equipoise.draws import sequences
from equipoise.draws.dependence import Group, dependence
from equipoise.draws.distribution import Distribution, Floats, distribution
from equipoise.errors import RequestError, no_such
from equipoise.scenario.models import Scenario
from equipoise.scenario.phrases import listed

Method = Literal["sobol", "lhs", "saltelli", "morris"]
METHODS: tuple[Method, ...] = get_args(Method)
MOST = 2**sequences.BITS
"""Points of the sequence; nobody has the time for more draws."""


@dataclass(frozen=True, eq=False)
class Points:
    """Some draws of a design."""

    parameters: tuple[str, ...]
    quantiles: Floats
    """(n, P) place of each value in its parameter's own distribution, in (0, 1)."""
    values: Floats
    """(n, P) in the parameters' units."""

    def __len__(self) -> int:
        return len(self.values)

    def settings(self, row: int) -> dict[str, float]:
        """The values of one draw by parameter, as `Game.with_parameters` takes them."""
        return dict(zip(self.parameters, self.values[row].tolist(), strict=True))


@dataclass(frozen=True, eq=False)
class Design:
    """Which parameters vary, and how their values are drawn."""

    parameters: tuple[str, ...]
    """(P,) in the order of the scenario."""
    distributions: tuple[Distribution, ...]
    """(P,)"""
    method: Method
    seed: int
    count: int | None
    """Number of draws, for `lhs`, whose draws depend on it; None where there is no end to them."""
    groups: tuple[Group, ...] = ()
    """Parameters that orderings or correlations tie together; the others are independent of all."""

    def points(self, first: int, last: int) -> Points:
        """Draws first .. last - 1; draw k is the same whichever are asked for with it.

        Raises:
            RequestError: there are no such draws.
        """
        most = MOST if self.count is None else self.count
        if not 0 <= first <= last <= most:
            raise RequestError(f"there are no draws {first} to {last}; right would be numbers from 0 to {most}")
        quantiles = self._unit(first, last)
        for g, group in enumerate(self.groups):
            members = group.members
            quantiles[:, members] = group.quantiles(quantiles[:, members], (self.seed, g), first)
        values = np.stack([each.quantile(quantiles[:, j]) for j, each in enumerate(self.distributions)], axis=1)
        return Points(self.parameters, quantiles, values)

    def _unit(self, first: int, last: int) -> Floats:
        """(last - first, P) independent points of the unit cube."""
        if self.method == "lhs":
            return self._hypercube[first:last].copy()
        sequence = {"sobol": sequences.sobol, "saltelli": sequences.saltelli, "morris": sequences.morris}[self.method]
        return sequence(len(self.parameters), self.seed, first, last)

    @cached_property
    def _hypercube(self) -> Floats:
        assert self.count is not None  # `design` sees to it
        return sequences.latin(len(self.parameters), self.seed, self.count)


def design(
    scenario: Scenario,
    *,
    method: Method = "sobol",
    seed: int = 0,
    count: int | None = None,
    parameters: Sequence[str] | None = None,
) -> Design:
    """A design over what is not known in a scenario.

    Args:
        scenario: whose ranges and priors are drawn from.
        method: `sobol`, a scrambled Sobol' sequence, to which draws can be added for ever; `lhs`, a Latin hypercube of
            `count` draws; `saltelli` and `morris`, for sensitivity indices by blocks and trajectories.
        seed: another seed, other draws; the same seed, the same draws.
        count: number of draws of `lhs`, and of no other method.
        parameters: those that vary; every one that has more than one admissible value, if left out. The others keep the
            scenario's own values.

    Raises:
        RequestError: nothing varies, a name is unknown or of a parameter that cannot vary, the method or count is not
            one, or the method moves parameters one by one that are tied together.
        ScenarioError: a range leaves nothing of a prior, or the priors next to nothing of an ordering.
    """
    if method not in METHODS:
        raise no_such("method of drawing", method, METHODS)
    if seed < 0:
        raise RequestError(f"the seed {seed}; right would be a whole number, 0 or above")
    if method == "lhs" and count is None:
        raise RequestError("a Latin hypercube without a count; right would be the number of draws, on which all depend")
    if method != "lhs" and count is not None:
        raise RequestError(f"a count for {method}; right would be none: its draws do not depend on how many there are")
    if count is not None and not 1 <= count <= MOST:
        raise RequestError(f"{count} draws; right would be a number from 1 to {MOST}")
    names = _varying(scenario, parameters)
    distributions = tuple(distribution(name, scenario.parameters[name]) for name in names)
    groups = dependence(scenario, names, distributions)
    if groups and method in ("saltelli", "morris"):
        tied = listed([names[j] for j in groups[0].members])
        right = "sobol or lhs, or `parameters` that nothing ties together"
        raise RequestError(f"{method} moves one parameter alone, but {tied} are tied together; right would be {right}")
    return Design(names, distributions, method, seed, count, groups)


def _varying(scenario: Scenario, asked: Sequence[str] | None) -> tuple[str, ...]:
    """Those of the parameters asked for that vary, in the order of the scenario."""
    for name in asked or ():
        if name not in scenario.parameters:
            raise no_such("parameter", name, scenario.parameters)
        if not scenario.parameters[name].varies:
            right = "a parameter with a range or prior of more than one value"
            raise RequestError(f"parameter '{name}' does not vary; right would be {right}")
    names = tuple(
        name for name, parameter in scenario.parameters.items() if parameter.varies and (asked is None or name in asked)
    )
    if not names:
        raise RequestError("nothing varies; right would be a `range` or `prior` for the parameters that are not known")
    return names
