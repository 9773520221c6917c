"""An ensemble read from disk against the same draws solved one by one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from deciding.fates import drawn, fates
from equipoise.claims.trial import CONVENTIONS
from equipoise.deciding.reading import futures
from equipoise.ensemble import Plan, open_store, run
from equipoise.scenario.models import Scenario


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return fates()


def store_of(scenario, folder, draws, **options):
    with ThreadPoolExecutor(1) as executor:
        run(Plan(scenario, seed=1, **options), folder, draws, executor=executor)
    return open_store(folder)


def test_what_is_read_is_what_solving_each_draw_gives(scenario, tmp_path):
    read = futures(store_of(scenario, tmp_path / "e", 24, cold=0.5))
    alone = drawn(scenario, 24)
    assert read.parameters == alone.parameters
    assert read.claims == alone.claims
    np.testing.assert_array_equal(read.values, alone.values)
    np.testing.assert_array_equal(read.quantiles, alone.quantiles)
    np.testing.assert_array_equal(read.verdicts, alone.verdicts)
    np.testing.assert_allclose(read.margins, alone.margins, rtol=1e-6, atol=1e-9)
    assert set(read.convention) == {"control-cost"}
    assert set(read.cold) == {"unasked", "agrees"}
    asked = read.cold == "agrees"
    np.testing.assert_array_equal(read.cold_verdicts[asked], read.verdicts[asked])
    assert not read.causes
    assert (read.kept, read.method) == (24, "sobol")


def test_conventions_are_named_and_only_the_first_draws_are_read(scenario, tmp_path):
    store = store_of(scenario, tmp_path / "e", 24, conventions=CONVENTIONS, cold=0.0)
    read = futures(store, most=20)
    assert len(read) == 20
    assert read.kept == 24
    assert set(read.convention) == {"control-cost", "private-shock", "agent-error"}
