"""Model and record side by side: counts, rates while possible, shares of time, and the risk of war."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.stats import gamma, poisson

from record.estimates import HIGH, LOW
from record.history import History
from record.model import Expected
from record.names import Correspondence, Passage
from record.observed import counts, shares, windows

RARE = 0.05
"""A pooled count less likely than this, on its side, is a disagreement."""


@dataclass(frozen=True)
class Line:
    """One series: what was seen and what the scenario expects."""

    series: str
    fitted: bool
    seen: tuple[int, ...]
    """In each window."""
    expected: tuple[float, ...]
    chance: float
    """Chance of a pooled count as far out as the one seen, on its side, if the scenario's expectation is right."""
    record_rate: float | None
    """1/year spent where it could happen; none for happenings, and where other factors decide too."""
    record_low: float | None
    record_high: float | None
    model_rate: float | None

    @property
    def disagrees(self) -> bool:
        return self.chance < RARE


def compare(table: Correspondence, history: History, expected: Expected) -> list[Line]:
    """Every series, those the fit looks at and those that are only shown."""
    seen, stands = counts(table, history), shares(table, history)
    years = np.array([window.years for window in windows(table)])
    lines = []
    for each in table.lines:
        n, mu = seen[each.series], expected.counts[each.series]
        rates: tuple[float | None, ...] = (None,) * 4
        if isinstance(each, Passage) and not each.given:
            exposed = _exposure(stands[each.factor], each.origins, years)
            modelled = _exposure(expected.shares[each.factor], each.origins, years)
            rates = _rates(sum(n), exposed, float(mu.sum()), modelled)
        chance = _chance(sum(n), float(mu.sum()))
        lines.append(Line(each.series, each.fitted, tuple(n), tuple(mu.tolist()), chance, *rates))
    return lines


def report(table: Correspondence, history: History, expected: Expected) -> dict[str, Any]:
    """Everything as plain data, for `--json` and for the tables."""
    recorded = shares(table, history)
    one = {
        start: dict(zip(expected.outcomes, risks.tolist(), strict=True)) for start, risks in expected.war_a_year.items()
    }
    return {
        "windows": [
            {"start": w.start, "since": w.since.isoformat(), "until": w.until.isoformat(), "years": w.years}
            for w in windows(table)
        ],
        "series": [{**asdict(line), "disagrees": line.disagrees} for line in compare(table, history, expected)],
        "shares": {
            factor: {
                level: {"record": recorded[factor].get(level, [0.0] * len(windows(table))), "model": share.tolist()}
                for level, share in levels.items()
            }
            for factor, levels in expected.shares.items()
        },
        "war": {
            "in_window": expected.war.tolist(),
            "within_a_year": one,
            "record": table.war.record,
            "record_interval_a_year": table.war.interval,
            "judgements": [asdict(each) for each in table.war.judgements],
        },
    }


def _exposure(levels: Mapping[str, Sequence[float] | np.ndarray], origins: Sequence[str], years: np.ndarray) -> float:
    return float(sum(np.asarray(levels.get(level, np.zeros(years.size))) @ years for level in origins))


def _rates(n: int, exposed: float, mu: float, modelled: float) -> tuple[float | None, ...]:
    if exposed <= 0:
        return None, None, None, mu / modelled if modelled > 0 else None
    posterior = gamma(n + 0.5, scale=1 / exposed)
    return n / exposed, float(posterior.ppf(LOW)), float(posterior.ppf(HIGH)), mu / modelled if modelled > 0 else None


def _chance(n: int, mu: float) -> float:
    return float(poisson.cdf(n, mu) if n < mu else poisson.sf(n - 1, mu))
