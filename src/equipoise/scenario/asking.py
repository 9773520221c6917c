"""A measure written on one line, as `risk: war, within: 5 years`, read by the rules of the language."""

from __future__ import annotations

from dataclasses import replace

from pydantic import ValidationError

from equipoise.errors import KeyPath, Problem, ScenarioError
from equipoise.scenario.claims import Claim, ClaimTest, Measure
from equipoise.scenario.faults import explained
from equipoise.scenario.models import Scenario
from equipoise.scenario.nodes import parse
from equipoise.scenario.rules.claims import measures

_PLACE: KeyPath = ("claims", 0, "test", "measure")


def measure_asked(text: str, scenario: Scenario, *, option: str = "--measure") -> Measure:
    """The measure that a text stands for: what would stand between the braces after `measure:` in a claim.

    Raises:
        ScenarioError: it cannot be read, or names what the scenario does not have. Problems name ``option`` as their
            file.

    Example:
        >>> from equipoise.scenario.reading import load
        >>> measure_asked("risk: any, within: 5 years", load("south-asia")).within
        5.0
    """
    bare = text.strip()
    root, problems = parse(bare if bare.startswith("{") else f"{{{bare}}}", option)
    if not problems:
        try:
            measure = Measure.model_validate(root.plain())
        except ValidationError as error:
            problems = [
                explained({**fault, "loc": (*_PLACE, *fault["loc"])}) for fault in error.errors(include_url=False)
            ]
        else:
            asked = Claim(id="asked", says="It is asked.", test=ClaimTest(measure=measure, above=0.0))
            problems = list(measures(scenario.model_copy(update={"claims": (asked,)})))
            if not problems:
                return measure
    raise ScenarioError([_placed(problem, option) for problem in problems])


def _placed(problem: Problem, option: str) -> Problem:
    path = problem.path
    inner = next((path[n:] for n in range(len(path) + 1) if path[n - 1 : n] == ("measure",)), path)
    return replace(problem, file=option, path=inner)
