"""From what a number owes to the rates of a chain to what it owes to the parameters, the equilibrium moving along."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from equipoise.equilibrium.equations import Equations, Linearisation
from equipoise.equilibrium.solve import Equilibrium
from equipoise.errors import RequestError
from equipoise.game.game import Floats, Game
from equipoise.game.structure import Numbers
from equipoise.kernels.lagrangian import Slopes, differentiate
from equipoise.levers.differential import Differential
from equipoise.levers.pattern import Pattern
from equipoise.levers.rewards import Earnings
from equipoise.outlook.chain import Chain, Start, induced_chain, induced_rates

PRECISION = 1e-8
"""Relative residual asked of the adjoint equations."""
ROUNDS = 4
"""Most transposed solves for one number: each is checked and mends what the last left."""


@dataclass(frozen=True, eq=False)
class Gradient:
    """A number with its derivatives by every parameter of the scenario, others held."""

    number: float
    by_parameter: Floats
    """(P,) in the unit of the number by that of the parameter, in the order of `Structure.parameters`"""
    residual: float = 0.0
    """Relative residual of the adjoint equations, in the maximum norm."""

    def __add__(self, other: Gradient) -> Gradient:
        by_parameter = self.by_parameter + other.by_parameter
        return Gradient(self.number + other.number, by_parameter, max(self.residual, other.residual))

    def times(self, factor: float) -> Gradient:
        """That of the number multiplied by a constant."""
        return Gradient(factor * self.number, factor * self.by_parameter, self.residual)


@dataclass(frozen=True, eq=False)
class Adjoint:
    """What one equilibrium answers to small changes of its game's numbers.

    With V the solution of F(V, theta) = 0, r(V, theta) the rates of the game's rows and m(r, theta) a number,

        dm/dtheta = m_theta + m_r r_theta - l . F_theta,   J' l = (m_r r_V)',   J = dF/dV.

    One transposed solve gives the derivatives by all numbers of the game, and so by all parameters. Near a fold J is
    nearly singular and derivatives are large without limit: see `Certificate.inverse_jacobian`.
    Source: Griewank and Walther (2008), Evaluating Derivatives, chapter 15 (fixed points in reverse).
    """

    equilibrium: Equilibrium

    @property
    def game(self) -> Game:
        return self.equilibrium.game

    @cached_property
    def linearisation(self) -> Linearisation:
        """The equilibrium equations at the equilibrium."""
        equations = Equations(self.game, self.equilibrium.convention)
        return equations.linearise(self.equilibrium.value.ravel(), 1.0)

    @cached_property
    def chain(self) -> Chain:
        """The chain that the equilibrium induces."""
        return induced_chain(self.game, induced_rates(self.game, self.equilibrium.policy))

    @cached_property
    def pattern(self) -> Pattern:
        """Where the chain's transitions can stand."""
        return Pattern.of(self.chain)

    def earnings(self, start: Start) -> Earnings:
        """Expected rewards from one start."""
        first, single = self.chain.distribution(start)
        if not single:
            raise RequestError("derivatives are taken from one start at a time")
        return Earnings(self.chain, self.pattern, first[0])

    def choice(self, row: int) -> Differential:
        """The probability that the mover of a row takes it at an opportunity: its rate over the mover's tempo."""
        game, chain = self.game, self.chain
        at = int(game.row_state[row]), int(game.row_actor[row])
        tempo, chosen = float(game.tempo[at]), float(self.equilibrium.policy[row])
        by_tempo = np.zeros_like(game.tempo)
        by_tempo[at] = -chosen / tempo
        return Differential(chosen, np.where(chain.branch_row == row, 1 / tempo, 0.0), {"tempo": by_tempo})

    def gradient(self, of: Differential) -> Gradient:
        """Derivatives by every parameter; nan where there is no such number, or none without limit.

        Raises:
            RequestError: the game was built from numbers, not from a scenario.
        """
        if self.game.structure is None:
            raise RequestError("this game was built from numbers, not from a scenario: it has no parameters")
        if not (np.isfinite(of.number) and np.isfinite(of.by_branch).all()):
            return Gradient(of.number, np.full(len(self.game.structure.parameters), np.nan), 0.0)
        numbers, residual = self.numbers(of)
        return Gradient(of.number, self.game.structure.pullback(numbers), residual)

    def numbers(self, of: Differential) -> tuple[Numbers, float]:
        """Derivatives by every number of the game, and the relative residual of the adjoint equations."""
        game, chain, S = self.game, self.chain, self.game.n_states
        by_row = np.bincount(chain.branch_row, chain.probability * of.by_branch, game.n_rows).astype(float)
        wanted = self._differentiate(by_row, np.zeros(game.flow.shape)).value[:S]
        multiplier, size = np.zeros(game.flow.shape), float(np.abs(wanted).max(initial=0.0))
        slopes = self._differentiate(by_row, multiplier)
        for _ in range(ROUNDS):
            left = slopes.value[:S]
            if not np.abs(left).max(initial=0.0) > PRECISION * size:
                break
            step, _ = self.linearisation.solve_transposed(left.ravel(), rtol=1e-2 * PRECISION)
            multiplier = multiplier + step.reshape(multiplier.shape)
            slopes = self._differentiate(by_row, multiplier)
        residual = float(np.abs(slopes.value[:S]).max(initial=0.0)) / size if size > 0 else 0.0
        happening = chain.row_rate[chain.branch_row] * of.by_branch
        numbers = {
            "kind_cost": slopes.kind_cost,
            "kind_rate": slopes.kind_rate,
            "probability": slopes.probability + np.bincount(game.branch_entry, happening, game.probability.size),
            "impact": slopes.impact,
            "flow": multiplier,
            "tempo": slopes.tempo,
            "noise": slopes.noise,
            "discount": -(multiplier * self.equilibrium.value).sum(axis=0),
            "end_value": slopes.value[S:],
        }
        return Numbers(**{name: by + of.direct.get(name, 0.0) for name, by in numbers.items()}), residual

    def _differentiate(self, by_row: Floats, multiplier: Floats) -> Slopes:
        """The Lagrangian's derivatives: its stationarity in V is the adjoint equation, term by term without J."""
        equilibrium, game, equations = self.equilibrium, self.game, self.linearisation.equations
        value = equations.with_ends(equilibrium.value)
        slopes = Slopes(
            value=np.zeros_like(value),
            kind_cost=np.zeros_like(game.kind_cost),
            kind_rate=np.zeros_like(game.kind_rate),
            probability=np.zeros_like(game.probability),
            impact=np.zeros_like(game.impact),
            tempo=np.zeros_like(game.tempo),
            noise=np.zeros_like(game.noise),
        )
        differentiate(
            equations.arrays,
            value,
            equations.mode,
            equilibrium.policy,
            equilibrium.hold,
            by_row,
            multiplier,
            slopes,
        )
        return slopes


def predicted(equilibrium: Equilibrium, game: Game, *, adjoint: Adjoint | None = None) -> Floats:
    """(S, N) V of a game with the same graph and other numbers, to first order: V - J^-1 F(V) under those numbers.

    F under the new numbers is their change times F_theta to first order, and includes what is beyond it; one linear
    solve. ``adjoint`` is that of the equilibrium, if it is there already.
    """
    at = (adjoint or Adjoint(equilibrium)).linearisation
    residual = Equations(game, equilibrium.convention).policy(equilibrium.value)[2]
    step, _ = at.solve(-residual.ravel(), rtol=1e-3)
    return equilibrium.value + step.reshape(equilibrium.value.shape)
