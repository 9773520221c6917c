"""What is known of parameters, as parts of sentences."""

from __future__ import annotations

from equipoise.scenario.phrases import listed, number, percent
from equipoise.scenario.priors import Correlation, Ordering, Prior, named_quantiles


def tell_prior(prior: Prior) -> str:
    """What a prior says: ``as likely below 0.2 as above, nine in ten below 0.5``."""
    if prior.lognormal is not None:
        return ", ".join(_below(name, value) for name, value in named_quantiles(prior.lognormal).items())
    if prior.uniform is not None:
        return f"evenly {_between(prior.uniform.low, prior.uniform.high)}"
    if prior.loguniform is not None:
        return f"evenly on a scale of ratios {_between(prior.loguniform.low, prior.loguniform.high)}"
    if prior.triangular is not None:
        ends = prior.triangular
        return f"{_between(ends.low, ends.high)}, likeliest {number(ends.mode)}"
    if prior.normal is not None:
        mean, sd = prior.normal.mean, prior.normal.sd
        return f"normal about {number(mean)}, two in three within {number(sd)} of it, never below 0"
    if prior.gamma is not None:
        return f"{number(prior.gamma.events)} seen in {number(prior.gamma.years)} years"
    if prior.beta is not None:
        trials = prior.beta.successes + prior.beta.failures
        return f"{number(prior.beta.successes)} of {number(trials)} seen"
    if prior.discrete is not None:
        total = sum(possible.weight for possible in prior.discrete)
        each = [f"{number(one.value)} with {percent(one.weight / total)} of the chance" for one in prior.discrete]
        return listed(each, "or")
    assert prior.quantiles is not None  # a prior has exactly one form
    told = named_quantiles(prior.quantiles)
    least, greatest = told.pop("least"), told.pop("greatest")
    return f"{_between(least, greatest)}, {', '.join(_below(name, value) for name, value in told.items())}"


def tell_ordering(ordering: Ordering) -> str:
    """What an ordering says: ``[limited] is never above [general], nor [general] above [nuclear]``."""
    pairs = [f"[{low}]{{}} above [{high}]" for low, high in zip(ordering.rising, ordering.rising[1:], strict=False)]
    return ", nor ".join([pairs[0].format(" is never"), *(pair.format("") for pair in pairs[1:])])


def tell_correlation(correlation: Correlation) -> str:
    """What a correlation says: ``[audience] and [pride] go together (rank correlation 0.6)``."""
    one, other = correlation.between
    how = "vary independently" if correlation.rank == 0 else "go together"
    if correlation.rank < 0:
        how = "go against one another: where one is high, the other is low"
    return f"[{one}] and [{other}] {how} (rank correlation {correlation.rank:g})"


def _between(low: float, high: float) -> str:
    return f"between {number(low)} and {number(high)}"


def _below(name: str, value: float) -> str:
    share = {"median": "as likely {} as above", "p90": "nine in ten {}", "p10": "one in ten {}"}
    share |= {"p25": "one in four {}", "p75": "three in four {}", "p5": "one in twenty {}", "p95": "19 in 20 {}"}
    return share.get(name, f"{name[1:]} in a hundred {{}}").format(f"below {number(value)}")
