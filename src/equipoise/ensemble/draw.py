"""One draw: its games, their equilibria, what its claims come to."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.claims.cases import Case
from equipoise.claims.challenge import LARGE, STUMBLES
from equipoise.claims.judge import judge
from equipoise.claims.solutions import Solution, Solutions
from equipoise.claims.verdict import Status, Verdict, Witness
from equipoise.ensemble.guesses import carried, shifted
from equipoise.ensemble.layout import REACHED, VERDICTS, Cold, DrawStatus, DrawVerdict, Records
from equipoise.ensemble.parents import Parent, Parents
from equipoise.ensemble.plan import Lot
from equipoise.equilibrium.convention import Convention
from equipoise.equilibrium.equations import Equations
from equipoise.equilibrium.evaluation import policy_value
from equipoise.equilibrium.settle import QUICK, settle
from equipoise.equilibrium.solve import Branch, Equilibrium, others, solve
from equipoise.errors import EquipoiseError
from equipoise.game.game import Floats, Game
from equipoise.outlook.chain import induced_chain, induced_rates
from equipoise.outlook.risk import risk
from equipoise.scenario.claims import Claim

DIFFERENT = 1e-3
"""Difference of V, in units of the noise, from which two equilibria count as different."""
ROUNDS = 15
"""Of learning and elimination from a guess; draws that arrive were seen to need one to ten."""
TRIES = 2
"""Random starts of a draw that is to be solved from one: one led on by dynamics, one by Newton's method."""

Settings = Mapping[str, float]


FAULTS = (EquipoiseError, ArithmeticError, ValueError, MemoryError)
"""What the numbers of a draw can be to blame for: no game can be played with them, a matrix cannot be factorised."""


def solve_draw(parents: Parents, index: int, settings: Settings, records: Records) -> None:
    """Everything that is recorded of one draw, but for its numbers, filled into empty ``records`` of length one.

    What goes wrong is recorded as the draw's cause, and nothing is raised: a draw that fails is still a draw.
    """
    lot = parents.plan.lot(index)
    records["convention"][0] = parents.plan.conventions.index(lot.convention)
    records["status"][0] = DrawStatus.FAILED
    try:
        solved = solve_cases(parents, lot, index, settings, cold=False)
        judge_cases(records, parents, solved)
    except FAULTS as fault:
        records["status"][0], records["verdict"][0] = DrawStatus.FAILED, DrawVerdict.FAILED
        records["cause"][0] = _cause(fault)
        return
    if lot.cold:
        try:
            _compare(records, parents, lot, index, settings, solved)
        except FAULTS:
            records["cold"][0] = Cold.FAILED


@dataclass(frozen=True, eq=False)
class Solved:
    """The cases of a draw."""

    solutions: Solutions
    reached: tuple[int, ...]
    """`Reached` of every case."""
    causes: tuple[str, ...]
    """Why cases have no certified equilibrium, those that have none."""


def solve_cases(parents: Parents, lot: Lot, index: int, settings: Settings, *, cold: bool) -> Solved:
    """Every case at a draw's numbers, the scenario as written first; from full noise if ``cold``.

    Raises:
        EquipoiseError: the scenario as written has no certified equilibrium; its edits would be no easier.
    """
    convention = lot.convention
    solutions: dict[Case, Solution] = {}
    before = after = None
    for parent in parents.all:
        game = _game(parent, settings)
        near = None if cold else _near(parent, Equations(game, convention), before, after)
        equilibrium = _equilibrium(game, convention, near, parents.plan.most_steps)
        if parent.case.as_written:
            if not equilibrium.certified:
                raise EquipoiseError(_failure(parent.case, equilibrium))
            if lot.random_start and not cold:
                equilibrium = next(iter(others(equilibrium, starts=TRIES, seed=index)), equilibrium)
            before, after = parent.values[convention], equilibrium.value
        chain = induced_chain(game, induced_rates(game, equilibrium.policy))
        solutions[parent.case] = Solution(parent.case, parent.scenario, game, equilibrium, chain)
    return Solved(
        Solutions(parents.plan.scenario, convention, solved=solutions, split=False),
        tuple(REACHED[s.equilibrium.branch] if s.equilibrium.certified else 0 for s in solutions.values()),
        tuple(_failure(case, s.equilibrium) for case, s in solutions.items() if not s.equilibrium.certified),
    )


def _game(parent: Parent, settings: Settings) -> Game:
    """The case's game at the draw's numbers; what the case itself sets stands."""
    return parent.game.with_parameters({k: value for k, value in settings.items() if k not in parent.pinned})


def _near(parent: Parent, equations: Equations, before: Floats | None, after: Floats | None) -> Floats | None:
    """V (S, N) of an equilibrium, from the first guess that leads to one."""
    for guess in _guesses(parent, equations, before, after):
        value, arrived = settle(equations, guess, QUICK, most_rounds=ROUNDS)
        if arrived:
            return value
    return None


def _guesses(parent: Parent, equations: Equations, before: Floats | None, after: Floats | None) -> Iterator[Floats]:
    """Where to start from.

    For the scenario as written what everybody does in the parent; for another case the parent's, shifted by what the
    draw did to the scenario as written, then that itself.
    """
    value = parent.values[equations.convention]
    if value is None:
        return
    if after is None:
        yield policy_value(equations, parent.policies[equations.convention])
        return
    if before is not None:
        yield shifted(value, parent.states, before, after)
    yield carried(value, parent.states, after)


def _equilibrium(game: Game, convention: Convention, near: Floats | None, most_steps: int) -> Equilibrium:
    """The equilibrium near a V if there is one, else that of the curve from full noise."""
    return solve(
        game,
        convention=convention,
        start=near,
        most_steps=most_steps,
        most_stumbles=STUMBLES,
        most_falls=1 if game.n_states > LARGE else 4,
        best_response=False,
    )


def judge_cases(records: Records, parents: Parents, solved: Solved) -> None:
    """Fill in what the cases come to: verdicts, margins, headline measures, status."""
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


def _compare(records: Records, parents: Parents, lot: Lot, index: int, settings: Settings, warm: Solved) -> None:
    """Solve the draw again from full noise, and say whether it comes to the same."""
    cold = solve_cases(parents, lot, index, settings, cold=True)
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


def _failure(case: Case, equilibrium: Equilibrium) -> str:
    return f"{case}: {equilibrium.cause or equilibrium.certificate.reason}"


def _cause(fault: BaseException) -> str:
    told = str(fault) if isinstance(fault, EquipoiseError) else f"{type(fault).__name__}: {fault}"
    return " ".join(told.split())[:500]
