"""Cruxes of scenarios: margins against verdicts, derivatives against differences, flips against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from claims.arguments import claim, fateful, quarrel, with_claims
from deciding.fates import open_numbers
from equipoise.claims.judge import judge
from equipoise.claims.margins import margins
from equipoise.claims.solutions import Solutions
from equipoise.claims.verdict import Status
from equipoise.deciding.flipping import ClaimMargin, flips, premises_of
from equipoise.deciding.leads import decisive, sizes
from equipoise.errors import RequestError
from equipoise.scenario.claims import Claim
from equipoise.scenario.models import Scenario

TESTS = {
    "threshold": {"measure": {"risk": "war", "within": "5 years"}, "starts": ["fast"], "below": 0.7, "above": 0.1},
    "comparison": {"measure": {"risk": "war"}, "starts": ["slow"], "lower": "held", "than": "as-written"},
    "starts": {"measure": {"risk": "war"}, "higher": {"start": "fast"}, "than": {"start": "slow"}},
    "one of several": {
        "measure": {"risk": "war"},
        "starts": ["slow"],
        "higher": "as-written",
        "than_one_of": ["held", "no-wave"],
    },
    "series": {"measure": {"eventually": "war"}, "rising": {"parameter": "release", "values": [0.2, 0.5, 1]}},
    "need": {"measure": {"risk": "flood"}, "needs": ["M1"], "above": 0.1},
    "value": {"measure": {"value": "a"}, "starts": ["fast"], "above": -8, "margin": 0.1},
    "ranking": {"measure": {"risk": "any"}, "starts": ["fast"], "ranked": {"war": "slip", "flood": "wave"}},
    "all": {
        "all": [
            {"measure": {"risk": "war"}, "starts": ["fast"], "above": 0.2},
            {"measure": {"dwell": "braked"}, "starts": ["slow"], "above": "1 year"},
        ]
    },
    "any": {
        "any": [
            {"measure": {"risk": "war"}, "starts": ["fast"], "above": 0.99},
            {"measure": {"risk": "flood"}, "starts": ["fast"], "above": 0.05},
        ]
    },
}


def argued(test) -> tuple[Claim, Solutions]:
    scenario = open_numbers(with_claims(fateful(), claim(test)))
    return scenario.claims[0], Solutions(scenario)


@pytest.mark.parametrize("name", TESTS)
def test_the_lead_that_decides_is_on_the_side_of_the_verdict(name):
    asked, solutions = argued(TESTS[name])
    verdict = judge(asked, solutions)
    found = margins(asked, solutions)
    units = sizes(found)
    assert verdict.status in (Status.HOLDS, Status.FAILS)
    holds, _, _ = decisive(asked, found, units, shift=-1)
    assert (holds > 0) == (verdict.status is Status.HOLDS)
    fails, lead, unit = decisive(asked, found, units, shift=1)
    assert (fails < 0) == (verdict.status is Status.FAILS)
    witnesses = [
        w.lead for f in verdict.findings for w in f.witnesses if (w.start, w.actor) == (lead.start, lead.actor)
    ]
    assert any(lead.lead == pytest.approx(own, rel=1e-12) for own in witnesses)
    assert fails * unit == pytest.approx(lead.lead, abs=0.11)  # but for the test's own margin


@pytest.mark.parametrize("name", TESTS)
@pytest.mark.parametrize("fails", [True, False])
def test_derivatives_of_the_margin_against_differences(name, fails):
    asked, solutions = argued(TESTS[name])
    judge(asked, solutions)
    premises = premises_of(solutions.scenario)
    margin = ClaimMargin(asked, solutions, premises.names, fails=fails)
    slopes = margin(premises.own).slopes
    for p, own in enumerate(premises.own):
        step = np.zeros(len(premises.own))
        step[p] = 1e-4 * own
        above, below = margin(premises.own + step).number, margin(premises.own - step).number
        assert slopes[p] == pytest.approx((above - below) / (2 * step[p]), rel=1e-4, abs=1e-6)


def test_the_flip_of_a_risk_in_closed_form():
    # From `fast` war comes at rate s = .2 and a flood at w = .05: P(war by T) = s / (s + w) (1 - exp(-(s + w) T)).
    asked, solutions = argued({"measure": {"risk": "war", "within": "5 years"}, "starts": ["fast"], "below": 0.7})
    found = flips(asked, solutions, premises=premises_of(solutions.scenario, ["slip"]))
    assert found.status is Status.HOLDS
    (one,) = found.found
    slip = one.crux.values[0]
    risk = slip / (slip + 0.05) * (1 - math.exp(-5 * (slip + 0.05)))
    assert risk == pytest.approx(0.7, rel=0.01)
    assert risk > 0.7
    assert one.verdict.status is Status.FAILS
    # Log-uniform between .1 and .4, so that .2 is the middle.
    assert one.crux.distance == pytest.approx(norm.ppf(math.log(slip / 0.1) / math.log(4)), rel=1e-6)


@pytest.mark.parametrize("bound", ["above", "below"])
def test_a_claim_is_flipped_in_either_direction_and_nearest_together(bound):
    asked, solutions = argued({"measure": {"risk": "war", "within": "5 years"}, "starts": ["fast"], bound: 0.62})
    found = flips(asked, solutions)
    assert found.found
    assert not found.unconfirmed
    assert {one.verdict.status for one in found.found} <= {Status.HOLDS, Status.FAILS} - {found.status}
    distances = {len(one.crux.moved): one.crux.distance for one in reversed(found.found)}
    assert list(distances.values()) == sorted(distances.values())  # fewer premises, longer ways
    slip = found.premises.names.index("slip")
    assert found.found[0].crux.moved == (slip,)
    assert all(slip in one.crux.moved for one in found.found if len(one.crux.moved) > 1)


def test_where_strategy_matters_a_flip_is_found_and_confirmed():
    scenario = quarrel(claim({"measure": {"risk": "any"}, "below": 0.9}))
    start = next(iter(scenario.initial))
    own = judge(scenario.claims[0], Solutions(scenario))
    risk = own.findings[0].witnesses[0].readings[0].value
    test = {"measure": {"risk": "any"}, "starts": [start], "below": 1.1 * risk}
    scenario = open_numbers(quarrel(claim(test)), 3.0)
    found = flips(scenario.claims[0], Solutions(scenario))
    assert found.status is Status.HOLDS
    assert found.found
    for one in found.found:
        assert one.verdict.status is Status.FAILS
        assert one.verdict.findings[0].witnesses[0].readings[0].value == pytest.approx(1.1 * risk, rel=0.01)


def test_what_cannot_be_asked_says_why():
    asked, solutions = argued({"measure": {"unsanctioned": "braked"}, "below": 10})
    assert "count" in flips(asked, solutions).why
    asked, solutions = argued(None)
    assert flips(asked, solutions).why == "the claim is untested"


def test_orderings_and_correlations_bind_the_premises():
    data = open_numbers(fateful()).model_dump(exclude_defaults=True)
    data["orderings"] = [{"rising": ["wave", "slip"], "source": "analyst's judgement"}]
    data["correlations"] = [{"between": ["release", "slow"], "rank": 0.5, "source": "analyst's judgement"}]
    scenario = Scenario.model_validate(data)
    premises = premises_of(scenario)
    wave, slip = premises.names.index("wave"), premises.names.index("slip")
    high, low = premises.start.copy(), premises.start.copy()
    high[wave], low[slip] = premises.high[wave], premises.low[slip]
    assert premises.values(high)[wave] <= scenario.parameters["slip"].value
    assert premises.values(low)[slip] >= scenario.parameters["wave"].value
    # Spearman .5 is Pearson 2 sin(pi/12) of the normal scores; to move correlated premises apart is a longer way.
    i, j = premises.names.index("release"), premises.names.index("slow")
    assert premises.correlation[i, j] == pytest.approx(2 * math.sin(math.pi / 12))
    apart, along = premises.start.copy(), premises.start.copy()
    apart[[i, j]] += [1, -1]
    along[[i, j]] += [1, 1]
    rho = premises.correlation[i, j]
    assert premises.distance(apart) == pytest.approx(math.sqrt(2 / (1 - rho)))
    assert premises.distance(along) == pytest.approx(math.sqrt(2 / (1 + rho)))


def test_premises_that_cannot_be_asked_for_are_said():
    scenario = open_numbers(fateful())
    with pytest.raises(RequestError, match="no parameter is called 'slop'"):
        premises_of(scenario, ["slop"])
    with pytest.raises(RequestError, match="nothing varies"):
        premises_of(fateful().model_copy(update={"parameters": {}}))
    with pytest.raises(RequestError, match="does not vary continuously"):
        premises_of(fateful(), ["wave"])
