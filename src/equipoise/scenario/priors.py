"""What is known of a parameter as a distribution."""

from __future__ import annotations

from pydantic import model_validator

from equipoise.scenario.kinds import Model, Number, Positive, wrong


class LogNormal(Model):
    """A positive number known up to a factor."""

    median: Positive
    """Half the weight lies below."""
    p90: Positive
    """Nine tenths of the weight lie below."""


class Interval(Model):
    """Two ends."""

    low: Number
    """Least value."""
    high: Number
    """Greatest value."""


class EventCount(Model):
    """A rate seen as a number of events in a time: Gamma(events + 1/2, years), Jeffreys' posterior."""

    events: Number
    """Events seen."""
    years: Positive
    """Years watched."""


class Trials(Model):
    """A chance seen as successes and failures: Beta(successes + 1/2, failures + 1/2), Jeffreys' posterior."""

    successes: Number
    """Successes seen."""
    failures: Number
    """Failures seen."""


class Prior(Model):
    """What is known of a parameter: exactly one of the forms."""

    lognormal: LogNormal | None = None
    """`{median, p90}`."""
    uniform: Interval | None = None
    """`{low, high}`."""
    loguniform: Interval | None = None
    """`{low, high}`, both above 0."""
    gamma: EventCount | None = None
    """`{events, years}`."""
    beta: Trials | None = None
    """`{successes, failures}`."""

    @model_validator(mode="after")
    def _one_form(self) -> Prior:
        given = [form for form in type(self).model_fields if getattr(self, form) is not None]
        if len(given) != 1:
            right = "exactly one of the forms lognormal, uniform, loguniform, gamma, beta"
            raise wrong(f"{' and '.join(given) or 'an empty prior'}", right)
        return self
