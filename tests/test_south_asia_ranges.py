"""Numbers of `south-asia` are those that the rules give, as committed before any claim was judged."""

from __future__ import annotations

import json
from datetime import date

import pytest

from equipoise.scenario.models import Scenario
from equipoise.scenario.reading import load
from record.tables import DAYS_PER_YEAR
from south_asia.history import Count, counted, spells
from south_asia.rules import FACTOR, RUNGS, numbers, rules
from south_asia_ranges import PAGE, table


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load("south-asia")


def test_every_number_of_the_scenario_falls_under_one_rule(scenario: Scenario) -> None:
    assert set(rules()) == set(scenario.parameters)


def test_the_scenario_has_the_numbers_that_the_rules_give(scenario: Scenario) -> None:
    stated = rules()
    for name, number in numbers().items():
        parameter = scenario.parameters[name]
        assert parameter.value == number.value, name
        assert parameter.source == stated[name].source, name
        told = (
            parameter.prior.model_dump(mode="json", exclude_none=True)
            if parameter.prior
            else {"range": list(parameter.range or ())}
        )
        assert told == {number.form: json.loads(json.dumps(number.numbers))}, name


def test_the_table_is_the_one_that_was_committed() -> None:
    assert table() == PAGE.read_text(encoding="utf-8")


def test_counts_agree_with_dates_read_by_hand() -> None:
    days = (date(1999, 10, 12) - date(1998, 5, 28)).days + (date(2025, 12, 31) - date(2008, 8, 18)).days
    coups, elected = counted(Count("rule", {"elected"}), {})
    assert coups == 1
    assert elected == pytest.approx(days / DAYS_PER_YEAR)
    attacks, years = counted(Count("crisis", {"calm"}, {"attack"}), {})
    in_crisis = 84 + 31 + 5 + 302 + 67 + 78 + 12 + 15 + 18
    window = (date(2025, 12, 31) - date(1998, 5, 28)).days
    assert attacks == 7
    assert years == pytest.approx((window - in_crisis) / DAYS_PER_YEAR)


def test_a_weight_stretches_the_years_in_which_it_acts() -> None:
    plain = counted(Count("kashmir", {"restive"}), {})
    halved = counted(Count("kashmir", {"restive"}, weights={("campaign", "sponsored"): "stoked"}), {"stoked": 0.5})
    sponsored = sum(
        s.days for s in spells() if s.levels["campaign"] == "sponsored" and s.levels["kashmir"] == "restive"
    )
    assert halved[0] == plain[0]
    assert plain[1] - halved[1] == pytest.approx(sponsored / DAYS_PER_YEAR / 2)


def test_what_nobody_counted_is_on_a_rung_and_as_wide_as_the_rule_says() -> None:
    made = numbers()
    for name, rule in rules().items():
        if rule.rule == "rung":
            number = made[name]
            assert number.value in RUNGS, name
            assert isinstance(number.numbers, dict)
            low, high = number.numbers["low"], number.numbers["high"]
            assert high == pytest.approx(number.value * FACTOR), name
            assert low == pytest.approx(number.value / FACTOR, rel=0.02), name
