"""Work on the draws of a plan until all are in the store."""

from __future__ import annotations

import pickle
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from dataclasses import replace
from pathlib import Path
from time import monotonic

import numpy as np

from equipoise.ensemble.layout import DrawStatus, DrawVerdict, Records, empty
from equipoise.ensemble.parents import Values
from equipoise.ensemble.plan import Plan
from equipoise.ensemble.pool import Hands
from equipoise.ensemble.store import Store, create, is_store, locked, open_store, require_zarr
from equipoise.ensemble.work import Brief, Unit, parent_values, work
from equipoise.equilibrium.convention import Convention
from equipoise.errors import EquipoiseError, RequestError

Progress = Callable[[str, float], None]
AHEAD = 2
"""Units per worker that are under way or waiting for a worker: memory is bounded by them, whatever the draws."""
SECONDS = 1.5
"""What a unit should take, roughly; a store is cut into chunks of one."""
PER_CASE, PER_UNKNOWN = 3e-3, 1e-5
"""Seconds that a case takes: some always, and some for every number of V. Seen on two virtual cores."""
DEADLY = 5
"""Draws in a row that kill their worker after which the draws are not to blame."""
LARGEST = 256
"""Most draws of a unit."""


def run(
    plan: Plan,
    folder: Path,
    draws: int,
    *,
    resume: bool = False,
    workers: int = 1,
    executor: Executor | None = None,
    in_flight: int | None = None,
    unit: int | None = None,
    progress: Progress | None = None,
) -> Store:
    """The ensemble of a plan, ``draws`` of it, in the store at ``folder``.

    What is recorded does not depend on workers, executor, units or interruptions: every draw is a function of the plan
    and of its index. May be killed at any time and resumed, with more draws if wanted.

    Args:
        plan: what is drawn and judged.
        folder: of the store, which is made, or with ``resume`` gone on with.
        draws: how many are wanted in all.
        resume: go on with a store that is there; one that is not there yet is begun.
        workers: processes.
        executor: anything that speaks the protocol of `concurrent.futures`, instead of processes of our own. It is not
            shut down here.
        in_flight: most units handed to the executor at a time; 2 per worker, if left out.
        unit: draws in a unit of work, for a store that is begun; about a second's worth, if left out.
        progress: told what is going on and how far it has come, with the time left.

    Raises:
        RequestError: there is a store and ``resume`` is False, or it is of another plan; the extra is not installed.
        OSError: the store cannot be written. What was written before stands; resume when there is room.
        KeyboardInterrupt: after the units under way have been written.
    """
    require_zarr()
    if draws < 1:
        raise RequestError(f"{draws} draws; right would be at least 1")
    _ = plan.design  # What is wrong with the priors is said before anything is solved.
    hands = Hands(workers, executor)
    try:
        if is_store(folder):
            if not resume:
                raise RequestError(f"{folder} holds an ensemble already; right would be --resume, or another folder")
            store = open_store(folder, write=True)
            demand_same(store, plan)
        elif folder.exists() and any(folder.iterdir()):
            raise RequestError(f"{folder} is not empty and holds no ensemble; right would be a folder of its own")
        else:
            values = _parents(plan, hands, progress)
            store = create(folder, plan, values, draws=draws, unit=unit or unit_size(values))
        with locked(folder):
            store.extend(draws)
            _Run(store, plan, hands, in_flight or AHEAD * workers, progress).finish()
    finally:
        hands.close()
    return store


def unit_size(values: dict[Convention, Values]) -> int:
    """How many draws make a unit, by the size of the games alone, so that stores of one plan are cut alike."""
    found = max(values.values(), key=len)
    known = [value.size for value in found.values() if value is not None]
    seconds = sum(PER_CASE + PER_UNKNOWN * size for size in known) or PER_CASE
    return min(LARGEST, max(1, round(SECONDS / seconds)))


def demand_same(store: Store, plan: Plan) -> None:
    """Refuse to mix two plans in one store, saying in what they differ.

    Raises:
        RequestError: the store is of another plan.
    """
    told = {
        "equipoise": "version of Equipoise",
        "scenario_sha256": "scenario, at its present text and settings",
        "method": "method of drawing",
        "seed": "seed",
        "count": "number of draws, on which all draws of a Latin hypercube depend",
        "claims": "claims",
        "conventions": "noise conventions",
        "equilibria": "share of random starts",
        "cold": "share also solved cold",
        "most_steps": "most steps along the curve",
    }
    there, asked = store.about, plan.to_dict()
    for key, what in told.items():
        if there.get(key) != asked[key]:
            raise RequestError(
                f"{store.folder} was begun with another {what} ({_short(there.get(key))}, not {_short(asked[key])}); "
                f"right would be another folder, or what it was begun with: {there.get('command') or 'unknown'}"
            )


def _parents(plan: Plan, hands: Hands, progress: Progress | None) -> dict[Convention, Values]:
    """The parents under every convention, solved by the workers too: what is found must not depend on where."""
    packed = pickle.dumps(replace(plan), protocol=5)
    futures = {convention: hands.submit(parent_values, packed, convention) for convention in plan.conventions}
    found: dict[Convention, Values] = {}
    for k, (convention, future) in enumerate(futures.items()):
        if progress is not None:
            progress(f"solving the scenario as written ({convention.name})", k / len(futures))
        try:
            found[convention] = future.result()
        except BrokenExecutor:
            raise EquipoiseError("the worker that solved the scenario as written died; is memory short?") from None
    return found


class _Run:
    """The units of a store that are not done yet, handed out and collected."""

    def __init__(self, store: Store, plan: Plan, hands: Hands, in_flight: int, progress: Progress | None) -> None:
        self.store, self.plan, self.hands, self.in_flight, self.progress = store, plan, hands, in_flight, progress
        self.brief = Brief.of(plan, store.parents(plan))
        self.todo = store.missing()
        self.suspects: deque[Unit] = deque()
        """Units that a worker may have died of: each is worked on again, alone, so that it shows."""
        self.flying: dict[Future[Records], Unit] = {}
        self.left = sum(unit.last - unit.first for unit in store.missing())
        self.deadly: list[tuple[Unit, Records]] = []
        """Draws that killed their worker one after the other; kept only once another draw has not."""
        self.done, self.failed, self.begun = 0, 0, monotonic()

    def finish(self) -> None:
        """Work until nothing is missing."""
        self._say()
        try:
            while self._hand_out():
                finished, _ = wait(self.flying, return_when=FIRST_COMPLETED)
                self._collect(finished)
            self._convict()
        except KeyboardInterrupt:
            if self.progress is not None:
                self.progress("stopping: finishing the draws under way", 0)
            for future in [future for future in self.flying if not future.cancel()]:
                if future.exception() is None:
                    self.store.write(self.flying[future], future.result())
            raise
        finally:
            for future in self.flying:
                future.cancel()

    def _hand_out(self) -> bool:
        """Keep the workers busy; whether there is anything to wait for."""
        while len(self.flying) < (1 if self.suspects else self.in_flight):
            unit = self.suspects.popleft() if self.suspects else next(self.todo, None)
            if unit is None:
                break
            try:
                self.flying[self.hands.submit(work, self.brief, unit)] = unit
            except BrokenExecutor as broken:  # since we last looked
                self.suspects.append(unit)
                if self.flying:
                    break  # what is under way will tell, and is dealt with there
                self._renew(broken)
        return bool(self.flying)

    def _collect(self, finished: set[Future[Records]]) -> None:
        """Write what has come, and look closer at what has not."""
        alone = len(self.flying) == 1
        broken: BaseException | None = None
        for future in finished:
            fault, unit = future.exception(), self.flying[future]
            if fault is None:
                del self.flying[future]
                self._convict()
                self._keep(unit, future.result())
            elif isinstance(fault, BrokenExecutor):
                broken = fault
            else:
                del self.flying[future]
                self._blame(unit, fault)
        if broken is None:
            return
        self._renew(broken)
        # All that was under way is lost with the processes, and which unit one of them died of shows only alone.
        lost = sorted(self.flying.values())
        self.flying.clear()
        if alone:
            self._blame(lost[0], broken)
        else:
            self.suspects.extend(lost)

    def _renew(self, broken: BaseException) -> None:
        if not self.hands.renew():
            raise EquipoiseError(f"the executor broke ({broken}); resume with another one") from broken

    def _blame(self, unit: Unit, fault: BaseException) -> None:
        """A unit that fails by itself is tried draw by draw; a draw that does is recorded as failed."""
        if unit.last - unit.first > 1:
            self.suspects.extend(Unit(index, index + 1) for index in range(unit.first, unit.last))
            return
        points, lot = self.plan.design.points(*unit), self.plan.lot(unit.first)
        records = empty(self.store.axes, 1)
        records["quantile"][:], records["value"][:] = points.quantiles, points.values
        records["convention"][0] = self.plan.conventions.index(lot.convention)
        records["status"][0], records["verdict"][0] = DrawStatus.FAILED, DrawVerdict.FAILED
        if not isinstance(fault, BrokenExecutor):
            records["cause"][0] = " ".join(f"{type(fault).__name__}: {fault}".split())[:500]
            self._keep(unit, records)
            return
        records["cause"][0] = "its worker died"
        self.deadly.append((unit, records))
        if len(self.deadly) >= DEADLY:
            raise EquipoiseError(
                f"{DEADLY} draws in a row killed their worker; is memory short? What is done is kept: "
                "resume with fewer workers"
            ) from fault

    def _convict(self) -> None:
        """Keep the draws that killed their worker, now that others did not."""
        for unit, records in self.deadly:
            self._keep(unit, records)
        self.deadly.clear()

    def _keep(self, unit: Unit, records: Records) -> None:
        self.store.write(unit, records)
        self.done += unit.last - unit.first
        self.failed += int(np.count_nonzero(records["status"] != DrawStatus.SOLVED))
        self._say()

    def _say(self) -> None:
        """How far it has come, and how much time is left at the pace so far."""
        if self.progress is None:
            return
        total = self.store.draws
        told = f"draw {total - self.left + self.done:,} of {total:,}"
        told += f", {self.failed:,} not wholly solved" if self.failed else ""
        if self.done:
            told += f", {_duration((self.left - self.done) * (monotonic() - self.begun) / self.done)} left"
        self.progress(told, 1 - (self.left - self.done) / total)


def _duration(seconds: float) -> str:
    """About how long, in words."""
    for size, name in ((86400.0, "day"), (3600.0, "hour"), (60.0, "minute")):
        if seconds >= 1.5 * size:
            return f"about {seconds / size:.0f} {name}s"
    return "about a minute" if seconds > 40 else "less than a minute"


def _short(value: object) -> str:
    told = str(value)
    return told if len(told) <= 60 else f"{told[:57]}..."
