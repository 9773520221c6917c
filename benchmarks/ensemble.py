"""Ensembles: warm over cold draws, overhead, two workers over one, and other drivers of the same model function.

    python -m benchmarks.ensemble [--scenario NAME] [--draws N] [--small N] [--ema PYTHON] [--json FILE]

- *Warm over cold.* The same draws solved from the parent and from full noise, by the code that a run uses for its cold
  checks, taking turns; every case of every claim, with games, certificates, chains..
- *Overhead.* One process does all of a run (draws, packing, the store): what is neither solving (numbers of the games,
  equilibria, certificates, chains) nor reading measures for verdicts and headlines, over all. Loops compiled before.
- *Two workers.* Draws per second of wall time between the first unit that is written and the last, processes running.
- *Other drivers.* One function from numbers to records, driven by a run of two workers (which also stores), by a plain
  pool of two processes, and by the EMA workbench's pool of two, on the same draws, processes started and warm. The
  workbench needs pandas below 3, hence an environment of its own, whose interpreter ``--ema`` names:

      python -m venv ema && ema/bin/pip install "ema-workbench==2.5.3" "pandas<3"
      ema/bin/pip install numpy==2.4.6 scipy==1.17.1 numba==0.68.1 pydantic==2.14.3 PyYAML==6.0.3
      python -m benchmarks.ensemble --ema ema/bin/python
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from time import monotonic, process_time
from typing import Any

import numpy as np

from benchmarks.common import Result, ratio, script
from equipoise.ensemble import draw, execute
from equipoise.ensemble.layout import Axes, empty
from equipoise.ensemble.parents import Parents
from equipoise.ensemble.plan import Plan
from equipoise.ensemble.work import parent_values
from equipoise.scenario.reading import load
from equipoise.scenario.starter import starter

CLAIMS = """
claims:
  - id: rather-peace
    says: War within ten years is less likely than not.
    test: {measure: {risk: any}, below: 0.5}
"""


class Inline(Executor):
    """Does what it is asked at once, packing it as a pool of processes would."""

    def submit(self, task: Callable[..., Any], /, *arguments: Any, **more: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(pickle.loads(pickle.dumps(task(*pickle.loads(pickle.dumps(arguments)), **more))))
        return future


def run(scenario: str, draws: int, small: int, ema: str) -> Result:
    facts: dict[str, Any] = {}
    ratios: dict[str, Result] = {}
    with tempfile.TemporaryDirectory() as folder:
        strait = Path(folder) / "strait.yaml"
        strait.write_text(starter() + CLAIMS)
        for name, count in ((str(strait), small), (scenario, draws)):
            label = "starter" if name == str(strait) else name
            plan = Plan(load(name), cold=0.0)
            told, over = warm_over_cold(plan, count)
            facts |= {f"{label}: {what}": number for what, number in told.items()}
            ratios[f"{label}: warm draw over cold draw, time of all"] = ratio(over, "at most", 0.5)
            told, over = overhead(plan, count, Path(folder) / f"{label}-overhead")
            facts |= {f"{label}: {what}": number for what, number in told.items()}
            ratios[f"{label}: beyond solving and measuring, over all"] = ratio(over, "at most", 0.05)
        rates = {k: throughput(Plan(load(str(strait)), cold=0.0), 4 * small, k, Path(folder) / f"{k}") for k in (1, 2)}
        facts |= {f"starter: draws per second, {k} worker{'s' * (k > 1)}": rate for k, rate in rates.items()}
        ratios["starter: two workers over one"] = ratio(rates[2] / rates[1], "at least", 1.7)
        others = {"a plain pool": plain(str(strait), 4 * small)}
        if ema:
            others["the EMA workbench"] = workbench(ema, str(strait), 4 * small)
        for driver, rate in others.items():
            facts[f"starter: draws per second, {driver} of two"] = rate
            ratios[f"starter: a run of two workers over {driver}"] = ratio(rates[2] / rate, "at least", 1.0)
    return {"facts": facts, "ratios": ratios}


def warm_over_cold(plan: Plan, count: int) -> tuple[dict[str, float], float]:
    """Times of the same draws solved either way, and the ratio of their sums."""
    parents = _parents(plan)
    points = plan.design.points(0, count)
    taken: dict[bool, list[float]] = {False: [], True: []}
    reached: list[int] = []
    for k in range(-1, count):  # the first time round loops are compiled
        for cold in (False, True):
            begin = process_time()
            solved = draw.solve_cases(parents, plan.lot(max(k, 0)), max(k, 0), points.settings(max(k, 0)), cold=cold)
            if k >= 0:
                taken[cold].append(process_time() - begin)
                reached += [] if cold else solved.reached
    warm, cold_times = (np.array(taken[cold]) for cold in (False, True))
    return {
        "seconds a warm draw, mean": float(warm.mean()),
        "seconds a cold draw, mean": float(cold_times.mean()),
        "warm over cold, median of draws": float(np.median(warm / cold_times)),
        "share of cases reached from the parent": float(np.mean(np.array(reached) == 1)),
    }, float(warm.sum() / cold_times.sum())


def overhead(plan: Plan, count: int, folder: Path) -> tuple[dict[str, float], float]:
    """Shares of a run's time, and that of what is neither solving nor measuring."""
    execute.run(plan, folder, 1, executor=Inline())  # parents, compiled games and loops
    taken = {"solving": 0.0, "measuring": 0.0}
    with _timed(draw, "solve_cases", taken, "solving"), _timed(draw, "judge_cases", taken, "measuring"):
        begin = process_time()
        execute.run(plan, folder, count + 1, executor=Inline(), resume=True)
        total = process_time() - begin
    shares = {f"share of time {what}": seconds / total for what, seconds in taken.items()}
    return shares, 1 - sum(shares.values())


def throughput(plan: Plan, count: int, workers: int, folder: Path) -> float:
    """Draws per second between the first unit written and the last."""
    seen: list[tuple[float, float]] = []
    execute.run(
        plan,
        folder,
        count,
        workers=workers,
        unit=100,
        progress=lambda _, done: seen.append((monotonic(), count * done)),
    )
    # Of a parent's progress, of the beginning, and of units until every worker has finished some: they are starting.
    (begin, before), (end, done) = seen[2 * workers + 1], seen[-1]
    return (done - before) / (end - begin)


def plain(name: str, count: int) -> float:
    """Draws per second of a plain pool of two that maps the model function over the same draws."""
    numbers = [Plan(load(name)).design.points(k, k + 1).settings(0) for k in range(count)]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=_model, initargs=(name,)) as pool:
        list(pool.map(_Keyed(name), numbers[:20], chunksize=5))
        begin = monotonic()
        list(pool.map(_Keyed(name), numbers, chunksize=50))
        return count / (monotonic() - begin)


def workbench(python: str, name: str, count: int) -> float:
    """Draws per second of the EMA workbench in its own environment; see `drive_workbench`."""
    root = Path(__file__).parents[1]
    environment = os.environ | {"PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"}
    command = [python, "-m", "benchmarks.ensemble", "drive-workbench", name, str(count)]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout.splitlines()[-1]))


def drive_workbench(name: str, count: int) -> float:
    from ema_workbench import Model, MultiprocessingEvaluator, RealParameter, ScalarOutcome, Scenario

    design = Plan(load(name)).design
    points = design.points(0, count)
    model = Model("strait", function=_Call(name))
    model.uncertainties = [
        RealParameter(p, float(points.values[:, j].min()) * 0.99, float(points.values[:, j].max()) * 1.01)
        for j, p in enumerate(design.parameters)
    ]
    model.outcomes = [ScalarOutcome("risk"), ScalarOutcome("verdict"), ScalarOutcome("margin")]
    scenarios = [Scenario(str(k), **points.settings(k)) for k in range(count)]
    with MultiprocessingEvaluator(model, n_processes=2) as evaluator:
        evaluator.perform_experiments(scenarios=scenarios[:20])
        begin = monotonic()
        evaluator.perform_experiments(scenarios=scenarios)
        return count / (monotonic() - begin)


class _Call:
    """The model function: numbers in, a draw's records out."""

    def __init__(self, name: str) -> None:
        self.name, self.__name__ = name, "strait"

    def __call__(self, **numbers: float) -> dict[str, float]:
        parents, axes = _model(self.name)
        found = empty(axes, 1)
        draw.solve_draw(parents, 0, numbers, found)
        return {
            "risk": float(found["measure"][0, 0]),
            "verdict": float(found["verdict"][0, 0]),
            "margin": float(found["margin"][0, 0]),
        }


class _Keyed(_Call):
    """The same, its numbers in one mapping."""

    def __call__(self, numbers: dict[str, float]) -> dict[str, float]:  # type: ignore[override]
        return super().__call__(**numbers)


@cache
def _model(name: str) -> tuple[Parents, Axes]:
    plan = Plan(load(name), cold=0.0)
    parents = _parents(plan)
    _ = parents.all
    return parents, Axes.of(plan, parents.cases)


def _parents(plan: Plan) -> Parents:
    packed = pickle.dumps(plan)
    return Parents(plan, {c: parent_values(packed, c) for c in plan.conventions})


@contextmanager
def _timed(module: Any, name: str, taken: dict[str, float], what: str) -> Iterator[None]:
    """Add the processor time of a function to a tally while this lasts."""
    inner = getattr(module, name)

    def outer(*arguments: Any, **more: Any) -> Any:
        begin = process_time()
        try:
            return inner(*arguments, **more)
        finally:
            taken[what] += process_time() - begin

    setattr(module, name, outer)
    try:
        yield
    finally:
        setattr(module, name, inner)


if __name__ == "__main__":
    if sys.argv[1:2] == ["drive-workbench"]:
        print(json.dumps(drive_workbench(sys.argv[2], int(sys.argv[3]))))
        sys.exit(0)
    sys.exit(
        script(
            __doc__,
            run,
            scenario=(str, "south-asia", "the larger scenario"),
            draws=(int, 30, "draws of it"),
            small=(int, 600, "draws of the starter; four times as many where processes are compared"),
            ema=(str, "", "interpreter of the workbench's environment; left out if empty"),
        )
    )
