"""Sensitivity indices against closed forms, another program, a readable twin, and data without any signal."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ks_2samp, qmc, sobol_indices

from deciding.known_indices import ISHIGAMI_FIRST, ISHIGAMI_TOTAL, g_function, g_indices, ishigami
from equipoise.deciding.classes import classes
from equipoise.deciding.designed import blocks, morris, sobol
from equipoise.deciding.sensitivity import epsilon_squared, first_order, pawn


def uniform(n, parameters, seed=0):
    return np.random.default_rng(seed).random((n, parameters))


def saltelli(function, parameters, n, seed=0):
    both = qmc.Sobol(2 * parameters, seed=seed).random(n)
    a, b = both[:, :parameters], both[:, parameters:]
    ab = np.repeat(a[None], parameters, axis=0)
    for p in range(parameters):
        ab[p, :, p] = b[:, p]
    return function(a), function(b), function(ab)


def test_first_order_indices_of_ishigami_from_given_draws():
    points = qmc.Sobol(8, seed=1).random(4096)
    found = first_order(points, ishigami(points))
    np.testing.assert_allclose(found.number[:3], ISHIGAMI_FIRST, atol=0.02)
    assert set(found.above) == {0, 1}
    assert (found.low[found.above] < found.number[found.above]).all()
    assert (found.number[found.above] < found.high[found.above]).all()


def test_the_interval_covers_the_index_as_often_as_it_says():
    covered = 0
    for seed in range(60):
        points = uniform(600, 3, seed)
        found = first_order(points, ishigami(points), seed=seed)
        covered += found.low[0] <= ISHIGAMI_FIRST[0] <= found.high[0]
    assert covered >= 51  # of 57 expected; less than once in 100 by chance


def test_pawn_sees_what_only_interacts():
    found = pawn(points := uniform(2000, 20), ishigami(points))
    assert list(found.above) == [1, 0, 2]


def test_pawn_is_blind_to_scale_and_skewness():
    points = uniform(400, 6)
    numbers = ishigami(points)
    np.testing.assert_array_equal(pawn(points, numbers).number, pawn(points, np.exp(3 * numbers)).number)


def test_pawn_is_the_mean_distance_of_distribution_functions():
    points = uniform(300, 4)
    numbers = np.round(ishigami(points), 1)
    found = pawn(points, numbers)
    for p in range(4):
        labels = classes(points[:, p], 10)
        distances = [ks_2samp(numbers[labels == k], numbers).statistic for k in range(10)]
        assert found.number[p] == pytest.approx(np.mean(distances), abs=1e-12)


def test_pawn_against_salib():
    analyze = pytest.importorskip("SALib.analyze.pawn").analyze
    points = uniform(5000, 5)
    numbers = ishigami(points)
    theirs = analyze({"num_vars": 5, "names": list("abcde"), "bounds": [[0, 1]] * 5}, points, numbers, S=10)
    # They leave the greatest value out of its class, and look at every value of y.
    np.testing.assert_allclose(pawn(points, numbers).number, theirs["mean"], atol=0.004)


@pytest.mark.parametrize("index", [first_order, pawn])
def test_without_signal_something_is_above_the_floor_in_one_case_of_twenty(index):
    points = [uniform(150, 40, seed) for seed in range(40)]
    skewed = [np.exp(2 * np.random.default_rng(1000 + k).standard_normal(150)) for k in range(40)]
    false = sum(len(index(x, y, seed=k).above) > 0 for k, (x, y) in enumerate(zip(points, skewed, strict=True)))
    assert false <= 6  # of 2 expected; more than that once in 300 by chance


def test_a_number_that_never_varies_depends_on_nothing():
    for constant in (0.0, 0.1, 1e9):
        found = first_order(uniform(100, 3), np.full(100, constant))
        assert not found.number.any()
        assert not len(found.above)
        assert not len(pawn(uniform(100, 3), np.full(100, constant)).above)


def test_categories_and_constants_are_parameters_too():
    random = np.random.default_rng(3)
    points = np.column_stack([random.integers(0, 3, 500), np.full(500, 2.0), random.random(500)]).astype(float)
    numbers = (points[:, 0] == 1) + 0.3 * random.standard_normal(500)
    for index in (first_order, pawn):
        found = index(points, numbers)
        assert list(found.above) == [0]
        assert found.number[1] == 0


@given(st.integers(0, 10**6), st.integers(3, 60), st.floats(-100, 100), st.floats(0.01, 100))
def test_first_order_indices_know_neither_zero_nor_unit_nor_order(seed, n, shift, scale):
    random = np.random.default_rng(seed)
    labels, numbers, order = random.integers(0, 2, n), random.standard_normal(n), random.permutation(n)
    labels[:2] = 0, 1
    own = epsilon_squared(labels, numbers)
    assert own <= 1 + 1e-12
    assert epsilon_squared(labels, shift + scale * numbers) == pytest.approx(own, abs=1e-6)
    assert epsilon_squared(labels[order], numbers[order]) == pytest.approx(own, abs=1e-9)


def test_sobol_indices_of_a_saltelli_design():
    found = sobol(*saltelli(ishigami, 3, 2048))
    np.testing.assert_allclose(found.first, ISHIGAMI_FIRST, atol=0.02)
    np.testing.assert_allclose(found.total, ISHIGAMI_TOTAL, atol=0.02)
    assert (found.total_low <= found.total).all()
    assert (found.total <= found.total_high).all()
    found = sobol(*saltelli(g_function, 6, 2048))
    first, total = g_indices()
    np.testing.assert_allclose(found.first, first, atol=0.02)
    np.testing.assert_allclose(found.total, total, atol=0.02)


def test_sobol_indices_against_scipy():
    a, b, ab = saltelli(ishigami, 3, 256)
    theirs = sobol_indices(func={"f_A": a[None], "f_B": b[None], "f_AB": ab[:, None]}, n=256)
    found = sobol(a, b, ab)
    np.testing.assert_allclose(found.first, theirs.first_order, atol=1e-12)
    np.testing.assert_allclose(found.total, theirs.total_order, atol=1e-12)


def test_blocks_of_a_design_in_rows():
    a, b, ab = blocks(np.arange(13.0), 3)
    assert a.tolist() == [0, 5]
    assert b.tolist() == [4, 9]
    assert ab.tolist() == [[1, 6], [2, 7], [3, 8]]


def test_rows_with_a_failed_draw_are_left_out_of_a_saltelli_design():
    a, b, ab = saltelli(ishigami, 3, 2048)
    a[5], b[77], ab[1, 300] = np.nan, np.nan, np.nan
    found = sobol(a, b, ab)
    assert found.rows == 2045
    np.testing.assert_allclose(found.total, ISHIGAMI_TOTAL, atol=0.02)
    with pytest.raises(ValueError, match="fewer than two rows"):
        sobol(np.full(4, np.nan), np.zeros(4), np.zeros((2, 4)))


def trajectories(parameters, count, seed=0):
    random = np.random.default_rng(seed)
    paths = []
    for _ in range(count):
        point = random.integers(0, 2, parameters) / 3
        path = [point]
        for p in random.permutation(parameters):
            point = point.copy()
            point[p] += 2 / 3
            path.append(point)
        paths += path
    return np.array(paths)


def test_elementary_effects_against_salib_and_on_a_plane():
    points = trajectories(4, 30)
    numbers = 3 * points[:, 0] - 2 * points[:, 1] + 5 * points[:, 2] * points[:, 3]
    found = morris(points, numbers)
    np.testing.assert_allclose(found.mean[:2], [3, -2], rtol=1e-12)
    np.testing.assert_allclose(found.size[:2], [3, 2], rtol=1e-12)
    np.testing.assert_allclose(found.spread[:2], 0, atol=1e-12)
    assert (found.spread[2:] > 1).all()
    salib = pytest.importorskip("SALib.analyze.morris")
    problem = {"num_vars": 4, "names": list("abcd"), "bounds": [[0, 1]] * 4}
    theirs = salib.analyze(problem, points, numbers, num_levels=4)
    for own, other in ((found.mean, "mu"), (found.size, "mu_star"), (found.spread, "sigma")):
        np.testing.assert_allclose(own, np.asarray(theirs[other], float), atol=1e-12)


def test_effects_beside_a_failed_draw_are_left_out():
    points = trajectories(3, 10)
    numbers = points @ [1.0, 2.0, 3.0]
    numbers[[0, 6]] = np.nan
    found = morris(points, numbers)
    np.testing.assert_allclose(found.size, [1, 2, 3], rtol=1e-12)
    assert found.count.sum() == 27
    with pytest.raises(ValueError, match="one at a time"):
        morris(points[::-1][:, [0, 0, 2]], numbers)


@pytest.mark.parametrize("index", [first_order, pawn])
def test_draws_that_failed_are_not_for_these_functions(index):
    points, numbers = uniform(30, 2), np.arange(30.0)
    numbers[3] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        index(points, numbers)
    with pytest.raises(ValueError, match="do not belong together"):
        index(points, numbers[1:])
    with pytest.raises(ValueError, match="at least three"):
        index(points[:2], np.arange(2.0))
