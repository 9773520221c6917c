"""Derivatives of every measure by every parameter against differences of equilibria solved anew."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from equipoise.claims.cases import Case
from equipoise.claims.gradients import gradients
from equipoise.claims.measuring import measured
from equipoise.claims.solutions import Solution
from equipoise.equilibrium import AGENT_ERROR, CONTROL_COST, PRIVATE_SHOCK, Convention, solve
from equipoise.errors import ScenarioError
from equipoise.game.compile import compile
from equipoise.game.game import Game
from equipoise.levers.adjoint import Adjoint
from equipoise.outlook.chain import induced_chain, induced_rates
from equipoise.outlook.solve import SolveError
from equipoise.scenario.claims import OPTIONS, Measure
from equipoise.scenario.models import Scenario
from games import scenarios

CONVENTIONS = [
    CONTROL_COST,
    PRIVATE_SHOCK,
    AGENT_ERROR,
    Convention("control-cost", uniform=True),
    Convention("private-shock", euler=True),
]
YEARS = st.sampled_from([0.3, 2.0, 10.0, 60.0])
REGIMES = st.sampled_from(["here", "there"])


@st.composite
def asked(draw: st.DrawFn, scenario: Scenario) -> dict[str, Any]:
    """A measure of some kind, with some of its options."""
    kind = draw(st.sampled_from([kind for kind in OPTIONS if kind != "unsanctioned"]))
    steps = st.lists(st.sampled_from([step.id for step in scenario.steps]), min_size=1, max_size=3, unique=True)
    outcome = st.sampled_from(["any", "war", "peace"])
    of: dict[str, st.SearchStrategy[Any]] = {
        "risk": outcome, "eventually": outcome, "hazard": outcome, "loss": st.just("everyone"),
        "value": st.just("everyone"), "frequency": steps,
    }  # fmt: skip
    options = {"within": YEARS, "at": YEARS, "by": steps} | dict.fromkeys(
        ["through", "avoiding", "inside", "during"], REGIMES
    )
    measure = {kind: draw(of.get(kind, REGIMES))}
    chosen = draw(st.lists(st.sampled_from(OPTIONS[kind]), unique=True)) if OPTIONS[kind] else []
    if kind == "road" and "through" not in chosen:
        chosen.append("through")
    if "through" in chosen and "avoiding" in chosen:
        chosen.remove("avoiding")
    return measure | {option: draw(options[option]) for option in chosen}


@st.composite
def asked_scenarios(draw: st.DrawFn) -> tuple[Scenario, list[Measure]]:
    scenario = draw(scenarios())
    levels = {f: scenario.factors[f].levels for f in ("factor-0", "factor-1")}
    regimes = {
        "here": {"when": {"factor-0": draw(st.sampled_from(levels["factor-0"]))}},
        "there": {"when": {"factor-1": draw(st.sampled_from(levels["factor-1"]))}},
    }
    whole = Scenario.model_validate(scenario.model_dump(exclude_defaults=True) | {"regimes": regimes})
    measures = draw(st.lists(asked(whole), min_size=3, max_size=6))
    return whole, [Measure.model_validate(measure) for measure in measures]


def solved(scenario: Scenario, game: Game, convention: Convention, start: np.ndarray | None) -> Solution:
    equilibrium = solve(game, convention=convention, start=start, best_response=False)
    chain = induced_chain(game, induced_rates(game, equilibrium.policy))
    return Solution(Case(), scenario, game, equilibrium, chain)


def numbers(solution: Solution, measures: list[Measure]) -> np.ndarray:
    state = next(iter(solution.game.starts.values()))
    try:
        return np.array([value for measure in measures for value in measured(measure, solution, state).values()])
    except SolveError:
        reject()  # where rates differ by many orders of magnitude the outlook refuses


def vouched_for(measure: Measure, solution: Solution, state: int) -> bool:
    """Whether the outlook gives the number to seven digits: a hazard is divided by the chance of its condition, which
    is only known to 1e-10."""
    if measure.kind != "hazard":
        return True
    at = measure.at or solution.scenario.horizon
    if measure.inside is not None:
        return measured(Measure(occupancy=measure.inside, at=at), solution, state)[""] > 1e-2
    return measured(Measure(risk=("any",), within=at), solution, state)[""] < 0.99


def differences(solution: Solution, name: str, measures: list[Measure]) -> tuple[np.ndarray, float]:
    """Richardson's extrapolation of central differences at two steps, of equilibria solved anew; and how far rounding
    may move it, when the outlook's numbers are good to 1e-12."""
    structure = solution.game.structure
    value = float(structure.theta[structure.parameters.index(name)])

    def central(h: float) -> np.ndarray:
        sides = []
        for sign in (1, -1):
            game = solution.game.with_parameters({name: value + sign * h})
            other = solved(solution.scenario, game, solution.equilibrium.convention, solution.equilibrium.value)
            assume(other.equilibrium.branch == "continued from a neighbour")
            sides.append(numbers(other, measures))
        return (sides[0] - sides[1]) / (2 * h)

    h = 2e-3 * value
    return (4 * central(h / 2) - central(h)) / 3, 3e-12 / h


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked_scenarios(), st.sampled_from(CONVENTIONS))
def test_gradients_of_random_measures_are_those_of_differences(
    what: tuple[Scenario, list[Measure]], convention: Convention
) -> None:
    scenario, measures = what
    try:
        game = compile(scenario)
    except ScenarioError:
        return
    solution = solved(scenario, game, convention, None)
    assume(solution.equilibrium.certified and solution.equilibrium.certificate.inverse_jacobian < 200)
    state = next(iter(game.starts.values()))
    measures = [measure for measure in measures if vouched_for(measure, solution, state)]
    adjoint = Adjoint(solution.equilibrium)
    direct = numbers(solution, measures)
    try:
        found = [g for m in measures for g in gradients(m, solution, state, adjoint=adjoint).values()]
    except SolveError:
        reject()
    assert [g.number for g in found] == pytest.approx(direct, rel=1e-7, abs=1e-9, nan_ok=True)
    exact = np.array([g.by_parameter for g in found])
    for p, name in enumerate(game.structure.parameters):
        expected, rounding = differences(solution, name, measures)
        for k, number in enumerate(direct):
            if not math.isfinite(number):
                assert np.isnan(exact[k]).all()
                continue
            size = max(abs(number), float(np.abs(exact[k]).max()))
            assert exact[k, p] == pytest.approx(expected[k], rel=1e-5, abs=2e-6 * size + rounding), (name, k)
