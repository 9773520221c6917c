"""What is recorded depends on the plan and on nothing else: workers, executors, units, interruptions."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from multiprocessing import active_children
from pathlib import Path

import numpy as np
import pytest

from equipoise.ensemble import Plan, open_store, run
from equipoise.ensemble.layout import DrawStatus, DrawVerdict
from equipoise.errors import EquipoiseError
from strait import DRAWS, Inline, contents

PROGRAM = "from equipoise.cli import main; main()"


@pytest.mark.parametrize(("workers", "unit"), [(2, 8), (3, 5)])
def test_any_number_of_workers_and_any_unit_record_the_same(plan, whole, tmp_path, workers, unit):
    run(plan, tmp_path / "other", DRAWS, workers=workers, unit=unit)
    assert contents(tmp_path / "other") == contents(whole)


def test_threads_record_the_same_and_are_left_running(plan, whole, tmp_path):
    with ThreadPoolExecutor(2) as threads:
        run(plan, tmp_path / "threads", DRAWS, executor=threads, unit=7)
        assert threads.submit(int).result() == 0
    assert contents(tmp_path / "threads") == contents(whole)


def test_a_run_can_be_extended(plan, whole, tmp_path):
    for draws in (13, 14, DRAWS):
        store = run(plan, tmp_path / "longer", draws, resume=True, executor=Inline(), unit=8)
        assert store.draws == draws
    assert contents(tmp_path / "longer") == contents(whole)


def test_resuming_what_is_done_does_nothing(plan, whole, monkeypatch):
    monkeypatch.setattr("equipoise.ensemble.execute.work", None)
    before = {path: path.stat().st_mtime_ns for path in whole.rglob("c/*")}
    run(plan, whole, DRAWS, resume=True, executor=Inline())
    assert {path: path.stat().st_mtime_ns for path in whole.rglob("c/*")} == before


def explored(file: Path, folder: Path, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", PROGRAM, "explore", str(file), "--draws", "2000", "--out", str(folder), *more]
    return subprocess.Popen(
        [*command, "--cold", "0", "--claim", "rather-peace", "--resume"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )


@pytest.fixture(scope="module")
def uninterrupted(file, tmp_path_factory):
    folder = tmp_path_factory.mktemp("uninterrupted") / "ensemble"
    assert explored(file, folder).wait() == 0
    return contents(folder)


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_random_instants_nothing_is_lost_or_done_twice(file, tmp_path, seed, uninterrupted):
    folder, rng, kills, done = tmp_path / "killed", random.Random(seed), 0, {}
    for _ in range(3):
        running = explored(file, folder)
        while running.poll() is None and not (folder / "zarr.json").exists():
            time.sleep(0.01)
        time.sleep(rng.uniform(0.0, 3.0))
        if running.poll() is None:
            os.kill(running.pid, signal.SIGKILL)  # the owner alone: its worker has to notice
            kills += 1
        running.wait()
        assert done.items() <= {p: p.stat().st_mtime_ns for p in folder.rglob("status/c/*")}.items()
        done = {p: p.stat().st_mtime_ns for p in folder.rglob("status/c/*") if not p.name.endswith("partial")}
    assert kills
    assert explored(file, folder).wait() == 0
    assert done.items() <= {p: p.stat().st_mtime_ns for p in folder.rglob("status/c/*")}.items()
    assert not list(folder.rglob("*.partial"))
    assert contents(folder) == uninterrupted


def test_no_worker_outlives_an_owner_that_is_killed(file, tmp_path):
    running = explored(file, tmp_path / "orphans")
    while not (tmp_path / "orphans" / "zarr.json").exists():
        time.sleep(0.01)
    workers = [int(p) for p in Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()]
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    until = time.monotonic() + 20
    while any(alive(worker) for worker in workers):
        assert time.monotonic() < until
        time.sleep(0.05)


def alive(process: int) -> bool:
    try:
        return "(zombie)" not in Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_the_keyboard_stops_a_run_that_can_be_resumed(file, tmp_path, uninterrupted):
    folder = tmp_path / "stopped"
    running = explored(file, folder)
    while not list(folder.rglob("status/c/*")):
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGINT)
    told = running.communicate()[1].decode()
    assert running.returncode == 130
    assert "--resume" in told
    assert explored(file, folder).wait() == 0
    assert contents(folder) == uninterrupted


def test_a_worker_that_dies_is_replaced(plan, whole, tmp_path):
    folder, killed = tmp_path / "worn", []

    def kill() -> None:
        while not killed:
            time.sleep(0.01)
            if list(folder.rglob("status/c/*")):
                for child in active_children():
                    os.kill(child.pid, signal.SIGKILL)
                    killed.append(child.pid)

    thread = threading.Thread(target=kill)
    thread.start()
    run(plan, folder, DRAWS, workers=2, unit=2)
    thread.join()
    assert killed
    assert contents(folder) == contents(whole)


@pytest.mark.parametrize("fault", [BrokenExecutor, RuntimeError])
def test_a_draw_that_kills_its_worker_is_recorded_and_no_other(plan, whole, tmp_path, monkeypatch, fault):
    monkeypatch.setattr("equipoise.ensemble.pool.Hands.renew", lambda self: True)
    store = run(plan, tmp_path / "deadly", DRAWS, executor=Inline(deadly=21, fault=fault), unit=8)
    status = store.read("status")
    assert np.flatnonzero(status == DrawStatus.FAILED).tolist() == [21]
    assert "died" in store.read("cause")[21] or "gone" in store.read("cause")[21]
    assert set(store.read("verdict")[21].tolist()) == {DrawVerdict.FAILED}
    others, undisturbed = np.arange(DRAWS) != 21, open_store(whole)
    for name in ("value", "verdict", "measure", "status"):
        np.testing.assert_array_equal(store.read(name)[others], undisturbed.read(name)[others])
    np.testing.assert_array_equal(store.read("value")[21], undisturbed.read("value")[21])


def test_workers_that_always_die_stop_the_run(plan, tmp_path, monkeypatch):
    monkeypatch.setattr("equipoise.ensemble.pool.Hands.renew", lambda self: True)
    begun = run(plan, tmp_path / "doomed", 8, executor=Inline(), unit=8)

    class Doomed(Inline):
        def submit(self, task, /, *arguments):  # type: ignore[no-untyped-def]
            future: Future = Future()
            future.set_exception(BrokenExecutor("gone"))
            return future

    with pytest.raises(EquipoiseError, match="5 draws in a row"):
        run(plan, tmp_path / "doomed", DRAWS, executor=Doomed(), resume=True)
    run(plan, tmp_path / "doomed", DRAWS, executor=Inline(), resume=True)
    assert np.count_nonzero(begun.read("status") == DrawStatus.FAILED) == 0


def test_what_falls_to_a_draw_is_spread_as_asked(plan):
    from equipoise.claims.trial import CONVENTIONS

    mixed = Plan(plan.scenario, conventions=CONVENTIONS, cold=0.1, equilibria=0.3)
    lots = [mixed.lot(k) for k in range(6000)]
    assert [mixed.lot(k) for k in range(20)] == lots[:20]
    for share, found in ((0.1, [lot.cold for lot in lots]), (0.3, [lot.random_start for lot in lots])):
        assert abs(np.mean(found) - share) < 4 * np.sqrt(share * (1 - share) / len(lots))
    for convention in CONVENTIONS:
        assert abs(np.mean([lot.convention == convention for lot in lots]) - 1 / 3) < 0.03
