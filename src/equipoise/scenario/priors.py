"""What is known of a parameter as a distribution, and of several together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import Field, model_validator

from equipoise.scenario.kinds import Model, Name, Number, Positive, Prose, Text, wrong

LEVELS = {
    "least": 0.0,
    **{"p1": 0.01, "p5": 0.05, "p10": 0.1, "p25": 0.25, "p33": 0.33},
    "median": 0.5,
    **{"p67": 0.67, "p75": 0.75, "p90": 0.9, "p95": 0.95, "p99": 0.99},
    "greatest": 1.0,
}
"""The share of the weight that lies below each quantile that a prior may name."""


class Form(Model):
    """The numbers of one form of prior."""


class LogNormal(Form):
    """A positive number known up to a factor: exactly two of its quantiles."""

    p5: Positive | None = None
    """One twentieth of the weight lies below."""
    p10: Positive | None = None
    """One tenth of the weight lies below."""
    p25: Positive | None = None
    """A quarter of the weight lies below."""
    median: Positive | None = None
    """Half the weight lies below."""
    p75: Positive | None = None
    """Three quarters of the weight lie below."""
    p90: Positive | None = None
    """Nine tenths of the weight lie below."""
    p95: Positive | None = None
    """Nineteen twentieths of the weight lie below."""

    @model_validator(mode="after")
    def _two(self) -> LogNormal:
        given = list(named_quantiles(self))
        if len(given) != 2:
            right = f"exactly two of {', '.join(type(self).model_fields)}, as `{{median: 0.2, p90: 0.5}}`"
            raise wrong(" and ".join(given) or "no quantile", right)
        return self


class Interval(Form):
    """Two ends."""

    low: Number
    """Least value."""
    high: Number
    """Greatest value."""


class Triangle(Form):
    """Two ends and the likeliest value, towards which the density rises in a straight line."""

    low: Number
    """Least value."""
    mode: Number
    """Likeliest value."""
    high: Number
    """Greatest value."""


class Normal(Form):
    """A normal distribution, cut off at 0 and at the ends of the parameter's `range`."""

    mean: Number
    """Mean before it is cut off."""
    sd: Positive
    """Standard deviation before it is cut off."""


class EventCount(Form):
    """A rate seen as a number of events in a time: Gamma(events + 1/2, years), Jeffreys' posterior."""

    events: Number
    """Events seen."""
    years: Positive
    """Years watched."""


class Trials(Form):
    """A chance seen as successes and failures: Beta(successes + 1/2, failures + 1/2), Jeffreys' posterior."""

    successes: Number
    """Successes seen."""
    failures: Number
    """Failures seen."""


class Possibility(Form):
    """One of several values that a parameter may have, and none between."""

    value: Number
    """The value."""
    weight: Positive
    """How likely it is; the weights of all are normalised to sum to one."""


class ExpertQuantiles(Form):
    """What an expert said: least and greatest value and at least one quantile between.

    Between two of them the weight lies as in a `range`: evenly on a scale of ratios if the least value is above 0,
    evenly otherwise (the distribution of minimal information: Cooke 1991, Experts in Uncertainty).
    """

    least: Number
    """Nothing lies below."""
    p1: Number | None = None
    """One in a hundred lies below."""
    p5: Number | None = None
    """One in twenty lies below."""
    p10: Number | None = None
    """One in ten lies below."""
    p25: Number | None = None
    """One in four lies below."""
    p33: Number | None = None
    """33 in a hundred lie below."""
    median: Number | None = None
    """Half the weight lies below."""
    p67: Number | None = None
    """67 in a hundred lie below."""
    p75: Number | None = None
    """Three in four lie below."""
    p90: Number | None = None
    """Nine in ten lie below."""
    p95: Number | None = None
    """Nineteen in twenty lie below."""
    p99: Number | None = None
    """99 in a hundred lie below."""
    greatest: Number
    """Nothing lies above."""

    @model_validator(mode="after")
    def _some(self) -> ExpertQuantiles:
        if len(named_quantiles(self)) < 3:
            raise wrong("no quantile between least and greatest", "one or more of p1, p5, ..., median, ..., p95, p99")
        return self


class Prior(Model):
    """What is known of a parameter: exactly one of the forms."""

    lognormal: LogNormal | None = None
    """Two quantiles: `{median, p90}`, `{p5, p95}`."""
    uniform: Interval | None = None
    """`{low, high}`."""
    loguniform: Interval | None = None
    """`{low, high}`, both above 0."""
    triangular: Triangle | None = None
    """`{low, mode, high}`."""
    normal: Normal | None = None
    """`{mean, sd}`, cut off at 0 and at the ends of the range."""
    gamma: EventCount | None = None
    """`{events, years}`."""
    beta: Trials | None = None
    """`{successes, failures}`."""
    discrete: Annotated[tuple[Possibility, ...], Field(min_length=2)] | None = None
    """`[{value, weight}, {value, weight}]`."""
    quantiles: ExpertQuantiles | None = None
    """`{least, p5, median, p95, greatest}` or other quantiles."""

    @model_validator(mode="after")
    def _one_form(self) -> Prior:
        given = [form for form in type(self).model_fields if getattr(self, form) is not None]
        if len(given) != 1:
            right = f"exactly one of the forms {', '.join(type(self).model_fields)}"
            raise wrong(f"{' and '.join(given) or 'an empty prior'}", right)
        return self

    @property
    def form(self) -> str:
        """The name of the form that it has."""
        return next(form for form in type(self).model_fields if getattr(self, form) is not None)

    @property
    def support(self) -> tuple[float, float]:
        """Least and greatest value that it allows, before a range cuts it off."""
        if self.discrete is not None:
            values = [possible.value for possible in self.discrete]
            return min(values), max(values)
        if self.quantiles is not None:
            return self.quantiles.least, self.quantiles.greatest
        ends = self.uniform or self.loguniform or self.triangular
        if ends is not None:
            return ends.low, ends.high
        return 0.0, 1.0 if self.beta is not None else math.inf

    @property
    def reaches_0(self) -> bool:
        """Whether it allows 0, or is as dense near 0 as elsewhere.

        Lognormal, loguniform, gamma and beta priors are of numbers above 0, however small.
        """
        above = self.lognormal or self.loguniform or self.gamma or self.beta
        return above is None and self.support[0] == 0


def named_quantiles(told: LogNormal | ExpertQuantiles) -> dict[str, float]:
    """The quantiles that are given, by name, from the lowest level to the highest."""
    given = ((name, getattr(told, name, None)) for name in LEVELS)
    return {name: value for name, value in given if value is not None}


class Ordering(Model):
    """Parameters that are known to rise from one to the next, whatever each of them is."""

    id: Name | None = None
    """Id, if another file wants to replace or remove it."""
    about: Prose | None = None
    """Why."""
    rising: Annotated[tuple[Name, ...], Field(min_length=2)]
    """Parameters, of which each is at most the next."""
    source: Text
    """Key (or comma-separated keys) of `sources`, or the words `analyst's judgement`."""


class Correlation(Model):
    """Two parameters of which it is known that they go together, or against one another."""

    id: Name | None = None
    """Id, if another file wants to replace or remove it."""
    about: Prose | None = None
    """Why."""
    between: tuple[Name, Name]
    """The two parameters."""
    rank: Annotated[float, Field(gt=-1, lt=1, strict=True)]
    """Their rank correlation (Spearman's), above -1 and below 1."""
    source: Text
    """Key (or comma-separated keys) of `sources`, or the words `analyst's judgement`."""


def pearson(rank: float) -> float:
    """The correlation of two normal numbers whose rank correlation (Spearman's) is this: 2 sin(pi rank / 6)."""
    return 2 * math.sin(math.pi * rank / 6)


def groups(links: Iterable[Sequence[str]]) -> list[list[str]]:
    """Names that hang together by links, directly or by way of others, in the order in which they are met."""
    head: dict[str, str] = {}

    def find(name: str) -> str:
        while head.setdefault(name, name) != name:
            head[name] = head[head[name]]
            name = head[name]
        return name

    for link in links:
        for other in link:
            head[find(other)] = find(link[0])
    found: dict[str, list[str]] = {}
    for name in head:
        found.setdefault(find(name), []).append(name)
    return list(found.values())
