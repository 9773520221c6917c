"""What an ensemble is of: which draws, which claims, under which conventions, and what falls to each draw."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from typing import Any

import numpy as np

from equipoise.draws import Design, design
from equipoise.equilibrium.convention import CONTROL_COST, Convention
from equipoise.errors import RequestError, no_such
from equipoise.scenario.claims import Claim
from equipoise.scenario.models import Scenario
from equipoise.scenario.rules.fairness import unfair

COLD = 0.02
"""Share of draws that are also solved cold."""
MOST_STEPS = 100
"""Most steps along the curve from full noise in a draw; one that needs more is left for another branch."""


@dataclass(frozen=True)
class Lot:
    """What falls to one draw beside its numbers, by its index alone."""

    convention: Convention
    cold: bool
    """Whether it is also solved cold."""
    random_start: bool
    """Whether another equilibrium is looked for, from a random start."""


@dataclass(frozen=True)
class Plan:
    """An ensemble, as far as it does not depend on how many draws are wanted: every draw is a function of its index."""

    scenario: Scenario
    method: str = "sobol"
    seed: int = 0
    count: int | None = None
    """Number of draws of a Latin hypercube, whose draws depend on it; None for every other method."""
    claims: tuple[str, ...] = ()
    """Ids of the claims that are judged; all that have a test, if empty."""
    conventions: tuple[Convention, ...] = (CONTROL_COST,)
    """Each draw is solved under one of them; which one, is drawn too."""
    equilibria: float = 0.0
    """Share of draws solved from a random start."""
    cold: float = COLD
    most_steps: int = MOST_STEPS
    command: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        known = [claim.id for claim in self.scenario.claims if claim.test is not None]
        for name in self.claims:
            if name not in known:
                raise no_such("claim with a test", name, known)
        for what, share in (("drawn to a random start", self.equilibria), ("also solved cold", self.cold)):
            if not 0 <= share <= 1:
                raise RequestError(f"a share of {share:g} of draws {what}; right would be from 0 to 1")

    @cached_property
    def design(self) -> Design:
        """Where the numbers come from."""
        return design(self.scenario, method=self.method, seed=self.seed, count=self.count)  # type: ignore[arg-type]

    @cached_property
    def judged(self) -> tuple[Claim, ...]:
        """The claims that are judged, in the order of the scenario; those that are refused too."""
        asked = set(self.claims)
        return tuple(c for c in self.scenario.claims if c.test is not None and (not asked or c.id in asked))

    @cached_property
    def fair(self) -> tuple[Claim, ...]:
        """Those of them whose tests are fair."""
        return tuple(claim for claim in self.judged if not any(unfair(self.scenario, claim)))

    def lot(self, index: int) -> Lot:
        """What falls to a draw."""
        rng = np.random.default_rng([self.seed, index])
        which, cold, start = int(rng.integers(len(self.conventions))), rng.random(), rng.random()
        return Lot(self.conventions[which], bool(cold < self.cold), bool(start < self.equilibria))

    @cached_property
    def scenario_hash(self) -> str:
        """SHA-256 of the scenario, extended files and settings included."""
        return hashlib.sha256(self.scenario.model_dump_json().encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        """What two runs must share if one is to go on where the other stopped."""
        return {
            "equipoise": version("equipoise"),
            "scenario": self.scenario.title,
            "scenario_sha256": self.scenario_hash,
            "method": self.method,
            "seed": self.seed,
            "count": self.count,
            "claims": [claim.id for claim in self.judged],
            "conventions": [_told(convention) for convention in self.conventions],
            "equilibria": self.equilibria,
            "cold": self.cold,
            "most_steps": self.most_steps,
        }


def _told(convention: Convention) -> dict[str, Any]:
    return dict(vars(convention))
