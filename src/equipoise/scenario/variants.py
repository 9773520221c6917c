"""Edits of a scenario: what a variant drops, pins, sets or does without."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from equipoise.errors import RequestError, no_such
from equipoise.scenario.models import (
    Branch,
    Event,
    FrozenDict,
    Model,
    Move,
    Multiplier,
    Scenario,
    Situation,
    Term,
    Variant,
)

Step = TypeVar("Step", Move, Event)
EDITED = ("actors", "outcomes", "moves", "events", "payoffs")


def apply(scenario: Scenario, variant: str | Variant) -> Scenario:
    """The scenario as a variant has it.

    `drop`: the moves and events cannot happen, though the moves still count in the reference, their mass going to hold.
    `pin`: the factor stands at that level in every start and no step changes it; other effects of the same step stay.
    `start`: the factor has that level in every start, and may move on. `set`: other values for parameters.
    `without`: every multiplier that implements one of the mechanisms becomes 1, every term 0, every move and event is
    dropped.

    Raises:
        RequestError: a name is unknown, or a value cannot be used.
    """
    if isinstance(variant, str):
        variant = scenario.variants[_known(variant, scenario.variants, "variant")]
    dropped = {_known(name, [step.id for step in scenario.steps], "move or event") for name in variant.drop}
    for factor, level in (*variant.pin.items(), *variant.start.items()):
        _known(level, scenario.factors[_known(factor, scenario.factors, "factor")].levels, f"level of '{factor}'")
    without = {_known(name, _mechanisms(scenario), "mechanism") for name in variant.without}
    edited = {field: _without(getattr(scenario, field), without) for field in EDITED}
    edited["moves"] = tuple(_held(move, dropped, variant.pin) for move in edited["moves"])
    edited["events"] = tuple(_held(event, dropped, variant.pin) for event in edited["events"])
    begun = {**variant.start, **variant.pin}
    edited["initial"] = FrozenDict({name: _begun(start, begun) for name, start in scenario.initial.items()})
    return with_parameters(scenario.model_copy(update=edited), variant.set)


def with_parameters(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """The scenario with other values for some parameters.

    Raises:
        RequestError: a name is unknown, or a value is negative or not finite.
    """
    parameters = dict(scenario.parameters)
    for name, value in values.items():
        _known(name, parameters, "parameter")
        if not (math.isfinite(value) and value >= 0):
            raise RequestError(f"parameter '{name}' cannot be {value}; right would be a finite number, 0 or above")
        parameters[name] = parameters[name].model_copy(update={"value": float(value)})
    return scenario.model_copy(update={"parameters": FrozenDict(parameters)})


def _known(name: str, names: Collection[str], what: str) -> str:
    if name not in names:
        raise no_such(what, name, names)
    return name


def _mechanisms(scenario: Scenario) -> set[str]:
    return {*scenario.argument, *_implemented(getattr(scenario, field) for field in EDITED)}


def _implemented(node: Any) -> Iterator[str]:
    """Every id that something below the node implements."""
    if isinstance(node, Model):
        yield from getattr(node, "implements", ())
        yield from _implemented(getattr(node, field) for field in type(node).model_fields)
    elif isinstance(node, Mapping):
        yield from _implemented(node.values())
    elif isinstance(node, Iterable) and not isinstance(node, str):
        for item in node:
            yield from _implemented(item)


def _without(node: Any, gone: set[str]) -> Any:
    """The same tree without the lines that implement a mechanism that is gone; such steps are dropped, not cut out."""
    if not gone:
        return node
    if isinstance(node, Model):
        edited = {field: _without(getattr(node, field), gone) for field in type(node).model_fields}
        if isinstance(node, Move | Event) and gone.intersection(node.implements):
            edited["dropped"] = True
        return node.model_copy(update=edited)
    if isinstance(node, Mapping):
        return FrozenDict({key: _without(item, gone) for key, item in node.items()})
    if isinstance(node, tuple):
        return tuple(
            _without(item, gone)
            for item in node
            if not (isinstance(item, Multiplier | Term) and gone.intersection(item.implements))
        )
    return node


def _begun(situation: Situation, levels: Mapping[str, str]) -> Situation:
    """The starting situation with other levels, for which its reasons do not hold."""
    because = {factor: reason for factor, reason in situation.because.items() if factor not in levels}
    state = {**situation.state, **levels}
    return situation.model_copy(update={"state": FrozenDict(state), "because": FrozenDict(because)})


def _held(step: Step, dropped: Collection[str], pinned: Collection[str]) -> Step:
    def held(part: Step | Branch) -> FrozenDict[str, str]:
        return FrozenDict({factor: level for factor, level in part.set.items() if factor not in pinned})

    branches = tuple(branch.model_copy(update={"set": held(branch)}) for branch in step.then)
    return step.model_copy(update={"set": held(step), "then": branches, "dropped": step.dropped or step.id in dropped})
