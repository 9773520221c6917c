"""Numbers of the scenario that are counted from data are those of the committed table of base rates."""

from __future__ import annotations

import json

import pytest

from equipoise.scenario.models import Parameter, Scenario
from equipoise.scenario.reading import load
from ranges import PAGE
from ranges import table as ranges_of
from record.history import EVIDENCE

JUDGED = "analyst's judgement"

COUNTED = {
    "clash_rate": "clash_rate",
    "clash_cools": "clash_cools",
    "clash_escalates": "clash_escalates",
    "standoff_rate": "standoff_rate",
    "standoff_cools": "standoff_cools",
    "standoff_escalates": "standoff_escalates",
    "left_alone": "left_alone",
    "test_success": "test_success",
    "talks_lapse": "talks_lapse_quiet",
    "evidence_rate": "evidence (two steps from believed to exposed)",
    "leaves_none": "leaves_none",
    "leaves_threshold": "leaves_threshold",
    "leaves_regional": "leaves_regional",
    "us_election": "us_election",
    "hawk_share": "hawk_share",
    "wing_change": "wing_change_within_term",
    "rok_election": "south_korean_election",
    "engaging_share": "engaging_share",
    "succession_rate": "dprk_succession",
    "collapse_rate": "collapse_rate",
    "doubt_rate": "doubt_rate",
}
"""Parameter, and the line of the table that it is."""

REST = {"test_failure": "test_success", "deal_share": "hawk_share", "guarded_share": "engaging_share"}
"""Shares of what is left."""


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("northeast-asia")


@pytest.fixture(scope="module")
def table() -> dict[str, dict[str, object]]:
    return {line["name"]: line for line in json.loads((EVIDENCE / "northeast-asia-rates.json").read_text())}


def prior(parameter: Parameter) -> dict[str, dict[str, float]]:
    return parameter.prior.model_dump(exclude_none=True) if parameter.prior else {}


def test_every_number_that_is_not_judged_is_counted(scenario: Scenario) -> None:
    counted = {name for name, parameter in scenario.parameters.items() if JUDGED not in parameter.source}
    assert counted == set(COUNTED) | set(REST)


@pytest.mark.parametrize(("name", "line"), COUNTED.items())
def test_it_has_the_value_prior_unit_and_source_of_the_table(
    scenario: Scenario, table: dict[str, dict[str, object]], name: str, line: str
) -> None:
    parameter, row = scenario.parameters[name], table[line]
    assert parameter.value == pytest.approx(row["value"], rel=2e-3)
    assert prior(parameter) == row["prior"]
    assert parameter.source == row["source"]
    # A share that multiplies a rate has the unit of its use.
    assert parameter.unit == ("ratio" if name == "left_alone" else row["unit"])
    if not row["prior"]:
        assert parameter.range == (row["low"], row["high"])


@pytest.mark.parametrize(("name", "line"), REST.items())
def test_what_is_left_of_a_share_is_its_rest(
    scenario: Scenario, table: dict[str, dict[str, object]], name: str, line: str
) -> None:
    parameter, row = scenario.parameters[name], table[line]
    assert parameter.value == pytest.approx(1 - row["value"], abs=2e-4)  # type: ignore[operator]
    seen = row["prior"]["beta"]  # type: ignore[index]
    assert prior(parameter) == {"beta": {"successes": seen["failures"], "failures": seen["successes"]}}
    assert parameter.source == row["source"]


def test_judged_numbers_that_name_data_lie_where_the_data_put_them(
    scenario: Scenario, table: dict[str, dict[str, object]]
) -> None:
    spill_over = table["spill_over"]
    assert spill_over["low"] <= scenario.parameters["spill_over"].value <= spill_over["high"]  # type: ignore[operator]
    accident = prior(scenario.parameters["accident"])["lognormal"]
    assert accident["p90"] == pytest.approx(table["accident"]["value"], abs=5e-5)
    talking = table["provocations_during_talks"]["value"]
    assert f"{talking:.2f}" in scenario.parameters["talk_clarity"].about


def test_ranges_are_those_committed_before_any_claim_was_judged(scenario: Scenario) -> None:
    assert ranges_of(scenario) == PAGE.read_text(encoding="utf-8")
