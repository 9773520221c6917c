"""Orderings are always kept, correlations are those asked for, and the rest of the distribution stays what it was."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from draws.priors import parameter, parameters, scenario
from equipoise.draws import design
from equipoise.errors import RequestError, ScenarioError
from equipoise.scenario.models import Parameter

SOURCE = {"source": "analyst's judgement"}


def order(*names: str) -> dict[str, object]:
    return {"rising": list(names), **SOURCE}


def tie(one: str, other: str, rank: float) -> dict[str, object]:
    return {"between": [one, other], "rank": rank, **SOURCE}


@given(st.lists(parameters().filter(lambda p: p.varies), min_size=3, max_size=5), st.integers(0, 99), st.booleans())
@settings(max_examples=60, deadline=None)
def test_orderings_are_always_kept_and_draws_stay_what_they_are(many: list[Parameter], seed: int, tied: bool) -> None:
    named = {f"p{i}": one for i, one in enumerate(many)}
    more = {"orderings": [order("p0", "p1", "p2")]}
    if tied:
        more["correlations"] = [tie("p1", list(named)[-1], -0.4)]
    try:
        one = design(scenario(named, **more), seed=seed)
    except ScenarioError:
        assume(False)
    whole, part = one.points(0, 150), one.points(41, 97)
    a, b, c = whole.values[:, 0], whole.values[:, 1], whole.values[:, 2]
    assert (a <= b).all()
    assert (b <= c).all()
    assert part.values.tobytes() == whole.values[41:97].tobytes()
    assert part.quantiles.tobytes() == whole.quantiles[41:97].tobytes()
    for j, known in enumerate(one.distributions):
        assert (known.quantile(whole.quantiles[:, j]) == whole.values[:, j]).all()


def test_of_two_equal_priors_in_order_each_has_the_distribution_of_an_order_statistic() -> None:
    """Least and greatest of two uniform numbers: 1 - (1-x)^2 and x^2."""
    named = {name: parameter(range=[0, 1]) for name in "ab"}
    values = design(scenario(named, orderings=[order("a", "b")]), seed=3).points(0, 4000).values
    assert stats.kstest(values[:, 0], lambda x: 1 - (1 - x) ** 2).pvalue > 1e-3
    assert stats.kstest(values[:, 1], lambda x: x**2).pvalue > 1e-3


def test_what_is_not_ordered_keeps_its_prior_and_its_balance() -> None:
    named = {name: parameter(range=[0, 1]) for name in "abc"}
    points = design(scenario(named, orderings=[order("a", "c")]), seed=3).points(0, 256)
    assert sorted(np.floor(points.quantiles[:, 1] * 256).astype(int)) == list(range(256))


def test_an_ordering_with_a_fixed_number_bounds_the_other() -> None:
    named = {"a": parameter(range=[0, 2]), "fixed": parameter(value=1), "b": parameter(range=[0, 2])}
    values = design(scenario(named, orderings=[order("a", "fixed", "b")])).points(0, 2000).values
    assert stats.kstest(values[:, 0], lambda x: np.clip(x, 0, 1)).pvalue > 1e-3
    assert stats.kstest(values[:, 1], lambda x: np.clip(x - 1, 0, 1)).pvalue > 1e-3


@given(st.floats(-0.95, 0.95), st.lists(parameters().filter(lambda p: p.varies), min_size=2, max_size=2))
@settings(max_examples=40, deadline=None)
def test_the_rank_correlation_is_the_one_asked_for(rank: float, many: list[Parameter]) -> None:
    assume(not any(p.prior and p.prior.discrete for p in many))
    named = dict(zip("ab", many, strict=True))
    points = design(scenario(named, correlations=[tie("a", "b", rank)]), seed=1).points(0, 4096)
    assert stats.spearmanr(points.values).statistic == pytest.approx(rank, abs=0.03)
    for column in points.quantiles.T:
        assert stats.kstest(column, "uniform").pvalue > 1e-4


def test_several_correlations_hold_together_and_what_is_not_named_is_independent() -> None:
    named = {name: parameter(range=[1, 9]) for name in "abcd"}
    asked = [tie("a", "b", 0.6), tie("b", "c", -0.5)]
    points = design(scenario(named, correlations=asked), seed=1).points(0, 2**13)
    expected = np.array([[1, 0.6, 0, 0], [0.6, 1, -0.5, 0], [0, -0.5, 1, 0], [0, 0, 0, 1]])
    np.testing.assert_allclose(stats.spearmanr(points.values).statistic, expected, atol=0.02)


def test_the_copula_is_gaussian() -> None:
    """P(both above their medians) = 1/4 + arcsin(r) / (2 pi), r that of the normal numbers (Sheppard 1899)."""
    named = {name: parameter(range=[1, 9]) for name in "ab"}
    quantiles = design(scenario(named, correlations=[tie("a", "b", 0.7)]), seed=1).points(0, 2**15).quantiles
    expected = 0.25 + np.arcsin(2 * np.sin(np.pi * 0.7 / 6)) / (2 * np.pi)
    assert (quantiles > 0.5).all(axis=1).mean() == pytest.approx(expected, abs=2e-3)


def test_ordered_and_correlated_numbers_are_those_of_rejection() -> None:
    """A second route to the same distribution: draw plenty, correlate, keep what is in order."""
    named = {"a": parameter(range=[1, 4]), "b": parameter(range=[2, 8])}
    more = {"orderings": [order("a", "b")], "correlations": [tie("a", "b", -0.5)]}
    values = design(scenario(named, **more), seed=2).points(0, 4000).values
    r = 2 * np.sin(-np.pi * 0.5 / 6)
    normal = np.random.default_rng(1).multivariate_normal([0, 0], [[1, r], [r, 1]], size=60_000)
    u = stats.norm.cdf(normal)
    other = np.stack([4 ** u[:, 0], 2 * 4 ** u[:, 1]], axis=1)
    other = other[other[:, 0] <= other[:, 1]]
    for j, k in itertools.product(range(2), repeat=2):
        if j <= k:
            one, two = (x[:, j] * (x[:, k] if k > j else 1) for x in (values, other))
            assert stats.ks_2samp(one, two).pvalue > 1e-3


def test_an_ordering_against_the_priors_is_refused_where_it_stands() -> None:
    named = {"a": parameter(range=[0, 100]), "b": parameter(prior={"gamma": {"events": 30, "years": 1000}})}
    with pytest.raises(ScenarioError, match="one in 1,000") as raised:
        design(scenario(named, orderings=[order("a", "b")]))
    assert raised.value.problems[0].path == ("orderings", 0, "rising")


@pytest.mark.parametrize("method", ["saltelli", "morris"])
@pytest.mark.parametrize("more", [{"orderings": [order("a", "b")]}, {"correlations": [tie("a", "b", 0.5)]}])
def test_designs_that_move_one_parameter_alone_refuse_what_is_tied(method: str, more: dict[str, object]) -> None:
    named = {name: parameter(range=[1, 9]) for name in "abc"}
    written = scenario(named, **more)
    with pytest.raises(RequestError, match="a and b are tied together"):
        design(written, method=method)  # type: ignore[arg-type]
    free = design(written, method=method, parameters=["a", "c"] if "correlations" in more else ["c"])  # type: ignore[arg-type]
    assert free.groups == ()


def test_a_correlation_with_what_is_held_says_nothing() -> None:
    named = {name: parameter(range=[1, 9]) for name in "ab"}
    assert design(scenario(named, correlations=[tie("a", "b", 0.5)]), parameters=["a"]).groups == ()
