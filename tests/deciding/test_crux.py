"""Cruxes against closed forms, and against a general optimiser."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import minimize

from equipoise.deciding.crux import cruxes, nearest, shares
from equipoise.deciding.premises import Premises


class Known:
    """A distribution of SciPy as the premises want it."""

    def __init__(self, frozen):
        self.quantile, self.cdf = frozen.ppf, frozen.cdf


def normal(own, correlation=None):
    names = tuple(f"p{k}" for k in range(len(own)))
    return Premises(names, np.array(own, float), [Known(stats.norm(0, 1))] * len(own), correlation)


class At:
    """A margin that is known in closed form."""

    def __init__(self, number, slopes):
        self.number, self.slopes = float(number), np.asarray(slopes, float)


def linear(intercept, slopes):
    return lambda theta: At(intercept + slopes @ theta, slopes)


@settings(max_examples=50)
@given(st.integers(0, 10**6))
def test_on_a_plane_the_distance_is_that_of_the_plane(seed):
    # beta = |g| / |grad g|, and alone |g| / |slope|.
    random = np.random.default_rng(seed)
    slopes, own = random.standard_normal(6), 0.3 * random.standard_normal(6)
    beta = 0.2 + 2 * random.random()
    intercept = beta * np.linalg.norm(slopes) - slopes @ own
    found = nearest(linear(intercept, slopes), normal(own))
    assert found.flipped
    assert found.margin < 0
    assert found.distance == pytest.approx(beta, rel=0.02)
    np.testing.assert_allclose(shares(found, normal(own)), slopes**2 / (slopes @ slopes), atol=1e-6)


def test_alone_few_and_together():
    slopes = np.array([3.0, 2.0, 1.5, 0.9, 0.9, 0.9, 0.0])
    found = cruxes(linear(3.0, slopes), normal(np.zeros(7)))
    alone = [one for one in found if len(one.moved) == 1]
    assert [one.moved for one in alone] == [(0,), (1,), (2,)]
    assert [one.distance for one in alone] == pytest.approx([1.0, 1.5, 2.0], rel=0.02)  # the fourth would need 3.3
    few, together = found[3:]
    assert few.moved == (0, 1, 2)
    assert few.distance == pytest.approx(3 / np.sqrt(15.25), rel=0.02)
    assert together.moved == (0, 1, 2, 3, 4, 5)
    assert together.distance == pytest.approx(3 / np.linalg.norm(slopes), rel=0.02)


def test_a_premise_of_its_own_distribution():
    # log theta is normal with sd .5: the margin 1 - log theta flips at theta = e, two standard deviations away.
    lognormal = Premises(("a",), np.array([1.0]), [Known(stats.lognorm(0.5))])
    found = nearest(lambda theta: At(1 - np.log(theta[0]), -1 / theta), lognormal)
    assert found.values[0] == pytest.approx(np.e, rel=0.02)
    assert found.distance == pytest.approx(2, rel=0.02)
    # Uniform on [0, 10], the scenario's own value 5: 9 is the normal score of nine tenths away.
    uniform = Premises(("a",), np.array([5.0]), [Known(stats.uniform(0, 10))])
    found = nearest(lambda theta: At(9 - theta[0], [-1.0]), uniform)
    assert found.distance == pytest.approx(stats.norm.ppf(0.9), rel=0.03)


def test_what_cannot_be_flipped_within_the_plausible_is_not():
    uniform = Premises(("a",), np.array([5.0]), [Known(stats.uniform(0, 10))])
    found = nearest(lambda theta: At(11 - theta[0], [-1.0]), uniform)
    assert not found.flipped
    assert found.margin > 0
    assert cruxes(lambda theta: At(11 - theta[0], [-1.0]), uniform) == ()
    assert cruxes(lambda theta: At(1.0, [0.0]), uniform) == ()


def optimum(margin, premises, aim):
    """By a general optimiser, from several places."""
    start, P = premises.start, len(premises.names)
    best = np.inf
    for seed in range(8):
        first = start + np.random.default_rng(seed).standard_normal(P)
        found = minimize(
            lambda z: (z - start) @ premises.metric @ (z - start),
            first,
            method="SLSQP",
            bounds=list(zip(premises.low, premises.high, strict=True)),
            constraints={"type": "eq", "fun": lambda z: margin(premises.values(z)).number - aim},
            options={"maxiter": 500, "ftol": 1e-12},
        )
        if found.success:
            best = min(best, float(np.sqrt(found.fun)))
    return best


def curved(theta):
    """A bent surface."""
    a, b, c = theta[:3]
    number = 2.5 - a - 0.3 * a * b - 0.2 * b**2 + 0.1 * c**2 - 0.5 * c
    slopes = np.zeros(len(theta))
    slopes[:3] = [-1 - 0.3 * b, -0.3 * a - 0.4 * b, 0.2 * c - 0.5]
    return At(number, slopes)


def test_on_a_bent_surface_against_a_general_optimiser():
    premises = normal(np.zeros(4))
    found = nearest(curved, premises)
    assert found.flipped
    assert found.distance == pytest.approx(optimum(curved, premises, found.margin), rel=1e-3)


@pytest.mark.parametrize("seed", range(5))
def test_with_bounds_and_correlations_against_a_general_optimiser(seed):
    random = np.random.default_rng(seed)
    raw = random.standard_normal((4, 6))
    covariance = raw @ raw.T
    sd = np.sqrt(np.diag(covariance))
    correlated = normal(0.2 * random.standard_normal(4), covariance / np.outer(sd, sd))
    slopes = random.standard_normal(4)
    margin = linear(1.5 - slopes @ correlated.own, slopes)
    found = nearest(margin, correlated)
    assert found.distance == pytest.approx(optimum(margin, correlated, found.margin), rel=1e-4)
    bounded = Premises(
        tuple("abcd"), np.zeros(4), [Known(stats.norm(0, 1))] * 4, least=np.full(4, -0.5), greatest=np.full(4, 0.4)
    )
    margin = linear(0.35 * np.abs(slopes).sum(), slopes)
    found = nearest(margin, bounded)
    assert found.flipped
    assert (found.scores <= 0.4 + 1e-9).all()
    assert (found.scores >= -0.5 - 1e-9).all()
    assert found.distance == pytest.approx(optimum(margin, bounded, found.margin), rel=1e-4)


def test_where_nothing_can_be_solved_the_step_is_halved():
    def broken(theta):
        number = np.nan if theta[0] < -1.2 else 1 + theta[0] - 0.2 * theta[0] ** 2
        return At(number, [1 - 0.4 * theta[0]])

    for found in (nearest(broken, normal([0.0])), *cruxes(broken, normal([0.0]))):
        assert found.flipped
        assert found.distance == pytest.approx((np.sqrt(1.8) - 1) / 0.4, rel=0.03)


def test_a_single_premise_whose_margin_bends():
    (found,) = cruxes(lambda theta: At(4 - theta[0] ** 2, -2 * theta), normal([0.4]))
    assert found.values[0] == pytest.approx(2, rel=0.01)
    (found,) = cruxes(lambda theta: At(1 - theta[0] ** 3 - theta[0], -3 * theta**2 - 1), normal([0.0]))
    assert found.values[0] == pytest.approx(0.6823, rel=0.02)


def test_a_margin_that_only_nears_zero_is_given_up_early():
    asked = []

    def fading(theta):
        asked.append(theta)
        return At(np.exp(-2 * theta.sum()), -2 * np.exp(-2 * theta.sum()) * np.ones(2))

    # It comes within a hundredth of a hundredth, but flips nowhere.
    assert cruxes(fading, normal([0.0, 0.0]), singles=2) == ()
    assert len(asked) < 40


def test_a_value_at_the_edge_of_its_range_keeps_it_until_it_moves():
    premises = Premises(("a", "b"), np.array([10.0, 5.0]), [Known(stats.uniform(0, 10))] * 2)
    np.testing.assert_array_equal(premises.values(premises.start), [10.0, 5.0])
    found = nearest(lambda theta: At(theta[1] - 2.0, [0.0, 1.0]), premises)
    assert found.moved == (1,)
    assert found.values[0] == 10.0
