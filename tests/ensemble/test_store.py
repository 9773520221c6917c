"""The store: opens as anybody would open it, refuses to be mixed, survives a full disk, and keeps memory bounded."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tracemalloc
from concurrent.futures import Executor, Future
from dataclasses import replace

import numpy as np
import pytest
import xarray

from equipoise.ensemble import Plan, open_store, run, summarise
from equipoise.ensemble.layout import FIELDS, DrawStatus, empty
from equipoise.ensemble.store import locked
from equipoise.errors import RequestError
from equipoise.scenario.variants import with_parameters
from strait import DRAWS, contents


class Instant(Executor):
    """Solves the parents, and for every draw makes up records at once."""

    def submit(self, task, /, *arguments):  # type: ignore[no-untyped-def]
        future: Future = Future()
        if task.__name__ == "parent_values":
            future.set_result(task(*arguments))
            return future
        _, unit = arguments
        records = empty(self.axes, unit.last - unit.first)
        records["status"][:] = DrawStatus.SOLVED
        records["value"][:] = np.arange(unit.first, unit.last)[:, None]
        future.set_result(records)
        return future


def test_xarray_opens_it_with_names(whole, plan):
    with pytest.warns(RuntimeWarning, match="consolidated"):  # the default works too
        xarray.open_zarr(whole).close()
    with xarray.open_zarr(whole, consolidated=False) as data:
        assert set(data.data_vars) == {field.name for field in FIELDS}
        assert dict(data.sizes) == {"draw": DRAWS, "parameter": 8, "case": 4, "claim": 3, "headline": 1}
        assert data.verdict.dims == ("draw", "claim")
        assert data.claim.values.tolist() == ["rather-peace", "retreat-calms", "pace-endangers"]
        assert data.headline.values.tolist() == ["war from today"]
        points = plan.design.points(0, DRAWS)
        np.testing.assert_array_equal(data.value.sel(parameter="war_cost"), points.values[:, 3])
        assert points.parameters[3] == "war_cost"
        assert data.attrs["seed"] == 0
        assert data.status.attrs["flag_meanings"] == "missing solved partly failed"
        assert set(data.status.values.tolist()) <= {1, 2}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"seed": 7}, r"another seed \(0, not 7\)"),
        ({"method": "lhs", "count": DRAWS}, "another method of drawing"),
        ({"claims": ("rather-peace",)}, "another claims"),
        ({"cold": 0.5}, "share also solved cold"),
    ],
)
def test_another_plan_is_refused_with_what_differs(plan, whole, change, told):
    before = contents(whole)
    with pytest.raises(RequestError, match=told):
        run(replace(plan, **change), whole, DRAWS, resume=True)
    assert contents(whole) == before


def test_another_scenario_is_refused(plan, whole):
    other = with_parameters(plan.scenario, {"war_cost": 31.0})
    with pytest.raises(RequestError, match="another scenario"):
        run(replace(plan, scenario=other), whole, DRAWS, resume=True)


def test_another_version_is_refused(plan, whole, monkeypatch):
    monkeypatch.setattr("equipoise.ensemble.plan.version", lambda name: "99.0")
    with pytest.raises(RequestError, match=r"another version of Equipoise \(0.1.0, not 99.0\)"):
        run(plan, whole, DRAWS, resume=True)


def test_a_store_is_not_begun_over_nor_put_among_other_things(plan, whole, tmp_path):
    with pytest.raises(RequestError, match="--resume, or another folder"):
        run(plan, whole, DRAWS)
    (tmp_path / "letter.txt").write_text("Dear Sir")
    with pytest.raises(RequestError, match="is not empty"):
        run(plan, tmp_path, DRAWS, resume=True)
    with pytest.raises(RequestError, match="holds no ensemble"):
        open_store(tmp_path)


def test_two_writers_are_kept_apart(plan, whole):
    with locked(whole), pytest.raises(RequestError, match="another process"):
        run(plan, whole, DRAWS, resume=True)


def test_asking_for_fewer_draws_keeps_all(plan, whole):
    assert run(plan, whole, 5, resume=True).draws == DRAWS


def test_without_the_extra_it_says_what_to_install(plan, tmp_path, monkeypatch):
    monkeypatch.setattr("equipoise.ensemble.store.find_spec", lambda name: None)
    with pytest.raises(RequestError, match=r"equipoise\[explore\]"):
        run(plan, tmp_path / "none", DRAWS)


@pytest.mark.parametrize("room", [1, 3, 17, 30])
def test_a_full_disk_stops_a_run_and_loses_nothing(plan, whole, tmp_path, monkeypatch, room):
    """The disk has room for so many more files once the first unit is written, and then for no more."""
    from zarr.storage import _local

    folder, write, left = tmp_path / "full", _local._put, [10**9]

    def put(path, value, **options):  # type: ignore[no-untyped-def]
        left[0] -= 1
        if left[0] < 0:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_suffix(".0.partial").write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return write(path, value, **options)

    monkeypatch.setattr(_local, "_put", put)
    run(plan, folder, 8, unit=8)
    left[0] = room
    with pytest.raises(OSError, match="No space left"):
        run(plan, folder, DRAWS, resume=True)
    left[0] = 10**9
    run(plan, folder, DRAWS, resume=True)
    assert contents(folder) == contents(whole)
    assert not list(folder.rglob("*.partial"))


def test_a_write_cut_off_by_the_system_is_not_taken_for_done(file, tmp_path):
    """A limit of the system on the size of files stands for a disk that is full: exit code 4, and a remedy."""
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), -1));"
        "from equipoise.cli import main; main()"
    )
    folder = tmp_path / "limited"

    def explore(limit: int) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", program, str(limit), "explore", str(file), "-n", "600", "-o", str(folder)]
        return subprocess.run([*command, "--claim", "rather-peace", "--resume"], capture_output=True, text=True)

    first = explore(12_000)
    assert first.returncode == 4, first.stderr
    assert "--resume" in first.stderr
    assert not (open_store(folder).read("status") != DrawStatus.MISSING).any()
    assert explore(2**40).returncode == 0
    assert (open_store(folder).read("status") != DrawStatus.MISSING).all()


def test_memory_does_not_grow_with_the_draws(plan, tmp_path):
    def peak(draws: int) -> int:
        executor, folder = Instant(), tmp_path / f"{draws}"
        executor.axes = open_store(begun).axes
        run(plan, folder, 1, executor=executor, unit=1000)
        tracemalloc.start()
        store = run(plan, folder, draws, resume=True, executor=executor)
        assert summarise(store).draws == draws
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    begun = tmp_path / "begun"
    run(plan, begun, 1)
    peak(3000)  # caches of the libraries
    few, many = peak(6000), peak(60_000)
    assert many < 1.3 * few


def test_a_latin_hypercube_cannot_be_added_to(scenario, tmp_path):
    drawn = Plan(scenario, method="lhs", count=6, cold=0)
    run(drawn, tmp_path / "square", 6)
    with pytest.raises(RequestError, match="number of draws"):
        run(Plan(scenario, method="lhs", count=7, cold=0), tmp_path / "square", 7, resume=True)


def test_nothing_that_is_wrong_with_a_request_leaves_a_folder(scenario, tmp_path):
    with pytest.raises(RequestError, match="no claim with a test is called 'rather-war'"):
        Plan(scenario, claims=("rather-war",))
    with pytest.raises(RequestError, match="right would be at least 1"):
        run(Plan(scenario), tmp_path / "none", 0)
    assert not os.listdir(tmp_path)
