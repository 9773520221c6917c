"""What an ensemble found, as plain arrays: all that the analysis of it needs to know."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.deciding.classes import Floats
from equipoise.deciding.prim import Mask
from equipoise.errors import no_such

HOLDS, FAILS, UNRESOLVED, REFUSED, FAILED = "holds", "fails", "unresolved", "refused", "failed"
Names = NDArray[np.str_]


@dataclass(frozen=True, eq=False)
class Futures:
    """n draws of P parameters, in each of which C claims were judged."""

    parameters: tuple[str, ...]
    quantiles: Floats
    """(n, P)"""
    values: Floats
    """(n, P) in the parameters' units."""
    claims: tuple[str, ...]
    verdicts: Names
    """(n, C) `holds`, `fails`, `unresolved`, `refused`, or `failed` where no equilibrium was certified."""
    margins: Floats
    """(n, C) above 0 on the claim's side, in its measure's unit; nan where there is none."""
    convention: Names
    """(n,) noise convention."""
    reached: Names
    """(n,) how the equilibrium of the scenario as written was reached."""
    cause: Names
    """(n,) why a draw failed, or some case of it; empty if nothing did."""
    measures: Floats
    """(n, M) headline measures."""
    measure_names: tuple[str, ...]
    cold: Names
    """(n,) `unasked`, `agrees`, `disagrees` or `failed`: what solving from full noise says of a draw."""
    cold_verdicts: Names
    """(n, C) what the claims came to when solved from full noise; of meaning where that agrees or disagrees."""
    kept: int
    """Draws in the ensemble, of which these are the first."""
    method: str = "sobol"
    """How they were drawn."""

    def __len__(self) -> int:
        return len(self.values)

    def claim(self, name: str) -> int:
        """The column of a claim. Raises `RequestError` if it was not judged."""
        if name not in self.claims:
            raise no_such("claim of this ensemble", name, self.claims)
        return self.claims.index(name)

    def holds(self, claim: str) -> Mask:
        """(n,) where it holds."""
        return np.asarray(self.verdicts[:, self.claim(claim)] == HOLDS)

    def failed(self, claim: str) -> Mask:
        """(n,) where there is no verdict."""
        return np.asarray(self.verdicts[:, self.claim(claim)] == FAILED)

    def refused(self, claim: str) -> bool:
        """Whether its test is unfair."""
        return bool((self.verdicts[:, self.claim(claim)] == REFUSED).all())

    @property
    def causes(self) -> dict[str, int]:
        """Why draws failed, the commonest first, with the number of draws."""
        return dict(Counter(str(cause) for cause in self.cause if cause).most_common())
