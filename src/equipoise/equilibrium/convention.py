"""What a decision opportunity is worth: the three noise conventions and their reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from equipoise.game.game import Floats, Game

EULER = float(np.euler_gamma)


@dataclass(frozen=True)
class Convention:
    """How noise enters choices and values.

    All three choose sigma(a) proportional to r(a) exp(x(a)/tau), with x the worth of each option (util), and value an
    opportunity at Phi:

    ============== =============================================== =========================
    name           Phi                                             r
    ============== =============================================== =========================
    control-cost   tau log sum_a r exp(x/tau) = E[x] - tau KL      hold 1 - eta, moves eta
    private-shock  tau (log sum_a exp(x/tau) [+ Euler's constant]) 1
    agent-error    E[x]                                            1
    ============== =============================================== =========================

    Sources: Mattsson and Weibull (2002) for control cost; Rust (1987), Arcidiacono et al. (2016) for private shocks;
    McKelvey and Palfrey (1998) for agent error.
    """

    name: Literal["control-cost", "private-shock", "agent-error"] = "control-cost"
    eta: float = 0.1
    """Share of the reference that the moves have together (control-cost only)."""
    uniform: bool = False
    """Reference uniform over hold and all moves instead (control-cost only)."""
    euler: bool = False
    """Whether a private shock has the mean of an uncentred Gumbel variable, Euler's constant."""

    def __post_init__(self) -> None:
        if self.name not in ("control-cost", "private-shock", "agent-error"):
            raise ValueError(f"no noise convention is called {self.name!r}")
        if not 0 < self.eta < 1:
            raise ValueError(f"eta must lie between 0 and 1, not {self.eta}")

    def reference(self, game: Game) -> tuple[Floats, Floats]:
        """Reference r of every kind of move (K,) and of hold (S, N); events have 0."""
        if self.name != "control-cost":
            return np.where(game.kind_actor < game.n_actors, 1.0, 0.0), np.ones((game.n_states, game.n_actors))
        kind = game.kind_uniform if self.uniform else self.eta * game.kind_share
        offered = np.bincount(game.row_group, weights=kind[game.row_kind], minlength=game.row_ptr.size - 1)
        hold = 1.0 - offered.reshape(game.n_states, game.n_actors + 1)[:, :-1]
        return kind, hold.astype(np.float64)


CONTROL_COST = Convention("control-cost")
PRIVATE_SHOCK = Convention("private-shock")
AGENT_ERROR = Convention("agent-error")
