"""The shipped scenario: sound, sourced, complete in its mechanisms, and solved with a certificate."""

from __future__ import annotations

import importlib.util
import math
import re
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scipy.stats import gamma, norm

from equipoise.equilibrium.solve import Branch, Equilibrium, solve
from equipoise.game.compile import compile
from equipoise.game.game import Floats, Game
from equipoise.outlook.chain import induced_chain
from equipoise.outlook.count import frequency
from equipoise.outlook.regimes import occupancy
from equipoise.outlook.risk import risk
from equipoise.scenario.checks import check
from equipoise.scenario.models import Model, Scenario, Variant
from equipoise.scenario.reading import load
from equipoise.scenario.variants import apply

ROOT = Path(__file__).parents[1]
MECHANISMS = [
    "A1",
    "A2",
    "A3",
    "A4",
    "A5",
    "B1",
    "B2",
    "B3",
    "B7",
    "C1",
    "C2",
    "C3",
    "C4",
    "C6",
    "D1",
    "D2",
    "D3",
    "D4",
    "E1",
    "E2",
    "E3",
    "E4",
    "F1",
    "F2",
    "F3",
    "F4",
    "H1",
    "H2",
    "H3",
    "H4",
    "X1",
    "X2",
    "X3",
    "X4",
    "X5",
    "X6",
    "X7",
]
"""Rows of the argument that are structure; B1, B2, D1, F3 and F4 are results too."""
RESULTS = ["B1", "B2", "B4", "B5", "B6", "B8", "C5", "D1", "F3", "F4", "G1", "G2", "G3", "I1", "I2", "I3"]
"""Rows that must come out of what the actors do, and are judged."""
ONLY_RESULTS = set(RESULTS) - set(MECHANISMS)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("northeast-asia")


@pytest.fixture(scope="module")
def game(scenario: Scenario) -> Game:
    return compile(scenario)


@pytest.fixture(scope="module")
def rates() -> ModuleType:
    spec = importlib.util.spec_from_file_location("base_rates", ROOT / "scripts" / "base_rates.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["base_rates"] = module
    spec.loader.exec_module(module)
    return module


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


def test_it_loads_without_a_warning(scenario: Scenario) -> None:
    assert [str(problem) for problem in check(scenario)] == []


def test_every_mechanism_is_expressed(scenario: Scenario) -> None:
    assert cited(scenario, "implements") == set(MECHANISMS)
    assert set(MECHANISMS) | set(RESULTS) == set(scenario.argument)


def test_results_are_judged_and_never_wired_in(scenario: Scenario) -> None:
    assert cited(scenario, "judges") == set(RESULTS)
    assert not cited(scenario, "implements") & ONLY_RESULTS


def test_every_claim_of_the_argument_is_there(scenario: Scenario) -> None:
    wanted = [
        "T0",
        "T1a",
        "T1b",
        "T1c",
        "T2",
        "T3",
        "T4",
        "T5",
        "T6",
        "T7",
        "T8",
        "T9",
        "T10",
        "T11",
        "T12",
        "T13",
        "T14",
        "T15",
        "T16",
    ]
    assert [claim.id for claim in scenario.claims] == wanted


def test_no_payoff_rewards_the_settlement_as_such(scenario: Scenario) -> None:
    settlement = {"arsenal", "line"}
    for term in scenario.payoffs:
        for conjunction in term.when:
            assert not settlement <= set(conjunction) or term.cost is not None, term


def test_every_factor_of_every_start_is_justified_by_a_dated_fact_or_says_that_it_is_judged(scenario: Scenario) -> None:
    for name, situation in scenario.initial.items():
        assert set(situation.because) == set(scenario.factors), name
    dated = [
        bool(re.search(r"\b(19|20)\d\d\b", f"{situation.about} {reason.says}"))
        for situation in scenario.initial.values()
        for reason in situation.because.values()
    ]
    assert all(dated)


def test_every_parameter_says_what_it_measures_how_sure_it_is_and_where_it_comes_from(scenario: Scenario) -> None:
    for name, parameter in scenario.parameters.items():
        assert parameter.about, name
        assert parameter.range or parameter.prior, name
        for source in parameter.source.split(", "):
            assert source in scenario.sources or source == "analyst's judgement", name


def test_multipliers_whose_sign_the_argument_lives_by_may_go_either_way(scenario: Scenario) -> None:
    shields = ["armed_fear", "residual_fear", "leftover_need", "shield", "care", "more_care", "desperate_use"]
    talks = ["talk_clarity", "neighbour_clarity", "fig_leaf", "thin_leaf", "guaranteed", "engaged_border"]
    for name in [*talks, *shields, "pressed", "left_out", "kept_afloat", "no_threats_calm"]:
        prior = scenario.parameters[name].prior
        assert prior
        assert prior.lognormal
        assert prior.lognormal.median < 1 < prior.lognormal.p90, name
    for name in ["intimidated", "unrestrained", "hardship", "undermined", "precedent_set"]:
        prior = scenario.parameters[name].prior
        assert prior
        assert prior.lognormal
        median, p90 = prior.lognormal.median, prior.lognormal.p90
        below_one = norm.cdf(-np.log(median) / (np.log(p90 / median) / norm.ppf(0.9)))
        assert 0.1 < below_one < 0.9, name


def test_every_move_and_event_can_be_told_in_a_sentence(scenario: Scenario) -> None:
    assert all(step.about for step in scenario.steps)
    assert all(set(factor.meaning) == set(factor.levels) for factor in scenario.factors.values())


def test_regimes_of_risk_claims_leave_out_how_close_the_guns_are(scenario: Scenario) -> None:
    mentioned = {
        factor
        for name, regime in scenario.regimes.items()
        if name not in ("crisis", "collapse")
        for conjunction in regime.when
        for factor in conjunction
    }
    assert "crisis" not in mentioned


def test_the_system_has_tens_of_thousands_of_states(game: Game) -> None:
    assert 10_000 <= game.n_states <= 30_000


def test_every_road_to_war_can_be_taken(scenario: Scenario, game: Game) -> None:
    reached = {game.outcomes[o] for o in game.end_outcome}
    assert reached == set(scenario.outcomes)


def test_every_variant_makes_a_game(scenario: Scenario) -> None:
    for name in scenario.variants:
        assert compile(apply(scenario, name)).n_states > 0, name


def test_counted_numbers_equal_their_counts(scenario: Scenario) -> None:
    counted = 0
    for name, parameter in scenario.parameters.items():
        if parameter.prior and parameter.prior.gamma:
            seen = parameter.prior.gamma
            median = gamma.median(0.5, scale=1 / seen.years)
            expected = seen.events / seen.years if seen.events else median
        elif parameter.prior and parameter.prior.beta:
            tried = parameter.prior.beta
            expected = tried.successes / (tried.successes + tried.failures)
        else:
            continue
        counted += 1
        assert parameter.value == pytest.approx(expected, rel=2e-3), name
    assert counted >= 18


def test_numbers_from_coded_facts_are_those_the_script_prints(scenario: Scenario, rates: ModuleType) -> None:
    printed = {line.name.split(" ")[0]: line.value for line in rates.coded()}
    names = {
        "leaves_none": "leaves_none",
        "leaves_threshold": "leaves_threshold",
        "leaves_regional": "leaves_regional",
        "evidence": "evidence_rate",
        "us_election": "us_election",
        "hawk_share": "hawk_share",
        "wing_change_within_term": "wing_change",
        "south_korean_election": "rok_election",
        "engaging_share": "engaging_share",
    }
    for line, parameter in names.items():
        assert scenario.parameters[parameter].value == pytest.approx(printed[line], abs=1e-4), parameter


def test_disputes_are_counted_once_per_onset_in_the_years_of_peace(rates: ModuleType) -> None:
    def row(a: str, b: str, year: int, onset: int, level: int) -> dict[str, str]:
        return {"ccode1": a, "ccode2": b, "year": str(year), "gmlmidonset": str(onset), "hostlev": str(level)}

    rows = [
        row("731", "732", 1950, 1, 5),  # before the armistice
        row("731", "732", 1960, 1, 4),
        row("732", "731", 1960, 1, 4),  # the same dispute, seen from the other side
        row("731", "732", 1961, 0, 4),  # it goes on
        row("731", "732", 1970, 1, 3),
        row("2", "731", 1970, 1, 4),
    ]
    assert rates.disputes(rows, "731", "732") == (2, 1)


def test_crises_are_told_apart_by_who_is_in_them(rates: ModuleType) -> None:
    systems = [
        {"crisno": "1", "trigent": "731"}
        | {"yrtrig": "1968", "motrig": "1", "datrig": "1", "yrterm": "1969", "moterm": "1", "daterm": "1"},
        {"crisno": "2", "trigger_entity_cow": "731", "trigger_date": "2010-03-26", "termination_date": "2010-07-26"},
        {"crisno": "3", "trigger_entity_cow": "731", "trigger_date": "1950-06-25", "termination_date": "1950-09-30"},
    ]
    actors = [
        {"crisno": "1", "cracid": "2"},
        {"crisno": "2", "ccode": "732"},
        {"crisno": "3", "ccode": "732"},
    ]
    assert rates.crises(systems, actors, {"2", "731"}, set()) == [pytest.approx(366 / 365.25)]
    assert rates.crises(systems, actors, {"731", "732"}, {"2"}) == [pytest.approx(122 / 365.25)]


def test_talks_are_runs_of_months_with_short_gaps(rates: ModuleType) -> None:
    assert rates.spells(["1994-01", "1994-03", "1994-09"]) == [(23928, 23930), (23936, 23936)]
    rows = [{"year_month": month, "parties_iso3": "USA;PRK"} for month in ("1994-01", "1994-03", "1994-09")]
    rows.append({"year_month": "1995-01", "parties_iso3": "USA;KOR"})
    runs, inside, outside = rates.talks(rows, watched=("1994-01", "1994-12"))
    assert len(runs) == 2
    assert (inside, inside + outside) == (4 / 12, 1.0)


def test_provocations_are_split_by_talks(rates: ModuleType) -> None:
    rows = [{"date": "1994-01-05"}, {"date": "1994-06-01"}, {"date": "1994-06-02", "category": "trash_balloon"}]
    within, years_in, without, years_out = rates.provocations_by_talks(rows, [(23928, 23930)], years=(1994, 1994))
    assert (within, without) == (1, 1)
    assert (years_in, years_out) == (0.25, 0.75)


def test_a_rate_of_what_was_never_seen_is_the_median_of_its_posterior(rates: ModuleType) -> None:
    # Gamma(1/2, T) is chi squared with one degree of freedom over 2 T; its median is the squared normal quartile.
    assert rates.rate("war", 0, 8.057).value == pytest.approx(0.6744897501960817**2 / (2 * 8.057))
    assert rates.rate("crisis", 10, 65).value == 10 / 65
    assert rates.missile_tests(
        [{"missile_type": "ICBM", "test_outcome": "Success"}, {"missile_type": "SRBM", "test_outcome": "Failure"}]
    ) == (1, 0)
    assert math.isclose(rates.share("hit", 15, 17).value, 15 / 32)


@pytest.fixture(scope="module")
def equilibrium(game: Game) -> Equilibrium:
    return solve(game)


def test_it_is_solved_with_a_certificate(equilibrium: Equilibrium) -> None:
    assert equilibrium.certified, f"{equilibrium.cause}; {equilibrium.certificate}"
    assert equilibrium.branch is Branch.PRINCIPAL


def test_nobody_would_rather_have_a_war_than_the_start(
    scenario: Scenario, game: Game, equilibrium: Equilibrium
) -> None:
    for name, state in game.starts.items():
        assert np.all(game.end_value < equilibrium.felt[state]), name


def test_the_yearly_risk_of_war_is_of_a_believable_order(game: Game, equilibrium: Equilibrium) -> None:
    chain = induced_chain(game, equilibrium.row_rate)
    ten_years = risk(chain, list(game.starts.values()), [10.0]).sum(axis=-1)
    assert np.all((ten_years > 0.01) & (ten_years < 0.3))
    assert np.all(risk(chain, list(game.starts.values()), [10.0]) > 1e-5), "every road is open from every start"


def test_nobody_turns_a_policy_on_and_off_all_the_time(game: Game, equilibrium: Equilibrium) -> None:
    chain = induced_chain(game, equilibrium.row_rate)
    times = frequency(chain, list(game.starts.values()), [10.0])[:, 0]
    moves = [number for number, step in enumerate(game.steps) if np.any(game.kind_step[game.kind_actor < 6] == number)]
    assert times[:, moves].max() < 5, "no move is made more often than every other year"


def measures(scenario: Scenario, game: Game, equilibrium: Equilibrium) -> dict[str, Floats]:
    """Over ten years from every start: the risk of each road, the hold of each regime, how often each step happens."""
    chain, starts = induced_chain(game, equilibrium.row_rate), list(game.starts.values())
    regimes = np.stack([game.where(regime.when) for regime in scenario.regimes.values()], axis=-1)
    roads = dict(zip(game.outcomes, risk(chain, starts, [10.0])[:, 0].T, strict=True))
    holds = dict(zip(scenario.regimes, occupancy(chain, starts, [10.0], regimes)[:, 0].T, strict=True))
    steps = dict(zip(game.steps, frequency(chain, starts, [10.0])[:, 0].T, strict=True))
    return {f"risk {o}": v for o, v in roads.items()} | {f"in {r}": v for r, v in holds.items()} | steps


SMALLER = "held-short-of-reach"
"""A variant of a fifth of the states in which nearly every mechanism is at work, so that all can be removed in turn."""
WHERE = {"B2": "with-reach", "X3": "with-reach", "X4": None, "X7": None}
"""Mechanisms that are at work elsewhere: in another variant, or in the scenario as written."""


@cache
def solved(variant: str | None) -> tuple[Scenario, Game, Equilibrium, dict[str, Floats]]:
    """The scenario as a variant has it, with its game, its equilibrium and what comes out."""
    scenario = load("northeast-asia")
    edited = apply(scenario, variant) if variant else scenario
    game = compile(edited)
    equilibrium = solve(game, best_response=False)
    assert equilibrium.certified
    return edited, game, equilibrium, measures(edited, game, equilibrium)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_removing_a_mechanism_changes_what_comes_out(mechanism: str) -> None:
    scenario, game, equilibrium, headline = solved(WHERE.get(mechanism, SMALLER))
    without = apply(scenario, Variant(about="one mechanism less", without=(mechanism,)))
    smaller = compile(without)
    state = {tuple(levels): s for s, levels in enumerate(game.levels.tolist())}
    near = equilibrium.value[[state[tuple(levels)] for levels in smaller.levels.tolist()]]
    found = solve(smaller, start=near, best_response=False)
    assert found.certified, f"{found.cause}; {found.certificate}"
    # Steps that belong to the mechanism would vanish by definition: only what is left of the model counts.
    gone = {step.id for step in without.steps if step.dropped}
    left = measures(without, smaller, found)
    told = [name for name in headline if name in left and name not in gone]
    change = max(np.max(np.abs(left[name] - headline[name])) for name in told)
    assert change > 1e-3, "nothing changes by a thousandth, while the error of a measure is below 1e-6"
