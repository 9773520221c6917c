"""Few readings from many starts are carried back once; that changes nothing but the time it takes."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.outlook.chain import rate_chain
from equipoise.outlook.count import frequency, frequency_of
from equipoise.outlook.evolve import evolve
from equipoise.outlook.risk import risk, risk_of


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 9), st.sampled_from([0.5, 20.0, 400.0]))
def test_backwards_as_forwards_and_as_the_matrix_exponential(seed, states, pace):
    rng = np.random.default_rng(seed)
    rates = rng.exponential(pace, (states, states + 2)) * (rng.random((states, states + 2)) < 0.6)
    rates[:, states:] *= 0.01
    np.fill_diagonal(rates, 0.0)
    chain = rate_chain(rates, outcomes=["war", "peace"])
    times, reading = [0.0, 0.3, 2.0], rng.normal(size=(states, 1))
    together = evolve(chain, np.arange(states), times, reading)
    for start in range(states):
        alone = evolve(chain, start, times, reading)
        np.testing.assert_allclose(together.at[start], alone.at, atol=1e-9)
        np.testing.assert_allclose(together.total[start], alone.total, atol=1e-9)
    generator = rates[:, :states] - np.diag(rates.sum(axis=1))
    for t, time in enumerate(times):
        exact = scipy.linalg.expm(generator * time) @ reading
        np.testing.assert_allclose(together.at[:, t], exact, atol=1e-8)


def test_outcomes_and_steps_together_are_their_sum():
    rng = np.random.default_rng(5)
    rates = rng.exponential(1.0, (6, 9))
    np.fill_diagonal(rates, 0.0)
    chain = rate_chain(rates, outcomes=["war", "peace", "truce"])
    starts = np.arange(6)
    apart = risk(chain, starts, [0.2, 1.0])
    np.testing.assert_allclose(risk_of(chain, starts, [0.2, 1.0], [0, 2]), apart[:, :, [0, 2]].sum(axis=2), atol=1e-9)
    assert risk_of(chain, 0, [0.2], [1])[0] == pytest.approx(apart[0, 0, 1], abs=1e-9)
    np.testing.assert_allclose(
        frequency_of(chain, starts, [1.0], [0]), frequency(chain, starts, [1.0])[..., 0], atol=1e-9
    )
