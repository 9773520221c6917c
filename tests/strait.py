"""A small scenario with claims for ensembles: two rivals and a strait, four milliseconds a draw and case."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path

import numpy as np

from equipoise.ensemble.layout import FIELDS
from equipoise.ensemble.store import open_store
from equipoise.ensemble.work import Unit
from equipoise.scenario.starter import starter

DRAWS = 60
CLAIMS = """
claims:
  - id: rather-peace
    says: War within ten years is less likely than not.
    test: {measure: {risk: any}, below: 0.5}
  - id: retreat-calms
    says: That North can back down makes war less likely.
    test: {measure: {risk: any}, lower: as-written, than: no-retreat}
  - id: pace-endangers
    says: The faster both decide, the likelier war is.
    test: {measure: {risk: any}, rising: {parameter: pace, values: [3, 9]}}
"""
VARIANTS = """  no-retreat:
    about: what if North could not back down?
    drop: [back-down]
"""


def text() -> str:
    return starter().rstrip() + "\n" + VARIANTS + CLAIMS


def write(folder: Path) -> Path:
    path = folder / "strait.yaml"
    path.write_text(text())
    return path


def contents(folder: Path) -> dict[str, object]:
    """Everything that is recorded, as bytes or text."""
    store = open_store(folder)
    found = {field.name: store.read(field.name) for field in FIELDS}
    return {name: a.tolist() if name == "cause" else np.ascontiguousarray(a).tobytes() for name, a in found.items()}


class Inline(Executor):
    """Does what it is asked at once; breaks, as a pool of processes does, when it meets a draw that kills."""

    def __init__(self, deadly: int | None = None, fault: type[Exception] = BrokenExecutor) -> None:
        self.deadly, self.fault = deadly, fault

    def submit(self, task, /, *arguments):  # type: ignore[no-untyped-def]
        future: Future = Future()
        units = [a for a in arguments if isinstance(a, Unit)]
        if self.deadly is not None and any(u.first <= self.deadly < u.last for u in units):
            future.set_exception(self.fault("gone"))
        else:
            future.set_result(task(*arguments))
        return future
