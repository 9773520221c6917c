"""What the scenario expects of the record, and the fit: by other routes, and from planted values."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import beta, gamma, norm

from equipoise.game.compile import compile
from equipoise.outlook.chain import induced_chain
from equipoise.outlook.count import frequency
from equipoise.outlook.passages import passages
from equipoise.outlook.regimes import years_in
from equipoise.outlook.risk import risk
from equipoise.scenario.models import FrozenDict, Parameter, Scenario, Variant
from equipoise.scenario.reading import load
from equipoise.scenario.variants import apply, with_parameters
from record import fit as fitting
from record import history as coded
from record import model, names, observed
from record.names import Aspect, Correspondence, Happening, Passage, War
from record.northeast_asia import NORTHEAST_ASIA
from record.observed import Evidence
from small import small_scenario
from south_asia.names import SOUTH_ASIA
from south_asia.rules import ENDS_OF_WAR

ASPECTS = (Aspect("pressure", ("pressure",)), Aspect("valley", ("valley",)))
PASSAGES = (
    Passage("pressure begins", "pressure", ("none",), ("some", "high"), True),
    Passage("pressure ends", "pressure", ("some", "high"), ("none",), True),
    Passage("the valley is lost", "valley", ("blue",), ("red",), False),
)
HAPPENINGS = (
    Happening("presses", ("press",), "", fitted=True),
    Happening("incidents", ("border-incident",), "", fitted=True),
)
TABLE = Correspondence(
    scenario="border",
    module="tests/record/test_fit.py",
    page=Path("none"),
    read=dict,
    situations={"hot": date(2000, 1, 1), "calm": date(2004, 1, 1)},
    until=date(2010, 1, 1),
    aspects=ASPECTS,
    passages=PASSAGES,
    happenings=HAPPENINGS,
    fitted=("pace", "slip"),
    war=War("none", (0.0, 0.1)),
)


@pytest.fixture
def border() -> Scenario:
    """A small scenario, for which the table of names is made."""
    scenario = small_scenario()
    wide = {"effort": (0.05, 0.8), "fear": (0.1, 0.9)}
    parameters = {
        name: parameter.model_copy(update={"range": wide[name]}) if name in wide else parameter
        for name, parameter in scenario.parameters.items()
    }
    return scenario.model_copy(update={"parameters": FrozenDict(parameters)})


def test_expectations_are_those_of_the_outlook_measures(border: Scenario) -> None:
    game = compile(border)
    found = model.expect(game, TABLE)
    chain = induced_chain(game, found.equilibrium.row_rate)
    for k, window in enumerate(observed.windows(TABLE)):
        start, years = game.starts[window.start], [window.years]
        groups = np.array([game.where([{"pressure": [level]}]) for level in ("none", "some", "high")]).T
        lived = years_in(chain, start, years, np.ones((game.n_states, 1), bool))[0, 0]
        between = passages(chain, start, years, groups)[0] * window.years / lived
        assert found.counts["pressure begins"][k] == pytest.approx(between[0, 1] + between[0, 2], rel=1e-6)
        assert found.counts["pressure ends"][k] == pytest.approx(between[1, 0] + between[2, 0], rel=1e-6)
        happened = frequency(chain, start, years)[0] * window.years / lived
        assert found.counts["presses"][k] == pytest.approx(happened[game.steps.index("press")], rel=1e-6)
        assert found.war[k] == pytest.approx(risk(chain, start, years).sum(), rel=1e-5)
        stood = years_in(chain, start, years, groups)[0] / lived
        assert [found.shares["pressure"][level][k] for level in ("none", "some", "high")] == pytest.approx(stood)


def test_only_passages_from_where_they_count_are_expected(border: Scenario) -> None:
    game = compile(border)
    only = [
        Passage("pressure begins", "pressure", ("none",), ("some", "high"), True, {"valley": (level,)})
        for level in border.factors["valley"].levels
    ]
    apart = [model.expect(game, replace(TABLE, passages=(each,))).counts["pressure begins"] for each in only]
    assert sum(apart) == pytest.approx(model.expect(game, TABLE).counts["pressure begins"])
    assert min(apart[0]) > 0


def test_deviances_by_hand() -> None:
    found = fitting.deviances(np.array([2.0, 3.0, 4.0, 0.5]), np.array([0.0, 3.0, 9.0, 0.25]))
    assert found[0] == pytest.approx(-math.sqrt(2 * 2))
    assert found[1] == 0
    assert found[2] == pytest.approx(math.sqrt(2 * (9 * math.log(9 / 4) - 5)))
    assert found[3] == pytest.approx(-math.sqrt(2 * (0.25 * math.log(0.5) + 0.25)))


def test_weighed_factors_add_the_multinomial_deviance_of_their_looks(border: Scenario) -> None:
    expected = model.expect(compile(border), TABLE)
    counts = {series: [1, 2] for series in expected.counts}
    record = {"valley": {"blue": [1.0, 0.25], "red": [0.0, 0.75]}}
    plain = fitting.misfits(TABLE, Evidence(counts), expected)
    weighed = fitting.misfits(TABLE, Evidence(counts, record, {"valley": [2.0, 3.0]}), expected)
    q = {level: share.tolist() for level, share in expected.shares["valley"].items()}
    entropy = 2 * 2 * math.log(1 / q["blue"][0])
    entropy += 2 * 3 * (0.25 * math.log(0.25 / q["blue"][1]) + 0.75 * math.log(0.75 / q["red"][1]))
    assert (weighed**2).sum() - (plain**2).sum() == pytest.approx(entropy, rel=1e-6)


@pytest.mark.parametrize(
    ("given", "quantile"),
    [
        ({"range": (0.1, 10)}, lambda u: 0.1 * 100**u),
        ({"range": (0, 0.6)}, lambda u: 0.6 * u),
        ({"prior": {"lognormal": {"median": 2, "p90": 5}}}, lambda u: 2 * 2.5 ** (norm.ppf(u) / norm.ppf(0.9))),
        ({"prior": {"gamma": {"events": 3, "years": 10}}}, lambda u: gamma.ppf(u, 3.5, scale=0.1)),
        ({"prior": {"beta": {"successes": 3, "failures": 6}}}, lambda u: beta.ppf(u, 3.5, 6.5)),
        ({"prior": {"uniform": {"low": 1, "high": 3}}}, lambda u: 1 + 2 * u),
        ({"prior": {"loguniform": {"low": 1, "high": 4}}}, lambda u: 4**u),
    ],
)
def test_z_is_the_normal_quantile_of_a_place_in_the_prior(given: dict[str, object], quantile: object) -> None:
    parameter = Parameter.model_validate({"value": 1, "unit": "util", "source": "book", **given})
    for z in (-1.5, -0.3, 0.0, 1.2):
        value = fitting.at(parameter, z)
        assert value == pytest.approx(quantile(norm.cdf(z)))  # type: ignore[operator]
        assert fitting.where(parameter.model_copy(update={"value": value})) == pytest.approx(z, abs=1e-6)


def test_planted_values_are_found_again(border: Scenario) -> None:
    game = compile(border)
    planted = {"pace": 4.5, "slip": 0.2}
    truth = model.expect(game.with_parameters(planted), TABLE)
    # A long record: what is expected, a million times over, outweighs the pull of the prior.
    seen = {series: (1e6 * counts).tolist() for series, counts in truth.counts.items()}

    def millionfold(expected: np.ndarray, seen_: np.ndarray) -> np.ndarray:
        return plain(1e6 * expected, seen_)

    plain = fitting.deviances
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fitting, "deviances", millionfold)
        found = fitting.fit(border, game, TABLE, Evidence(seen), most=20)
    assert found.unsolved == 0
    assert found.after < 1e-2 * found.before
    for name, value in planted.items():
        assert found.values[name] == pytest.approx(value, rel=0.04), name


def test_without_a_record_the_fit_goes_to_the_middle_of_the_priors(border: Scenario) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fitting, "deviances", lambda expected, seen: np.zeros_like(expected))
        nothing = Evidence({series: [0, 0] for series in TABLE.series})
        found = fitting.fit(border, compile(border), replace(TABLE, fitted=("effort", "fear")), nothing)
    assert max(abs(z) for z in found.z.values()) < 0.01
    assert found.values["effort"] == pytest.approx(0.2, rel=0.01), "the geometric middle of .05 and .8"


def test_fitting_what_was_fitted_gives_the_same(border: Scenario) -> None:
    seen = Evidence({"pressure begins": [1, 2], "pressure ends": [2, 2], "presses": [2, 5], "incidents": [1, 0]})
    first = fitting.fit(border, compile(border), TABLE, seen)
    adopted = with_parameters(border, first.values)
    second = fitting.fit(adopted, compile(adopted), TABLE, seen)
    assert first.values == second.values
    assert second.before == pytest.approx(first.after)
    assert first.values["pace"] != border.parameters["pace"].value


@pytest.mark.parametrize("table", [NORTHEAST_ASIA, SOUTH_ASIA], ids=lambda table: table.scenario)
def test_the_fit_is_blind_to_claims_variants_and_regimes(table: Correspondence) -> None:
    scenario = load(table.scenario)
    blinded = scenario.model_copy(update={"claims": (), "variants": FrozenDict({}), "regimes": FrozenDict({})})
    full, bare = compile(scenario), compile(blinded)
    for field in ("flow", "kind_cost", "kind_rate", "probability", "impact", "end_value", "target", "noise", "tempo"):
        assert np.array_equal(getattr(full, field), getattr(bare, field)), field
    looked_at = {passage.factor for passage in table.passages if passage.fitted}
    assert not looked_at & {"pledge", "credit", "line"}
    assert not [passage for passage in table.passages if passage.fitted and "war" in passage.targets]
    assert not [happening for happening in table.happenings if happening.fitted]


def test_the_fit_moves_no_multiplier_no_count_and_no_cost_of_war() -> None:
    scenario = load("northeast-asia")
    wars = {term.cost for outcome in scenario.outcomes.values() for term in outcome.value}
    for name in NORTHEAST_ASIA.fitted:
        parameter = scenario.parameters[name]
        assert parameter.unit != "ratio", name
        assert parameter.range, name
        assert name not in wars


def test_south_asias_fit_moves_no_multiplier_but_tempo_and_no_worth_of_war() -> None:
    scenario = load("south-asia")
    wars = {term.cost or term.gain for outcome in scenario.outcomes.values() for term in outcome.value}
    wars |= {
        number
        for move in scenario.moves
        if move.id == "invade"
        for number in (move.cost, *(line.gain for line in move.impact))
        if number and number != "redress"
    }
    assert wars == ENDS_OF_WAR | {"nuclear_pak"}
    assert not wars & set(SOUTH_ASIA.fitted)
    ratios = {name for name in SOUTH_ASIA.fitted if scenario.parameters[name].unit == "ratio"}
    assert ratios == {"crisis_tempo", "fire_tempo"}
    counted = {"gamma", "beta"}
    for name in SOUTH_ASIA.fitted:
        prior = scenario.parameters[name].prior
        assert prior is not None
        assert not counted & set(prior.model_dump(exclude_none=True)), name


@pytest.mark.parametrize("table", [NORTHEAST_ASIA, SOUTH_ASIA], ids=lambda table: table.scenario)
def test_every_name_of_the_table_is_in_the_shipped_scenario(table: Correspondence) -> None:
    assert names.unknown_names(load(table.scenario), table) == []


def test_south_asias_starts_are_what_the_record_says_of_their_days() -> None:
    scenario, stands = load("south-asia"), observed.factors(SOUTH_ASIA, SOUTH_ASIA.read())
    for name, day in SOUTH_ASIA.situations.items():
        for factor in stands:
            assert scenario.initial[name].state[factor] == coded.entry_at(stands, factor, day).level, (name, factor)


def test_what_brought_a_start_about_is_counted_before_it() -> None:
    seen = observed.counts(SOUTH_ASIA, SOUTH_ASIA.read())
    assert seen["attacks"] == [2, 2, 2, 0, 1, 0]
    assert seen["strikes by a punishing New Delhi"] == [0, 0, 1, 1, 1, 0]
    assert sum(seen["strikes by a restrained New Delhi"]) == 0


def test_a_name_that_is_gone_is_told_with_the_nearest() -> None:
    scenario = load("northeast-asia")
    steps = tuple(
        move.model_copy(update={"id": "test-rockets"}) if move.id == "test-long-range" else move
        for move in scenario.moves
    )
    parameters = {("provokes" if name == "provoking" else name): p for name, p in scenario.parameters.items()}
    renamed = scenario.model_copy(update={"moves": steps, "parameters": FrozenDict(parameters)})
    told = names.unknown_names(renamed, NORTHEAST_ASIA)
    assert len(told) == 2
    assert "no move or event called 'test-long-range'" in told[0]
    assert "no parameter called 'provoking'; did you mean 'provokes'?" in told[1]


def test_every_change_in_a_window_is_counted_once() -> None:
    history = coded.load()
    seen = observed.counts(NORTHEAST_ASIA, history)
    spans = observed.windows(NORTHEAST_ASIA)
    assert all(one.until == other.since for one, other in itertools.pairwise(spans))
    whole = coded.passages(history, "talks", ("absent",), ("underway",), spans[0].since, spans[-1].until)[0]
    assert sum(seen["US-DPRK talks open"]) == whole
    assert seen["long-range tests before reach is proven"][2:4] == [16, 1]


def test_no_equilibrium_is_an_error_with_its_cause(border: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    solved = model.solve
    monkeypatch.setattr(
        model, "solve", lambda *a, **k: replace(solved(*a, **k), branch=model.Branch.NONE, cause="lost the curve")
    )
    with pytest.raises(model.NotSolvedError, match="lost the curve"):
        model.expect(compile(apply(border, Variant(about="as it is"))), TABLE)
