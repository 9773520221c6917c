from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import expm

from equipoise.errors import RequestError
from equipoise.outlook.chain import rate_chain
from equipoise.outlook.passages import passages
from equipoise.outlook.risk import risk

RATES = np.array(
    [
        [0.0, 0.7, 0.2, 0.0, 0.00],
        [1.5, 0.0, 0.3, 0.4, 0.02],
        [0.0, 0.9, 0.0, 2.0, 0.00],
        [0.6, 0.0, 0.1, 0.0, 0.05],
    ]
)
GROUP = np.array([0, 1, 1, 0])
GROUPS = np.eye(2, dtype=bool)[GROUP]


def test_passages_agree_with_a_counter_carried_along_by_the_matrix_exponential():
    # A second copy of the states counts: d/dt E[count; state] = E[count; state] Q + pi J, with J the counted jumps.
    Q = RATES[:, :4] - np.diag(RATES.sum(axis=1))
    crossing = RATES[:, :4] * ((GROUP[:, None] == 0) & (GROUP[None, :] == 1))
    both = np.block([[Q, crossing], [np.zeros((4, 4)), Q]])
    t = 6.0
    # Lost counts of absorbed paths are kept by an extra column that collects them.
    kept = np.zeros((9, 9))
    kept[:8, :8] = both
    kept[4:8, 8] = RATES[:, 4]
    expected = expm(kept * t)[0, 4:9].sum()
    assert passages(rate_chain(RATES, outcomes=["war"]), 0, [t], GROUPS)[0, 0, 1] == pytest.approx(expected, abs=1e-9)


def test_passages_into_outcomes_sum_to_the_risk():
    chain = rate_chain(RATES, outcomes=["war"])
    times = [0.0, 1.0, 12.0]
    assert passages(chain, 1, times, GROUPS)[:, :, 2].sum(axis=1) == pytest.approx(
        risk(chain, 1, times)[:, 0], abs=1e-9
    )


def test_ways_in_and_out_of_a_group_balance_with_where_the_system_stands():
    chain = rate_chain(RATES, outcomes=["war"])
    n = passages(chain, 0, [3.0], GROUPS)[0]
    Q = RATES[:, :4] - np.diag(RATES.sum(axis=1))
    share = expm(Q * 3.0)[0] @ np.eye(2)[GROUP]
    assert n[0, 1] - n[1, 0] - n[1, 2] == pytest.approx(share[1], abs=1e-9)


def test_an_empty_group_and_states_in_no_group_do_not_disturb_the_others():
    chain = rate_chain(RATES, outcomes=["war"])
    wide = np.zeros((4, 3), bool)
    wide[[1, 2], 1] = True
    whole = passages(chain, 0, [3.0], GROUPS)[0]
    part = passages(chain, 0, [3.0], wide)[0]
    assert part[1, 3] == pytest.approx(whole[1, 2], abs=1e-12)
    assert not part[[0, 2]].any()


def test_groups_that_overlap_are_refused():
    with pytest.raises(RequestError, match="overlap"):
        passages(rate_chain(RATES, outcomes=["war"]), 0, [3.0], np.ones((4, 2), bool))
