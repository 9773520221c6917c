"""The levers of a number that somebody asks about: a measure, a difference of two cases, or what a claim turns on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from equipoise.claims.cases import Case
from equipoise.claims.gradients import Part, Slopes
from equipoise.claims.levers import Group, Lever, grouped, levers
from equipoise.claims.margins import margins
from equipoise.claims.measuring import measured
from equipoise.claims.solutions import Solutions
from equipoise.errors import RequestError, no_such
from equipoise.levers.adjoint import Gradient
from equipoise.scenario.claim_english import tell_measure, tell_test
from equipoise.scenario.claims import Claim, Measure, MeasureUnit
from equipoise.scenario.models import Scenario
from equipoise.scenario.phrases import words
from equipoise.scenario.rules.fairness import unfair


@dataclass(frozen=True)
class Leverage:
    """A number, and what every parameter does to it."""

    told: str
    """What the number is, as a noun."""
    unit: MeasureUnit
    actor: str
    """Whose it is; empty if nobody's."""
    number: float
    levers: tuple[Lever, ...]
    """The longest reach first."""
    residual: float
    """Relative residual of the adjoint equations."""
    near_folds: Mapping[str, float]
    """By case, `Certificate.inverse_jacobian`: where it is large, so are derivatives, and they hold for less."""

    def groups(self, by: str) -> tuple[Group, ...]:
        """The levers by `mechanism` or `source`."""
        return grouped(self.levers, by=by)

    def to_dict(self) -> dict[str, Any]:
        """As plain data; the form is described in docs/json.md."""
        return {
            "what": self.told,
            "unit": self.unit,
            "actor": self.actor,
            "number": _finite(self.number),
            "residual": self.residual,
            "near_folds": {case: _finite(norm) for case, norm in self.near_folds.items()},
            "levers": [
                {key: _finite(value) if isinstance(value, float) else value for key, value in asdict(lever).items()}
                for lever in self.levers
            ],
            "by_mechanism": [_plain(group) for group in self.groups("mechanism")],
            "by_source": [_plain(group) for group in self.groups("source")],
        }


def leverage(
    measure: Measure, solutions: Solutions, start: str, *, case: Case | None = None, against: Case | None = None
) -> tuple[Leverage, ...]:
    """The levers of a measure from a start in a case, or of its difference from another case; one for every actor.

    Raises:
        RequestError: the measure is a count.
    """
    own = case or Case()
    placed = [(1.0, own)] + ([(-1.0, against)] if against is not None else [])
    parts = [Part(sign, measure, *solutions.place(each, start, {})) for sign, each in placed]
    told = f"{tell_measure(solutions.scenario, measure)}, from {words(start)}"
    if against is not None:
        told += f", {own} less {against}"
    elif not own.as_written:
        told += f", {own}"
    slopes = Slopes(solutions.scenario)
    actors = [actor for actor in measured(measure, parts[0].solution, parts[0].state)]
    return tuple(_of(solutions, told, measure.unit, actor, slopes.of(parts, actor), parts) for actor in actors)


def conduct_leverage(solutions: Solutions, move: str, start: str, *, case: Case | None = None) -> Leverage:
    """The levers of the chance that a move is chosen at its mover's next opportunity in a starting situation.

    Raises:
        RequestError: it is not on offer there.
    """
    solution, state = solutions.place(case or Case(), start, {})
    game = solution.game
    first, last = game.row_ptr[state * (game.n_actors + 1)], game.row_ptr[(state + 1) * (game.n_actors + 1) - 1]
    offered = {game.steps[game.kind_step[game.row_kind[row]]]: row for row in range(int(first), int(last))}
    if move not in offered:
        raise no_such(f"move on offer in {start}", move, offered)
    row = offered[move]
    slopes = Slopes(solutions.scenario)
    gradient = slopes.at(solution, slopes.adjoint(solution).choice(row))
    told = f"the chance that {words(move)} is chosen at the next opportunity, from {words(start)}"
    told += "" if solution.case.as_written else f", {solution.case}"
    norms = {str(solution.case): solution.equilibrium.certificate.inverse_jacobian}
    found = levers(solutions.scenario, gradient)
    actor = game.actors[int(game.row_actor[row])]
    return Leverage(told, "chance", actor, gradient.number, found, gradient.residual, norms)


def claim_leverage(claim: Claim, solutions: Solutions) -> Leverage:
    """The levers of the lead of a claim that is nearest to turning.

    Raises:
        RequestError: the claim has no test, or an unfair one, or no number that could be moved.
    """
    demand_fair(claim, solutions.scenario)
    found = [margin for margin in margins(claim, solutions) if math.isfinite(margin.lead)]
    if not found:
        raise RequestError(f"claim '{claim.id}' turns on numbers that do not exist, so there is none to move")
    nearest = min(found, key=lambda margin: abs(margin.lead))
    assert nearest.test.measure is not None  # single tests have one
    told = f"the lead of claim {claim.id}, which holds if {tell_test(solutions.scenario, nearest.test)}"
    told += f", from {words(nearest.start)}" if nearest.start else ""
    gradient = nearest.gradient(Slopes(solutions.scenario))
    return _of(solutions, told, nearest.test.measure.unit, nearest.actor, gradient, nearest.parts)


def demand_fair(claim: Claim, scenario: Scenario) -> None:
    """Raises `RequestError` if a claim has no test, or an unfair one."""
    if claim.test is None:
        raise RequestError(f"claim '{claim.id}' has no test, so there is no number to move")
    for reason in unfair(scenario, claim):
        raise RequestError(f"claim '{claim.id}' is refused as unfair: {reason.found}")


def _of(
    solutions: Solutions,
    told: str,
    unit: MeasureUnit,
    actor: str,
    gradient: Gradient,
    parts: Sequence[Part],
) -> Leverage:
    norms = {str(part.solution.case): part.solution.equilibrium.certificate.inverse_jacobian for part in parts}
    return Leverage(told, unit, actor, gradient.number, levers(solutions.scenario, gradient), gradient.residual, norms)


def _plain(group: Group) -> dict[str, Any]:
    return {
        "name": group.name,
        "parameters": [lever.parameter for lever in group.levers],
        "lowers": group.lowers,
        "raises": group.raises,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
