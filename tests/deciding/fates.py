"""Futures of small scenarios, solved draw by draw without a store."""

from __future__ import annotations

from typing import Any

import numpy as np

from claims.arguments import claim, fateful, with_claims
from equipoise.claims.judge import judge
from equipoise.claims.solutions import Solutions
from equipoise.deciding.futures import Futures
from equipoise.draws import design
from equipoise.scenario.models import Scenario
from equipoise.scenario.variants import with_parameters

RARE = {"measure": {"risk": "war", "within": "5 years"}, "starts": ["fast"], "below": 0.72}
"""Fails where slips come often."""
SURE = {"measure": {"risk": "war"}, "starts": ["fast"], "above": 0.01}
"""Always holds."""


def open_numbers(scenario: Scenario, factor: float = 2.0) -> Scenario:
    """With a range around every number."""
    wide = {
        name: {
            **parameter.model_dump(exclude_defaults=True),
            "range": [parameter.value / factor, parameter.value * factor],
        }
        for name, parameter in scenario.parameters.items()
    }
    return Scenario.model_validate(scenario.model_dump(exclude_defaults=True) | {"parameters": wide})


def fates() -> Scenario:
    """The world without decisions, all numbers open, with one claim that fails now and then and one that holds."""
    return open_numbers(with_claims(fateful(), claim(RARE), claim(SURE, id="S", says="War is possible.")), 4.0)


def drawn(scenario: Scenario, count: int, **changes: Any) -> Futures:
    """So many futures of a scenario."""
    plan = design(scenario, seed=1)
    points = plan.points(0, count)
    verdicts, margins = [], []
    for row in range(count):
        solutions = Solutions(with_parameters(scenario, points.settings(row)))
        found = [judge(each, solutions) for each in scenario.claims]
        verdicts.append([verdict.status.value for verdict in found])
        margins.append([min(w.lead for f in verdict.findings for w in f.witnesses) for verdict in found])
    fields: dict[str, Any] = {
        "parameters": points.parameters,
        "quantiles": points.quantiles,
        "values": points.values,
        "claims": tuple(each.id for each in scenario.claims),
        "verdicts": np.array(verdicts, "<U10"),
        "margins": np.array(margins),
        "convention": np.array(["control-cost"] * count),
        "reached": np.array(["parent"] * count),
        "cause": np.array([""] * count),
        "measures": np.zeros((count, 0)),
        "measure_names": (),
        "cold": np.array(["unasked"] * count),
        "cold_verdicts": np.array(verdicts, "<U10"),
        "kept": count,
    }
    return Futures(**fields | changes)
