"""Every measure of the language: closed forms where nobody decides, dense matrices with a memory elsewhere."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.linalg import expm

sys.path.insert(0, str(Path(__file__).parents[1] / "outlook"))
sys.path.insert(0, str(Path(__file__).parents[1] / "stability"))

from arguments import BRAKE, RATE, RELEASE, fateful, quarrel
from definitions import Model
from dense import full_generator, integrated

from equipoise.claims.cases import Case
from equipoise.claims.judge import judge
from equipoise.claims.measuring import measured
from equipoise.claims.solutions import Solution, Solutions
from equipoise.claims.verdict import Status
from equipoise.scenario import load
from equipoise.scenario.claim_english import tell_test
from equipoise.scenario.claims import Claim, Measure
from equipoise.scenario.models import FrozenDict, Regime
from equipoise.stability.graph import of_game
from equipoise.stability.ranking import felt
from small import small_scenario

WAVE, T = 0.05, 10.0
SLOW = RATE * BRAKE


@pytest.fixture(scope="module")
def fate() -> Solution:
    return Solutions(fateful())[Case()]


@pytest.fixture(scope="module")
def border() -> Solution:
    return Solutions(quarrel())[Case()]


def number(solution: Solution, start: str, **measure: object) -> float:
    return measured(Measure.model_validate(measure), solution, solution.game.starts[start])[""]


def still_braked(t: float) -> float:
    return math.exp(-(SLOW + RELEASE) * t)


def test_risk_in_closed_form(fate):
    both = RATE + WAVE
    assert number(fate, "fast", risk="any", within=4) == pytest.approx(1 - math.exp(-both * 4), abs=1e-9)
    assert number(fate, "fast", risk="war") == pytest.approx(RATE / both * (1 - math.exp(-both * T)), abs=1e-9)
    assert number(fate, "fast", risk="any", by="wave") == pytest.approx(
        WAVE / both * (1 - math.exp(-both * T)), abs=1e-9
    )


def test_risk_by_way_of_a_regime_and_around_it(fate):
    around = SLOW / (SLOW + RELEASE) * (1 - still_braked(T))
    assert number(fate, "slow", risk="any", avoiding="loose") == pytest.approx(around, abs=1e-9)
    whole = number(fate, "slow", risk="any")
    assert number(fate, "slow", risk="any", through="loose") == pytest.approx(whole - around, abs=1e-9)
    assert number(fate, "slow", risk="any", through="braked") == pytest.approx(whole, abs=1e-9)
    assert number(fate, "slow", risk="any", avoiding="braked") == 0


def test_ends_and_rates_in_closed_form(fate):
    assert number(fate, "fast", eventually="war") == pytest.approx(RATE / (RATE + WAVE), abs=1e-9)
    assert number(fate, "slow", eventually="any") == pytest.approx(1, abs=1e-9)
    assert number(fate, "slow", hazard="war", inside="braked", at=3) == pytest.approx(SLOW, abs=1e-7)
    assert number(fate, "slow", hazard="any", inside="loose", at=3) == pytest.approx(RATE + WAVE, abs=1e-7)


def test_regimes_in_closed_form(fate):
    leaving = SLOW + RELEASE
    assert number(fate, "slow", occupancy="braked", at=2) == pytest.approx(still_braked(2), abs=1e-9)
    assert number(fate, "slow", time="braked") == pytest.approx((1 - still_braked(T)) / leaving, abs=1e-8)
    assert number(fate, "slow", dwell="braked") == pytest.approx(1 / leaving, rel=1e-8)
    assert number(fate, "slow", exits="braked", by=["release"]) == pytest.approx(RELEASE / leaving, rel=1e-8)
    assert number(fate, "slow", settles="loose") == pytest.approx(RELEASE / leaving, rel=1e-8)
    reached = RELEASE / leaving * (1 - still_braked(2))
    assert number(fate, "slow", settles="loose", within=2) == pytest.approx(reached, abs=1e-9)
    assert number(fate, "slow", settles="loose", avoiding="braked") == 0
    assert number(fate, "slow", settles="braked", within=1) == 1
    assert number(fate, "slow", road="loose", through="braked") == pytest.approx(1)
    assert math.isnan(number(fate, "slow", road="braked", through="loose")), "one stands in it already"
    assert math.isnan(number(fate, "fast", dwell="braked")), "it is never reached"


def test_costs_in_closed_form(fate):
    def felt(**measure: object) -> float:
        return measured(Measure.model_validate(measure), fate, fate.game.starts["fast"])["a"]

    both = RATE + WAVE
    assert felt(loss="everyone", within=4) == pytest.approx(10 * (1 - math.exp(-both * 4)), abs=1e-8)
    assert felt(value="a") == pytest.approx(-10 * both / (both + 0.1), rel=1e-8)


def remembering(solution: Solution, passed: np.ndarray) -> np.ndarray:
    """The dense generator on (state, whether a state of ``passed`` has been entered), outcomes doubled likewise."""
    Q = full_generator(solution.chain)
    n, S = len(Q), solution.chain.n_states
    marked = np.append(passed, np.zeros(n - S, bool))
    out = np.zeros((2 * n, 2 * n))
    out[n:, n:] = Q
    stay = Q.copy()
    stay[:, marked] = 0
    out[:n, :n] = stay
    out[:n, n:][:, marked] = Q[:, marked]
    out[:n][marked] = 0
    return out


@pytest.mark.parametrize("start", ["calm", "hot"])
def test_ways_are_those_of_a_chain_that_remembers(border, start):
    S, ends = border.chain.n_states, len(border.chain.outcomes)
    mask = border.game.where(border.scenario.regimes["showdown"].when)
    state = border.game.starts[start]
    began = state + (S + ends if mask[state] else 0)
    at = expm(remembering(border, mask) * T)[began]
    assert number(border, start, risk="war", through="showdown") == pytest.approx(at[S + ends + S :].sum(), abs=1e-9)
    assert number(border, start, risk="war", avoiding="showdown") == pytest.approx(at[S : S + ends].sum(), abs=1e-9)


def test_the_road_to_a_regime_is_that_of_a_chain_that_remembers(border):
    scenario = border.scenario
    goal = border.game.where([{"valley": ["red"]}])
    mask = border.game.where([{"pressure": ["high"]}])
    S, ends = border.chain.n_states, len(border.chain.outcomes)
    Q = remembering(border, mask)
    for copy in (0, S + ends):
        Q[np.flatnonzero(goal) + copy] = 0
    at = expm(Q * 5)[border.game.starts["calm"]]
    arrived, by_way = at[:S][goal].sum(), at[S + ends : S + ends + S][goal].sum()
    regimes = {"lost": {"when": ({"valley": ("red",)},)}, "high": {"when": ({"pressure": ("high",)},)}}
    known = type(scenario).model_validate(scenario.model_dump(exclude_defaults=True) | {"regimes": regimes})
    solution = Solutions(known)[Case()]
    assert number(solution, "calm", settles="lost", within=5) == pytest.approx(arrived + by_way, abs=1e-9)
    share = by_way / (arrived + by_way)
    assert 0.01 < share < 1
    assert number(solution, "calm", road="lost", through="high", within=5) == pytest.approx(share, abs=1e-8)


def test_frequencies_are_integrals(border):
    years = integrated(border.chain, border.game.starts["hot"], 3.0)
    happens = dict.fromkeys(border.chain.steps, 0.0)
    for row, state in enumerate(border.chain.row_state):
        happens[border.chain.steps[border.chain.row_step[row]]] += border.chain.row_rate[row] * years[state]
    assert number(border, "hot", frequency=["press", "relent"], within=3) == pytest.approx(
        happens["press"] + happens["relent"], abs=1e-8
    )


@pytest.mark.parametrize("concept", ["Nash", "GMR", "SMR", "SEQ"])
@pytest.mark.parametrize("regime", ["quiet", "showdown"])
def test_unsanctioned_improvements_are_counted_by_the_definitions(concept, regime):
    scenario = small_scenario()
    solution = Solutions(scenario)[Case()]
    game, graph = solution.game, of_game(solution.game)
    S = graph.n_states
    twin = Model(
        [{s: graph.moves(i, s).tolist() for s in range(S)} for i in range(graph.n_actors)], felt(game).grade.tolist(), S
    )
    inside = set(np.flatnonzero(game.where(scenario.regimes[regime].when)).tolist())

    def deterred(i, s, s1):
        others = twin.others([i])
        answers = twin.r_group_plus(others, s1) if concept == "SEQ" else twin.r_group(others, s1)
        return concept != "Nash" and any(
            not twin.better(i, s2, s) and (concept != "SMR" or all(not twin.better(i, s3, s) for s3 in twin.r(i, s2)))
            for s2 in answers
        )

    leaving = [(i, s, s1) for i in range(twin.N) for s in inside for s1 in twin.plus(i, s) - inside]
    assert number(solution, "calm", unsanctioned=regime, concept=concept) == sum(not deterred(*x) for x in leaving)
    if concept == "SEQ":
        assert number(solution, "calm", unsanctioned=regime) == sum(not deterred(*x) for x in leaving)


def test_a_claim_that_every_way_out_is_sanctioned_is_judged():
    """In Elmira nobody leaves the modified order once it is accepted: whoever would like to fears the answer."""
    elmira = load("elmira")
    settled = Regime(when=({"plant": ("accept",), "order": ("modified",)},))
    test = {"measure": {"unsanctioned": "settled"}, "starts": "state-8", "below": 1}
    claim = Claim.model_validate({"id": "T13", "says": "Nobody leaves.", "test": test})
    scenario = elmira.model_copy(update={"regimes": FrozenDict(settled=settled), "claims": (claim,)})
    verdict = judge(claim, Solutions(scenario))
    assert verdict.status is Status.HOLDS
    assert tell_test(scenario, claim.test).startswith("the number of improvements out of ‘settled’ that nothing deters")
