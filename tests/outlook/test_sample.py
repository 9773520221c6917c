"""Sampled histories: what they say, and that the exact measures lie within their confidence limits."""

from __future__ import annotations

import numpy as np
import pytest
from dense import product_chain, random_chain

from equipoise.errors import RequestError
from equipoise.outlook.chain import rate_chain
from equipoise.outlook.count import frequency
from equipoise.outlook.regimes import occupancy
from equipoise.outlook.risk import risk
from equipoise.outlook.sample import sample


def test_exact_risks_lie_within_the_limits_of_a_large_sample():
    chain = rate_chain(product_chain((3, 3, 2, 2), np.random.default_rng(8), clock=20.0), outcomes=list("abc"))
    times = [1.0, 5.0, 20.0]
    drawn = sample(chain, 2, 20.0, np.random.default_rng(1), 20_000).risk(times, confidence=0.999)
    exact = risk(chain, 2, times)
    assert ((drawn.low <= exact) & (exact <= drawn.high)).all()
    assert (drawn.high - drawn.low < 0.03).all()


def test_exact_frequencies_and_occupancies_are_sample_means():
    chain, _ = random_chain(4, states=12)
    n, t = 20_000, 3.0
    histories = sample(chain, 0, t, np.random.default_rng(2), n)
    step = chain.row_step[chain.branch_row[histories.branch]]
    path = np.repeat(np.arange(n), np.diff(histories.begin))
    counts = np.zeros((n, len(chain.steps)))
    np.add.at(counts, (path, step), 1)
    error = counts.std(axis=0) / np.sqrt(n)
    assert (np.abs(counts.mean(axis=0) - frequency(chain, 0, [t])[0]) <= 4 * error + 1e-9).all()
    where = np.bincount(histories.final, minlength=chain.n_states)[: chain.n_states] / n
    exact = occupancy(chain, 0, [t], np.eye(chain.n_states, dtype=bool))[0]
    assert (np.abs(where - exact) <= 4.5 * np.sqrt(exact * (1 - exact) / n) + 1e-9).all()


def test_waits_are_exponential():
    chain = rate_chain([[0, 2.0, 0], [3.0, 0, 0]], outcomes=["never"])
    first = np.array(
        [h[0].years for h in map(sample(chain, 0, 50.0, np.random.default_rng(0), 4000).told, range(4000))]
    )
    assert first.mean() == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(4000))
    assert (first > 0.5).mean() == pytest.approx(np.exp(-1), abs=4 * 0.5 / np.sqrt(4000))


def test_histories_are_connected_dated_and_repeatable():
    chain, _ = random_chain(9)
    histories = sample(chain, 3, 8.0, np.random.default_rng(5), 50)
    again = sample(chain, 3, 8.0, np.random.default_rng(5), 50)
    assert [histories.told(k) for k in range(50)] == [again.told(k) for k in range(50)]
    for k in range(len(histories)):
        state, clock = 3, 0.0
        for dated in histories.told(k):
            assert dated.before == state
            assert clock < dated.years <= 8.0
            assert (dated.outcome is None) == (dated.after >= 0)
            state, clock = dated.after, dated.years
        if state >= 0:
            assert histories.final[k] == state


def test_a_sample_answers_only_for_its_own_time():
    chain = rate_chain([[0, 1.0]], outcomes=["war"])
    with pytest.raises(RequestError):
        sample(chain, 0, 5.0, np.random.default_rng(0), 10).risk([6.0])
    with pytest.raises(RequestError):
        sample(chain, 0, np.inf, np.random.default_rng(0))
    nothing = sample(chain, 0, 0.0, np.random.default_rng(0), 3)
    assert nothing.told(0) == ()
    assert nothing.risk([0.0]).share.tolist() == [[0.0]]
