"""An equilibrium to challenge a verdict with: the principal one if it comes easily, else one near what is known."""

from __future__ import annotations

from dataclasses import replace

from equipoise.equilibrium.convention import Convention
from equipoise.equilibrium.equations import Equations
from equipoise.equilibrium.settle import settle
from equipoise.equilibrium.solve import Branch, Equilibrium, solve
from equipoise.game.game import Floats, Game

ENOUGH = 60
"""Most steps along the curve."""
STUMBLES = 12
"""Most predictions that may be rejected on the way; curves that arrive were seen to need up to nine."""
LARGE = 5_000
"""Up to this many states it costs so little to follow a curve with all care that nothing is gained by leaving it."""


def challenger(
    game: Game,
    convention: Convention,
    near: Floats | None,
    *,
    most_steps: int = ENOUGH,
    follow: bool = True,
    large: int = LARGE,
) -> Equilibrium:
    """The principal equilibrium, if the curve leads there easily; else one that is reached from a guess.

    Args:
        game: the game.
        convention: what noise means.
        near: (S, N) V of a similar game; None if there is none, and then it is left to `solve` too.
        most_steps: along the curve.
        follow: False if the curve is known to be lost.
        large: states up to which it is left to `solve`.

    Returns:
        The equilibrium. If the curve was left its `branch` is `jumped`, and `cause` says how far it had been followed
        and how the equilibrium was reached: by learning from ``near``, or as `solve` does it.
    """
    if game.n_states <= large or near is None:
        return solve(game, convention=convention, best_response=False, most_steps=most_steps)
    cause = "the curve was not followed: that of the scenario as written had been lost"
    if follow:
        found = solve(
            game,
            convention=convention,
            best_response=False,
            most_steps=most_steps,
            most_stumbles=STUMBLES,
            most_falls=0,
        )
        if found.branch is Branch.PRINCIPAL:
            return found
        cause = found.cause
    value, arrived = settle(Equations(game, convention), near)
    if arrived:
        found = solve(game, convention=convention, start=value, best_response=False, most_steps=1, most_falls=0)
        if found.certified:
            certificate = replace(found.certificate, branch=Branch.JUMPED.value)
            told = f"{cause}; led on from the equilibrium of a similar game"
            return replace(found, branch=Branch.JUMPED, certificate=certificate, cause=told)
    return solve(game, convention=convention, best_response=False, most_steps=most_steps)
