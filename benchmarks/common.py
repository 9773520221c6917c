"""What the benchmarks share: processor time, ratios held against bars, tables, JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any, Literal, TypeVar

import numpy as np

T = TypeVar("T")
Result = dict[str, Any]
"""`facts` {what: number or text}, `seconds` {what: seconds}, `ratios` {what: `ratio(...)`}."""


def seconds(job: Callable[[], T]) -> tuple[float, T]:
    """Processor seconds of one run, and its answer. Unlike wall time they hardly depend on what else is running."""
    begin = process_time()
    answer = job()
    return process_time() - begin, answer


def least(job: Callable[[], T], repeats: int) -> tuple[float, T]:
    """Least processor seconds of several runs, and the last answer."""
    taken, answer = zip(*(seconds(job) for _ in range(repeats)), strict=True)
    return min(taken), answer[-1]


def interleaved(jobs: dict[str, Callable[[], Any]], repeats: int) -> dict[str, float]:
    """Median processor seconds of each job, the jobs taking turns so that all meet the same conditions."""
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(repeats):
        for name, job in jobs.items():
            taken[name].append(seconds(job)[0])
    return {name: float(np.median(times)) for name, times in taken.items()}


def ratio(value: float, sense: Literal["at least", "at most"], bar: float) -> Result:
    """A ratio with its bar and whether that is met."""
    met = value >= bar if sense == "at least" else value <= bar
    return {"ratio": float(value), "bar": f"{sense} {bar:g}", "met": bool(met)}


def script(document: str | None, run: Callable[..., Result], **options: tuple[type, Any, str]) -> int:
    """Read the options, run, print the table; 0 if all bars are met."""
    parser = argparse.ArgumentParser(description=(document or "").splitlines()[0])
    for name, (kind, default, about) in options.items():
        parser.add_argument("--" + name.replace("_", "-"), type=kind, default=default, help=f"{about} ({default})")
    parser.add_argument("--json", type=Path, help="file to write the numbers to")
    arguments = vars(parser.parse_args())
    path = arguments.pop("json")
    result = run(**arguments)
    for what, fact in result.get("facts", {}).items():
        print(f"{what:<60} {fact if isinstance(fact, str) else format(fact, '.6g'):>12}")
    for what, taken in result.get("seconds", {}).items():
        print(f"{what:<60} {taken:12.4g} s")
    for what, held in result["ratios"].items():
        print(f"{what:<60} {held['ratio']:12.4g}   {held['bar']}: {'met' if held['met'] else 'MISSED'}")
    if path is not None:
        path.write_text(json.dumps(result, indent=2) + "\n")
    return 0 if all(held["met"] for held in result["ratios"].values()) else 1
