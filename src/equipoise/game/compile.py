"""From a scenario to a game: the one place where names become integers."""

from __future__ import annotations

from typing import Any

import numpy as np

from equipoise.errors import ScenarioError
from equipoise.game.explore import Progress, explore
from equipoise.game.game import Game
from equipoise.game.kinds import EndTable, KindTable, StepNumbers
from equipoise.game.products import MonomialTable, Product
from equipoise.game.rows import Rows, lay_rows
from equipoise.game.soundness import faults
from equipoise.game.states import Levels, Space
from equipoise.game.steps import number_steps
from equipoise.game.structure import Index, Structure
from equipoise.game.terms import TermColumns, TermFactory, flow_map
from equipoise.scenario.checks import check
from equipoise.scenario.models import Scenario


def compile(scenario: Scenario, *, max_states: int = 2_000_000, progress: Progress | None = None) -> Game:
    """The game that a scenario describes: reachable possible states, and every move and event on offer in them.

    A move none of whose branches changes the state is not offered, unless it is `repeatable` and has an impact; so for
    events. States are sorted by their levels, the last factor varying fastest. Time and memory grow with the rows; the
    search stops at ``max_states``. ``progress`` is told the stage and how much of it there is so far.

    Raises:
        ScenarioError: the scenario fails its checks, is too large, steps into impossible combinations, or has numbers
            with which no game can be played.
    """
    errors = [problem for problem in check(scenario, edited=True) if problem.severity == "error"]
    if errors:
        raise ScenarioError(errors)
    N = len(scenario.actors)
    space = Space.of(scenario.factors)
    steps = number_steps(scenario, space)
    codes = explore(scenario, space, steps, max_states=max_states, progress=progress)
    levels = space.decode(codes)

    monomials = MonomialTable(list(scenario.parameters))
    factory = TermFactory(scenario, space, monomials)
    flow = flow_map(factory.terms(scenario.payoffs, ("payoffs",)), levels, N)
    ends = EndTable(list(scenario.outcomes.values()), list(scenario.outcomes), factory, N)
    numbers = [StepNumbers.of(step, space, monomials, factory) for step in steps]
    kinds, impact = KindTable(), TermColumns(N)
    rows = lay_rows(steps, numbers, codes, levels, space, N, kinds, ends, impact)
    if progress:
        progress("moves and events", rows.row_kind.size)
    tempo, noise = _paces(scenario, space, levels, rows, monomials)
    cost, rate, weight = kinds.monomials()
    kind_arrays = kinds.arrays(N)
    structure = Structure(
        parameters=tuple(scenario.parameters),
        theta=np.array([parameter.value for parameter in scenario.parameters.values()], float),
        terms=tuple(factory.labels),
        flow=flow,
        end_value=ends.values(),
        impact=impact.freeze(kinds.impact),
        kind_cost=cost,
        kind_rate=rate,
        branch_weight=weight,
        kind_branch_ptr=kind_arrays["kind_branch_ptr"],
        tempo=tempo,
        noise=noise,
        discount=np.array(
            [monomials.number([monomials.factor(a.discount)]) for a in scenario.actors.values()], np.int32
        ),
        monomials=monomials.freeze(),
    )
    starts = [space.encode(situation.state) for situation in scenario.initial.values()]
    numbers_now: dict[str, Any] = structure.numbers().fields()
    game = Game(
        actors=tuple(scenario.actors),
        factors=space.factors,
        factor_levels=space.levels,
        outcomes=tuple(scenario.outcomes),
        steps=tuple(step.source.id for step in steps),
        starts=dict(zip(scenario.initial, np.searchsorted(codes, starts).tolist(), strict=True)),
        levels=np.ascontiguousarray(levels.T, np.uint16),
        **vars(rows),
        **kind_arrays,
        **numbers_now,
        end_outcome=ends.outcomes(),
        structure=structure,
    )
    found = faults(game)
    if found:
        raise ScenarioError(found)
    return game


def _paces(scenario: Scenario, space: Space, levels: Levels, rows: Rows, table: MonomialTable) -> tuple[Index, Index]:
    """Tempo and noise of every actor in every state, (S, N) monomials; tempo 0 where an actor has no moves."""
    S, N = levels.shape[1], len(scenario.actors)
    tempo, noise = np.empty((S, N), np.int32), np.empty((S, N), np.int32)
    moves = np.diff(rows.row_ptr).reshape(S, N + 1)[:, :N] > 0
    for i, actor in enumerate(scenario.actors.values()):
        rate = Product.of(actor.tempo.rate, actor.tempo.times, space, table).numbers(levels)
        tempo[:, i] = np.where(moves[:, i], rate, table.zero)
        noise[:, i] = Product.of(actor.noise.scale, actor.noise.times, space, table).numbers(levels)
    return tempo, noise
