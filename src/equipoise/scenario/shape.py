"""From plain data to a `Scenario`, or to every fault of its shape."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from equipoise.errors import Problem
from equipoise.scenario.faults import explained
from equipoise.scenario.models import Scenario

MAX_PROBLEMS = 100
MORE = "faults more"
"""How the last problem ends if there were more than those."""


def shape(data: Any) -> tuple[Scenario | None, list[Problem]]:
    """The scenario, or None and every fault of shape, each with its path of keys but without position."""
    try:
        return Scenario.model_validate(data), []
    except ValidationError as error:
        faults = error.errors(include_url=False)
    problems = [explained(fault) for fault in faults[:MAX_PROBLEMS]]
    # A misspelt required key is one mistake, not an unknown key and a missing one; a list is not too short because its
    # entries are at fault.
    meant = {(*problem.path[:-1], problem.suggestion) for problem in problems if problem.suggestion}
    short = {tuple(fault["loc"]) for fault in faults if fault["type"] == "too_short"}
    within = {problem.path[:length] for problem in problems for length in range(len(problem.path))}
    problems = [problem for problem in problems if problem.path not in meant | (short & within)]
    if len(faults) > MAX_PROBLEMS:
        problems.append(Problem(f"{len(faults) - MAX_PROBLEMS:,} {MORE}", "first of all what is named above"))
    return None, problems
