"""Derivatives where they can be written down: nobody decides, or one actor once."""

from __future__ import annotations

import cmath
import math
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "claims"))

from arguments import BRAKE, RATE, RELEASE, fateful, quarrel, with_claims

from equipoise.claims.cases import Case
from equipoise.claims.gradients import gradients
from equipoise.claims.leverage import conduct_leverage
from equipoise.claims.solutions import Solution, Solutions
from equipoise.equilibrium import AGENT_ERROR, CONTROL_COST, PRIVATE_SHOCK, Convention
from equipoise.errors import RequestError
from equipoise.scenario.claims import Measure
from equipoise.scenario.models import Regime, Scenario

WAVE, T = 0.05, 10.0
SLOW = RATE * BRAKE


@pytest.fixture(scope="module")
def fate() -> Solution:
    return Solutions(fateful())[Case()]


def slope(solution: Solution, start: str, **measure: object) -> dict[str, float]:
    found = gradients(Measure.model_validate(measure), solution, solution.game.starts[start])
    return dict(zip(solution.game.structure.parameters, next(iter(found.values())).by_parameter, strict=True))


def expected(**known: float) -> dict[str, float]:
    others = dict.fromkeys(["patience", "pace", "care", "ruin", "slip", "wave", "slow", "release"], 0.0)
    return {name: pytest.approx(value, rel=1e-7, abs=1e-9) for name, value in (others | known).items()}


def test_risk_by_a_time(fate):
    survival = math.exp(-(RATE + WAVE) * 4)
    assert slope(fate, "fast", risk="any", within=4) == expected(slip=4 * survival, wave=4 * survival)


def test_which_comes_first(fate):
    both = RATE + WAVE
    assert slope(fate, "fast", eventually="war") == expected(slip=WAVE / both**2, wave=-RATE / both**2)


def test_times_and_exits_of_a_regime(fate):
    leaving = SLOW + RELEASE
    by_leaving = -1 / leaving**2
    assert slope(fate, "slow", dwell="braked") == expected(
        slip=BRAKE * by_leaving, slow=RATE * by_leaving, release=by_leaving
    )
    share = -RELEASE / leaving**2
    assert slope(fate, "slow", exits="braked", by=["release"]) == expected(
        slip=BRAKE * share, slow=RATE * share, release=SLOW / leaving**2
    )
    assert slope(fate, "slow", settles="loose") == slope(fate, "slow", exits="braked", by=["release"])
    assert slope(fate, "slow", occupancy="braked", at=2)["release"] == pytest.approx(-2 * math.exp(-leaving * 2))


def test_a_hazard_is_a_rate(fate):
    assert slope(fate, "slow", hazard="war", inside="braked", at=3) == expected(slip=BRAKE, slow=RATE)


def test_felt_value(fate):
    both, rho = RATE + WAVE, 0.1
    worth = -10 * rho / (both + rho) ** 2
    assert slope(fate, "fast", value="a") == expected(
        slip=worth, wave=worth, ruin=-both / (both + rho), patience=10 * both / (both + rho) ** 2
    )


def test_a_rate_of_zero_has_a_derivative_too():
    scenario = fateful()
    dry = scenario.parameters["wave"].model_copy(update={"value": 0.0})
    without = scenario.model_copy(update={"parameters": {**scenario.parameters, "wave": dry}})
    survival = math.exp(-RATE * 4)
    found = slope(Solutions(without)[Case()], "fast", risk="any", within=4)
    assert found == expected(slip=4 * survival, wave=4 * survival)


def test_no_number_has_no_derivative(fate):
    assert all(math.isnan(by) for by in slope(fate, "fast", dwell="braked").values())
    assert all(math.isnan(by) for by in slope(fate, "slow", road="braked", through="loose").values())


def test_nor_has_it_where_nothing_can_happen():
    scenario = leap().model_copy(update={"regimes": {"elsewhere": Regime(when=({"ground": ("far",)},))}})
    moveless = scenario.model_copy(update={"moves": ()})
    found = slope(Solutions(moveless)[Case()], "edge", dwell="elsewhere")
    assert all(math.isnan(by) for by in found.values())


def test_a_count_has_no_derivative(fate):
    with pytest.raises(RequestError, match="unsanctioned is a count"):
        slope(fate, "fast", unsanctioned="braked")


def leap() -> Scenario:
    """One state, one actor, one move: it ends everything."""
    unit = {
        "discount": "1/year",
        "tempo": "1/year",
        "noise": "util",
        "price": "util",
        "joy": "util",
        "ease": "util/year",
    }
    value = {"discount": 0.2, "tempo": 2.0, "noise": 0.7, "price": 0.4, "joy": 1.5, "ease": 0.3}
    return Scenario.model_validate(
        {
            "title": "A leap",
            "actors": {"a": {"discount": "discount", "tempo": "tempo", "noise": "noise"}},
            "factors": {"ground": {"levels": ["edge", "far"]}},
            "outcomes": {"below": {"value": [{"actor": "a", "gain": "joy"}]}},
            "parameters": {
                name: {"value": value[name], "unit": unit[name], "source": "analyst's judgement"} for name in unit
            },
            "moves": [{"id": "leap", "actor": "a", "cost": "price", "end": "below", "when": {"ground": "edge"}}],
            "payoffs": [{"actor": "a", "gain": "ease"}],
            "initial": {"edge": {"state": {"ground": "edge"}}},
        }
    )


def chance_of_the_leap(convention: Convention, theta: dict[str, complex]) -> complex:
    """P(leap within T), the one equation solved by Newton's method in complex numbers."""
    rho, tempo, tau = theta["discount"], theta["tempo"], theta["noise"]
    stay, go = (0.9, 0.1) if convention.name == "control-cost" else (1.0, 1.0)
    euler = float(np.euler_gamma) if convention.euler else 0.0

    def choice(v: complex) -> tuple[complex, complex]:
        x = theta["joy"] - theta["price"] - v
        weight = go * cmath.exp(x / tau)
        sigma = weight / (stay + weight)
        worth = sigma * x if convention.name == "agent-error" else tau * (cmath.log(stay + weight) + euler)
        return sigma, worth

    v = complex(0)
    for _ in range(200):
        gap = rho * v - theta["ease"] - tempo * choice(v)[1]
        step = 1e-7
        steep = (rho * (v + step) - theta["ease"] - tempo * choice(v + step)[1] - gap) / step
        v -= gap / steep
    return 1 - cmath.exp(-tempo * choice(v)[0] * T)


@pytest.mark.parametrize(
    "convention", [CONTROL_COST, PRIVATE_SHOCK, AGENT_ERROR, Convention("private-shock", euler=True)], ids=str
)
def test_one_choice_by_the_complex_step(convention):
    solution = Solutions(leap(), convention)[Case()]
    found = slope(solution, "edge", risk="any", within=T)
    theta = {name: complex(parameter.value) for name, parameter in leap().parameters.items()}
    for name, value in theta.items():
        exact = chance_of_the_leap(convention, theta | {name: value + 1e-30j}).imag / 1e-30
        assert found[name] == pytest.approx(exact, rel=1e-7, abs=1e-9), name


@pytest.mark.parametrize(
    "convention", [CONTROL_COST, PRIVATE_SHOCK, AGENT_ERROR, Convention("private-shock", euler=True)], ids=str
)
def test_the_chance_of_one_choice_by_the_complex_step(convention):
    found = conduct_leverage(Solutions(leap(), convention), "leap", "edge")
    theta = {name: complex(parameter.value) for name, parameter in leap().parameters.items()}

    def chosen(theta: dict[str, complex]) -> complex:
        return -cmath.log(1 - chance_of_the_leap(convention, theta)) / (theta["tempo"] * T)

    assert found.number == pytest.approx(chosen(theta).real, rel=1e-9)
    for lever in found.levers:
        exact = chosen(theta | {lever.parameter: theta[lever.parameter] + 1e-30j}).imag / 1e-30
        assert lever.derivative == pytest.approx(exact, rel=1e-7, abs=1e-9), lever.parameter


def test_what_is_so_already_nothing_changes():
    border = Solutions(with_claims(quarrel()))[Case()]
    found = slope(border, "calm", settles="quiet")
    assert set(found.values()) == {0.0}
