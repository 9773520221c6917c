"""What futures say about a claim, in numbers and in sentences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from deciding.fates import drawn, fates
from equipoise.deciding.decision import decide, decide_all
from equipoise.deciding.futures import FAILED, Futures
from equipoise.deciding.wording import (
    tell_discovery,
    tell_groups,
    tell_information,
    tell_parameter,
    tell_share,
)
from equipoise.errors import RequestError
from equipoise.scenario.models import Scenario


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return fates()


@pytest.fixture(scope="module")
def futures(scenario: Scenario) -> Futures:
    return drawn(scenario, 256)


def test_the_sentence_says_when_it_fails(scenario, futures):
    decision = decide(futures, "K")
    assert decision.rarer == "fails"
    text = tell_discovery(scenario, decision, futures.parameters)
    # From `fast` the risk of war depends on how often slips and waves come, and on nothing else.
    assert text.startswith("It fails mostly when slip is above 0.2")
    assert " a year: that is where " in text or " a year and wave is below" in text
    assert f"({decision.discovery.whole.density * 100:.2g}% overall)" in text
    slip, wave = futures.parameters.index("slip"), futures.parameters.index("wave")
    box = decision.discovery.found.box
    assert set(box.restricted(decision.discovery.whole.box)) <= {slip, wave}
    fails = ~futures.holds("K")
    inside = box.inside(futures.values)
    assert decision.discovery.found.coverage == fails[inside].sum() / fails.sum()
    assert decision.discovery.found.density == fails[inside].mean()


def test_the_parameters_that_matter_are_those_that_do(scenario, futures):
    decision = decide(futures, "K")
    slip = futures.parameters.index("slip")
    for index in (decision.margin, decision.distribution, decision.information.doubt):
        assert index.above[0] == slip
        assert {futures.parameters[p] for p in index.above} <= {"slip", "wave"}
    text = tell_information(scenario, decision, futures.parameters)
    assert text.startswith("Of the doubt about it, knowing one parameter would on average remove: slip ")
    assert "called wrong in" in text


def test_a_claim_that_never_fails_has_nothing_to_tell_apart(scenario, futures):
    decision = decide(futures, "S")
    assert decision.discovery is None
    assert decision.information is None
    assert decision.margin is not None
    assert tell_discovery(scenario, decision, futures.parameters).startswith("It holds wherever there is a verdict")
    assert tell_share(decision.share).startswith("It holds in 100% of 256 futures (95% interval 99% to 100%)")


def test_draws_without_a_verdict_count_against_it_and_are_told(scenario, futures):
    verdicts, margins = futures.verdicts.copy(), futures.margins.copy()
    verdicts[:40], margins[:40] = FAILED, np.nan
    broken = replace(futures, verdicts=verdicts, margins=margins)
    decision = decide(broken, "K")
    assert decision.share.failed == 40
    assert decision.share.share <= (256 - 40) / 256
    assert "40 of them have no verdict" in tell_share(decision.share)
    assert decision.discovery is not None
    few = decide(replace(futures, verdicts=np.full_like(verdicts, FAILED)), "K")
    assert few.discovery is None
    assert tell_discovery(scenario, few, futures.parameters).startswith("Fewer than 30 futures have a verdict")


def test_without_any_pattern_it_says_so(scenario, futures):
    random = np.random.default_rng(2)  # one seed in twenty finds something; that is tested in test_discovery
    verdicts = np.where(random.random(futures.verdicts.shape) < 0.3, "fails", "holds")
    noise = replace(futures, verdicts=verdicts, margins=np.full(verdicts.shape, np.nan))
    decision = decide(noise, "K")
    assert decision.margin is None
    text = tell_discovery(scenario, decision, futures.parameters)
    assert text.startswith("No range of up to three parameters tells the futures in which it fails from the others")
    assert "by more than chance" in tell_information(scenario, decision, futures.parameters)


def test_shares_by_convention_are_told_where_there_are_several(futures):
    convention = np.where(np.arange(256) % 2, "agent-error", "control-cost")
    decision = decide(replace(futures, convention=convention), "K")
    assert tell_groups(decision.by_equilibrium, str) == ""
    text = tell_groups(decision.by_convention, lambda name: f"under {name}")
    assert text.startswith("Under control-cost ")
    assert " and under agent-error " in text


def test_refused_claims_are_left_out_and_unknown_ones_an_error(futures):
    verdicts = futures.verdicts.copy()
    verdicts[:, 1] = "refused"
    assert [one.claim for one in decide_all(replace(futures, verdicts=verdicts))] == ["K"]
    with pytest.raises(RequestError, match="no claim of this ensemble"):
        decide(futures, "T99")


def test_designs_give_what_they_were_made_for(futures):
    from equipoise.draws import design

    scenario = fates()
    P = len(futures.parameters)
    for method, rows in (("saltelli", 16 * (P + 2)), ("morris", 10 * (P + 1))):
        points = design(scenario, method=method, seed=0).points(0, rows)
        margins = np.repeat((points.quantiles[:, :1] + 2 * points.quantiles[:, 1:2]), 2, axis=1)
        ones = np.array(["x"] * rows)
        made = replace(
            futures,
            quantiles=points.quantiles,
            values=points.values,
            margins=margins,
            verdicts=np.where(margins > 1.5, "holds", "fails"),
            convention=ones,
            reached=ones,
            method=method,
        )
        decision = decide(made, "K")
        if method == "saltelli":
            assert np.argsort(-decision.sobol.total)[:2].tolist() == [1, 0]
            assert decision.sobol.total[2:].max() < 1e-9
        else:
            np.testing.assert_allclose(decision.effects.size[:3], [1, 2, 0], atol=1e-9)


def test_long_descriptions_are_cut_between_words(scenario):
    parameter = scenario.parameters["slip"].model_copy(update={"about": "How often " + "very " * 40 + "often."})
    told = scenario.model_copy(update={"parameters": {**scenario.parameters, "slip": parameter}})
    assert len(tell_parameter(told, "slip")) < 110
    assert tell_parameter(told, "slip").endswith("very…\N{RIGHT DOUBLE QUOTATION MARK})")
