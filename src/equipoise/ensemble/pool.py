"""A pool of processes for draws: alone with the interrupt, gone when its owner is gone, renewed when one dies."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import connection, get_context, parent_process
from typing import Any, TypeVar

T = TypeVar("T")
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""Threads help none of our array sizes, and with another number of them sums come out otherwise in the last digit."""


class Hands:
    """Whoever does the work: an executor that was handed in, or processes of our own, which can be renewed."""

    def __init__(self, workers: int, executor: Executor | None) -> None:
        self.workers, self.given = workers, executor
        self._own: ProcessPoolExecutor | None = None

    def submit(self, task: Callable[..., T], *arguments: Any) -> Future[T]:
        """Have a task done."""
        if self.given is not None:
            return self.given.submit(task, *arguments)
        if self._own is None:
            for name in ONE_THREAD:
                os.environ.setdefault(name, "1")
            self._own = ProcessPoolExecutor(self.workers, mp_context=get_context("spawn"), initializer=_settle)
        return self._own.submit(task, *arguments)

    def renew(self) -> bool:
        """New processes after one has died; False if they are not ours to renew."""
        if self.given is not None:
            return False
        self.close()
        return True

    def close(self) -> None:
        """Let our own processes go once they have done what they are at."""
        if self._own is not None:
            self._own.shutdown(wait=True, cancel_futures=True)
            self._own = None


def _settle() -> None:
    """Prepare a process: the owner alone answers the keyboard, and no worker outlives its owner."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    owner = parent_process()
    if owner is not None:
        connection.wait([owner.sentinel])
        os._exit(1)
