"""Shares and their intervals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.deciding.share import share, share_by, wilson


def test_wilsons_interval_by_hand():
    # (p + z^2 / 2n +- z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n) at p = .7, n = 100, z = 1.959964
    found = share(np.arange(100) < 70)
    assert found.share == 0.7
    assert (found.low, found.high) == pytest.approx((0.6041515, 0.7810511), abs=1e-6)


def test_failed_draws_stay_in_the_denominator_and_give_a_second_bound():
    holds, failed = np.arange(50) < 30, np.arange(50) >= 45
    found = share(holds, failed)
    assert (found.share, found.share_if_held) == (0.6, 0.7)
    assert (found.low_if_held, found.high_if_held) == wilson(35, 50)
    with pytest.raises(ValueError, match="cannot hold"):
        share(holds, holds)


def test_shares_by_group_add_up():
    holds = np.array([True, False, True, True])
    found = share_by(holds, ["control-cost", "agent-error", "control-cost", "agent-error"])
    assert [(name, one.holds, one.draws) for name, one in found.items()] == [
        ("control-cost", 2, 2),
        ("agent-error", 1, 2),
    ]


def test_nothing_drawn_is_nothing_known():
    found = share(np.zeros(0, bool))
    assert np.isnan(found.share)
    assert (found.low, found.high) == (0, 1)


@given(st.integers(1, 400), st.data())
def test_the_interval_holds_the_share_and_turns_with_it(n, data):
    k = data.draw(st.integers(0, n))
    low, high = wilson(k, n)
    assert 0 <= low <= k / n <= high <= 1
    assert wilson(n - k, n) == pytest.approx((1 - high, 1 - low), abs=1e-12)


def test_the_interval_covers_the_share_as_often_as_it_says():
    random = np.random.default_rng(5)
    covered = [low <= 0.3 <= high for low, high in (wilson(k, 80) for k in random.binomial(80, 0.3, 2000).tolist())]
    assert 0.93 <= np.mean(covered) <= 0.97
