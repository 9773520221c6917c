"""What experts and crowds published about war in Korea, to be set beside the scenario's risk; none enters the fit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Judgement:
    """A published probability of war."""

    who: str
    date: str
    of: str
    low: float
    high: float
    horizon: str
    source: str


KOREA = (
    Judgement(
        "J. Stavridis", "2017-09-26", "nuclear war, US and DPRK", 0.10, 0.10, "unstated, near", "Vox, 28 Sept. 2017"
    ),
    Judgement(
        "J. Stavridis", "2017-09-26", "conventional conflict", 0.20, 0.30, "unstated, near", "Vox, 28 Sept. 2017"
    ),
    Judgement(
        "J. Brennan", "2017-10-18", "military conflict in Korea", 0.20, 0.25, "unstated", "New York Times, 4 Nov. 2017"
    ),
    Judgement("J. Wit", "2017-11-04", "war with North Korea", 0.40, 0.40, "unstated", "New York Times, 4 Nov. 2017"),
    Judgement("R. Haass", "2017-11-04", "war with North Korea", 0.50, 0.50, "unstated", "New York Times, 4 Nov. 2017"),
    Judgement(
        "forecasters", "2023-04-06", "war of North and South", 0.20, 0.20, "to 2050", "Metaculus, by ForecastBench"
    ),
    Judgement("a market", "2025-01-30", "North invades the South", 0.0025, 0.0025, "in 2025", "ForecastBench"),
)
"""No war came of those whose time is over."""

KOREAN_WAR_INTERVAL = (0.0, 0.0263)
"""1/year: no war in the 73.1 years since the armistice, nineteen twentieths of Jeffreys' posterior."""
