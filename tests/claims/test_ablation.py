"""Removing a mechanism: the same as judging the edited scenario from scratch, whoever does the work."""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from arguments import claim, fateful, quarrel, with_claims

from equipoise.claims.ablation import ablate, headline
from equipoise.claims.cases import Case
from equipoise.claims.challenge import challenger
from equipoise.claims.judge import judge
from equipoise.claims.solutions import Solutions
from equipoise.claims.trial import Trial, put_on_trial
from equipoise.equilibrium.solve import Branch
from equipoise.scenario.models import Variant
from equipoise.scenario.variants import apply


@pytest.fixture(scope="module")
def trial() -> Trial:
    return put_on_trial(
        quarrel(
            claim({"measure": {"risk": "war"}, "starts": "hot", "above": 0.01}, id="T1"),
            claim({"measure": {"risk": "war"}, "lower": "as-written", "than": "no-retreat"}, id="T2"),
            claim({"measure": {"value": "everyone"}, "above": -99}, id="T3"),
        )
    )


def test_a_removal_is_the_edited_scenario_judged_from_scratch(trial):
    for removal in ablate(trial).removals:
        variant = Variant(about="without", without=(removal.mechanism,))
        alone = Solutions(apply(trial.scenario, variant))
        expected = headline(alone[Case()], tuple(trial.scenario.initial))
        for start, chance in expected.risk.items():
            assert removal.headline.risk[start] == pytest.approx(chance, abs=1e-9)
        for start, values in expected.value.items():
            assert removal.headline.value[start] == pytest.approx(values, abs=1e-7)
        assert removal.verdicts == {v.claim.id: judge(v.claim, alone).status for v in trial.verdicts}
        assert removal.principal
        assert removal.strayed == ()


def test_numbers_do_not_depend_on_who_does_the_work(trial):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        shared = ablate(trial, executor=executor)
    assert json.dumps(shared.to_dict()) == json.dumps(ablate(trial).to_dict())


def test_without_verdicts_only_the_scenario_itself_is_solved(trial):
    for removal in ablate(trial, verdicts=False).removals:
        assert removal.verdicts == {}


def test_closed_form_without_the_brake():
    """Without M1 the war comes at its own rate whether the brake is on or not."""
    scenario = with_claims(
        fateful(), claim({"measure": {"risk": "war", "within": 1}, "starts": "slow", "below": 0.1}, id="T1")
    )
    trial = put_on_trial(scenario)
    assert trial.verdicts[0].status.value == "holds"
    (removal,) = ablate(trial).removals
    assert removal.mechanism == "M1"
    assert removal.verdicts["T1"].value == "fails"
    assert ablate(trial).carried("T1") == ("M1",)


def test_a_removal_that_left_the_principal_branch_says_so(trial, monkeypatch):
    def lost(game, convention, near, **how):
        return challenger(game, convention, near, **how | {"large": 0, "follow": False})

    monkeypatch.setattr("equipoise.claims.solutions.challenger", lost)
    for removal in ablate(trial).removals:
        assert removal.branch == Branch.JUMPED.value
        assert not removal.principal
        assert "as written" in removal.strayed
        assert removal.certified
