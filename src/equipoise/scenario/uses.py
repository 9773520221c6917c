"""Where a scenario uses a name: every condition, parameter, term and effect with its path of keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from equipoise.errors import KeyPath
from equipoise.scenario.claims import ClaimTest
from equipoise.scenario.models import (
    Branch,
    Claim,
    Condition,
    Conjunction,
    Correlation,
    Event,
    Move,
    Multiplier,
    Multipliers,
    Ordering,
    Preference,
    Scenario,
    Term,
    Unit,
)

Item = TypeVar("Item", Move, Event, Term, Claim, Ordering, Correlation)


class Use(NamedTuple):
    """A parameter, or a bare number, where it is used."""

    path: KeyPath
    ref: str | int
    unit: Unit
    """The unit that this use demands."""
    what: str
    """What it is there, for messages."""


def keyed(items: Sequence[Item]) -> Iterator[tuple[str | int, Item]]:
    """Items of a list, each called by its id if that is unique and by its index otherwise."""
    counts = Counter(item.id for item in items)
    for i, item in enumerate(items):
        yield (i if item.id is None or counts[item.id] > 1 else item.id), item


def steps(scenario: Scenario) -> Iterator[tuple[KeyPath, Move | Event]]:
    """Moves and events."""
    yield from ((("moves", key), move) for key, move in keyed(scenario.moves))
    yield from ((("events", key), event) for key, event in keyed(scenario.events))


def branches(scenario: Scenario) -> Iterator[tuple[KeyPath, Move | Event, Branch]]:
    """Every effect of every move and event; the path of a lone effect is that of its step."""
    for path, step in steps(scenario):
        if step.then:
            yield from (((*path, "then", i), step, branch) for i, branch in enumerate(step.then))
        else:
            yield path, step, step.branches[0]


def terms(scenario: Scenario) -> Iterator[tuple[KeyPath, Term, Unit]]:
    """Every term with the unit it must have."""
    yield from ((("payoffs", key), term, "util/year") for key, term in keyed(scenario.payoffs))
    for name, outcome in scenario.outcomes.items():
        yield from ((("outcomes", name, "value", key), term, "util") for key, term in keyed(outcome.value))
    for path, step in steps(scenario):
        yield from (((*path, "impact", key), term, "util") for key, term in keyed(step.impact))
        for i, branch in enumerate(step.then):
            yield from (((*path, "then", i, "impact", key), term, "util") for key, term in keyed(branch.impact))


def multipliers(scenario: Scenario) -> Iterator[tuple[KeyPath, Multiplier]]:
    """Every multiplier."""
    for name, actor in scenario.actors.items():
        yield from _each(("actors", name, "tempo"), actor.tempo.times)
        yield from _each(("actors", name, "noise"), actor.noise.times)
    for path, step in steps(scenario):
        yield from _each(path, step.times)
        for i, branch in enumerate(step.then):
            yield from _each((*path, "then", i), branch.times)
    for path, term, _ in terms(scenario):
        yield from _each(path, term.times)


def preferences(scenario: Scenario) -> Iterator[tuple[KeyPath, Preference]]:
    """Every preference of every actor."""
    for name, actor in scenario.actors.items():
        yield from ((("actors", name, "preferences", i), wish) for i, wish in enumerate(actor.preferences))


def conditions(scenario: Scenario) -> Iterator[tuple[KeyPath, Conjunction]]:
    """Every conjunction of every condition."""
    yield from conjunctions(("impossible",), scenario.impossible)
    for path, step in steps(scenario):
        yield from conjunctions((*path, "when"), step.when)
    for path, term, _ in terms(scenario):
        yield from conjunctions((*path, "when"), term.when)
    for path, multiplier in multipliers(scenario):
        yield from conjunctions((*path, "when"), multiplier.when)
    for path, preference in preferences(scenario):
        yield from conjunctions((*path, "when"), preference.when or ())
    for name, regime in scenario.regimes.items():
        yield from conjunctions(("regimes", name, "when"), regime.when)


def conjunctions(path: KeyPath, condition: Condition) -> Iterator[tuple[KeyPath, Conjunction]]:
    """The alternatives of a condition."""
    yield from (((*path, i), conjunction) for i, conjunction in enumerate(condition))


def parameters(scenario: Scenario) -> Iterator[Use]:
    """Every use of a parameter or a bare number."""
    for name, actor in scenario.actors.items():
        yield Use(("actors", name, "discount"), actor.discount, "1/year", "a discount rate")
        yield Use(("actors", name, "tempo", "rate"), actor.tempo.rate, "1/year", "a tempo")
        yield Use(("actors", name, "noise", "scale"), actor.noise.scale, "util", "a noise")
    for path, step in steps(scenario):
        if isinstance(step, Move):
            yield Use((*path, "cost"), step.cost, "util", "the cost of a move")
        else:
            yield Use((*path, "rate"), step.rate, "1/year", "the rate of an event")
        for i, branch in enumerate(step.then):
            yield Use((*path, "then", i, "weight"), branch.weight, "weight", "the weight of a branch")
    for path, term, unit in terms(scenario):
        key = "gain" if term.cost is None else "cost"
        yield Use((*path, key), term.parameter, unit, "a flow payoff" if unit == "util/year" else "a payoff felt once")
    for path, multiplier in multipliers(scenario):
        yield Use((*path, "by"), multiplier.by, "ratio", "a multiplier")


def mechanisms(scenario: Scenario) -> Iterator[tuple[KeyPath, tuple[str, ...]]]:
    """Every list of ids of the argument under `implements`."""
    yield from (((*path, "implements"), step.implements) for path, step in steps(scenario))
    yield from (((*path, "implements"), term.implements) for path, term, _ in terms(scenario))
    yield from (((*path, "implements"), times.implements) for path, times in multipliers(scenario))


def claim_tests(scenario: Scenario) -> Iterator[tuple[KeyPath, ClaimTest]]:
    """Every single test of every claim; groups of tests are taken apart."""
    for key, claim in keyed(scenario.claims):
        path: KeyPath = ("claims", key, "test")
        if claim.test is not None:
            yield from single_tests(claim.test, path)


def single_tests(test: ClaimTest, path: KeyPath) -> Iterator[tuple[KeyPath, ClaimTest]]:
    """The single tests that a test consists of."""
    group = "all" if test.all else "any" if test.any else None
    if group is None:
        yield path, test
    else:
        yield from (((*path, group, i), part) for i, part in enumerate(test.parts))


def _each(path: KeyPath, times: Multipliers) -> Iterator[tuple[KeyPath, Multiplier]]:
    yield from (((*path, "times", i), multiplier) for i, multiplier in enumerate(times))
