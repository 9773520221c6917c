"""Ranges and priors are distributions, and the values are among what they allow."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from statistics import NormalDist

from equipoise.errors import KeyPath, Problem
from equipoise.scenario.models import Parameter, Prior, Scenario
from equipoise.scenario.priors import LEVELS, named_quantiles
from equipoise.scenario.rules.numbers import GREATEST, LEAST

Found = Iterator[Problem]

FARTHEST = 6.0
"""Standard deviations beyond which next to no draw lies."""


def ranges(scenario: Scenario) -> Found:
    """Ranges run from low to high and hold the value."""
    for name, parameter in scenario.parameters.items():
        if parameter.range is None:
            continue
        path = ("parameters", name)
        low, high = parameter.range
        if low > high:
            yield Problem(f"a range from {low:g} down to {high:g}", "the least value first", (*path, "range"))
        elif not low <= parameter.value <= high:
            found = f"the value {parameter.value:g} outside its range from {low:g} to {high:g}"
            yield Problem(found, "a value within the range", (*path, "value"))


def priors(scenario: Scenario) -> Found:
    """Priors are well formed, fit the unit and the range, and allow the value."""
    for name, parameter in scenario.parameters.items():
        if parameter.prior is None:
            continue
        path = ("parameters", name)
        faults = list(_formed(parameter.prior, (*path, "prior"))) or [
            *_units(parameter, parameter.prior, (*path, "prior")),
            *_far(parameter, parameter.prior, (*path, "prior", "lognormal")),
            *_cut(parameter, parameter.prior, (*path, "prior")),
        ]
        # Whether a prior that is broken allows the value cannot be said.
        yield from faults or _allowed(parameter, parameter.prior, (*path, "value"))


def _formed(prior: Prior, path: KeyPath) -> Found:
    """The numbers of a prior make a distribution."""
    interval = prior.uniform or prior.loguniform or prior.triangular
    at = (*path, prior.form)
    if interval is not None and interval.low >= interval.high:
        found = f"a prior from {interval.low:g} to {interval.high:g}"
        yield Problem(found, "a low end below the high end", at)
    elif prior.loguniform is not None and prior.loguniform.low == 0:
        yield Problem("a loguniform prior from 0", "a low end above 0", (*at, "low"))
    elif prior.triangular is not None and not prior.triangular.low <= prior.triangular.mode <= prior.triangular.high:
        ends = prior.triangular
        found = f"a mode of {ends.mode:g} outside the prior's ends {ends.low:g} and {ends.high:g}"
        yield Problem(found, "a likeliest value between the ends", (*at, "mode"))
    told = prior.lognormal or prior.quantiles
    given = list(named_quantiles(told).items()) if told is not None else []
    for (low, value), (high, other) in pairwise(given):
        if other <= value:
            found = f"a {high} of {other:g} with a {low} of {value:g}"
            yield Problem(found, f"a {high} above the {low}", (*at, high))
    seen: set[float] = set()
    for i, possible in enumerate(prior.discrete or ()):
        if possible.value in seen:
            yield Problem(f"the value {possible.value:g} twice", "every value once", (*at, i, "value"))
        seen.add(possible.value)


def _far(parameter: Parameter, prior: Prior, path: KeyPath) -> Found:
    """A lognormal prior ends where a computer still can reckon, if no range cuts it off."""
    if prior.lognormal is None or parameter.range is not None:
        return
    normal = NormalDist()
    (a, x), (b, y) = ((normal.inv_cdf(LEVELS[q]), math.log(v)) for q, v in named_quantiles(prior.lognormal).items())
    sd = (y - x) / (b - a)
    for end, z in (("down", -FARTHEST), ("up", FARTHEST)):
        reach = (x + (z - a) * sd) / math.log(10)
        if not math.log10(LEAST) <= reach <= math.log10(GREATEST):
            found = f"a prior that reaches {end} to 1e{reach:+.0f} in one draw of a thousand million"
            yield Problem(found, "quantiles that are nearer to one another, or a range that cuts it off", path)
            return


def _units(parameter: Parameter, prior: Prior, path: KeyPath) -> Found:
    """Counts are of what can be counted."""
    if prior.gamma is not None and parameter.unit != "1/year":
        found = f"events per years as the prior of a number in {parameter.unit}"
        yield Problem(found, "unit: 1/year", (*path, "gamma"))
    if prior.beta is not None and (parameter.unit not in ("weight", "ratio") or parameter.value > 1):
        found = f"successes and failures as the prior of {parameter.value:g} {parameter.unit}"
        yield Problem(found, "a weight or ratio of at most 1", (*path, "beta"))


def _cut(parameter: Parameter, prior: Prior, path: KeyPath) -> Found:
    """The range of a parameter leaves something of its prior, and every value of a discrete one."""
    if parameter.range is None or parameter.range[0] > parameter.range[1]:
        return
    least, greatest = parameter.range
    for i, possible in enumerate(prior.discrete or ()):
        if not least <= possible.value <= greatest:
            found = f"the possible value {possible.value:g} outside the range from {least:g} to {greatest:g}"
            yield Problem(found, "a value within the range", (*path, "discrete", i, "value"))
    low, high = parameter.support
    if prior.discrete is None and low >= high:
        found = f"a prior of which nothing lies in the range from {least:g} to {greatest:g}"
        yield Problem(found, "a range and a prior that overlap", (*path, prior.form))


def _allowed(parameter: Parameter, prior: Prior, path: KeyPath) -> Found:
    """The scenario's own number is one that the prior could give; a range has its own rule."""
    low, high = prior.support
    value = parameter.value
    if prior.discrete is not None and value not in [possible.value for possible in prior.discrete]:
        values = ", ".join(f"{possible.value:g}" for possible in prior.discrete)
        yield Problem(f"the value {value:g}, which is not among those of its prior", f"one of {values}", path)
    elif not low <= value <= high:
        found = f"the value {value:g} outside its prior from {low:g} to {high:g}"
        yield Problem(found, "a value that the prior allows", path)
    elif value == 0 and not prior.reaches_0 and prior.beta is None:
        yield Problem("the value 0, which its prior rules out", "a value above 0", path)
