"""Value of information against verdicts of which everything is known."""

from __future__ import annotations

import numpy as np
import pytest

from equipoise.deciding.information import information, surer


def test_a_verdict_that_one_parameter_decides_is_settled_by_it():
    points = np.random.default_rng(0).random((2000, 5))
    found = information(points, points[:, 2] > 0.3)
    assert list(found.doubt.above) == [2]
    assert found.doubt.number[2] == pytest.approx(1, abs=0.05)
    assert found.error_now == pytest.approx(0.3, abs=0.03)
    assert found.error[2] == pytest.approx(0, abs=0.02)
    np.testing.assert_allclose(np.delete(found.error, 2), found.error_now, atol=0.02)


def test_two_parameters_that_decide_together():
    # H = (x > 1/2)(y > 1/2): Var E[H | x] = 1/16 of 3/16; an error of 1/4 stays, since calling "no" is right on both
    # sides of 1/2 or as good as right.
    points = np.random.default_rng(1).random((4000, 6))
    found = information(points, (points[:, 0] > 0.5) & (points[:, 1] > 0.5))
    assert set(found.doubt.above) == {0, 1}
    np.testing.assert_allclose(found.doubt.number[:2], 1 / 3, atol=0.04)
    np.testing.assert_allclose(found.error[:2], 0.25, atol=0.025)
    # H = (x + y > 1): q(x) = x, so that E[min(q, 1 - q)] = 1/4 is left of 1/2.
    found = information(points, points[:, 0] + points[:, 1] > 1)
    np.testing.assert_allclose(found.error[:2], 0.25, atol=0.02)
    np.testing.assert_allclose(found.doubt.number[:2], 1 / 3, atol=0.04)


def test_learning_what_says_nothing_is_worth_nothing():
    false = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        found = information(random.random((150, 30)), random.random(150) < 0.4, seed=seed)
        false += len(found.doubt.above) > 0
        assert found.error.mean() == pytest.approx(found.error_now, abs=0.03)
    assert false <= 6  # of 2 expected; more than that once in 300 by chance


def test_how_much_surer_by_hand():
    # The first class is called right. In the second the draw that holds is called by two that do not; the two that do
    # not see one of each, and go by the majority of all.
    labels = np.array([0, 0, 0, 1, 1, 1])
    assert surer(labels, np.array([1.0, 1, 1, 0, 0, 1])) == pytest.approx((2 - 3) / 6)
    assert surer(labels, np.zeros(6)) == 0
