"""From the ids of the argument to the lines that express them, and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from equipoise.errors import KeyPath
from equipoise.scenario import uses
from equipoise.scenario.english import tell_multiplier, tell_step, tell_term
from equipoise.scenario.models import Scenario
from equipoise.scenario.phrases import words


@dataclass(frozen=True)
class Line:
    """A line of a scenario that implements something of the argument."""

    path: KeyPath
    """Keys that lead to it."""
    says: str
    """What it says, in plain English."""
    ids: tuple[str, ...]
    """Ids of the argument that it implements."""


@dataclass(frozen=True)
class Mechanism:
    """An id of the argument with everything that stands for it."""

    id: str
    says: str
    """Its sentence; empty if `argument` has none."""
    lines: tuple[Line, ...]
    """What implements it."""
    claims: tuple[str, ...]
    """Ids of the claims that judge it."""


def lines(scenario: Scenario) -> tuple[Line, ...]:
    """Every line that implements something, in the order in which the scenario is told."""
    return tuple(line for line in _lines(scenario) if line.ids)


def mechanisms(scenario: Scenario) -> tuple[Mechanism, ...]:
    """Every id of the argument, in its order, then what is implemented or judged without being in the argument."""
    expressing = lines(scenario)
    cited = [name for line in expressing for name in line.ids]
    cited += [name for claim in scenario.claims for name in claim.judges]
    return tuple(
        Mechanism(
            name,
            scenario.argument.get(name, ""),
            tuple(line for line in expressing if name in line.ids),
            tuple(claim.id for claim in scenario.claims if name in claim.judges),
        )
        for name in dict.fromkeys([*scenario.argument, *cited])
    )


def _lines(scenario: Scenario) -> Iterator[Line]:
    for path, step in uses.steps(scenario):
        yield Line(path, f"{words(step.id)}: {tell_step(scenario, step)}", step.implements)
    for path, term, unit in uses.terms(scenario):
        yield Line(path, f"{_place(scenario, path)}: {tell_term(scenario, term, unit)}", term.implements)
    for path, multiplier in uses.multipliers(scenario):
        yield Line(path, f"{_place(scenario, path)}: {tell_multiplier(scenario, multiplier)}", multiplier.implements)


def _place(scenario: Scenario, path: KeyPath) -> str:
    """What a term or multiplier belongs to: a step, an actor, an outcome, or a payoff called by its parameter."""
    section, owner = path[0], path[1]
    if section != "payoffs":
        inner = [str(key) for key in path[2:] if key in ("tempo", "noise")]
        return " ".join([words(str(owner)), *inner])
    term = scenario.payoffs[owner] if isinstance(owner, int) else next(t for t in scenario.payoffs if t.id == owner)
    return words(str(term.parameter))
