"""What carries the argument: every mechanism removed in turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from equipoise.claims.cases import Case, all_cases
from equipoise.claims.challenge import ENOUGH
from equipoise.claims.judge import judge
from equipoise.claims.solutions import Progress, Solution, Solutions
from equipoise.claims.trial import Trial
from equipoise.claims.verdict import Status
from equipoise.equilibrium.solve import Branch
from equipoise.outlook.regimes import years_in
from equipoise.outlook.risk import risk
from equipoise.parallel import each
from equipoise.scenario.claims import Claim
from equipoise.scenario.models import Scenario, Variant
from equipoise.scenario.uses import mechanisms
from equipoise.scenario.variants import apply


@dataclass(frozen=True)
class Headline:
    """The measures by which a whole scenario is compared, by the horizon."""

    risk: Mapping[str, float]
    """By start, the chance of any end."""
    roads: Mapping[str, Mapping[str, float]]
    """By start and outcome, the chance of it."""
    time: Mapping[str, Mapping[str, float]]
    """By start and regime, the share of the horizon spent in it."""
    value: Mapping[str, Mapping[str, float]]
    """By start and actor, felt value, util."""


@dataclass(frozen=True)
class Removal:
    """The scenario without one mechanism."""

    mechanism: str
    says: str
    lines: int
    """How many lines of the scenario express it."""
    headline: Headline
    branch: str
    """How the equilibrium of the scenario without it was reached."""
    certified: bool
    verdicts: Mapping[str, Status]
    """By claim, what it comes to without the mechanism; empty if verdicts were not asked for."""
    strayed: tuple[str, ...] = ()
    """Cases whose curve could not be followed to the end, so that their equilibrium is on another branch."""

    @property
    def principal(self) -> bool:
        """Whether the headline measures are those of the principal equilibrium."""
        return self.branch == Branch.PRINCIPAL.value


@dataclass(frozen=True)
class Ablation:
    """What removing each mechanism changes."""

    whole: Headline
    verdicts: Mapping[str, Status]
    removals: tuple[Removal, ...]

    def carried(self, claim: str) -> tuple[str, ...]:
        """The mechanisms without which a claim comes to something else."""
        return tuple(
            removal.mechanism
            for removal in self.removals
            if claim in removal.verdicts and removal.verdicts[claim] is not self.verdicts[claim]
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain data; the form is described in docs/json.md."""
        return {
            "whole": vars(self.whole),
            "verdicts": {claim: status.value for claim, status in self.verdicts.items()},
            "removals": [
                {
                    **{
                        key: getattr(removal, key)
                        for key in ("mechanism", "says", "lines", "branch", "certified", "strayed")
                    },
                    "headline": vars(removal.headline),
                    "verdicts": {claim: status.value for claim, status in removal.verdicts.items()},
                }
                for removal in self.removals
            ],
        }


def ablate(
    trial: Trial, *, verdicts: bool = True, executor: Executor | None = None, progress: Progress | None = None
) -> Ablation:
    """Every mechanism that something implements removed in turn, as `without` defines it.

    The scenario without it is followed from full noise for at most `ENOUGH` steps along the curve; a removal that needs
    more is led on from the whole scenario's solution, and says that it strayed. Then every claim is judged anew in it
    unless ``verdicts`` is False. Removals do not depend on each other: an ``executor`` of the protocol of
    `concurrent.futures` may share them among processes, without any effect on the numbers.
    """
    scenario, whole = trial.scenario, trial.solutions
    claims = tuple(verdict.claim for verdict in trial.verdicts if verdicts)
    counts = Counter(name for _, names in mechanisms(scenario) for name in names)
    removed = partial(
        _removed,
        whole=_lean(whole, all_cases(scenario, claims)),
        claims=claims,
    )
    removals = each(
        removed,
        sorted(counts.items(), key=lambda item: _order(scenario, item[0])),
        executor=executor,
        progress=lambda done: progress("removing each mechanism in turn", done) if progress is not None else None,
    )
    own_verdicts = {verdict.claim.id: verdict.status for verdict in trial.verdicts}
    return Ablation(headline(whole[Case()], tuple(scenario.initial)), own_verdicts, tuple(removals))


def _lean(whole: Solutions, cases: Iterable[Case]) -> Solutions:
    """Some cases of the solutions, with no more than what a removal needs of them: it may be sent to a process."""
    kept = {case: whole[case] for case in cases}
    return replace(whole, progress=None, solved=kept, _frozen={})


def _removed(counted: tuple[str, int], *, whole: Solutions, claims: tuple[Claim, ...]) -> Removal:
    """The scenario of ``whole`` without one mechanism."""
    mechanism, lines = counted
    scenario = whole.scenario
    without = apply(scenario, Variant(about=f"without {mechanism}", without=(mechanism,)))
    solutions = Solutions(without, whole.convention, neighbour=whole, most_steps=ENOUGH, split=False)
    own = solutions[Case()]
    return Removal(
        mechanism,
        scenario.argument.get(mechanism, ""),
        lines,
        headline(own, tuple(scenario.initial)),
        own.equilibrium.branch.value,
        own.equilibrium.certified,
        {claim.id: judge(claim, solutions).status for claim in claims},
        tuple(str(case) for case, solved in solutions.solved.items() if solved.equilibrium.branch is Branch.JUMPED),
    )


def headline(solution: Solution, starts: Sequence[str]) -> Headline:
    """The headline measures of a solved case from some starts."""
    scenario, game, chain = solution.scenario, solution.game, solution.chain
    states = np.array([game.starts[start] for start in starts], np.int64)
    horizon = scenario.horizon
    risks = risk(chain, states, [horizon])[:, 0]
    masks = [game.where(regime.when) for regime in scenario.regimes.values()]
    shares = np.zeros((len(starts), 0))
    if masks:
        shares = years_in(chain, states, [horizon], np.column_stack(masks))[:, 0] / horizon
    felt = solution.equilibrium.felt[states]
    return Headline(
        risk={start: float(risks[k].sum()) for k, start in enumerate(starts)},
        roads={start: dict(zip(game.outcomes, risks[k].tolist(), strict=True)) for k, start in enumerate(starts)},
        time={start: dict(zip(scenario.regimes, shares[k].tolist(), strict=True)) for k, start in enumerate(starts)},
        value={start: dict(zip(game.actors, felt[k].tolist(), strict=True)) for k, start in enumerate(starts)},
    )


def _order(scenario: Scenario, mechanism: str) -> int:
    names = list(scenario.argument)
    return names.index(mechanism) if mechanism in names else len(names)
