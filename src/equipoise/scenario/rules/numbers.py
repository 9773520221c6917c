"""Units fit, and what must be positive is."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from equipoise.errors import KeyPath, Problem
from equipoise.scenario.models import Parameter, Scenario
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
        elif parameter and parameter.unit == use.unit and _may_be_0(parameter):
            found = f"the parameter {use.ref} may be 0, but stands for {use.what}"
            key = "prior" if parameter.range is None else "range"
            right = "a range that starts above 0" + (", which cuts the prior off" if key == "prior" else "")
            yield Problem(found, right, ("parameters", str(use.ref), key))
    needed = {str(use.ref): use.what for use in uses}
    for name, variant in scenario.variants.items():
        for ref, number in variant.set.items():
            if number == 0 and ref in needed:
                yield Problem(f"{needed[ref]} of 0", f"{needed[ref]} above 0", ("variants", name, "set", ref))


def weights(scenario: Scenario) -> Iterator[Problem]:
    """Some branch of every step has a weight above 0, at the scenario's own numbers and at every likely one."""
    for path, step in steps(scenario):
        values = [value(scenario, branch.weight) for branch in step.then]
        if not values:
            continue
        if all(weight == 0 for weight in values):
            yield Problem("all weights are 0", "at least one weight above 0", (*path, "then"))
        elif all(_is_0_at_times(scenario, branch.weight) for branch in step.then):
            found = "weights that may all be 0 at once by their priors"
            yield Problem(found, "at least one weight that cannot be 0", (*path, "then"))


def _is_0_at_times(scenario: Scenario, ref: str | int) -> bool:
    """Whether a weight is 0 with some probability: always, or at one of several possible values."""
    parameter = scenario.parameters.get(str(ref))
    if parameter is None or not parameter.varies:
        return value(scenario, ref) == 0
    possible = parameter.prior.discrete if parameter.prior is not None else None
    return any(one.value == 0 for one in possible or ())


def _may_be_0(parameter: Parameter) -> bool:
    """Whether 0 is admissible, or as likely as any number near it."""
    return parameter.support[0] == 0 and (parameter.prior is None or parameter.prior.reaches_0)


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
            for i, item in enumerate(field):
                inner = _given(item) if isinstance(item, BaseModel) else [((), item)]
                yield from (((key, i, *path), number) for path, number in inner)
        elif isinstance(field, float):
            yield (key,), field
