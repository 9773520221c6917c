"""What an ensemble comes to: shares with intervals, failures by cause, what cold solves say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from equipoise.ensemble.layout import Cold, DrawStatus, DrawVerdict, Reached
from equipoise.ensemble.store import Store

CONFIDENCE = 0.95
MOST_CAUSES = 20
"""Causes that are told one by one; the rest are counted together."""


@dataclass(frozen=True)
class Share:
    """In how many draws a claim comes to what; failed draws stay in the denominator."""

    claim: str
    draws: int
    counts: Mapping[str, int]
    """By `DrawVerdict`, in lower case."""
    holds: float
    """Share of all draws, those that failed among them."""
    low: float
    high: float
    """Ends of the interval that covers the share with 95% confidence (Wilson 1927), were draws independent."""


@dataclass(frozen=True)
class Summary:
    """An ensemble in a page."""

    draws: int
    """Done so far."""
    wanted: int
    status: Mapping[str, int]
    """Draws by `DrawStatus`."""
    reached: Mapping[str, int]
    """Solved cases by `Reached`."""
    causes: Mapping[str, int]
    """Draws by what went wrong."""
    cold: Mapping[str, int]
    """Draws by `Cold`."""
    cold_verdicts: Mapping[str, int]
    """For each claim, draws in which the cold solve came to another verdict."""
    shares: tuple[Share, ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain data; the form is described in docs/json.md."""
        return asdict(self)


def summarise(store: Store) -> Summary:
    """What a store holds so far, read unit by unit: memory does not grow with the draws."""
    claims = store.axes.claim
    status, reached, cold, causes = Counter[int](), Counter[int](), Counter[int](), Counter[str]()
    verdicts = np.zeros((len(claims), len(DrawVerdict)), np.int64)
    differing = np.zeros(len(claims), np.int64)
    for first in range(0, store.draws, store.unit):
        last = min(first + store.unit, store.draws)
        found = store.read("status", first, last)
        done = found != DrawStatus.MISSING
        status.update(found[done].tolist())
        reached.update(store.read("reached", first, last)[done].ravel().tolist())
        asked = store.read("cold", first, last)[done]
        cold.update(asked.tolist())
        causes.update(_kind(str(cause)) for cause in store.read("cause", first, last)[done] if cause)
        own = store.read("verdict", first, last)[done]
        for code in DrawVerdict:
            verdicts[:, code] += np.count_nonzero(own == code, axis=0)
        told = (asked == Cold.AGREES) | (asked == Cold.DISAGREES)
        other = store.read("cold_verdict", first, last)[done]
        differing += np.count_nonzero((own != other) & told[:, None], axis=0)
    draws = sum(status.values())
    return Summary(
        draws=draws,
        wanted=store.draws,
        status=_named(DrawStatus, status),
        reached=_named(Reached, reached),
        causes=_most(causes),
        cold=_named(Cold, cold),
        cold_verdicts=dict(zip(claims, differing.tolist(), strict=True)),
        shares=tuple(_share(claim, counts) for claim, counts in zip(claims, verdicts, strict=True)),
    )


def _share(claim: str, counts: NDArray[np.int64]) -> Share:
    draws, holds = int(counts.sum()), int(counts[DrawVerdict.HOLDS])
    named = {code.name.lower(): int(counts[code]) for code in DrawVerdict if code is not DrawVerdict.MISSING}
    if not draws:
        return Share(claim, 0, named, 0.0, 0.0, 1.0)
    interval = binomtest(holds, draws).proportion_ci(CONFIDENCE, method="wilson")
    return Share(claim, draws, named, holds / draws, float(interval.low), float(interval.high))


def _kind(cause: str) -> str:
    """A cause without what is different in every draw, so that equal ones count together."""
    case, _, why = cause.partition(": ")
    return f"{case}: {why.partition(', no further: ')[2] or why}" if why else cause


def _named(codes: type[IntEnum], counts: Counter[int]) -> dict[str, int]:
    return {code.name.lower(): counts[code] for code in codes if counts[code]}


def _most(causes: Counter[str]) -> dict[str, int]:
    most = dict(causes.most_common(MOST_CAUSES))
    rest = sum(causes.values()) - sum(most.values())
    return most | ({"other causes": rest} if rest else {})
