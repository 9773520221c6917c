"""PRISM's case study of a fault-tolerant cluster of workstations, built from its description, against PRISM's numbers.

Two sub-clusters of N workstations, each with a switch, joined by a backbone; one repair unit. Haverkort, Hermanns and
Katoen (2000), "On the use of model checking techniques for dependability evaluation".
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
import scipy.sparse as sp

from equipoise.outlook.chain import rate_chain
from equipoise.outlook.regimes import occupancy
from equipoise.outlook.risk import risk

N = 2
# Part: most, failures per hour of each, repairs per hour.
PARTS = {
    "left": (N, 1 / 500, 2),
    "right": (N, 1 / 500, 2),
    "backbone": (1, 1 / 5000, 1 / 8),
    "left switch": (1, 1 / 4000, 1 / 4),
    "right switch": (1, 1 / 4000, 1 / 4),
}
INSPECTIONS = 10.0
# PRISM: P=? [true U<=T !minimum] from the initial state; long-run shares of premium and of less than minimum.
QUALITY_LOST = {
    0.2: 2.5004909207897634e-09,
    2: 2.2473037416749559e-07,
    20: 9.04143670515059e-06,
    200: 0.00011354077288631922,
    2000: 0.0011583955752053287,
}
PREMIUM, BELOW_MINIMUM = 0.999961533562363, 2.339823365308464e-06


class State(NamedTuple):
    working: tuple[int, ...]
    repairing: int
    """Part under repair, -1 if none."""


def successors(s: State):
    for k, (most, fails, repairs) in enumerate(PARTS.values()):
        n = s.working[k]
        changed = [*s.working]
        if n > 0:
            changed[k] = n - 1
            yield State(tuple(changed), s.repairing), n * fails
        if n < most and s.repairing < 0:
            yield State(s.working, k), INSPECTIONS
        if n < most and s.repairing == k:
            changed[k] = n + 1
            yield State(tuple(changed), -1), repairs


def serves(s: State, enough: int) -> bool:
    left, right, joined, a, b = s.working
    return bool((left >= enough and a) or (right >= enough and b) or (left + right >= enough and a and joined and b))


@cache
def cluster() -> tuple[list[State], sp.csr_array]:
    states = [State(tuple(most for most, _, _ in PARTS.values()), -1)]
    number = {states[0]: 0}
    entries = []
    for s in states:
        for t, rate in successors(s):
            if t not in number:
                number[t] = len(states)
                states.append(t)
            entries.append((number[s], number[t], rate))
    row, column, rate = zip(*entries, strict=True)
    return states, sp.csr_array(sp.coo_array((rate, (row, column)), shape=(len(states),) * 2))


def test_the_cluster_is_the_published_one():
    states, rates = cluster()
    assert (len(states), rates.nnz) == (276, 1120)


def test_quality_of_service_is_lost_as_prism_says():
    states, rates = cluster()
    served = np.array([serves(s, int(0.75 * N)) for s in states])
    kept = sp.diags_array(served.astype(float)) @ rates
    lost = sp.csr_array(kept @ (~served).astype(float)[:, None])
    chain = rate_chain(sp.hstack([kept @ sp.diags_array(served.astype(float)), lost]), outcomes=["lost"])
    found = risk(chain, 0, list(QUALITY_LOST), error=1e-15)[:, 0]
    assert found == pytest.approx(list(QUALITY_LOST.values()), rel=1e-6, abs=1e-13)
    assert found[-1] == pytest.approx(QUALITY_LOST[2000], rel=1e-9)


def test_after_long_the_cluster_stands_as_in_its_steady_state():
    states, rates = cluster()
    premium, minimum = (np.array([serves(s, enough) for s in states]) for enough in (N, int(0.75 * N)))
    chain = rate_chain(sp.hstack([rates, sp.csr_array((len(states), 1))]), outcomes=["never"])
    share = occupancy(chain, 0, [1e5], np.column_stack([premium, ~minimum]), error=1e-12)[0]
    assert share == pytest.approx([PREMIUM, BELOW_MINIMUM], abs=1e-11)
