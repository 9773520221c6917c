"""A published chain of 3,478 states against the answers of two model checkers."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from equipoise.outlook.chain import Chain, rate_chain
from equipoise.outlook.ever import eventually, lifetime
from equipoise.outlook.risk import risk, risk_everywhere

DATA = Path(__file__).parent / "data"
ORACLE = json.loads((DATA / "embedded.json").read_text())
CAUSES = ["sensors", "actuators", "io", "main"]


@cache
def arrays() -> dict[str, np.ndarray]:
    with np.load(DATA / "embedded.npz") as stored:
        return dict(stored)


@cache
def chain() -> Chain:
    """Whatever fails first and brings the system down is an outcome."""
    a = arrays()
    down = a["down"]
    leaves = ~down[a["row"]]
    row, col, rate = a["row"][leaves], a["col"][leaves], a["rate"][leaves]
    failures = np.array([a[f"fail_{cause}"] for cause in CAUSES])
    assert (failures[:, col].sum(axis=0) == down[col]).all(), "one cause for each failure"
    target = np.where(down[col], down.size + failures[:, col].argmax(axis=0), col)
    matrix = sp.coo_array((rate, (row, target)), shape=(down.size, down.size + len(CAUSES)))
    return rate_chain(matrix, outcomes=CAUSES)


def test_causes_of_failure_compete_as_prism_says():
    assert eventually(chain()).probability[0] == pytest.approx(list(ORACLE["ever"].values()), rel=1e-9)


def test_failures_within_twelve_hours_are_those_that_prism_gives():
    expected = list(ORACLE["within_12_hours"].values())
    assert risk(chain(), 0, [12 * 3600.0], error=1e-13)[0] == pytest.approx(expected, abs=1e-12)
    assert risk_everywhere(chain(), 12 * 3600.0, error=1e-13)[0] == pytest.approx(expected, abs=1e-12)


def test_hours_up_and_in_danger_are_those_that_prism_gives():
    for name, hours in ORACLE["hours"].items():
        assert lifetime(chain(), arrays()[name].astype(float))[0] / 3600 == pytest.approx(hours, rel=1e-9)
