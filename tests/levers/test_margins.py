"""Leads of claims as sums of measures: the same as the judge's, with the derivatives of differences across cases."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "claims"))

from arguments import claim, quarrel, with_claims

from equipoise.claims.cases import Case
from equipoise.claims.gradients import Slopes
from equipoise.claims.judge import judge
from equipoise.claims.leverage import claim_leverage, leverage
from equipoise.claims.margins import margins
from equipoise.claims.solutions import Solutions
from equipoise.errors import RequestError
from equipoise.scenario.claims import Measure
from equipoise.scenario.models import Scenario
from equipoise.scenario.variants import with_parameters

EDITS = {
    "no-retreat": {"about": "Blueland cannot yield", "drop": ["yield"]},
    "shameless": {"about": "yielding costs nothing much", "set": {"shame": 0.2}},
    "tense": {"about": "pressure stays", "pin": {"pressure": "some"}},
}
TESTS = {
    "threshold": {"measure": {"risk": "war"}, "above": 0.01, "below": 0.9},
    "compared": {"measure": {"risk": "any"}, "higher": "no-retreat", "than": ["as-written", "tense"]},
    "values": {"measure": {"value": "everyone"}, "lower": "tense", "than_one_of": ["as-written", "no-retreat"]},
    "starts": {
        "measure": {"risk": "war"},
        "higher": {"start": "hot"},
        "than": {"start": "calm", "state": {"pressure": "some"}},
    },
    "rising": {"measure": {"frequency": ["press"]}, "rising": {"parameter": "pace", "values": [1, 2, 4]}},
    "falling": {"measure": {"time": "showdown"}, "falling": {"variants": ["as-written", "no-retreat"]}},
    "ranked": {"measure": {"risk": "war"}, "ranked": {"push": ["press"], "slip": ["border-incident"]}},
    "needs": {"measure": {"time": "showdown"}, "needs": "A1", "above": "1 years"},
    "either": {
        "any": [{"measure": {"loss": "red"}, "above": 1}, {"measure": {"dwell": "showdown"}, "below": "9 years"}]
    },
}
SCENARIO = with_claims(quarrel(), *(claim(test, id=name) for name, test in TESTS.items()), variants=EDITS)
SOLUTIONS = Solutions(SCENARIO)
CLAIMS = {each.id: each for each in SCENARIO.claims}


@pytest.mark.parametrize("name", TESTS)
def test_leads_are_those_of_the_judge(name):
    verdict = judge(CLAIMS[name], SOLUTIONS)
    assert verdict.findings
    smallest: dict[tuple[int, str, str], list[float]] = {}
    tests = list(CLAIMS[name].test.parts)
    for margin in margins(CLAIMS[name], SOLUTIONS):
        smallest.setdefault((tests.index(margin.test), margin.start, margin.actor), []).append(margin.lead)
    for k, finding in enumerate(verdict.findings):
        for witness in finding.witnesses:
            leads = smallest[k, witness.start, witness.actor]
            own = leads if finding.test.sides else [min(leads)]
            assert any(witness.lead == pytest.approx(lead, rel=1e-9, abs=1e-12, nan_ok=True) for lead in own)


def changed(name: str, parameter: str, value: float) -> list[float]:
    scenario: Scenario = with_parameters(SCENARIO, {parameter: value})
    return [margin.lead for margin in margins(CLAIMS[name], Solutions(scenario))]


@pytest.mark.parametrize(("name", "parameter"), [
    ("compared", "shame"), ("compared", "care"), ("values", "shame"), ("values", "patience"), ("starts", "pace"),
    ("rising", "care"), ("rising", "shame"), ("falling", "shame"), ("ranked", "care"), ("needs", "pace"),
    ("threshold", "patience"), ("either", "fear"),
])  # fmt: skip
def test_derivatives_are_those_of_differences_also_across_cases(name, parameter):
    place, value = list(SCENARIO.parameters).index(parameter), SCENARIO.parameters[parameter].value
    h = 1e-3 * value
    slopes = Slopes(SCENARIO)
    found = [margin.gradient(slopes) for margin in margins(CLAIMS[name], SOLUTIONS)]
    above, below = changed(name, parameter, value + h), changed(name, parameter, value - h)
    for gradient, high, low in zip(found, above, below, strict=True):
        expected = (high - low) / (2 * h)
        assert gradient.by_parameter[place] == pytest.approx(expected, rel=2e-5, abs=1e-7)
    assert any(gradient.by_parameter[place] for gradient in found)
    assert [g.number for g in found] == pytest.approx([m.lead for m in margins(CLAIMS[name], SOLUTIONS)], abs=1e-9)


def test_a_parameter_that_a_variant_sets_does_nothing_there():
    measure = Measure.model_validate({"risk": "war"})
    (alone,) = leverage(measure, SOLUTIONS, "calm")
    (both,) = leverage(measure, SOLUTIONS, "calm", against=Case("shameless"))
    of_one, of_both = (next(each for each in one.levers if each.parameter == "shame") for one in (alone, both))
    assert of_one.derivative == of_both.derivative != 0


def test_a_parameter_that_every_case_sets_does_nothing():
    margin = next(iter(margins(CLAIMS["rising"], SOLUTIONS)))
    gradient = margin.gradient(Slopes(SCENARIO))
    assert gradient.by_parameter[list(SCENARIO.parameters).index("pace")] == 0


def test_a_difference_of_two_cases_is_the_difference_of_their_derivatives():
    measure = Measure.model_validate({"risk": "any"})
    (one,) = leverage(measure, SOLUTIONS, "calm", case=Case("no-retreat"))
    (other,) = leverage(measure, SOLUTIONS, "calm")
    (both,) = leverage(measure, SOLUTIONS, "calm", case=Case("no-retreat"), against=Case())
    by = {lever.parameter: lever.derivative for lever in other.levers}
    for lever in both.levers:
        single = next(each for each in one.levers if each.parameter == lever.parameter)
        assert lever.derivative == pytest.approx(single.derivative - by[lever.parameter], rel=1e-9, abs=1e-12)
    assert both.number == pytest.approx(one.number - other.number)


def test_what_a_claim_turns_on_is_its_smallest_lead():
    found = claim_leverage(CLAIMS["threshold"], SOLUTIONS)
    leads = [margin.lead for margin in margins(CLAIMS["threshold"], SOLUTIONS)]
    assert abs(found.number) == pytest.approx(min(map(abs, leads)))
    assert found.told.startswith("the lead of claim threshold, which holds if the chance of war within")


def test_levers_are_in_units_of_what_is_not_known():
    parameters = {name: p.model_dump(exclude_defaults=True) for name, p in SCENARIO.parameters.items()}
    parameters["pace"] |= {"prior": {"uniform": {"low": 1, "high": 11}}, "range": None}
    parameters["shame"] |= {"range": [1, 4], "value": 2}
    parameters["care"] = {k: v for k, v in parameters["care"].items() if k not in ("range", "prior")}
    scenario = Scenario.model_validate(SCENARIO.model_dump(exclude_defaults=True) | {"parameters": parameters})
    (found,) = leverage(Measure.model_validate({"risk": "any"}), Solutions(scenario), "calm")
    levers = {lever.parameter: lever for lever in found.levers}
    pace, shame, care = levers["pace"], levers["shame"], levers["care"]
    assert (pace.low, pace.high) == pytest.approx((1.5, 10.5))
    assert pace.to_high == pytest.approx(pace.derivative * pace.value * math.log(10.5 / pace.value))
    assert pace.elasticity == pytest.approx(pace.derivative * pace.value / found.number)
    assert (shame.low, shame.high) == pytest.approx((4**0.05, 4**0.95))
    assert shame.to_low == pytest.approx(shame.derivative * 2 * math.log(4**0.05 / 2))
    assert math.isnan(care.low)
    assert care.reach == 0
    reaches = [lever.reach for lever in found.levers]
    assert reaches == sorted(reaches, reverse=True)
    group = {group.name: group for group in found.groups("mechanism")}["A1"]
    assert group.raises == pytest.approx(
        math.hypot(*(max(one.to_low, one.to_high) for one in group.levers if one.reach))
    )


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (None, "has no test"),
        ({"measure": {"dwell": "nowhere"}, "above": "1 years"}, "do not exist"),
        ({"measure": {"risk": "war"}, "lower": "cheap", "than": "as-written"}, "unfair"),
    ],
)
def test_claims_without_a_number_to_move(test, said):
    data = SCENARIO.model_dump(exclude_defaults=True)
    data["regimes"]["nowhere"] = {"when": {"valley": "red", "pressure": "high"}}
    data["variants"]["cheap"] = {"about": "cheap", "set": {"shame": 0.1}}
    data["claims"] = [{"id": "K", "says": "So.", **({"test": test} if test else {})}]
    scenario = Scenario.model_validate(data)
    with pytest.raises(RequestError, match=said):
        claim_leverage(scenario.claims[0], Solutions(scenario))
