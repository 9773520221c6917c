"""The main path: a scenario is edited, compiled, solved, certified, and looked ahead from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from equipoise.assessment import Assessment
from equipoise.equilibrium.convention import CONTROL_COST, Convention
from equipoise.equilibrium.solve import solve
from equipoise.errors import RequestError, no_such
from equipoise.game.compile import compile
from equipoise.outlook.chain import induced_chain, induced_rates
from equipoise.prospect import look_ahead
from equipoise.scenario.models import FrozenDict, Scenario, Situation
from equipoise.scenario.variants import apply, with_parameters

Progress = Callable[[str, float], None]
"""Told a stage and how far it has come."""
MOMENTS = 41
"""Times at which curves are given, from 0 to the horizon."""


def assess(
    scenario: Scenario,
    *,
    variant: str | None = None,
    settings: Mapping[str, float] | None = None,
    starts: Sequence[str] | None = None,
    convention: Convention = CONTROL_COST,
    years: float | None = None,
    avoiding: Sequence[str] = (),
    progress: Progress | None = None,
) -> Assessment:
    """Everything that follows from a scenario, from some of its starting situations or all of them.

    If the equilibrium could not be certified there are no prospects; `Assessment.equilibrium.status` says why.

    Args:
        scenario: as `load` returns it or built in Python.
        variant: one of the scenario's variants, whose edits are made first.
        settings: other values for parameters, set last.
        starts: starting situations; all of them if None.
        convention: noise convention.
        years: horizon; the scenario's own if None.
        avoiding: regimes; how likely each other regime is reached without passing them.
        progress: told the stage and how far it has come.

    Raises:
        ScenarioError: the scenario has errors; all of them are told.
        RequestError: a name is unknown, or a number makes no sense.
    """
    edited = apply(scenario, variant) if variant is not None else scenario
    edited = with_parameters(edited, settings or {})
    chosen = [_known(start, edited) for start in (starts or edited.initial)]
    for regime in avoiding:
        if regime not in edited.shown:
            raise no_such("regime", regime, edited.shown)
    times = np.linspace(0.0, _horizon(years, edited), MOMENTS)
    game = compile(edited, progress=progress)
    equilibrium = solve(game, convention=convention, progress=partial(progress, "solving") if progress else None)
    chain = induced_chain(game, induced_rates(game, equilibrium.policy))
    if progress:
        progress("looking ahead", len(chosen))
    certified = equilibrium.certified
    seen = look_ahead(edited, game, equilibrium, chain, chosen, times, avoiding=avoiding) if certified else {}
    return Assessment(edited, variant, dict(settings or {}), game, equilibrium, chain, times, seen)


def situate(scenario: Scenario, start: str, levels: Mapping[str, str]) -> tuple[Scenario, str]:
    """The scenario with one more starting situation, a start with some levels changed, and its name.

    Raises:
        RequestError: there is no such start, factor or level.
    """
    state = dict(scenario.initial[_known(start, scenario)].state)
    for factor, level in levels.items():
        names = scenario.factors[factor].levels if factor in scenario.factors else tuple(scenario.factors)
        wrong, what = (level, f"level of '{factor}'") if factor in scenario.factors else (factor, "factor")
        if wrong not in names:
            raise no_such(what, wrong, names)
        state[factor] = level
    if not levels:
        return scenario, start
    name = f"{start} with " + " and ".join(f"{factor} {level}" for factor, level in levels.items())
    situation = Situation(state=state)
    return scenario.model_copy(update={"initial": FrozenDict({**scenario.initial, name: situation})}), name


def _known(start: str, scenario: Scenario) -> str:
    if start not in scenario.initial:
        raise no_such("starting situation", start, scenario.initial)
    return start


def _horizon(years: float | None, scenario: Scenario) -> float:
    if years is None:
        return scenario.horizon
    if not 0 < years <= 1000:
        raise RequestError(f"a horizon of {years:g} years cannot be used; right would be above 0 and at most 1,000")
    return years
