"""Which of a claim's leads decides: the smallest where all must be positive, the greatest where one suffices."""

from __future__ import annotations

import math
from collections.abc import Sequence

from equipoise.claims.judge import ROUNDING
from equipoise.claims.margins import Margin
from equipoise.claims.measuring import measured
from equipoise.scenario.claims import Claim, amount


def sizes(margins: Sequence[Margin]) -> tuple[float, ...]:
    """The largest number in each lead, in size: the unit in which leads of different measures compare; 1 if it is 0."""
    found = []
    for margin in margins:
        numbers = [measured(part.measure, part.solution, part.state)[margin.actor] for part in margin.parts]
        largest = max(map(abs, [margin.constant, *numbers]))
        found.append(largest if 0 < largest < math.inf else 1.0)
    return tuple(found)


def decisive(
    claim: Claim, margins: Sequence[Margin], units: Sequence[float], *, shift: float
) -> tuple[float, Margin, float]:
    """The lead that decides a claim: its distance from turning, itself, and its unit.

    Every lead is moved by ``shift`` times the size that counts (the test's margin, or rounding), and divided by its
    unit: with a shift of 1 the distance is below 0 where the claim fails, with -1 above 0 where it holds. A lead
    without a number decides whatever it is in. Compare `claims.judge`.

    Args:
        claim: with a test.
        margins: as `claims.margins.margins` gives them.
        units: of each, as `sizes` gives them.
        shift: 1 or -1.
    """
    distances: dict[int, dict[tuple[str, str], list[tuple[float, int]]]] = {}
    for k, (margin, unit) in enumerate(zip(margins, units, strict=True)):
        counts = max(amount(margin.test.margin), ROUNDING * unit, 1e-12)
        groups = distances.setdefault(id(margin.test), {})
        groups.setdefault((margin.start, margin.actor), []).append(((margin.lead + shift * counts) / unit, k))
    one_suffices = {id(margin.test): bool(margin.test.than_one_of) for margin in margins}
    tests = [
        _smallest([_decided(group, one_suffices[test]) for group in groups.values()])
        for test, groups in distances.items()
    ]
    distance, k = _decided(tests, bool(claim.test and claim.test.any))
    return distance, margins[k], units[k]


def _decided(found: Sequence[tuple[float, int]], one_suffices: bool) -> tuple[float, int]:
    return _greatest(found) if one_suffices else _smallest(found)


def _smallest(found: Sequence[tuple[float, int]]) -> tuple[float, int]:
    return min(found, key=lambda one: -math.inf if math.isnan(one[0]) else one[0])


def _greatest(found: Sequence[tuple[float, int]]) -> tuple[float, int]:
    return max(found, key=lambda one: math.inf if math.isnan(one[0]) else one[0])
