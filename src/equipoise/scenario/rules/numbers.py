"""Units fit, values lie in their ranges, and what must be positive is."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from equipoise.errors import KeyPath, Problem
from equipoise.scenario.models import Parameter, Prior, Scenario
from equipoise.scenario.uses import parameters, steps

LEAST, GREATEST = 1e-12, 1e12
"""Beyond these, sums and products of numbers lose every digit in double precision, or overflow."""


def magnitude(scenario: Scenario) -> Iterator[Problem]:
    """Numbers are 0 or of a size that a computer can reckon with."""
    given = [
        (("parameters", name, *path), number)
        for name, parameter in scenario.parameters.items()
        for path, number in _given(parameter)
    ]
    given += [
        (("variants", name, "set", ref), number)
        for name, variant in scenario.variants.items()
        for ref, number in variant.set.items()
    ]
    for path, number in given:
        if number != 0 and not LEAST <= number <= GREATEST:
            right = f"0, or a number between {LEAST:g} and {GREATEST:g}; another scale of utils, if these are utils"
            yield Problem(f"the number {number:g}", right, path)


def units(scenario: Scenario) -> Iterator[Problem]:
    """A parameter has the unit that its use demands."""
    for use in parameters(scenario):
        known = scenario.parameters.get(str(use.ref))
        if known is not None and known.unit != use.unit:
            found = f"the parameter {use.ref} has the unit {known.unit}, but stands for {use.what}"
            yield Problem(found, f"a parameter with the unit {use.unit}", use.path)


def positive(scenario: Scenario) -> Iterator[Problem]:
    """Discount rates and noise are above 0, at the scenario's own number and at every admissible one."""
    uses = [use for use in parameters(scenario) if use.path[0] == "actors" and use.path[2] in ("discount", "noise")]
    for use in uses:
        parameter = scenario.parameters.get(str(use.ref))
        if value(scenario, use.ref) == 0:
            what = f"{use.what} of noise" if use.path[-1] == "by" else use.what
            yield Problem(f"{what} of 0", f"{what} above 0", use.path)
        elif parameter and parameter.unit == use.unit and parameter.range is not None and parameter.range[0] == 0:
            found = f"the parameter {use.ref} may be 0, but stands for {use.what}"
            yield Problem(found, "a range that starts above 0", ("parameters", str(use.ref), "range"))
    needed = {str(use.ref): use.what for use in uses}
    for name, variant in scenario.variants.items():
        for ref, number in variant.set.items():
            if number == 0 and ref in needed:
                yield Problem(f"{needed[ref]} of 0", f"{needed[ref]} above 0", ("variants", name, "set", ref))


def ranges(scenario: Scenario) -> Iterator[Problem]:
    """Ranges run from low to high and hold the value, and so do priors."""
    for name, parameter in scenario.parameters.items():
        path = ("parameters", name)
        yield from _range(parameter, (*path, "range"))
        if parameter.prior is not None:
            yield from _prior(parameter, parameter.prior, (*path, "prior"))


def weights(scenario: Scenario) -> Iterator[Problem]:
    """Some branch of every step has a weight above 0."""
    for path, step in steps(scenario):
        values = [value(scenario, branch.weight) for branch in step.then]
        if values and all(weight == 0 for weight in values):
            yield Problem("all weights are 0", "at least one weight above 0", (*path, "then"))


def value(scenario: Scenario, ref: str | int) -> float | None:
    """The number behind a reference, None if there is none."""
    parameter = scenario.parameters.get(str(ref))
    return float(ref) if isinstance(ref, int) else None if parameter is None else parameter.value


def _given(part: BaseModel) -> Iterator[tuple[KeyPath, float]]:
    """Every number of a parameter: its value, the ends of its range, those of its prior."""
    for key in type(part).model_fields:
        field = getattr(part, key)
        if isinstance(field, BaseModel):
            yield from (((key, *path), number) for path, number in _given(field))
        elif isinstance(field, tuple):
            yield from (((key, i), number) for i, number in enumerate(field))
        elif isinstance(field, float):
            yield (key,), field


def _range(parameter: Parameter, path: KeyPath) -> Iterator[Problem]:
    if parameter.range is None:
        return
    low, high = parameter.range
    if low > high:
        yield Problem(f"a range from {low:g} down to {high:g}", "the least value first", path)
    elif not low <= parameter.value <= high:
        found = f"the value {parameter.value:g} outside its range from {low:g} to {high:g}"
        yield Problem(found, "a value within the range", (*path[:-1], "value"))


def _prior(parameter: Parameter, prior: Prior, path: KeyPath) -> Iterator[Problem]:
    for form, interval in (("uniform", prior.uniform), ("loguniform", prior.loguniform)):
        if interval is None:
            continue
        if interval.low >= interval.high:
            found = f"a prior from {interval.low:g} to {interval.high:g}"
            yield Problem(found, "a low end below the high end", (*path, form))
        elif form == "loguniform" and interval.low == 0:
            yield Problem("a loguniform prior from 0", "a low end above 0", (*path, form, "low"))
        elif not interval.low <= parameter.value <= interval.high:
            found = f"the value {parameter.value:g} outside its prior from {interval.low:g} to {interval.high:g}"
            yield Problem(found, "a value that the prior allows", (*path[:-1], "value"))
    if prior.lognormal is not None and prior.lognormal.p90 <= prior.lognormal.median:
        found = f"a p90 of {prior.lognormal.p90:g} with a median of {prior.lognormal.median:g}"
        yield Problem(found, "a p90 above the median", (*path, "lognormal", "p90"))
    if prior.gamma is not None and parameter.unit != "1/year":
        yield Problem(
            f"events per years as the prior of a number in {parameter.unit}", "unit: 1/year", (*path, "gamma")
        )
    if prior.beta is not None and (parameter.unit not in ("weight", "ratio") or parameter.value > 1):
        found = f"successes and failures as the prior of {parameter.value:g} {parameter.unit}"
        yield Problem(found, "a weight or ratio of at most 1", (*path, "beta"))
    if parameter.value == 0 and (prior.lognormal or prior.gamma):
        found = "the value 0, which its prior rules out"
        yield Problem(found, "a value above 0", (*path[:-1], "value"))
