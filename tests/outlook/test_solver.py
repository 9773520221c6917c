"""Linear systems: the fallback, the proven bound, the refusal."""

from __future__ import annotations

import numpy as np
import pytest
from dense import ending_chain, full_generator, product_chain

from equipoise.outlook import solve
from equipoise.outlook.chain import rate_chain
from equipoise.outlook.ever import eventually, lifetime
from equipoise.outlook.regimes import dwell, exits
from equipoise.outlook.solve import SolveError, Solver, closed_classes, leads_to


def test_factorisation_takes_over_where_iteration_stalls(monkeypatch):
    chain = ending_chain(3)
    with_iteration = eventually(chain)
    monkeypatch.setattr(solve, "STEPS", 0)
    assert eventually(chain).probability == pytest.approx(with_iteration.probability, abs=1e-12)
    assert eventually(chain).years == pytest.approx(with_iteration.years, rel=1e-10)


def test_the_bound_covers_the_error():
    chain = rate_chain(product_chain((3, 4, 3), np.random.default_rng(4)), outcomes=list("abc"))
    solver = Solver(chain, np.ones(chain.n_states, bool))
    inverse = np.linalg.inv(-full_generator(chain)[:-3, :-3])
    assert solver.longest >= inverse.sum(axis=1).max() * (1 - 1e-12)
    rates = chain.exit_rate
    assert solver.visits >= (inverse * rates).sum(axis=1).max() * (1 - 1e-12)
    assert solver.visits == pytest.approx((inverse * rates).sum(axis=1).max(), rel=1e-6)
    right = np.random.default_rng(0).uniform(size=(chain.n_states, 2))
    assert solver.solve(right) == pytest.approx(inverse @ right, rel=1e-9)
    assert solver.solve_adjoint(right) == pytest.approx(inverse.T @ right, rel=1e-9)


def test_what_rounding_hides_is_refused():
    chain = rate_chain([[0, 60, 0], [60, 0, 1e-18]], outcomes=["war"])
    with pytest.raises(SolveError):
        lifetime(chain)


def test_rare_ends_are_still_timed():
    # Two states in turn at 50 a year, an end at 1e-6: mean time 2e6 years and a little.
    chain = rate_chain([[0, 50, 0], [50, 0, 1e-6]], outcomes=["war"])
    assert lifetime(chain)[1] == pytest.approx(2e6, rel=1e-6)
    assert eventually(chain).probability[:, 0] == pytest.approx(1, abs=1e-7)


def test_states_left_a_billion_billion_times_more_rarely_are_no_matter():
    """Peace is left at q, crisis goes back at 4 or ends at 0.1: mean time (1/q + 1/4.1) 41 from peace, visits 82."""
    for q in (1e-3, 1e-9, 1e-18):
        chain = rate_chain([[0, q, 0], [4, 0, 0.1]], outcomes=["war"])
        assert eventually(chain).probability[:, 0] == pytest.approx([1, 1], abs=1e-12)
        assert eventually(chain).years[0, 0] == pytest.approx((1 / q + 1 / 4.1) * 41, rel=1e-12)
        assert Solver(chain, np.ones(2, bool)).visits == pytest.approx(82, rel=1e-9)
        visit = dwell(chain, 0, np.array([False, True]))
        assert visit.years == pytest.approx(1 / 4.1, rel=1e-12)
        assert exits(chain, 0, np.array([True, False]))[0].tolist() == pytest.approx([0, 1])


def test_closed_classes_and_ways_are_found():
    chain = rate_chain([[0, 1, 0, 0, 0], [0, 0, 1, 0, 0], [0, 1, 0, 0, 0], [1, 0, 0, 0, 1]], outcomes=["war"])
    closed = closed_classes(chain)
    assert (closed >= 0).tolist() == [False, True, True, False]
    assert closed[1] == closed[2]
    assert leads_to(chain, np.array([False, True, False, False])).tolist() == [True, True, True, True]
    goal, through = np.array([False, False, True, False]), np.array([True, False, False, True])
    assert leads_to(chain, goal, through=through).tolist() == [False, False, True, False]
