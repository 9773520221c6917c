"""What the scenario expects in each window, from its equilibrium: exact expectations, no simulation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from equipoise.equilibrium.convention import CONTROL_COST, Convention
from equipoise.equilibrium.solve import Branch, Equilibrium, solve
from equipoise.game.game import Game
from equipoise.outlook.chain import Chain, induced_chain
from equipoise.outlook.evolve import evolve
from equipoise.outlook.risk import risk
from record.names import Correspondence
from record.observed import windows

Floats = NDArray[np.float64]


ERROR = 1e-8
"""Bound on what cutting the sums short costs a probability."""


class NotSolvedError(Exception):
    """No certified equilibrium; the text says why."""


@dataclass(frozen=True)
class Expected:
    """Expectations of the scenario in every window."""

    counts: Mapping[str, Floats]
    """For every series the expected number in each window, given that no war came (divided by the chance of none)."""
    shares: Mapping[str, Mapping[str, Floats]]
    """For every factor and level the share of each window spent there."""
    war: Floats
    """(windows,) chance of any war within the window."""
    war_a_year: Mapping[str, Floats]
    """For every start the chance of each outcome within a year, by the order of `outcomes`."""
    outcomes: tuple[str, ...]
    equilibrium: Equilibrium


def expect(
    game: Game,
    table: Correspondence,
    *,
    near: Equilibrium | None = None,
    convention: Convention = CONTROL_COST,
    thorough: bool = True,
) -> Expected:
    """Solve, from a neighbouring equilibrium if one is given, and look ahead through every window.

    Without ``thorough`` the certificate goes without best responses, and there is no risk within a year.

    Raises:
        NotSolvedError: no certified equilibrium was found.
    """
    spans = windows(table)
    equilibrium = solve(game, convention=convention, start=near, best_response=thorough)
    if not equilibrium.certified or equilibrium.branch is Branch.NONE:
        cause = equilibrium.cause or equilibrium.certificate.reason
        raise NotSolvedError(f"no certified equilibrium ({equilibrium.branch.value}): {cause}")
    chain = induced_chain(game, equilibrium.row_rate)
    states = np.array([game.starts[window.start] for window in spans])
    years = np.array([window.years for window in spans])
    seen = evolve(chain, states, years, _readings(game, chain, table), error=ERROR)
    totals, lived, alive = (
        _diagonal(seen.total[..., :-1]),
        _diagonal(seen.total[..., -1:]),
        _diagonal(seen.at[..., -1:]),
    )
    # The record is of a time without war: expectations are per year lived, over the whole window.
    counts = dict(zip(table.series, (totals * (years[:, None] / lived)).T, strict=False))
    column, shares = len(counts), {}
    for each in table.aspects:
        levels = game.factor_levels[game.factors.index(each.factor)]
        shares[each.factor] = {level: totals[:, column + k] / lived[:, 0] for k, level in enumerate(levels)}
        column += len(levels)
    one = risk(chain, list(game.starts.values()), [1.0])[:, 0] if thorough else np.empty((0, 0))
    return Expected(
        counts, shares, 1 - alive[:, 0], dict(zip(game.starts, one, strict=thorough)), game.outcomes, equilibrium
    )


def _readings(game: Game, chain: Chain, table: Correspondence) -> sp.csr_array:
    """(S, J) rates of every passage and happening, then whether each level of every factor holds, then one."""
    columns = []
    for passage in table.passages:
        inside = game.where([{passage.factor: passage.origins, **passage.given}])
        into = game.where([{passage.factor: passage.targets}])
        columns.append(inside * (chain.transition @ into.astype(float)))
    for happening in table.happenings:
        chosen = np.isin(chain.row_step, [game.steps.index(step) for step in happening.steps])
        columns.append(np.bincount(chain.row_state[chosen], chain.row_rate[chosen], game.n_states))
    for each in table.aspects:
        number = game.factors.index(each.factor)
        columns += [(game.levels[:, number] == k).astype(float) for k in range(len(game.factor_levels[number]))]
    columns.append(np.ones(game.n_states))
    return sp.csr_array(np.column_stack(columns))


def _diagonal(readings: Floats) -> Floats:
    """(n, n, J) readings from every start at every time -> (n, J) from each start at its own time."""
    return np.array([readings[k, k] for k in range(len(readings))])
