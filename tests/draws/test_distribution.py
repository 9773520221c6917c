"""Quantile functions rise, stay inside, invert their distribution functions, and agree with closed forms and SciPy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from draws.priors import UNITS, forms, parameter, parameters, scenario
from equipoise.draws import design, distribution
from equipoise.errors import ScenarioError
from equipoise.scenario.models import Parameter

GRID = np.concatenate([0.5 ** np.arange(31, 3, -1), np.linspace(0.07, 0.93, 300), 1 - 0.5 ** np.arange(4, 32)])


@given(parameters())
@settings(max_examples=300, deadline=None)
def test_quantiles_rise_and_stay_inside(one: Parameter) -> None:
    values = distribution("x", one).quantile(GRID)
    low, high = one.support
    assert (np.diff(values) >= 0).all()
    assert (values >= low).all()
    assert (values <= high).all()
    assert np.isfinite(values).all()


@given(parameters())
@settings(max_examples=200, deadline=None)
def test_a_quantile_is_where_the_share_lies_below(one: Parameter) -> None:
    known = distribution("x", one)
    values = known.quantile(GRID)
    below = known.cdf(values)
    if one.prior is not None and one.prior.discrete is not None:
        assert (below >= GRID - 1e-12).all()
        assert (known.cdf(np.nextafter(values, -1)) < GRID + 1e-12).all()
    else:
        # As near as a few neighbouring numbers: next to 1 the arcsine law gains 1e-9 from one of them to the next, and
        # SciPy's quantile of a beta distribution is right to two or three.
        near = 4 * np.spacing(np.abs(values))
        assert (known.cdf(values - near) <= GRID + 1e-11).all()
        assert (known.cdf(values + near) >= GRID - 1e-11).all()


def test_a_gamma_prior_is_jeffreys_posterior_of_a_rate() -> None:
    known = distribution("x", parameter(prior={"gamma": {"events": 3, "years": 17}}))
    np.testing.assert_allclose(known.quantile(GRID), stats.gamma.ppf(GRID, 3.5, scale=1 / 17), rtol=1e-12)


def test_a_beta_prior_is_jeffreys_posterior_of_a_chance() -> None:
    known = distribution("x", parameter(prior={"beta": {"successes": 3, "failures": 7}}))
    np.testing.assert_allclose(known.quantile(GRID), stats.beta.ppf(GRID, 3.5, 7.5), rtol=1e-12)


@pytest.mark.parametrize(
    ("prior", "checks"),
    [
        ({"lognormal": {"median": 4, "p90": 8}}, {0.5: 4, 0.9: 8}),
        ({"lognormal": {"p5": 2, "p95": 8}}, {0.05: 2, 0.5: 4, 0.95: 8}),
        ({"uniform": {"low": 1, "high": 5}}, {0.25: 2, 0.5: 3}),
        ({"loguniform": {"low": 0.1, "high": 10}}, {0.25: 10**-0.5, 0.5: 1}),
        ({"triangular": {"low": 0, "mode": 2, "high": 2}}, {0.25: 1, 0.81: 1.8}),
        ({"normal": {"mean": 30, "sd": 1}}, {0.5: 30, 0.975: 31.95996398454005}),
        ({"normal": {"mean": 0, "sd": 2}}, {0.5: 2 * stats.halfnorm.ppf(0.5)}),
        ({"discrete": [{"value": 2, "weight": 1}, {"value": 1, "weight": 3}]}, {0.7: 1, 0.75: 1, 0.76: 2}),
        ({"quantiles": {"least": 0, "p25": 1, "median": 3, "greatest": 7}}, {0.125: 0.5, 0.375: 2, 0.75: 5}),
        ({"quantiles": {"least": 1, "median": 4, "greatest": 64}}, {0.25: 2, 0.5: 4, 0.75: 16}),
    ],
)
def test_quantiles_are_those_of_the_form(prior: dict[str, object], checks: dict[float, float]) -> None:
    known = distribution("x", parameter(prior=prior))
    np.testing.assert_allclose(known.quantile(list(checks)), list(checks.values()), rtol=1e-9)


@pytest.mark.parametrize(
    ("ends", "u", "value"), [([1, 100], 0.5, 10), ([1, 4], 0.5, 2), ([0, 4], 0.5, 2), ([0.5, 8], 0.25, 1)]
)
def test_a_range_is_even_in_ratios_unless_it_begins_at_0(ends: list[float], u: float, value: float) -> None:
    assert float(distribution("x", parameter(range=ends)).quantile(u)) == pytest.approx(value)


def test_expert_quantiles_without_any_between_would_be_a_range() -> None:
    bare = distribution("x", parameter(range=[2, 50]))
    middle = distribution("x", parameter(prior={"quantiles": {"least": 2, "median": 10, "greatest": 50}}))
    np.testing.assert_allclose(bare.quantile(GRID), middle.quantile(GRID), rtol=1e-9)


@given(st.floats(-8, 8), st.floats(0.05, 3))
@settings(max_examples=100, deadline=None)
def test_a_range_cuts_a_prior_off_without_loss_of_digits(begin: float, width: float) -> None:
    """Far out in either tail too: against SciPy's own truncated normal."""
    low, high = 20 + begin, 20 + begin + width
    one = parameter(prior={"normal": {"mean": 20, "sd": 2}}, range=[low, high])
    expected = stats.truncnorm((low - 20) / 2, (high - 20) / 2, loc=20, scale=2).ppf(GRID)
    np.testing.assert_allclose(distribution("x", one).quantile(GRID), expected, rtol=1e-8)


def test_a_range_that_leaves_nothing_of_a_prior_is_refused_at_the_prior() -> None:
    with pytest.raises(ScenarioError) as raised:
        distribution("x", parameter(prior={"normal": {"mean": 1, "sd": 0.1}}, range=[5, 6]))
    assert raised.value.problems[0].path == ("parameters", "x", "prior")


MOMENTS = {
    "uniform": ({"low": 1, "high": 5}, 3, 16 / 12),
    "loguniform": (
        {"low": 1, "high": math.e},
        math.e - 1,
        (math.e**2 - 1) / 2 - (math.e - 1) ** 2,
    ),
    "triangular": ({"low": 0, "mode": 1, "high": 5}, 2, (25 + 1 - 5) / 18),
    "lognormal": (
        {"median": 1, "p90": math.exp(0.5 * 1.2815515655446004)},
        math.exp(0.125),
        (math.exp(0.25) - 1) * math.exp(0.25),
    ),
    "gamma": ({"events": 3, "years": 7}, 0.5, 3.5 / 49),
    "beta": ({"successes": 2, "failures": 5}, 2.5 / 8, 2.5 * 5.5 / (64 * 9)),
    "discrete": ([{"value": 0, "weight": 1}, {"value": 4, "weight": 3}], 3, 3),
    # Two pieces: uniform on [0, 1] and on [1, 5], each with half the weight.
    "quantiles": ({"least": 0, "median": 1, "greatest": 5}, 1.75, (1 / 3 + 31 / 3) / 2 - 1.75**2),
}


@pytest.mark.parametrize("form", MOMENTS)
def test_moments_of_the_draws_are_those_of_the_closed_form(form: str) -> None:
    numbers, mean, variance = MOMENTS[form]
    values = design(scenario({"x": parameter(prior={form: numbers})}), seed=5).points(0, 2**14).values[:, 0]
    assert values.mean() == pytest.approx(mean, rel=2e-3)
    assert values.var() == pytest.approx(variance, rel=2e-2)


@given(parameters(cut=False), st.integers(0, 2**31))
@settings(max_examples=60, deadline=None)
def test_the_mean_of_the_draws_is_the_integral_of_the_quantile_function(one: Parameter, seed: int) -> None:
    """One stratum at a time, so that the bound is exact: draws of a Sobol' sequence put one point in each 1/n."""
    if not one.varies:
        return
    n = 256
    values = np.sort(design(scenario({"x": one}), seed=seed).points(0, n).values[:, 0])
    known = distribution("x", one)
    edges = known.quantile(np.clip(np.arange(n + 1) / n, 0.5**31, 1 - 0.5**31))
    assert (values >= edges[:-1] * (1 - 1e-12)).all()
    assert (values <= edges[1:] * (1 + 1e-12)).all()


TWINS = {
    "uniform": lambda p: stats.uniform(p["low"], p["high"] - p["low"]),
    "loguniform": lambda p: stats.loguniform(p["low"], p["high"]),
    "triangular": lambda p: stats.triang(
        (p["mode"] - p["low"]) / (p["high"] - p["low"]), loc=p["low"], scale=p["high"] - p["low"]
    ),
    "normal": lambda p: stats.truncnorm(-p["mean"] / p["sd"], np.inf, loc=p["mean"], scale=p["sd"]),
    "gamma": lambda p: stats.gamma(p["events"] + 0.5, scale=1 / p["years"]),
    "beta": lambda p: stats.beta(p["successes"] + 0.5, p["failures"] + 0.5),
}
"""The forms as SciPy has them, written from the definitions of the language."""


@pytest.mark.parametrize("form", TWINS)
@given(st.data(), st.integers(0, 2**31))
@settings(max_examples=25, deadline=None)
def test_draws_pass_the_test_of_kolmogorov_and_smirnov(form: str, data: st.DataObject, seed: int) -> None:
    numbers = data.draw(forms[form])
    one = parameter(prior={form: numbers}, unit=UNITS.get(form, "util"))
    sample = design(scenario({"x": one}), seed=seed, method="lhs", count=400).points(0, 400).values[:, 0]
    # A Latin hypercube lies closer to its distribution than independent draws: never farther than a layer.
    assert stats.kstest(sample, TWINS[form](numbers).cdf).statistic <= 1 / 400 + 1e-9


def test_a_triangle_has_the_density_of_a_triangle() -> None:
    known = distribution("x", parameter(prior={"triangular": {"low": 1, "mode": 2, "high": 4}}))
    density = lambda x: 2 * (x - 1) / 3 if x <= 2 else 2 * (4 - x) / 6  # noqa: E731
    for x in (1.5, 2.0, 3.1):
        assert float(known.cdf(x)) == pytest.approx(integrate.quad(density, 1, x, points=[2])[0], abs=1e-9)
