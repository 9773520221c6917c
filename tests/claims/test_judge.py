"""Verdicts: by hand where nobody decides, and by what must not change them."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from arguments import BRAKE, RATE, RELEASE, claim, fateful, quarrel, with_claims
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.claims.cases import Case
from equipoise.claims.judge import judge
from equipoise.claims.solutions import Solutions
from equipoise.claims.trial import CONVENTIONS, put_on_trial
from equipoise.claims.verdict import Difference, Status, Verdict, every, some
from equipoise.claims.wording import tell_difference, tell_verdict
from equipoise.equilibrium.convention import PRIVATE_SHOCK
from equipoise.equilibrium.solve import Branch
from equipoise.errors import RequestError

RISK = {"risk": "any", "within": 10}
WAVE = 0.05


def verdict_on(test, scenario=None, **options) -> Verdict:
    argued = with_claims(scenario or fateful(), claim(test))
    return judge(argued.claims[0], Solutions(argued), **options)


def test_a_threshold_holds_on_its_side_only():
    chance = 1 - math.exp(-(RATE + WAVE) * 10)
    for gap, below, above in ((1e-4, Status.HOLDS, Status.FAILS), (-1e-4, Status.FAILS, Status.HOLDS)):
        assert verdict_on({"measure": RISK, "starts": "fast", "below": chance + gap}).status is below
        assert verdict_on({"measure": RISK, "starts": "fast", "above": chance + gap}).status is above
    between = {"measure": RISK, "starts": "fast", "above": chance - 1e-4, "below": chance + 1e-4}
    assert verdict_on(between).status is Status.HOLDS
    assert verdict_on(between | {"margin": 0.01}).status is Status.UNRESOLVED


def test_a_comparison_by_hand():
    test = {"measure": RISK, "starts": "fast", "lower": "no-wave", "than": "as-written"}
    verdict = verdict_on(test)
    (witness,) = verdict.findings[0].witnesses
    expected = (1 - math.exp(-RATE * 10), 1 - math.exp(-(RATE + WAVE) * 10))
    assert [reading.value for reading in witness.readings] == pytest.approx(expected, abs=1e-9)
    assert witness.lead == pytest.approx(expected[1] - expected[0], abs=1e-9)
    assert verdict.status is Status.HOLDS
    (split,) = witness.differences
    assert split.total == split.assumed == pytest.approx(expected[0] - expected[1], abs=1e-9), "nobody decides"
    assert split.emergent == pytest.approx(0, abs=1e-12)
    assert split.known == pytest.approx(1)


@pytest.mark.parametrize(("way", "status"), [("lower", Status.FAILS), ("higher", Status.HOLDS)])
def test_the_difference_may_be_the_start(way, status):
    sides = {way: {"start": "fast"}, "than": {"start": "slow"}}
    assert verdict_on({"measure": RISK} | sides).status is status


def test_a_start_may_be_changed_in_one_respect():
    changed = {"measure": RISK, "higher": {"start": "slow", "state": {"brake": "off"}}, "than": {"start": "slow"}}
    readings = verdict_on(changed).findings[0].witnesses[0].readings
    assert readings[0].value == pytest.approx(1 - math.exp(-(RATE + WAVE) * 10), abs=1e-9)


def test_a_start_that_no_other_leads_to_is_solved_for():
    scenario = quarrel()
    relent = [move.model_dump(exclude_defaults=True) for move in scenario.moves if move.id == "relent"]
    lonely = {"calm": {"state": {"pressure": "none", "valley": "red"}}}
    sides = {"higher": {"start": "calm", "state": {"pressure": "some"}}, "than": {"start": "calm"}}
    argued = with_claims(
        scenario, claim({"measure": {"risk": "war"}} | sides), initial=lonely, moves=relent, variants={}
    )
    solutions = Solutions(argued)
    assert judge(argued.claims[0], solutions).status is Status.HOLDS
    assert [case.start is None for case in solutions.solved] == [True, False]


def test_a_start_that_a_variant_makes_impossible_is_refused():
    flooded = {"flooded": {"about": "the valley is lost", "pin": {"valley": "red"}}}
    test = {"measure": {"time": "showdown"}, "lower": "flooded", "than": "as-written"}
    argued = with_claims(quarrel(), claim(test | {"starts": "calm"}), claim(test, id="L"), variants=flooded)
    solutions = Solutions(argued)
    assert judge(argued.claims[0], solutions).status in (Status.HOLDS, Status.FAILS, Status.UNRESOLVED)
    refused = judge(argued.claims[1], solutions)
    assert refused.status is Status.REFUSED
    assert "hot" in refused.reasons[0].found


def test_it_must_hold_from_every_start():
    chance = 1 - math.exp(-(RATE + WAVE) * 10)
    test = {"measure": RISK, "below": chance - 1e-3}
    assert verdict_on(test | {"starts": "slow"}).status is Status.HOLDS
    assert verdict_on(test | {"starts": ["slow", "fast"]}).status is Status.FAILS
    assert verdict_on(test).status is Status.FAILS, "every start of the scenario, if none is named"
    assert verdict_on(test, starts=["slow"]).status is Status.HOLDS, "unless the request names others"


def test_a_rise_along_a_parameter_and_its_range():
    for series in ({"parameter": "slip"}, {"parameter": "slip", "values": [0.1, 0.2, 0.4]}):
        verdict = verdict_on({"measure": RISK, "starts": "fast", "rising": series})
        assert verdict.status is Status.HOLDS
        values = [reading.value for reading in verdict.findings[0].witnesses[0].readings]
        assert values == pytest.approx([1 - math.exp(-(rate + WAVE) * 10) for rate in (0.1, 0.2, 0.4)], abs=1e-9)
    assert verdict_on({"measure": RISK, "starts": "fast", "falling": {"parameter": "slip"}}).status is Status.FAILS
    back = {"parameter": "slip", "values": [0.1, 0.4, 0.2]}
    assert verdict_on({"measure": RISK, "starts": "fast", "rising": back}).status is Status.FAILS


def test_a_fall_along_the_levels_of_a_factor():
    verdict = verdict_on({"measure": {"risk": "war"}, "starts": "slow", "falling": {"factor": "brake"}})
    values = [reading.value for reading in verdict.findings[0].witnesses[0].readings]
    free = RATE / (RATE + WAVE) * (1 - math.exp(-(RATE + WAVE) * 10))
    assert values == pytest.approx([free, 1 - math.exp(-RATE * BRAKE * 10)], abs=1e-9)
    assert verdict.status is Status.HOLDS


def test_a_ranking_by_cause():
    ranked = {"slips": ["slip"], "waves": ["wave"]}
    test = {"measure": RISK, "starts": "fast", "ranked": ranked}
    assert verdict_on(test).status is Status.HOLDS
    assert verdict_on(test | {"ranked": dict(reversed(ranked.items()))}).status is Status.FAILS


def test_a_ranking_by_the_situation_that_is_left():
    # The brake is on until the visit ends, whatever ends it.
    test = {"measure": {"exits": "braked"}, "starts": "slow", "ranked": {"on": "braked", "off": "loose"}}
    verdict = verdict_on(test)
    assert [reading.value for reading in verdict.findings[0].witnesses[0].readings] == pytest.approx([1, 0])
    assert verdict.status is Status.HOLDS
    assert verdict_on(test | {"ranked": {"off": "loose", "on": "braked"}}).status is Status.FAILS
    half = {"measure": {"exits": "braked", "by": "slip", "during": "braked"}, "starts": "slow"}
    slips = RATE * BRAKE / (RATE * BRAKE + RELEASE)
    assert verdict_on(half | {"above": slips - 1e-6, "below": slips + 1e-6}).status is Status.HOLDS


def test_a_need_for_a_mechanism():
    free = RATE / (RATE + WAVE) * (1 - math.exp(-(RATE + WAVE) * 10))
    test = {"measure": {"occupancy": "braked", "at": 2}, "starts": "slow", "needs": "M1"}
    kept, lost = math.exp(-(RATE * BRAKE + 0.5) * 2), math.exp(-(RATE + 0.5) * 2)
    verdict = verdict_on(test | {"above": (kept + lost) / 2})
    assert [r.value for r in verdict.findings[0].witnesses[0].readings] == pytest.approx([kept, lost], abs=1e-9)
    assert verdict.status is Status.HOLDS
    assert verdict_on(test | {"above": lost / 2}).status is Status.FAILS, "it is there without the mechanism too"
    assert verdict_on(test | {"above": kept * 1.1}).status is Status.FAILS, "it is not there to begin with"
    assert free < 1


def test_all_and_any():
    true = {"measure": RISK, "above": 0.0001}
    false = {"measure": RISK, "below": 0.0001}
    assert verdict_on({"all": [true, true]}).status is Status.HOLDS
    assert verdict_on({"all": [true, false]}).status is Status.FAILS
    assert verdict_on({"any": [true, false]}).status is Status.HOLDS
    assert verdict_on({"any": [false, false]}).status is Status.FAILS


def test_what_has_no_number_is_unresolved():
    verdict = verdict_on({"measure": {"dwell": "braked"}, "starts": "fast", "above": "1 years"})
    assert verdict.status is Status.UNRESOLVED
    assert "no such number" in verdict.findings[0].witnesses[0].why


def test_the_same_on_both_sides_is_unresolved():
    test = {"measure": {"occupancy": "braked", "at": 2}, "starts": "slow", "lower": "no-wave", "than": "as-written"}
    verdict = verdict_on(test)
    assert verdict.status is Status.UNRESOLVED
    assert "the same" in tell_verdict(fateful(), verdict)


def test_an_unfair_test_is_refused_with_the_reason():
    verdict = verdict_on({"measure": RISK, "lower": "sloppy", "than": "as-written"})
    assert verdict.status is Status.REFUSED
    assert "slip" in verdict.reasons[0].found
    assert verdict.reasons[0].found[1:] in tell_verdict(fateful(), verdict)


def test_a_claim_without_a_test_is_listed():
    argued = with_claims(fateful(), {"id": "K", "says": "It is so."})
    assert judge(argued.claims[0], Solutions(argued)).status is Status.UNTESTED


PRESS = {"measure": {"value": "everyone"}, "starts": "hot", "higher": "as-written", "than": "no-retreat"}


def test_each_actor_is_a_witness():
    argued = quarrel(claim(PRESS))
    unfair = judge(argued.claims[0], Solutions(argued))
    assert unfair.status is Status.REFUSED, "no-retreat sets a parameter too"
    argued = with_claims(argued, claim(PRESS), variants={"no-retreat": {"about": "x", "drop": ["yield"]}})
    verdict = judge(argued.claims[0], Solutions(argued))
    witnesses = verdict.findings[0].witnesses
    assert [witness.actor for witness in witnesses] == ["red", "blue"]
    assert verdict.status is every([witness.status for witness in witnesses])
    for witness in witnesses:
        (split,) = witness.differences
        assert split.assumed + split.emergent == pytest.approx(split.total)
        assert abs(split.emergent) > 1e-6, "without a way back everybody presses less or more"
    test = {k: v for k, v in PRESS.items() if k != "than"} | {"than_one_of": "no-retreat"}
    one = with_claims(argued, claim(test), variants={"no-retreat": {"about": "x", "drop": ["yield"]}})
    assert judge(one.claims[0], Solutions(one)).status is verdict.status


@settings(max_examples=25, deadline=None)
@given(
    kind=st.sampled_from(["lower", "higher"]),
    measure=st.sampled_from([RISK, {"time": "loose"}, {"loss": "a"}, {"value": "a"}]),
    sides=st.permutations(["as-written", "held", "no-wave"]),
)
def test_turning_a_comparison_round_turns_the_verdict(kind, measure, sides):
    turned = {"lower": "higher", "higher": "lower"}[kind]
    base = {"measure": measure, "starts": "slow"}
    there = verdict_on(base | {kind: sides[0], "than": sides[1]})
    back = verdict_on(base | {turned: sides[0], "than": sides[1]})
    swapped = verdict_on(base | {turned: sides[1], "than": sides[0]})
    opposite = {Status.HOLDS: Status.FAILS, Status.FAILS: Status.HOLDS}
    assert back.status is opposite.get(there.status, there.status)
    assert swapped.status is there.status


def test_groups_of_statuses():
    H, F, U = Status.HOLDS, Status.FAILS, Status.UNRESOLVED
    assert [every(s) for s in ([H, H], [H, F], [H, U], [F, U], [])] == [H, F, U, F, U]
    assert [some(s) for s in ([H, F], [F, F], [F, U], [H, U], [])] == [H, F, U, H, U]


def test_conventions_are_challenges():
    argued = quarrel(claim({"measure": {"risk": "war"}, "starts": "hot", "above": 0.0001}))
    trial = put_on_trial(argued, conventions=CONVENTIONS)
    (verdict,) = trial.verdicts
    assert [challenge.under for challenge in verdict.challenges] == ["private-shock", "agent-error"]
    alone = {c.name: put_on_trial(argued, conventions=[c]).verdicts[0].status for c in CONVENTIONS}
    assert verdict.status is alone["control-cost"]
    assert {c.under: c.status for c in verdict.challenges} == {n: s for n, s in alone.items() if n != "control-cost"}


def test_where_a_convention_disagrees_the_verdict_says_so():
    risks = {}
    for convention in CONVENTIONS:
        argued = quarrel(claim({"measure": {"risk": "war"}, "starts": "hot", "above": 0.0001}))
        (verdict,) = put_on_trial(argued, conventions=[convention]).verdicts
        risks[convention.name] = verdict.findings[0].witnesses[0].readings[0].value
    between = (max(risks.values()) + min(risks.values())) / 2
    argued = quarrel(claim({"measure": {"risk": "war"}, "starts": "hot", "above": between}))
    (verdict,) = put_on_trial(argued, conventions=CONVENTIONS).verdicts
    assert verdict.contested
    assert f"under {verdict.contested[0].under}" in tell_verdict(argued, verdict)


def test_unknown_claims_and_starts_are_refused_with_a_suggestion():
    argued = quarrel(claim({"measure": {"risk": "war"}, "above": 0.1}))
    with pytest.raises(RequestError, match="did you mean 'hot'"):
        put_on_trial(argued, starts=["hott"])
    with pytest.raises(RequestError, match="no claim is called 'Q'"):
        put_on_trial(argued, claims=["Q"])


def test_another_equilibrium_is_judged_by_its_own_numbers():
    argued = quarrel(claim({"measure": {"risk": "war"}, "starts": "hot", "above": 0.0001}))
    own, other = Solutions(argued), Solutions(argued, PRIVATE_SHOCK)
    swapped = own.with_equilibrium(Case(), other[Case()].equilibrium)
    numbers = [
        judge(argued.claims[0], each).findings[0].witnesses[0].readings[0].value for each in (own, other, swapped)
    ]
    assert numbers[2] == pytest.approx(numbers[1], abs=1e-12)
    assert abs(numbers[0] - numbers[1]) > 1e-4
    assert judge(argued.claims[0], own).findings[0].witnesses[0].readings[0].value == numbers[0], "own is untouched"


def test_what_is_not_certified_is_unresolved():
    argued = with_claims(fateful(), claim({"measure": RISK, "starts": "fast", "above": 0.1}))
    solutions = Solutions(argued)
    doubtful = replace(solutions[Case()].equilibrium, branch=Branch.NONE)
    verdict = judge(argued.claims[0], solutions.with_equilibrium(Case(), doubtful))
    assert verdict.status is Status.UNRESOLVED
    assert "no equilibrium could be certified" in tell_verdict(argued, verdict).lower()


def test_a_difference_is_not_divided_where_hardly_any_situation_was_known():
    split = Difference("a", "b", -0.1, -0.1, 0.0, known=0.01)
    assert "cannot be divided" in tell_difference(split, "chance")
    assert "assumed and" in tell_difference(replace(split, known=0.6), "chance")
