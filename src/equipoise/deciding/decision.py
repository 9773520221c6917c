"""All that an ensemble says about one claim: how often it holds, what decides it, what would be worth knowing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from equipoise.deciding.alike import alike
from equipoise.deciding.designed import Effects, SobolIndices, blocks, morris, sobol
from equipoise.deciding.discovery import PERMUTATIONS, Discovery, discover
from equipoise.deciding.futures import FAILED, FAILS, HOLDS, UNRESOLVED, Futures
from equipoise.deciding.information import Information, information
from equipoise.deciding.prim import Mask
from equipoise.deciding.sensitivity import Index, first_order, pawn
from equipoise.deciding.share import Share, share, share_by

ENOUGH = 30
"""Draws with a verdict below which nothing but the share is said."""
NAMED = 3
"""Parameters of each kind that sentences name."""
MANY = 3000
"""Draws above which fewer permutations are made."""


@dataclass(frozen=True, eq=False)
class Decision:
    """One claim across the futures."""

    claim: str
    share: Share
    by_convention: dict[str, Share]
    by_equilibrium: dict[str, Share]
    counts: dict[str, int]
    """Draws by verdict."""
    rarer: str
    """`holds`, or `fails` for everything else: the rarer of the two, which scenario discovery looks for."""
    discovery: Discovery | None
    """None if the verdict (nearly) never changes, or draws are too few."""
    information: Information | None
    margin: Index | None
    """First-order indices of the margin; None where there is no margin, or it never varies."""
    distribution: Index | None
    """PAWN indices of the margin, or of the verdict where there is no margin."""
    sobol: SobolIndices | None
    """First-order and total indices, if the draws are a Saltelli design."""
    effects: Effects | None
    """Elementary effects, if the draws are Morris trajectories."""
    alike: Mapping[int, tuple[int, ...]]
    """For the parameters that are named as deciding it, those that were drawn so much alike that it may be they."""


def decide(futures: Futures, claim: str, *, seed: int = 0) -> Decision:
    """What the futures say about a claim.

    Raises:
        RequestError: the claim was not judged in them.
    """
    column = futures.claim(claim)
    holds, failed = futures.holds(claim), futures.failed(claim)
    known = ~failed
    verdicts, margins = futures.verdicts[:, column], futures.margins[:, column]
    counts = {name: int((verdicts == name).sum()) for name in (HOLDS, FAILS, UNRESOLVED, FAILED)}
    rarer = HOLDS if 2 * holds[known].sum() < known.sum() else FAILS
    enough = int(known.sum()) >= ENOUGH and not futures.refused(claim)
    interest = holds[known] if rarer == HOLDS else ~holds[known]
    numbered = known & np.isfinite(margins)
    varied = bool(enough and numbered.sum() >= ENOUGH and np.ptp(margins[numbered]) > 0)
    changes = enough and interest.sum() >= 2
    points = futures.quantiles
    distribution = None
    if varied:
        distribution = pawn(points[numbered], margins[numbered], seed=seed)
    elif changes:
        distribution = pawn(points[known], holds[known].astype(float), seed=seed)
    sobol_indices, effects = _designed(futures, margins, varied, seed)
    discovery = _discovered(futures, known, interest, seed) if changes else None
    worth = information(points[known], holds[known], seed=seed) if changes else None
    named = _named(discovery, None if worth is None else worth.doubt, distribution)
    return Decision(
        claim,
        share(holds, failed),
        share_by(holds, futures.convention.tolist(), failed),
        share_by(holds, futures.reached.tolist(), failed),
        counts,
        rarer,
        discovery,
        worth,
        first_order(points[numbered], margins[numbered], seed=seed) if varied else None,
        distribution,
        sobol_indices,
        effects,
        alike(points, named, seed=seed) if enough else {},
    )


def decide_all(
    futures: Futures, *, seed: int = 0, progress: Callable[[str, float], None] | None = None
) -> tuple[Decision, ...]:
    """What they say about every claim that is not refused."""
    asked = [claim for claim in futures.claims if not futures.refused(claim)]
    decisions = []
    for k, claim in enumerate(asked):
        if progress is not None:
            progress(f"what decides {claim}", k / len(asked))
        decisions.append(decide(futures, claim, seed=seed))
    return tuple(decisions)


def _named(discovery: Discovery | None, *indices: Index | None) -> list[int]:
    """Parameters that bound a box, or are among the first above chance."""
    bounded = [] if discovery is None else [p for p, _ in discovery.quasi_p]
    return [*bounded, *(int(p) for index in indices if index is not None for p in index.above[:NAMED])]


def _discovered(futures: Futures, known: Mask, interest: Mask, seed: int) -> Discovery | None:
    permutations = PERMUTATIONS if known.sum() <= MANY else 39
    return discover(futures.values[known], interest, seed=seed, permutations=permutations)


def _designed(
    futures: Futures, margins: np.ndarray, varied: bool, seed: int
) -> tuple[SobolIndices | None, Effects | None]:
    """Indices that need a design, where the draws are one."""
    n, P = futures.quantiles.shape
    if not varied:
        return None, None
    if futures.method == "saltelli":
        a, b, ab = blocks(margins, P)
        whole = np.isfinite(a) & np.isfinite(b) & np.isfinite(ab).all(axis=0)
        return (sobol(a, b, ab, seed=seed) if whole.sum() > 1 else None), None
    rows = n // (P + 1) * (P + 1)
    if futures.method == "morris" and rows:
        return None, morris(futures.quantiles[:rows], margins[:rows], seed=seed)
    return None, None
