"""What stability analysis will take, said before it starts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.kernels.coalitions import reach_sizes, walks_needed
from equipoise.kernels.fronts import classes
from equipoise.stability.coalition import LARGEST_LIST, Coalition
from equipoise.stability.graph import GraphModel
from equipoise.stability.ranking import Ranking

LONGEST = 3600.0
"""Seconds beyond which nobody waits for a command without having been asked."""
_ARCS_PER_SECOND = 5e7
_PAIRS_PER_SECOND = 1e8
"""Both rough, from benchmarks/stability.py."""
_SAMPLED = 64
_ARCS_SAMPLED = 300_000_000


@dataclass(frozen=True)
class Price:
    """Estimates; preferences can make it more, or less."""

    coalitions: int
    sweeping: float
    """Seconds for CNash and CGMR, whose time grows with the number of moves."""
    searching: float
    """Seconds for each of CSMR and CSEQ, whose time grows with the pairs of states that coalitions can go between."""
    improvements: float
    """Coalitional improvements, which CSEQ has to keep."""

    @property
    def hopeless(self) -> dict[str, str]:
        """The concepts that are better left out, each with the reason."""
        told: dict[str, str] = {}
        if self.sweeping > LONGEST:
            told |= dict.fromkeys(("CNash", "CGMR"), wait(self.sweeping))
        if self.searching > LONGEST:
            told |= dict.fromkeys(("CSMR", "CSEQ"), wait(self.searching))
        elif self.improvements > LARGEST_LIST / 2:  # Half, for it is an estimate.
            told["CSEQ"] = f"about {self.improvements / 1e6:,.0f} million improvements to keep at once"
        return told


def wait(seconds: float) -> str:
    """A time in words."""
    if seconds < 1:
        return "less than a second"
    if seconds < 1.5:
        return "about a second"
    for unit, size, most in (("seconds", 1, 120), ("minutes", 60, 120), ("hours", 3600, 72)):
        if seconds < most * size:
            return f"about {seconds / size:,.0f} {unit}"
    return f"about {seconds / 86400:,.0f} days"


def price(graph: GraphModel, ranking: Ranking, coalitions: Sequence[Coalition]) -> Price:
    """What it takes if these coalitions can form, from walks of some of them from some states."""
    N, S = graph.n_actors, graph.n_states
    arcs = np.diff(graph.move_ptr).reshape(N, S).sum(axis=1)
    moves = graph.move_ptr, graph.target
    sweeping = sum(len(group) * int(arcs.sum()) for group in coalitions) / _ARCS_PER_SECOND
    largest = np.array(max(coalitions, key=len), np.int64)
    shared = walks_needed(*moves, S, largest, classes(*moves, S, largest)[0]) / S
    sample = [coalitions[k] for k in np.linspace(0, len(coalitions) - 1, min(_SAMPLED, len(coalitions))).astype(int)]
    most = _ARCS_SAMPLED // max(1, sum(int(arcs[list(group)].sum()) for group in sample))
    starts = np.random.default_rng(0).integers(0, S, min(max(1, most), _SAMPLED))
    seconds = improvements = 0.0
    for group in sample:
        grade = np.ascontiguousarray(ranking.grade[list(group)].T)
        ends, better, met = reach_sizes(starts, *moves, grade, np.array(group, np.int64))
        seconds += S * (ends / _PAIRS_PER_SECOND + shared * met / _ARCS_PER_SECOND)
        improvements += S * better
    share = len(sample) / len(coalitions)
    return Price(len(coalitions), sweeping, seconds / share, improvements / share)


def joint_price(graph: GraphModel, ranking: Ranking) -> float:
    """Seconds for SIM at most, if every combination of improvements had to be tried:

        sum over i and s of |R_i+(s)| times the product over j != i of (1 + |R_j+(s)|)

    It is mostly far less: a search stops at the first combination that deters, and an actor's at its first improvement
    that nothing deters.
    """
    N, S = graph.n_actors, graph.n_states
    start = np.repeat(np.arange(N * S), np.diff(graph.move_ptr))
    better = ranking.grade[start // S, graph.target] > ranking.grade[start // S, start % S]
    counts = np.bincount(start[better], minlength=N * S).reshape(N, S).astype(float)
    return float((counts * (1 + counts).prod(axis=0) / (1 + counts)).sum()) / _ARCS_PER_SECOND
