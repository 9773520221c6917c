"""A number counted from the record, with what it leaves open, in the form that the scenario language has for it.

Rates: events at a constant rate r in T years have the posterior Gamma(events + 1/2, T) under Jeffreys' prior. Shares:
successes and failures have the posterior Beta(successes + 1/2, failures + 1/2). A ratio of two rates is taken as
lognormal around the ratio of the counts with variance 1/a + 1/b, the delta method for two Poisson counts. Intervals
hold 90% of the posterior.

Source: Jeffreys, "An invariant form for the prior probability in estimation problems", Proceedings of the Royal
Society A 186 (1946); Brown, Cai and DasGupta, "Interval estimation in exponential families", Statistica Sinica 13
(2003), who show that these intervals cover as they should even at small counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from scipy.stats import beta as beta_distribution
from scipy.stats import gamma as gamma_distribution

LOW, HIGH = 0.05, 0.95
P90 = 1.2815515655446004
"""Normal quantile of nine tenths."""


@dataclass(frozen=True)
class Rate:
    """One line of the table: a rate, a share or a ratio."""

    name: str
    value: float
    unit: str
    seen: str
    """The counts it rests on."""
    low: float = math.nan
    """Twentieth of the posterior below."""
    high: float = math.nan
    """Twentieth of the posterior above."""
    prior: dict[str, dict[str, float]] = field(default_factory=dict)
    """The posterior as the scenario language writes it."""
    about: str = ""
    source: str = ""
    """Key of the source, as in docs/evidence/northeast-asia-sources.csv."""
    theme: str = ""


def rate(
    name: str,
    events: float,
    years: float,
    unit: str = "1/year",
    *,
    about: str = "",
    source: str = "",
    theme: str = "",
) -> Rate:
    """Events per year; where none was seen, the median of Jeffreys' posterior Gamma(1/2, years)."""
    if years <= 0:
        raise ValueError(f"{name}: {years:g} years watched; a rate needs more than none")
    posterior = gamma_distribution(events + 0.5, scale=1 / years)
    value = events / years if events else float(posterior.median())
    note = "" if events else ", median of Jeffreys' posterior"
    return Rate(
        name,
        value,
        unit,
        f"{events:g} in {years:.4g} years{note}",
        float(posterior.ppf(LOW)),
        float(posterior.ppf(HIGH)),
        {"gamma": {"events": events, "years": _digits(years)}},
        about,
        source,
        theme,
    )


def share(
    name: str,
    successes: int,
    failures: int,
    *,
    about: str = "",
    source: str = "",
    theme: str = "",
    unit: str = "weight",
) -> Rate:
    """Share of successes; where all or none succeeded, the median of Jeffreys' posterior."""
    if successes + failures == 0:
        raise ValueError(f"{name}: nothing was tried; a share needs one trial at least")
    posterior = beta_distribution(successes + 0.5, failures + 0.5)
    mixed = bool(successes and failures)
    note = "" if mixed else ", median of Jeffreys' posterior"
    return Rate(
        name,
        successes / (successes + failures) if mixed else float(posterior.median()),
        unit,
        f"{successes} of {successes + failures}{note}",
        float(posterior.ppf(LOW)),
        float(posterior.ppf(HIGH)),
        {"beta": {"successes": successes, "failures": failures}},
        about,
        source,
        theme,
    )


def fixed(name: str, value: float, seen: str, *, about: str = "", source: str = "", theme: str = "") -> Rate:
    """A rate that law lays down: nothing is left open."""
    return Rate(name, value, "1/year", seen, value, value, {}, about, source, theme)


def ratio(
    name: str,
    inside: tuple[float, float],
    outside: tuple[float, float],
    *,
    about: str = "",
    source: str = "",
    theme: str = "",
) -> Rate:
    """One rate over another, each given as (events, years); half an event is added where none was seen."""
    (few, short), (many, long) = ((events or 0.5, years) for events, years in (inside, outside))
    value = (few / short) / (many / long)
    spread = math.sqrt(1 / few + 1 / many)
    seen = f"{inside[0]:g} in {inside[1]:.4g} years against {outside[0]:g} in {outside[1]:.4g} years"
    return Rate(
        name,
        value,
        "ratio",
        seen,
        value * math.exp(-1.6448536269514722 * spread),
        value * math.exp(1.6448536269514722 * spread),
        {"lognormal": {"median": _digits(value), "p90": _digits(value * math.exp(P90 * spread))}},
        about,
        source,
        theme,
    )


def yaml_lines(line: Rate) -> str:
    """The number as a parameter of a scenario file, to be pasted under `parameters`."""
    prior = ", ".join(
        f"{form}: {{{', '.join(f'{key}: {value:g}' for key, value in numbers.items())}}}"
        for form, numbers in line.prior.items()
    )
    about = f"{line.about or line.name}: {line.seen}"
    known = f"prior: {{{prior}}}" if prior else f"range: [{line.low:.4g}, {line.high:.4g}]"
    return "\n".join(
        [
            f"  {line.name}:",
            f"    value: {line.value:.4g}",
            f"    {known}",
            f"    unit: {line.unit}",
            f'    about: "{about}"',
            f"    source: {line.source or 'coded-facts'}",
        ]
    )


def _digits(value: float) -> float:
    return float(f"{value:.4g}")
