"""Chains whose answers are known on paper."""

from __future__ import annotations

import numpy as np
import pytest

from equipoise.outlook.chain import rate_chain
from equipoise.outlook.count import frequency, triggers
from equipoise.outlook.ever import eventually, lifetime, settles
from equipoise.outlook.regimes import dwell, exits, occupancy, quasi_stationary, years_in
from equipoise.outlook.risk import hazard, risk, risk_everywhere

PEACE, CRISIS = 0, 1
IN_CRISIS = np.array([False, True])
ANYWHERE = np.array([True, True])


def crisis_chain(accidents: bool = False):
    if accidents:
        return rate_chain([[0, 0.5, 0, 0.002], [4, 0, 0.1, 0.05]], outcomes=["deliberate", "accidental"])
    return rate_chain([[0, 0.5, 0], [4, 0, 0.1]], outcomes=["war"])


def slow_and_fast(a=0.5, b=4.0, w=0.1):
    total = a + b + w
    root = np.sqrt(total**2 - 4 * a * w)
    return (total - root) / 2, (total + root) / 2


def test_peace_crisis_war_has_its_two_exponentials():
    slow, fast = slow_and_fast()
    assert slow == pytest.approx(0.0108953715, abs=5e-11)
    t = np.array([0.0, 0.01, 1.0, 5.0, 10.0, 50.0, 1000.0])
    expected = 1 - (fast * np.exp(-slow * t) - slow * np.exp(-fast * t)) / (fast - slow)
    assert risk(crisis_chain(), PEACE, t)[:, 0] == pytest.approx(expected, abs=1e-10)
    printed = [0.00850637, 0.05076592, 0.10109391, 0.41864377]
    assert risk(crisis_chain(), PEACE, [1, 5, 10, 50])[:, 0].round(8).tolist() == printed
    assert risk_everywhere(crisis_chain(), 10.0)[PEACE, 0] == pytest.approx(0.10109391, abs=5e-9)


def test_peace_crisis_war_takes_92_years_from_peace_and_90_from_crisis():
    assert lifetime(crisis_chain()) == pytest.approx([92, 90], rel=1e-12)
    assert eventually(crisis_chain()).years[:, 0] == pytest.approx([92, 90], rel=1e-12)


def test_after_long_peace_crisis_and_hazard_are_quasi_stationary():
    slow, _ = slow_and_fast()
    limit = quasi_stationary(crisis_chain(), PEACE, ANYWHERE)
    assert limit.distribution[CRISIS] == pytest.approx(0.1089537, abs=5e-8)
    assert limit.leaving == pytest.approx(slow, rel=1e-11)
    assert limit.hazard[0] == pytest.approx(slow, rel=1e-11)
    assert hazard(crisis_chain(), PEACE, [60.0])[0, 0] == pytest.approx(slow, rel=1e-7)
    assert hazard(crisis_chain(), [PEACE, CRISIS]).ravel() == pytest.approx([0.0, 0.1])


def test_hazard_within_crisis_is_its_war_rate_whether_or_not_it_lasted():
    for throughout in (False, True):
        h = hazard(crisis_chain(), CRISIS, [0.3, 2.0], within=IN_CRISIS, throughout=throughout)
        assert h[:, 0] == pytest.approx([0.1, 0.1], rel=1e-6)
    # Never having left crisis for 20 years is too unlikely to say anything about.
    assert np.isnan(hazard(crisis_chain(), CRISIS, [20.0], within=IN_CRISIS, throughout=True)).all()


def test_accidents_compete_with_decisions():
    chain = crisis_chain(accidents=True)
    assert eventually(chain).probability[PEACE].round(7).tolist() == [0.6002401, 0.3997599]
    assert lifetime(chain)[PEACE] == pytest.approx(55.8223289, abs=5e-8)
    assert risk(chain, PEACE, [10.0])[0].round(7).tolist() == [0.0968029, 0.0648327]


def test_visits_to_crisis_last_and_end_as_exponentials_do():
    chain = crisis_chain()
    reached, years = dwell(chain, PEACE, IN_CRISIS)
    assert (reached, years) == (pytest.approx(1.0), pytest.approx(1 / 4.1))
    assert exits(chain, PEACE, IN_CRISIS)[0] == pytest.approx([0.1 / 4.1, 4 / 4.1])
    settled = settles(chain, IN_CRISIS)
    assert settled.probability.tolist() == [1, 1]
    assert settled.years == pytest.approx([2, 0])


def test_counts_are_integrals_of_occupancy():
    chain, t = crisis_chain(), [10.0]
    spent = years_in(chain, PEACE, t, np.eye(2, dtype=bool))[0]
    assert frequency(chain, PEACE, t)[0, 0] == pytest.approx(0.5 * spent[0] + 4.1 * spent[1], abs=1e-8)
    assert triggers(chain, PEACE, t)[0, 0] == pytest.approx(0.1 * spent[1], abs=1e-10)
    alive = occupancy(chain, PEACE, t, np.eye(2, dtype=bool))[0].sum()
    assert alive + risk(chain, PEACE, t)[0, 0] == pytest.approx(1, abs=1e-10)


def test_waiting_room_fills_as_prism_says():
    # PRISM, M/M/1/3 queue, 1.5 arrivals and 3 services a unit of time: P=? [F<=7.5 full] from empty.
    rates = np.zeros((3, 4))
    rates[[0, 1, 2], [1, 2, 3]] = 1.5
    rates[[1, 2], [0, 1]] = 3.0
    chain = rate_chain(rates, outcomes=["full"])
    assert risk(chain, 0, [7.5], error=1e-14)[0, 0] == pytest.approx(0.6404780884740766, abs=1e-13)


@pytest.mark.parametrize(("k", "costs"), [(0.05, (0.02, 0.03)), (0.4, (0.0, 0.0)), (2.0, (0.1, 0.3))])
def test_brinkmanship_ends_in_disaster_as_often_as_powell_says(k, costs):
    # Mixed quitting hazards h_j = (c_i + k D_i)/v_i in a contest of resolve with disaster hazard k (Powell 1990).
    prize, loss = np.array([1.0, 1.2]), np.array([4.0, 9.0])
    quits = ((np.array(costs) + k * loss) / prize)[::-1]
    chain = rate_chain([[0, k, *quits]], outcomes=["disaster", "first yields", "second yields"])
    total = k + quits.sum()
    assert eventually(chain).probability[0] == pytest.approx(np.array([k, *quits]) / total, rel=1e-12)
    assert lifetime(chain)[0] == pytest.approx(1 / total, rel=1e-12)
    if costs == (0.0, 0.0):
        assert eventually(chain).probability[0, 0] == pytest.approx(1 / (1 + (loss / prize).sum()), rel=1e-12)


def test_war_of_five_battles_is_gamblers_ruin():
    # N = 5, i = 2 won battles ahead, p = .6, 1.5 battles a year: P(win) and mean time.
    p, rate, n = 0.6, 1.5, 5
    rates = np.zeros((n - 1, n + 1))
    for i in range(1, n):
        rates[i - 1, i if i + 1 < n else n] = rate * p
        rates[i - 1, i - 2 if i > 1 else n - 1] = rate * (1 - p)
    chain = rate_chain(rates, outcomes=["lost", "won"])
    ratio = (1 - p) / p
    won = (1 - ratio ** np.arange(1, n)) / (1 - ratio**n)
    assert eventually(chain).probability[:, 1] == pytest.approx(won, rel=1e-12)
    assert eventually(chain).probability[1, 1] == pytest.approx(0.6398104, abs=5e-8)
    assert lifetime(chain)[1] == pytest.approx(3.9968404, abs=5e-8)


def test_settling_may_be_spoiled_by_what_is_avoided():
    # 0 goes to 1 or 2 alike, 1 and 2 go on to 3; going through 1 is not allowed.
    rates = np.zeros((4, 5))
    rates[0, [1, 2]] = 1.0
    rates[[1, 2], 3] = 2.0
    rates[2, 4] = 2.0
    chain = rate_chain(rates, outcomes=["war"])
    goal, forbidden = np.arange(4) == 3, np.arange(4) == 1
    assert settles(chain, goal).probability == pytest.approx([0.75, 1, 0.5, 1])
    avoiding = settles(chain, goal, avoiding=forbidden)
    assert avoiding.probability == pytest.approx([0.25, 0, 0.5, 1])
    assert avoiding.years[0] == pytest.approx(1 / 2 + 1 / 4)
    assert np.isnan(avoiding.years[1])


def test_a_peace_for_ever_takes_its_share_from_the_outcomes():
    # State 0 falls into war at 1 and into the closed pair {1, 2} at 3.
    chain = rate_chain([[0, 3, 0, 1], [0, 0, 5, 0], [0, 2, 0, 0]], outcomes=["war"])
    ever = eventually(chain)
    assert ever.probability[:, 0] == pytest.approx([0.25, 0, 0])
    assert ever.years[0, 0] == pytest.approx(0.25)
    assert np.isnan(ever.years[1:]).all()
    assert lifetime(chain).tolist() == [np.inf] * 3
    assert lifetime(chain, [1.0, 0.0, 0.0])[0] == pytest.approx(0.25)
    pair = np.array([False, True, True])
    visit = dwell(chain, 0, pair)
    assert visit.reached == pytest.approx(0.75)
    assert visit.years == np.inf
    assert exits(chain, 0, pair).sum() == 0


def test_a_regime_never_reached_has_no_length():
    chain = rate_chain([[0, 0, 1], [1, 0, 0]], outcomes=["war"])
    visit = dwell(chain, 0, IN_CRISIS)
    assert visit.reached == 0
    assert np.isnan(visit.years)
    assert np.isnan(exits(chain, 0, IN_CRISIS)).all()


def test_nothing_happens_where_all_rates_are_zero():
    chain = rate_chain(np.zeros((2, 3)), outcomes=["war"])
    assert risk(chain, 0, [0.0, 7.0]).tolist() == [[0], [0]]
    assert eventually(chain).probability.tolist() == [[0], [0]]
    assert occupancy(chain, 1, [9.0], np.eye(2, dtype=bool)).tolist() == [[0, 1]]
