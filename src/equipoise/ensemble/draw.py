"""One draw: its games, their equilibria, what its claims come to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.claims.cases import Case
from equipoise.claims.judge import judge
from equipoise.claims.solutions import Solution, Solutions
from equipoise.claims.verdict import Status, Verdict, Witness
from equipoise.ensemble.approach import approach, shifted
from equipoise.ensemble.layout import REACHED, VERDICTS, Axes, Cold, DrawStatus, DrawVerdict, Records, empty
from equipoise.ensemble.parents import Parent, Parents
from equipoise.ensemble.plan import Lot
from equipoise.equilibrium.convention import Convention
from equipoise.equilibrium.solve import Branch, Equilibrium, others, solve
from equipoise.errors import EquipoiseError
from equipoise.game.game import Floats, Game
from equipoise.outlook.chain import induced_chain, induced_rates
from equipoise.outlook.risk import risk
from equipoise.scenario.claims import Claim

DIFFERENT = 1e-3
"""Difference of V, in units of the noise, from which two equilibria count as different."""
TRIES = 2
"""Random starts of a draw that is to be solved from one: one led on by dynamics, one by Newton's method."""

Settings = Mapping[str, float]


def solve_draw(parents: Parents, axes: Axes, index: int, settings: Settings) -> Records:
    """Everything that is recorded of one draw, but for its numbers: records of length one.

    What goes wrong is recorded as the draw's cause, and nothing is raised: a draw that fails is still a draw.
    """
    lot = parents.plan.lot(index)
    records = empty(axes, 1)
    records["convention"][0] = parents.plan.conventions.index(lot.convention)
    records["status"][0] = DrawStatus.FAILED
    try:
        solved = _solved(parents, lot, index, settings, cold=False)
        _fill(records, parents, solved)
        if lot.cold:
            _compare(records, parents, lot, index, settings, solved)
    except (EquipoiseError, ArithmeticError, ValueError, MemoryError) as fault:
        # A number that no game can be played with, or a matrix that cannot be factorised: the draw's own fault.
        records["status"][0], records["verdict"][0] = DrawStatus.FAILED, DrawVerdict.FAILED
        records["cause"][0] = _cause(fault)
    return records


@dataclass(frozen=True, eq=False)
class _Solved:
    """The cases of a draw."""

    solutions: Solutions
    reached: tuple[int, ...]
    causes: tuple[str, ...]


def _solved(parents: Parents, lot: Lot, index: int, settings: Settings, *, cold: bool) -> _Solved:
    convention = lot.convention
    solutions: dict[Case, Solution] = {}
    before = after = None
    for parent in parents.all:
        game = _game(parent, settings)
        guess = None if cold else parent.values[convention]
        if guess is not None and before is not None and after is not None:
            guess = shifted(guess, parent.states, before, after)
        equilibrium = _equilibrium(game, convention, guess, parents.plan.most_steps)
        if parent.case.as_written:
            if lot.random_start and not cold and equilibrium.certified:
                equilibrium = next(iter(others(equilibrium, starts=TRIES, seed=index)), equilibrium)
            if equilibrium.certified:
                before, after = parent.values[convention], equilibrium.value
        chain = induced_chain(game, induced_rates(game, equilibrium.policy))
        solutions[parent.case] = Solution(parent.case, parent.scenario, game, equilibrium, chain)
    return _Solved(
        Solutions(parents.plan.scenario, convention, solved=solutions, split=False),
        tuple(REACHED[s.equilibrium.branch] if s.equilibrium.certified else 0 for s in solutions.values()),
        tuple(_failure(s) for s in solutions.values() if not s.equilibrium.certified),
    )


def _game(parent: Parent, settings: Settings) -> Game:
    """The case's game at the draw's numbers; what the case itself sets stands."""
    return parent.game.with_parameters({k: value for k, value in settings.items() if k not in parent.pinned})


def _equilibrium(game: Game, convention: Convention, guess: Floats | None, most_steps: int) -> Equilibrium:
    near = None if guess is None else approach(game, convention, guess)
    return solve(game, convention=convention, start=near, most_steps=most_steps, best_response=False)


def _fill(records: Records, parents: Parents, solved: _Solved) -> None:
    written = solved.solutions[parents.cases[0]]
    records["reached"][0] = solved.reached
    records["cause"][0] = "; ".join(dict.fromkeys(solved.causes))
    verdicts = [_judged(claim, solved.solutions) for claim in parents.plan.judged]
    records["verdict"][0] = [code for code, _ in verdicts]
    records["margin"][0] = [margin for _, margin in verdicts]
    if written.equilibrium.certified:
        states = np.array([written.game.starts[start] for start in parents.plan.scenario.initial])
        records["measure"][0] = risk(written.chain, states, [written.scenario.horizon])[:, 0].ravel()
        records["status"][0] = DrawStatus.PARTLY if solved.causes else DrawStatus.SOLVED


def _judged(claim: Claim, solutions: Solutions) -> tuple[DrawVerdict, float]:
    assert claim.test is not None  # only such claims are judged
    verdict = judge(claim, solutions)
    if verdict.status is not Status.REFUSED and not all(basis.certified for basis in verdict.basis):
        return DrawVerdict.FAILED, math.nan
    return VERDICTS[verdict.status], margin(verdict)


def margin(verdict: Verdict) -> float:
    """The smallest lead of a verdict's witnesses where all must hold, the greatest of those where one suffices.

    In the unit of the claim's measure; nan where there is no number, or where its tests have different units.
    """
    if len({finding.unit for finding in verdict.findings}) != 1 or verdict.claim.test is None:
        return math.nan
    leads = [_lead(bool(finding.test.than_one_of), finding.witnesses) for finding in verdict.findings]
    return max(leads) if verdict.claim.test.any else min(leads)


def _lead(one_suffices: bool, witnesses: Sequence[Witness]) -> float:
    """The smallest lead over starts and actors; over sides too, unless one of them suffices."""
    if not witnesses:
        return math.nan
    groups: dict[tuple[str, str], list[float]] = {}
    for witness in witnesses:
        groups.setdefault((witness.start, witness.actor), []).append(witness.lead)
    leads = [max(group) if one_suffices else min(group) for group in groups.values()]
    return math.nan if any(map(math.isnan, leads)) else min(leads)


def _compare(records: Records, parents: Parents, lot: Lot, index: int, settings: Settings, warm: _Solved) -> None:
    """Solve the draw again from full noise, and say whether it comes to the same."""
    cold = _solved(parents, lot, index, settings, cold=True)
    verdicts = [_judged(claim, cold.solutions)[0] for claim in parents.plan.judged]
    records["cold_verdict"][0] = verdicts
    pairs = [(warm.solutions[case].equilibrium, cold.solutions[case].equilibrium) for case in parents.cases]
    known = [(one, other) for one, other in pairs if other.certified and other.branch is Branch.PRINCIPAL]
    if len(known) < len(pairs):
        records["cold"][0] = Cold.FAILED
        return
    distance = max(_distance(one, other) for one, other in known)
    records["cold_distance"][0] = distance
    differ = not distance <= DIFFERENT or list(records["verdict"][0]) != verdicts
    records["cold"][0] = Cold.DISAGREES if differ else Cold.AGREES


def _distance(one: Equilibrium, other: Equilibrium) -> float:
    """Greatest difference of V in units of the noise; infinite where one of them is no equilibrium."""
    if not (one.certified and other.certified):
        return math.inf
    return float(np.abs((one.value - other.value) / one.game.noise).max())


def _failure(solution: Solution) -> str:
    equilibrium = solution.equilibrium
    return f"{solution.case}: {equilibrium.cause or equilibrium.certificate.reason}"


def _cause(fault: BaseException) -> str:
    return " ".join(f"{type(fault).__name__}: {fault}".split())[:500]
