"""Everything that a report tells, solved and measured."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from equipoise.assess import MOMENTS
from equipoise.assessment import Assessment
from equipoise.claims.ablation import Ablation, Headline, ablate, headline
from equipoise.claims.cases import Case
from equipoise.claims.ledger import Ledger, ledger
from equipoise.claims.roads import Road, Undoing, road_to, roads, undoing
from equipoise.claims.solutions import Progress, Solution
from equipoise.claims.trial import Trial, put_on_trial
from equipoise.deciding.exploration import Exploration, exploration, store_of
from equipoise.equilibrium.convention import CONTROL_COST, Convention
from equipoise.game.game import Floats
from equipoise.outlook.risk import risk
from equipoise.parallel import each
from equipoise.prospect import look_ahead
from equipoise.report.provenance import Provenance, provenance
from equipoise.scenario.claims import AS_WRITTEN
from equipoise.scenario.models import Scenario
from equipoise.stability.reading import Reading, read_ordinally


@dataclass(frozen=True, eq=False)
class Evidence:
    """The solved scenario, its trial, and what carries it."""

    assessment: Assessment
    trial: Trial
    told: tuple[str, ...]
    """Starts from which roads, ledgers and removals are told: the first, and those from which claims are judged."""
    variants: tuple[str, ...]
    """Variants that are told: those that claims speak of, or all."""
    headlines: dict[str, Headline]
    """By case, the headline measures from the starts that are possible in it."""
    curves: dict[str, dict[str, Floats]]
    """By start and case, (T,) the chance of any end."""
    ledgers: tuple[Ledger, ...]
    """From every start that is told."""
    roads: tuple[Road, ...]
    """To every outcome, from every start that is told."""
    ways: tuple[Road, ...]
    """To the regimes that claims speak of, from every start outside them that is told."""
    undoings: tuple[Undoing, ...]
    """Of those regimes, from every start that is told."""
    ablation: Ablation | None
    reading: Reading
    """Through the ordinal lens, set against the equilibrium."""
    provenance: Provenance
    exploration: Exploration | None = None
    """What is not known, and what follows; None if no ensemble was given."""

    @property
    def scenario(self) -> Scenario:
        return self.trial.scenario


def gather(
    scenario: Scenario,
    *,
    path: Path | None = None,
    command: str = "",
    conventions: Sequence[Convention] = (CONTROL_COST,),
    equilibria: int = 0,
    seed: int = 0,
    ablation: str = "verdicts",
    all_variants: bool = False,
    executor: Executor | None = None,
    ensemble: Path | None = None,
    cruxes: Sequence[str] = (),
    progress: Progress | None = None,
) -> Evidence | None:
    """Everything that a report tells; None if the scenario as written has no certified equilibrium.

    Args:
        scenario: as `load` returns it.
        path: file it was read from, for the provenance.
        command: how the report was asked for, to be printed in it.
        conventions: noise conventions, the first being that of all numbers, the others challenges.
        equilibria: random starts from which other equilibria are looked for in every case.
        seed: of those.
        ablation: `verdicts`, `headline` (measures only) or `none`: how far mechanisms are removed in turn.
        all_variants: whether risks and ledgers are told in every variant, not only in those that claims compare.
        executor: shares roads and removals among its workers, without any effect on the numbers.
        ensemble: folder of an ensemble of the scenario, that `equipoise explore` made.
        cruxes: ids of claims for which the nearest changes of premises are looked for, if there is an ensemble.
        progress: told the stage and how far it has come.

    Raises:
        ScenarioError: a case cannot be compiled.
        RequestError: the folder holds no ensemble of this scenario, or a claim is unknown.
    """
    tell = progress or (lambda stage, done: None)
    # What is wrong with it should be said before anything is solved.
    store = None if ensemble is None else store_of(scenario, ensemble, cruxes=cruxes)
    trial = put_on_trial(scenario, conventions=conventions, equilibria=equilibria, seed=seed, progress=progress)
    own = trial.solutions[Case()]
    if not own.equilibrium.certified:
        return None
    times = np.linspace(0.0, scenario.horizon, MOMENTS)
    tell("looking ahead", 0.0)
    starts = list(scenario.initial)
    prospects = look_ahead(own.scenario, own.game, own.equilibrium, own.chain, starts, times)
    assessment = Assessment(own.scenario, None, {}, own.game, own.equilibrium, own.chain, times, prospects)
    variants = tuple(scenario.variants) if all_variants else _variants(trial)
    told = _told(trial)
    trial.solutions.prepare(Case(name) for name in variants)
    curves: dict[str, dict[str, Floats]] = {start: {} for start in starts}
    headlines = {}
    for name in (AS_WRITTEN, *variants):
        solution = trial.solutions[Case(name)]
        possible = [start for start in starts if start in solution.game.starts]
        if solution.equilibrium.certified:
            headlines[name] = headline(solution, possible)
            for start in possible:
                curves[start][name] = risk(solution.chain, solution.game.starts[start], times).sum(axis=1)
    regimes = _regimes(trial)
    explored = None
    if store is not None:
        explored = exploration(scenario, store, cruxes=cruxes, solutions=trial.solutions, progress=progress)
    tell("ledgers", 0.0)
    ledgers = tuple(ledger(trial.solutions, start, variants) for start in told)
    found = each(
        partial(_ways, own, regimes),
        told,
        executor=executor,
        progress=lambda done: tell("roads from every start", done),
    )
    return Evidence(
        assessment,
        trial,
        told,
        variants,
        headlines,
        curves,
        ledgers,
        tuple(road for from_start, _ in found for road in from_start),
        tuple(way for _, from_start in found for way in from_start),
        tuple(undoing(own, start, regime) for start in told for regime in regimes),
        _ablation(trial, ablation, executor, progress),
        read_ordinally(own.scenario, own.game).against(own.equilibrium, own.chain),
        provenance(scenario, path, command=command, seed=seed),
        explored,
    )


def _variants(trial: Trial) -> tuple[str, ...]:
    """Variants that the claims compare, in the scenario's order."""
    spoken = {case.variant for case in trial.solutions.solved}
    return tuple(name for name in trial.scenario.variants if name in spoken)


def _regimes(trial: Trial) -> tuple[str, ...]:
    """Regimes whose coming or going claims speak of, in the scenario's order."""
    measures = [test.measure for v in trial.verdicts if v.claim.test for test in v.claim.test.parts if test.measure]
    spoken = {getattr(m, kind) for m in measures for kind in ("dwell", "exits", "settles", "road")}
    return tuple(name for name in trial.scenario.regimes if name in spoken)


def _told(trial: Trial) -> tuple[str, ...]:
    """The first start, and those from which claims are judged, in the scenario's order."""
    first, *_ = trial.scenario.initial
    judged = {witness.start for v in trial.verdicts for finding in v.findings for witness in finding.witnesses}
    sides = [side for v in trial.verdicts if v.claim.test for test in v.claim.test.parts for side in test.sides]
    return tuple(s for s in trial.scenario.initial if s in {first, *judged, *(side.start for side in sides)})


def _ways(own: Solution, regimes: Sequence[str], start: str) -> tuple[tuple[Road, ...], tuple[Road, ...]]:
    """The roads from a start to every outcome, and to those regimes that it lies outside of."""
    ways = [road_to(own, start, regime) for regime in regimes]
    return roads(own, [start]), tuple(way for way in ways if way is not None)


def _ablation(trial: Trial, depth: str, executor: Executor | None, progress: Progress | None) -> Ablation | None:
    if depth == "none":
        return None
    return ablate(trial, verdicts=depth == "verdicts", executor=executor, progress=progress)
