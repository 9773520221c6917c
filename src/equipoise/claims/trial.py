"""The whole argument on trial: every claim, under every convention asked for, and in other equilibria."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from equipoise.claims.cases import Case, all_cases, cases_of
from equipoise.claims.challenge import ENOUGH
from equipoise.claims.judge import judge
from equipoise.claims.solutions import Progress, Solutions
from equipoise.claims.verdict import Challenge, Status, Verdict
from equipoise.conventions import ConventionName
from equipoise.equilibrium.convention import CONTROL_COST, Convention
from equipoise.equilibrium.solve import Branch, Equilibrium, others
from equipoise.errors import no_such
from equipoise.scenario.claims import Claim
from equipoise.scenario.models import Scenario
from equipoise.scenario.rules.fairness import unfair

CONVENTIONS = tuple(Convention(name.value) for name in ConventionName)
"""Every noise convention as it stands, the default first."""


@dataclass(frozen=True, eq=False)
class Trial:
    """Every verdict, with the solved cases it rests on."""

    scenario: Scenario
    solutions: Solutions
    """Under the first convention, whose verdicts these are."""
    verdicts: tuple[Verdict, ...]
    conventions: tuple[str, ...]
    equilibria: int
    """Random starts from which other equilibria of every case were looked for."""

    def count(self, status: Status) -> int:
        """How many claims came to a status."""
        return sum(verdict.status is status for verdict in self.verdicts)


def put_on_trial(
    scenario: Scenario,
    *,
    claims: Sequence[str] = (),
    starts: Sequence[str] = (),
    conventions: Sequence[Convention] = (CONTROL_COST,),
    equilibria: int = 0,
    seed: int = 0,
    progress: Progress | None = None,
) -> Trial:
    """Every claim of a scenario judged, or some of them by id.

    The verdict is that of the first convention in the principal equilibria. The further conventions, and every other
    equilibrium that ``equilibria`` random starts find in a case that a claim needs, are challenges: where one of them
    comes to something else, the verdict says so.

    Raises:
        RequestError: a claim or a start is unknown.
        ScenarioError: a case cannot be compiled.
    """
    chosen = [_known(scenario, name) for name in claims] or list(scenario.claims)
    for start in starts:
        if start not in scenario.initial:
            raise no_such("starting situation", start, list(scenario.initial))
    fair = [claim for claim in chosen if not any(unfair(scenario, claim))]
    verdicts: list[list[Verdict]] = []
    first, *further_conventions = conventions
    solutions = [Solutions(scenario, first, progress=progress)]
    # A convention that only challenges need not be followed through every fold: what is reached says how.
    solutions += [
        Solutions(scenario, other, neighbour=solutions[0], progress=progress, most_steps=ENOUGH)
        for other in further_conventions
    ]
    for each in solutions:
        each.prepare(all_cases(scenario, fair))
        verdicts.append([judge(claim, each, starts=starts) for claim in chosen])
    own = solutions[0]
    found = {
        case: others(own[case].equilibrium, starts=equilibria, seed=seed, progress=_under(progress, case))
        for case in (all_cases(scenario, fair) if equilibria else ())
    }
    judged = []
    for k, verdict in enumerate(verdicts[0]):
        further = [Challenge(_convention(each[k]), each[k].status) for each in verdicts[1:]]
        further += _elsewhere(verdict, own, found, starts)
        judged.append(replace(verdict, challenges=tuple(further)))
    return Trial(scenario, own, tuple(judged), tuple(c.name for c in conventions), equilibria)


def _elsewhere(
    verdict: Verdict, solutions: Solutions, found: dict[Case, list[Equilibrium]], starts: Sequence[str]
) -> Iterator[Challenge]:
    """What the claim comes to when one case is taken in another of its equilibria."""
    if verdict.claim.test is None or verdict.status is Status.REFUSED:
        return
    tests = verdict.claim.test.parts
    for case in dict.fromkeys(case for test in tests for case in cases_of(solutions.scenario, test)):
        for k, equilibrium in enumerate(found.get(case, ()), start=1):
            there = judge(verdict.claim, solutions.with_equilibrium(case, equilibrium), starts=starts)
            yield Challenge(f"another equilibrium of {case} (no. {k})", there.status)


def _under(progress: Progress | None, case: Case) -> Callable[[float], None] | None:
    if progress is None:
        return None
    return lambda done: progress(f"looking for other equilibria of {case}", done)


def _convention(verdict: Verdict) -> str:
    """The convention of a verdict, and whether the curve was left on the way to some of its numbers."""
    left = any(basis.branch == Branch.JUMPED.value for basis in verdict.basis)
    return verdict.convention + (" (partly off the principal branch)" if left else "")


def _known(scenario: Scenario, name: str) -> Claim:
    for claim in scenario.claims:
        if claim.id == name:
            return claim
    raise no_such("claim", name, [claim.id for claim in scenario.claims])
