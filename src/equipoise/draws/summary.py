"""What a prior means: where half and nine tenths of the weight lie, and how it is spread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.draws.design import Design
from equipoise.draws.distribution import Floats
from equipoise.scenario.models import Parameter, Scenario, Unit

SAMPLE = 2**13
"""Draws from which the spread is taken, and everything of what is ordered."""
BINS = 16
"""Equal pieces of the axis for which the spread is given."""
SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Summary:
    """The distribution of one parameter, as it is drawn."""

    parameter: str
    unit: Unit
    form: str
    """How it is written: the form of its prior, or `range`."""
    value: float
    """The scenario's own number."""
    place: float
    """Share of the weight at or below that number."""
    p5: float
    p25: float
    median: float
    p75: float
    p95: float
    least: float
    """Least admissible value."""
    greatest: float | None
    """Greatest admissible value; None if there is no end."""
    ordered: bool
    """Whether an ordering changes its distribution."""
    scale: str
    """`log` if its spread is over equal ratios, `linear` if over equal differences."""
    first: float
    """Where the axis of the spread begins: the least of the draws that is not among the lowest 1 in 1,000."""
    last: float
    """Where it ends."""
    spread: tuple[float, ...]
    """Shares of the draws between those two, in `BINS` equal pieces."""


def summaries(scenario: Scenario, design: Design) -> tuple[Summary, ...]:
    """What each parameter of a design is drawn from, in the order of the scenario.

    Quantiles are exact, unless an ordering says something of the parameter: then they are those of 8,192 draws.
    """
    points = design.points(0, SAMPLE if design.count is None else min(SAMPLE, design.count))
    ordered = {j for group in design.groups if group.order is not None for j in group.members.tolist()}
    told = []
    for j, name in enumerate(design.parameters):
        parameter, known, drawn = scenario.parameters[name], design.distributions[j], points.values[:, j]
        if j in ordered:
            levels, place = np.quantile(drawn, SHARES), float((drawn <= parameter.value).mean())
        else:
            levels, place = known.quantile(SHARES), float(known.cdf(parameter.value))
        p5, p25, median, p75, p95 = levels.tolist()
        scale, first, last, spread = _spread(drawn, parameter)
        told.append(
            Summary(
                parameter=name,
                unit=parameter.unit,
                form="range" if parameter.prior is None else parameter.prior.form,
                value=parameter.value,
                place=place,
                p5=p5,
                p25=p25,
                median=median,
                p75=p75,
                p95=p95,
                least=parameter.support[0],
                greatest=parameter.support[1] if np.isfinite(parameter.support[1]) else None,
                ordered=j in ordered,
                scale=scale,
                first=first,
                last=last,
                spread=spread,
            )
        )
    return tuple(told)


def _spread(drawn: Floats, parameter: Parameter) -> tuple[str, float, float, tuple[float, ...]]:
    """Scale, ends and shares of a histogram."""
    first, last = np.quantile(drawn, [0.001, 0.999]).tolist()
    logs = first > 0 and _by_ratios(parameter)
    edges = np.geomspace(first, last, BINS + 1) if logs else np.linspace(first, last, BINS + 1)
    edges[[0, -1]] = first, last  # Rounding must not leave the ends outside.
    counts, _ = np.histogram(drawn[(drawn >= first) & (drawn <= last)], bins=edges)
    return "log" if logs else "linear", first, last, tuple((counts / counts.sum()).tolist())


def _by_ratios(parameter: Parameter) -> bool:
    """Whether a parameter is known by ratios rather than by differences."""
    prior = parameter.prior
    if prior is None or prior.quantiles is not None:
        return parameter.support[0] > 0
    return bool(prior.lognormal or prior.loguniform or prior.gamma)
