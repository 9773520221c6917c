"""Every measure on random chains against dense matrices that share no code with it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from dense import distribution_at, ending_chain, full_generator, integrated, product_chain, random_chain
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.errors import RequestError
from equipoise.outlook.chain import rate_chain
from equipoise.outlook.count import frequency, loss, triggers
from equipoise.outlook.ever import eventually, lifetime, settles
from equipoise.outlook.evolve import absorbed, evolve
from equipoise.outlook.regimes import dwell, exits, occupancy, quasi_stationary, years_in
from equipoise.outlook.risk import hazard, risk, risk_everywhere

seeds = st.integers(0, 10**6)
quick = settings(max_examples=15, deadline=None)


@quick
@given(seeds, st.floats(0.01, 30))
def test_risk_and_occupancy_are_the_matrix_exponential(seed, t):
    chain, _ = random_chain(seed)
    S = chain.n_states
    expected = distribution_at(chain, 3, t)
    assert risk(chain, 3, [t])[0] == pytest.approx(expected[S:], abs=1.1e-10)
    assert occupancy(chain, 3, [t], np.eye(S, dtype=bool))[0] == pytest.approx(expected[:S], abs=1.1e-10)
    assert risk_everywhere(chain, t)[3] == pytest.approx(expected[S:], abs=1.1e-10)


@quick
@given(seeds)
def test_many_times_and_starts_at_once_are_the_single_ones(seed):
    chain, _ = random_chain(seed)
    times = [4.0, 0.0, 25.0]
    starts = np.array([0, 7])
    together = risk(chain, starts, times)
    mixture = np.zeros(chain.n_states)
    mixture[starts] = 0.5
    assert together.shape == (2, 3, len(chain.outcomes))
    for k, s in enumerate(starts):
        for m, t in enumerate(times):
            assert together[k, m] == pytest.approx(risk(chain, int(s), [t])[0], abs=2e-10)
    assert risk(chain, mixture, times) == pytest.approx(together.mean(axis=0), abs=2e-10)


@quick
@given(seeds)
def test_frequencies_and_years_are_integrals(seed):
    chain, _ = random_chain(seed)
    t = 6.0
    years = integrated(chain, 1, t)
    assert years_in(chain, 1, [t], np.eye(chain.n_states, dtype=bool))[0] == pytest.approx(years, abs=1e-8)
    happens = np.zeros(len(chain.steps))
    for row in range(chain.row_rate.size):
        happens[chain.row_step[row]] += chain.row_rate[row] * years[chain.row_state[row]]
    assert frequency(chain, 1, [t])[0] == pytest.approx(happens, abs=1e-7)
    assert chain.transition.diagonal().max() == 0
    assert triggers(chain, 1, [t])[0].sum(axis=0) == pytest.approx(risk(chain, 1, [t])[0], abs=3e-10)


@quick
@given(seeds)
def test_losses_add_what_every_branch_costs(seed):
    chain, game = random_chain(seed)
    t = 5.0
    years = integrated(chain, 2, t)
    by_outcome = np.zeros((len(chain.outcomes), game.n_actors))
    by_impact = np.zeros(game.n_actors)
    for row in range(game.n_rows):
        kind = game.row_kind[row]
        for k, b in enumerate(range(game.branch_ptr[row], game.branch_ptr[row + 1])):
            entry = game.kind_branch_ptr[kind] + k
            flow = chain.row_rate[row] * game.probability[entry] * years[chain.row_state[row]]
            by_impact -= flow * game.impact[entry]
            if game.target[b] >= game.n_states:
                end = game.target[b] - game.n_states
                by_outcome[game.end_outcome[end]] -= flow * game.end_value[end]
    found = loss(chain, game, 2, [t])
    assert found.outcomes[0] == pytest.approx(by_outcome, abs=1e-7)
    assert found.impacts[0] == pytest.approx(by_impact, abs=1e-7)
    assert found.total[0] == pytest.approx(by_outcome.sum(axis=0) + by_impact, abs=1e-7)


@quick
@given(seeds)
def test_what_happens_ever_solves_the_dense_system(seed):
    chain = ending_chain(seed)
    S = chain.n_states
    Q = full_generator(chain)
    inverse = np.linalg.inv(-Q[:S, :S])
    ever = eventually(chain)
    assert ever.probability == pytest.approx(inverse @ Q[:S, S:], abs=1e-9)
    assert ever.years == pytest.approx(inverse @ (inverse @ Q[:S, S:]) / (inverse @ Q[:S, S:]), rel=1e-7)
    assert lifetime(chain) == pytest.approx(inverse.sum(axis=1), rel=1e-8)
    assert risk(chain, 0, [1e3])[0] == pytest.approx(ever.probability[0], abs=1e-9)


@quick
@given(seeds, st.integers(1, 12), st.integers(0, 6))
def test_regimes_are_entered_left_and_avoided_as_dense_matrices_say(seed, size, avoided):
    chain = ending_chain(seed)
    S = chain.n_states
    Q = full_generator(chain)
    rng = np.random.default_rng(seed)
    order = rng.permutation(np.arange(1, S))
    regime, shun = np.isin(np.arange(S), order[:size]), np.isin(np.arange(S), order[size : size + avoided])
    way = ~regime & ~shun
    inverse = np.linalg.inv(-Q[:S, :S][np.ix_(way, way)])
    into = Q[:S, :S][np.ix_(way, regime)].sum(axis=1)
    settled = settles(chain, regime, avoiding=shun)
    assert settled.probability[way] == pytest.approx(inverse @ into, abs=1e-9)
    sure = inverse @ into > 1e-6
    years = (inverse @ (inverse @ into))[sure] / (inverse @ into)[sure]
    assert settled.years[way][sure] == pytest.approx(years, rel=1e-6)
    assert settled.probability[shun].tolist() == [0] * shun.sum()

    outside = ~regime
    entrance = (np.linalg.inv(-Q[:S, :S][np.ix_(outside, outside)]) @ Q[:S, :S][np.ix_(outside, regime)])[0]
    stays = np.linalg.inv(-Q[:S, :S][np.ix_(regime, regime)])
    visit = dwell(chain, 0, regime)
    assert visit.reached == pytest.approx(entrance.sum(), abs=1e-9)
    if entrance.sum() > 1e-6:
        assert visit.years == pytest.approx(entrance @ stays.sum(axis=1) / entrance.sum(), rel=1e-7)
        shares = exits(chain, 0, regime)
        some = np.arange(S) % 2 == 0
        parts = exits(chain, 0, regime, during=some) + exits(chain, 0, regime, during=~some)
        assert parts == pytest.approx(shares, abs=1e-12, nan_ok=True)
        assert shares.sum() == pytest.approx(1, abs=1e-8)
        by_outcome = entrance @ stays @ Q[:S, S:][regime] / entrance.sum()
        assert shares.sum(axis=0)[:-1] == pytest.approx(by_outcome, abs=1e-8)

    inside = int(order[0])
    place = np.flatnonzero(regime).tolist().index(inside)
    assert dwell(chain, inside, regime).reached == pytest.approx(1)
    assert dwell(chain, inside, regime).years == pytest.approx(stays.sum(axis=1)[place], rel=1e-7)
    assert exits(chain, inside, regime).sum(axis=0)[:-1] == pytest.approx((stays @ Q[:S, S:][regime])[place], abs=1e-8)
    both = dwell(chain, [0, inside], regime)
    assert both.reached == pytest.approx([visit.reached, 1])


@quick
@given(seeds)
def test_hazards_are_ratios_of_the_matrix_exponential(seed):
    chain, _ = random_chain(seed)
    S = chain.n_states
    Q = full_generator(chain)
    regime = np.arange(S) < 12
    rates = Q[:S, S:]
    now = distribution_at(chain, 0, 2.0)[:S]
    assert hazard(chain, 0, [2.0])[0] == pytest.approx(now @ rates / now.sum(), rel=1e-6, abs=1e-9)
    within = now * regime
    found = hazard(chain, 0, [2.0], within=regime)[0]
    assert found == pytest.approx(within @ rates / within.sum(), rel=1e-6, abs=1e-9)


def test_quasi_stationary_distribution_is_an_eigenvector():
    chain = rate_chain(product_chain((3, 4, 3), np.random.default_rng(2), clock=8.0), outcomes=list("abc"))
    S = chain.n_states
    regime = np.arange(S) < 24
    limit = quasi_stationary(chain, 0, regime)
    Q = full_generator(chain)[:S, :S][np.ix_(regime, regime)]
    assert limit.distribution[regime] @ Q == pytest.approx(-limit.leaving * limit.distribution[regime], abs=1e-11)
    assert -limit.leaving == pytest.approx(np.linalg.eigvals(Q).real.max(), rel=1e-10)
    soon, late = hazard(chain, 0, [0.1, 25.0], within=regime, throughout=True, error=1e-14)
    assert late == pytest.approx(limit.hazard, rel=1e-3)
    assert soon != pytest.approx(limit.hazard, rel=1e-1)


@pytest.mark.parametrize("clock", [3.0, 45.0, 400.0])
def test_polynomials_and_powers_give_the_same_curves(clock, monkeypatch):
    chain = rate_chain(product_chain((3, 4, 3, 3, 2), np.random.default_rng(5), clock=clock), outcomes=list("abc"))
    times = np.linspace(0, 10, 7)
    fast = risk(chain, 0, times)
    monkeypatch.setattr("equipoise.outlook.evolve.POLYNOMIAL", np.inf)
    assert fast == pytest.approx(risk(chain, 0, times), abs=2e-11)
    ring = np.zeros((50, 51))
    ring[np.arange(50), (np.arange(50) + 1) % 50] = clock
    ring[:, 50] = 0.1
    monkeypatch.setattr("equipoise.outlook.evolve.POLYNOMIAL", 50.0)
    # The ring's eigenvalues lie on a circle, where polynomials fail and powers must take over.
    assert risk(rate_chain(ring, outcomes=["war"]), 0, times)[:, 0] == pytest.approx(
        1 - np.exp(-0.1 * times), abs=1e-10
    )


def test_long_horizons_end_early_and_stay_exact():
    slow = (4.6 - np.sqrt(4.6**2 - 4 * 0.05)) / 2
    fast = 4.6 - slow
    t = np.array([1e2, 1e3, 1e5])
    expected = 1 - (fast * np.exp(-slow * t) - slow * np.exp(-fast * t)) / (fast - slow)
    chain = rate_chain([[0, 0.5, 0], [4, 0, 0.1]], outcomes=["war"])
    assert risk(chain, 0, t)[:, 0] == pytest.approx(expected, abs=1e-10)


def test_what_a_smaller_bound_buys_is_seen():
    chain = rate_chain(product_chain((3, 4, 3), np.random.default_rng(1)), outcomes=list("abc"))
    best = risk(chain, 0, [10.0], error=1e-14)
    gaps = [np.abs(risk(chain, 0, [10.0], error=error) - best).max() for error in (1e-3, 1e-6, 1e-9)]
    assert all(gap <= error for gap, error in zip(gaps, (1e-3, 1e-6, 1e-9), strict=True))
    assert all(after < before for before, after in pairwise(gaps))


@pytest.mark.parametrize(
    ("start", "times", "error"),
    [(99, [1], 1e-9), (-1, [1], 1e-9), ([0.5, 0.4], [1], 1e-9), (0, [-1], 1e-9), (0, [np.nan], 1e-9), (0, [1], 0.0)],
)
def test_senseless_requests_are_refused(start, times, error):
    chain = rate_chain([[0, 0.5, 0], [4, 0, 0.1]], outcomes=["war"])
    with pytest.raises(RequestError):
        evolve(chain, start, times, chain.absorption, error=error)
    with pytest.raises(RequestError):
        absorbed(chain, start, times, chain.absorption, error=error)
