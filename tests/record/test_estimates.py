"""Counts become rates, shares and ratios with the posterior that they leave."""

from __future__ import annotations

import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from equipoise.scenario.models import Parameter
from record.estimates import fixed, rate, ratio, share, yaml_lines


def test_the_interval_of_a_rate_holds_nine_tenths_of_jeffreys_posterior() -> None:
    line = rate("clash", 18, 57)
    # The posterior written out: r^(n - 1/2) e^(-r T), normalised by the gamma function.
    density = lambda r: 57**18.5 / math.gamma(18.5) * r**17.5 * math.exp(-57 * r)  # noqa: E731
    assert quad(density, line.low, line.high)[0] == pytest.approx(0.9, abs=1e-8)
    assert quad(density, 0, line.low)[0] == pytest.approx(0.05, abs=1e-8)


def test_the_interval_of_a_share_holds_nine_tenths_of_jeffreys_posterior() -> None:
    line = share("test", 8, 3)
    norm = math.gamma(12) / math.gamma(8.5) / math.gamma(3.5)
    density = lambda p: norm * p**7.5 * (1 - p) ** 2.5  # noqa: E731
    assert quad(density, line.low, line.high)[0] == pytest.approx(0.9, abs=1e-8)
    assert line.value == 8 / 11


def test_what_never_or_always_happened_gets_the_median_not_nought_or_one() -> None:
    assert 0 < rate("war", 0, 73).value < 0.01
    assert 0 < share("fails", 0, 2).value < 0.5 < share("holds", 2, 0).value < 1


def test_a_ratio_is_wider_the_fewer_the_counts() -> None:
    few, many = ratio("few", (3, 10), (6, 10)), ratio("many", (300, 1000), (600, 1000))
    assert few.value == many.value == 0.5
    assert few.low < many.low < 0.5 < many.high < few.high
    assert few.prior["lognormal"]["p90"] > many.prior["lognormal"]["p90"] > 0.5


@given(events=st.integers(0, 500), years=st.floats(0.1, 500))
def test_more_years_with_the_same_events_never_raise_a_rate(events: int, years: float) -> None:
    shorter, longer = rate("r", events, years), rate("r", events, 2 * years)
    assert longer.high < shorter.high
    assert longer.value < shorter.value
    assert shorter.low < shorter.value < shorter.high or events == 0


def test_nothing_watched_or_tried_is_said() -> None:
    with pytest.raises(ValueError, match="collapse: 0 years watched"):
        rate("collapse", 0, 0)
    with pytest.raises(ValueError, match="nothing was tried"):
        share("test", 0, 0)


@pytest.mark.parametrize(
    "line",
    [
        rate("clash_rate", 18, 57, about="Disputes with force", source="gml-mid"),
        rate("any_war", 0, 73.1),
        share("test_success", 15, 17, about="Tests: those that flew"),
        ratio("during_talks", (53, 14.42), (113, 10.58)),
        fixed("us_election", 0.25, "every four years"),
    ],
)
def test_the_lines_to_be_pasted_are_parameters_of_the_language(line: object) -> None:
    written = yaml.safe_load("parameters:\n" + yaml_lines(line))["parameters"]  # type: ignore[arg-type]
    (parameter,) = written.values()
    read = Parameter.model_validate(parameter)
    assert read.value == pytest.approx(line.value, rel=1e-3)  # type: ignore[attr-defined]
    assert bool(read.prior) != bool(read.range)
