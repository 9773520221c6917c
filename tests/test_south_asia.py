"""The second shipped scenario: sound, sourced, complete in its mechanisms, and solved with a certificate."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest
from scipy.stats import gamma, norm

from equipoise.equilibrium.convention import AGENT_ERROR, CONTROL_COST, PRIVATE_SHOCK, Convention
from equipoise.equilibrium.solve import Branch, Equilibrium, solve
from equipoise.game.compile import compile
from equipoise.game.game import Floats, Game
from equipoise.outlook.chain import induced_chain
from equipoise.outlook.count import frequency
from equipoise.outlook.risk import risk
from equipoise.scenario.checks import check
from equipoise.scenario.files import shipped
from equipoise.scenario.models import Model, Scenario, Variant
from equipoise.scenario.reading import load
from equipoise.scenario.variants import apply

MECHANISMS = ["A1", "A2", "A3", "A4", "A5", "A6", "B1", "B2", "B3", "B4", "B5", "B6"]
MECHANISMS += ["C1", "C2", "D1", "D2", "D3", "D4", "E1", "E2"]
RESULTS = ["O1", "O2", "P1", "P2", "K1", "S1", "N1", "N2", "T1", "T2", "W1", "W2", "X1", "X2", "Y1", "Y2", "Z1"]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("south-asia")


@cache
def solved(convention: Convention = CONTROL_COST) -> tuple[Game, Equilibrium]:
    game = compile(load("south-asia"))
    return game, solve(game, convention=convention)


def cited(part: object, field: str) -> set[str]:
    """Every id that `implements` or `judges` names anywhere in a model."""
    if isinstance(part, Model):
        own = set(getattr(part, field, ()))
        return own.union(*(cited(getattr(part, name), field) for name in type(part).model_fields))
    if isinstance(part, dict):
        return set().union(*(cited(value, field) for value in part.values()))
    if isinstance(part, tuple):
        return set().union(*(cited(value, field) for value in part))
    return set()


def test_it_is_shipped_and_loads_without_a_warning(scenario: Scenario) -> None:
    assert "south-asia" in shipped()
    assert [str(problem) for problem in check(scenario)] == []


def test_mechanisms_are_expressed_and_results_are_judged_and_never_wired_in(scenario: Scenario) -> None:
    assert set(MECHANISMS) | set(RESULTS) == set(scenario.argument)
    assert cited(scenario, "implements") == set(MECHANISMS)
    assert cited(scenario, "judges") == set(RESULTS)


def test_every_claim_has_a_test_and_a_source(scenario: Scenario) -> None:
    for claim in scenario.claims:
        assert claim.test, claim.id
        for source in (claim.source or "").split(", "):
            assert source in scenario.sources or source == "analyst's judgement", claim.id
    cited_claims = [claim for claim in scenario.claims if claim.source != "analyst's judgement"]
    assert len(cited_claims) >= 12


def test_every_factor_of_every_start_is_justified_by_a_dated_fact(scenario: Scenario) -> None:
    for name, situation in scenario.initial.items():
        assert set(situation.because) == set(scenario.factors), name
        for factor, reason in situation.because.items():
            assert re.search(r"\b(19|20)\d\d\b", reason.says), (name, factor)


def test_every_parameter_says_what_it_measures_how_sure_it_is_and_where_it_comes_from(scenario: Scenario) -> None:
    for name, parameter in scenario.parameters.items():
        assert parameter.about, name
        assert parameter.range or parameter.prior, name
        if parameter.range:
            assert parameter.range[0] <= parameter.value <= parameter.range[1], name
        for source in parameter.source.split(", "):
            assert source in scenario.sources or source == "analyst's judgement", name


def test_every_number_is_used(scenario: Scenario) -> None:
    told = scenario.model_dump_json(exclude={"parameters"})
    unused = [name for name in scenario.parameters if f'"{name}"' not in told]
    assert unused == []


def test_multipliers_whose_sign_a_claim_lives_by_may_go_either_way(scenario: Scenario) -> None:
    quarrelled = ["shield", "spoilers", "cover", "small_yield", "thrust_answered", "talk_clarity", "watched"]
    for name in quarrelled:
        prior = scenario.parameters[name].prior
        assert prior
        assert prior.lognormal
        median, p90 = prior.lognormal.median, prior.lognormal.p90
        below_one = norm.cdf(-np.log(median) / (np.log(p90 / median) / norm.ppf(0.9)))
        assert 0.09 < below_one < 0.91, name


def test_no_flow_of_payoffs_depends_on_the_posture_and_none_rewards_a_result(scenario: Scenario) -> None:
    for term in scenario.payoffs:
        assert all("posture" not in alternative for alternative in term.when), term


def test_counted_numbers_equal_their_counts(scenario: Scenario) -> None:
    counted = 0
    for name, parameter in scenario.parameters.items():
        if parameter.prior and parameter.prior.gamma:
            seen = parameter.prior.gamma
            expected = seen.events / seen.years if seen.events else gamma.median(0.5, scale=1 / seen.years)
        elif parameter.prior and parameter.prior.beta:
            tried = parameter.prior.beta
            expected = tried.successes / (tried.successes + tried.failures)
        else:
            continue
        counted += 1
        assert parameter.value == pytest.approx(expected, rel=2e-3), name
    assert counted >= 9


def test_every_move_and_event_can_be_told_in_a_sentence(scenario: Scenario) -> None:
    assert all(step.about for step in scenario.steps)
    assert all(set(factor.meaning) == set(factor.levels) for factor in scenario.factors.values())


def test_every_variant_makes_a_game_and_only_the_old_order_has_no_nuclear_road(scenario: Scenario) -> None:
    for name in scenario.variants:
        game = compile(apply(scenario, name))
        reached = {game.outcomes[o] for o in game.end_outcome}
        assert reached == ({"conventional_war"} if name == "no-weapons" else set(scenario.outcomes)), name


@pytest.mark.parametrize("convention", [CONTROL_COST, PRIVATE_SHOCK, AGENT_ERROR], ids=lambda c: c.name)
def test_it_is_solved_with_a_certificate_under_every_convention(convention: Convention) -> None:
    game, equilibrium = solved(convention)
    assert 3_000 <= game.n_states <= 15_000
    assert equilibrium.certified, f"{equilibrium.cause}; {equilibrium.certificate}"
    assert equilibrium.branch is Branch.PRINCIPAL


def test_nobody_would_rather_have_a_war_than_the_start() -> None:
    """As docs/south-asia.md tells."""
    game, equilibrium = solved()
    for state in game.starts.values():
        for outcome in set(game.end_outcome):
            assert np.all(game.end_value[game.end_outcome == outcome].max(axis=0) < equilibrium.felt[state])


def test_the_curve_of_equilibria_folds_well_before_it_arrives() -> None:
    """As docs/evidence/south-asia-fit.md asked before the fit: at no less than 1.25 times the scenario's noise."""
    assert min(solved()[1].trace.folds) > 1.25


def per_decade(game: Game, equilibrium: Equilibrium) -> dict[str, Floats]:
    """How often each step happens in ten years, and how likely each outcome is, from every start."""
    chain, starts = induced_chain(game, equilibrium.row_rate), list(game.starts.values())
    steps = dict(zip(game.steps, frequency(chain, starts, [10.0])[:, 0].T, strict=True))
    return steps | dict(zip(game.outcomes, risk(chain, starts, [10.0])[:, 0].T, strict=True))


def test_conduct_fits_the_record_as_the_documentation_says() -> None:
    """1998 to 2025: eight mass attacks, three strikes, two mobilisations, one line crossed."""
    times = per_decade(*solved())
    for step, seen in {"mass-attack": 8, "strike": 3, "mobilise": 2, "cross-the-line": 1}.items():
        low, high = gamma.ppf([0.025, 0.975], seen + 0.5, scale=10 / 27)
        assert low < np.mean(times[step]) < high, step
    assert np.all(times["conventional_war"] + times["nuclear_use"] < gamma.ppf(0.975, 0.5, scale=10 / 27))
    assert np.all(times["nuclear_use"] > 1e-4), "the nuclear road is open from every start"
    assert np.all(times["invade"] < 5e-4), "and nobody chooses war"


def test_nobody_turns_a_policy_on_and_off_all_the_time(scenario: Scenario) -> None:
    times = per_decade(*solved())
    assert max(np.max(times[move.id]) for move in scenario.moves) < 5, "at most every other year"


def test_who_was_elected_to_punish_strikes_more_and_absorbs_less(scenario: Scenario) -> None:
    hard, soft = (compile(apply(scenario, name)) for name in ("punishment-holds", "restraint-holds"))
    punish = per_decade(hard, solve(hard, best_response=False))
    spare = per_decade(soft, solve(soft, best_response=False))
    assert np.all(punish["strike"] > spare["strike"])
    assert np.all(punish["absorb"] < spare["absorb"])


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_removing_a_mechanism_changes_what_comes_out(scenario: Scenario, mechanism: str) -> None:
    game, equilibrium = solved()
    headline = per_decade(game, equilibrium)
    without = apply(scenario, Variant(about="one mechanism less", without=(mechanism,)))
    smaller = compile(without)
    found = solve(smaller, best_response=False, most_stumbles=12)
    assert found.certified, f"{found.cause}; {found.certificate}"
    # Steps that belong to the mechanism would vanish by definition: only what is left of the model counts.
    gone = {step.id for step in without.steps if step.dropped}
    left = per_decade(smaller, found)
    change = max(np.max(np.abs(left[name] - headline[name])) for name in headline if name in left and name not in gone)
    assert change > 1e-3, "nothing changes by a thousandth, while the error of a measure is below 1e-6"
