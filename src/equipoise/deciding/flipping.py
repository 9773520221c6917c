"""What would flip a claim's verdict: cruxes of a scenario, found by the levers and confirmed by solving."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from equipoise.claims.cases import Case, cases_of
from equipoise.claims.gradients import Slopes, own_numbers
from equipoise.claims.judge import judge
from equipoise.claims.margins import Margin as Lead
from equipoise.claims.margins import margins
from equipoise.claims.solutions import Solution, Solutions
from equipoise.claims.verdict import Status, Verdict
from equipoise.deciding.classes import Floats
from equipoise.deciding.crux import Crux, Margin, cruxes
from equipoise.deciding.leads import decisive, sizes
from equipoise.deciding.premises import Premises
from equipoise.draws.distribution import distribution
from equipoise.equilibrium.equations import Equations
from equipoise.equilibrium.settle import QUICK, settle
from equipoise.equilibrium.solve import solve
from equipoise.errors import EquipoiseError, RequestError, no_such
from equipoise.outlook.chain import induced_chain, induced_rates
from equipoise.scenario.claims import Claim
from equipoise.scenario.models import Scenario
from equipoise.scenario.priors import pearson
from equipoise.scenario.variants import with_parameters

SINGLES = 4
"""Single premises that are tried."""
_MOST_STEPS = 100
"""Most steps along the curve from full noise where an equilibrium cannot be continued."""
_ROUNDS = 5
"""Of learning and elimination from the last point's equilibrium."""


@dataclass(frozen=True, eq=False)
class Confirmed:
    """A crux, and what the claim comes to there when everything is solved anew from full noise."""

    crux: Crux
    verdict: Verdict

    def holds_good(self, status: Status) -> bool:
        """Whether the verdict there is certified, and another one than the status."""
        certified = all(basis.certified for basis in self.verdict.basis)
        return certified and self.verdict.status is not status


@dataclass(frozen=True, eq=False)
class Flips:
    """What would flip one claim."""

    claim: Claim
    status: Status
    """At the scenario's own numbers."""
    premises: Premises
    found: tuple[Confirmed, ...]
    """Confirmed by solving; those with the fewest premises first, the nearest of them first."""
    unconfirmed: tuple[Confirmed, ...]
    """Points at which the continued equilibrium flips the verdict, but the principal one does not."""
    solved: int
    """Points that were solved on the way."""
    why: str = ""
    """Why nothing could be looked for."""

    @property
    def nearest(self) -> Confirmed | None:
        """The one at the smallest distance."""
        return min(self.found, key=lambda one: one.crux.distance, default=None)


def flips(
    claim: Claim,
    solutions: Solutions,
    *,
    premises: Premises | None = None,
    singles: int = SINGLES,
    progress: Callable[[str, float], None] | None = None,
) -> Flips:
    """The nearest changes of premises at which a claim's verdict is another one.

    From one that holds to one that fails, and from any other to one that holds. The margin that is followed is the
    smallest lead of the claim's witnesses (the greatest where one suffices), each in units of its own numbers, with its
    derivatives by the adjoint of the equilibrium; equilibria are continued from that of the last point. What is found
    is judged again in principal equilibria, solved from full noise: only what is another verdict there is taken.

    Args:
        claim: with a test that is fair.
        solutions: of the scenario at its own numbers.
        premises: what may change; every parameter that is not known, if left out.
        singles: premises that are tried alone.
        progress: told what is done, and how far it has come.
    """
    premises = premises or premises_of(solutions.scenario)
    verdict = judge(claim, solutions)
    nothing = Flips(claim, verdict.status, premises, (), (), 0)
    if verdict.status in (Status.REFUSED, Status.UNTESTED):
        return replace(nothing, why=f"the claim is {verdict.status.value}")
    if not all(basis.certified for basis in verdict.basis):
        return replace(nothing, why="some case has no certified equilibrium at the scenario's own numbers")
    tell = progress or (lambda stage, done: None)
    margin = ClaimMargin(claim, solutions, premises.names, fails=verdict.status is Status.HOLDS, tell=tell)
    try:
        found = cruxes(margin, premises, singles=singles)
    except RequestError as error:
        return replace(nothing, why=str(error))
    confirmed = []
    for k, crux in enumerate(found):
        tell(f"confirming {claim.id}", k / len(found))
        confirmed.append(Confirmed(crux, _anew(claim, solutions, premises, crux)))
    good = tuple(one for one in confirmed if one.holds_good(verdict.status))
    doubtful = tuple(one for one in confirmed if not one.holds_good(verdict.status))
    return replace(nothing, found=good, unconfirmed=doubtful, solved=margin.solved)


def premises_of(scenario: Scenario, names: Sequence[str] | None = None) -> Premises:
    """Every parameter of a scenario that is not known, or those of them that are named, with what is known of it.

    Parameters with a few possible values are left out: no derivative leads from one value to the next. Rank
    correlations count. Of an ordering each premise is held to the scenario's own values of its neighbours, so that no
    two of them pass each other however both move.

    Raises:
        RequestError: a named parameter does not vary, or nothing does.
    """
    varying = [
        name
        for name, parameter in scenario.parameters.items()
        if parameter.varies and not (parameter.prior and parameter.prior.discrete)
    ]
    for name in names or ():
        if name not in scenario.parameters:
            raise no_such("parameter", name, scenario.parameters)
        if name not in varying:
            right = "one with a range, or a prior that is not discrete"
            raise RequestError(f"parameter '{name}' does not vary continuously; right would be {right}")
    chosen = tuple(name for name in varying if names is None or name in names)
    if not chosen:
        raise RequestError("nothing varies; right would be a `range` or `prior` for the parameters that are not known")
    own = np.array([scenario.parameters[name].value for name in chosen])
    at = {name: k for k, name in enumerate(chosen)}
    correlation = np.eye(len(chosen))
    for one in scenario.correlations:
        if all(name in at for name in one.between):
            i, j = (at[name] for name in one.between)
            correlation[i, j] = correlation[j, i] = pearson(one.rank)
    least, greatest = np.full(len(chosen), -np.inf), np.full(len(chosen), np.inf)
    for low, high in (pair for ordering in scenario.orderings for pair in pairwise(ordering.rising)):
        if low in at:
            greatest[at[low]] = min(greatest[at[low]], scenario.parameters[high].value)
        if high in at:
            least[at[high]] = max(least[at[high]], scenario.parameters[low].value)
    known = tuple(distribution(name, scenario.parameters[name]) for name in chosen)
    tied = (correlation != np.eye(len(chosen))).any()
    return Premises(chosen, own, known, correlation if tied else None, least, greatest)


@dataclass(frozen=True, eq=False)
class Solved:
    """A margin where every case was solved."""

    number: float
    lead: Lead
    """The lead that decides there."""
    solutions: Solutions
    names: tuple[str, ...]
    unit: float
    """By which the lead is multiplied."""

    @cached_property
    def slopes(self) -> Floats:
        """(P,) derivatives by the parameters, by one transposed solve for each of the lead's numbers."""
        scenario = self.solutions.scenario
        found = self.lead.gradient(Slopes(scenario)).by_parameter
        at = {name: k for k, name in enumerate(scenario.parameters)}
        return self.unit * found[[at[name] for name in self.names]]


@dataclass(frozen=True, eq=False)
class Nowhere:
    """No margin: some case has no certified equilibrium, or there is no such number."""

    slopes: Floats
    number: float = math.nan


@dataclass(eq=False)
class ClaimMargin:
    """By how much a claim is on its present side, as a function of the parameters, with derivatives.

    Above 0 where it is as now: does not fail yet, or does not hold yet. In units of the sizes that the claim's numbers
    have at the scenario's own values, each for itself, so that different measures compare.
    """

    claim: Claim
    solutions: Solutions
    """At the scenario's own numbers."""
    names: Sequence[str]
    fails: bool
    """Whether failing is what it is followed to, or holding."""
    tell: Callable[[str, float], None] = lambda stage, done: None
    solved: int = 0
    _last: dict[Case, Solution] = field(default_factory=dict)
    _known: dict[bytes, Margin] = field(default_factory=dict)
    _units: tuple[float, ...] = ()

    def __call__(self, values: Floats) -> Margin:
        """The margin there; nan where some case has no certified equilibrium."""
        key = values.tobytes()
        if key not in self._known:
            self.tell(f"looking for what flips {self.claim.id}", 1 - 0.97**self.solved)
            self._known[key] = self._margin(values)
            self.solved += 1
        return self._known[key]

    def _margin(self, values: Floats) -> Margin:
        if not self._units:
            self._units = sizes(margins(self.claim, self.solutions))
            tests = self.claim.test.parts if self.claim.test else ()
            needed = {case for test in tests for case in cases_of(self.solutions.scenario, test)}
            solved = self.solutions.solved.items()
            self._last = {case: own for case, own in solved if replace(case, start=None) in needed}
        at = self._at(values)
        if at is None:
            return Nowhere(np.zeros(len(self.names)))
        sign = 1.0 if self.fails else -1.0
        number, lead, unit = decisive(self.claim, margins(self.claim, at), self._units, shift=sign)
        if math.isnan(number):
            return Nowhere(np.zeros(len(self.names)))
        return Solved(sign * number, lead, at, tuple(self.names), sign / unit)

    def _at(self, values: Floats) -> Solutions | None:
        """Every case at other numbers, its equilibrium continued from the last one; None if one cannot be certified."""
        scenario = self.solutions.scenario
        settings = {name: float(v) for name, v in zip(self.names, values, strict=True)}
        solved = {}
        for case, own in self._last.items():
            pinned = own_numbers(scenario, case)
            try:
                game = own.game.with_parameters({n: v for n, v in settings.items() if n not in pinned})
            except EquipoiseError:
                return None
            convention = self.solutions.convention
            near, arrived = settle(Equations(game, convention), own.equilibrium.value, QUICK, most_rounds=_ROUNDS)
            start = near if arrived else None
            equilibrium = solve(game, convention=convention, start=start, most_steps=_MOST_STEPS, best_response=False)
            if not equilibrium.certified:
                return None
            chain = induced_chain(game, induced_rates(game, equilibrium.policy))
            solved[case] = replace(own, game=game, equilibrium=equilibrium, chain=chain)
        self._last = solved
        return replace(self.solutions, solved=dict(solved), _frozen={})


def _anew(claim: Claim, solutions: Solutions, premises: Premises, crux: Crux) -> Verdict:
    """The verdict at a crux, solved from full noise."""
    moved = {premises.names[p]: float(crux.values[p]) for p in crux.moved}
    there = Solutions(with_parameters(solutions.scenario, moved), solutions.convention, most_steps=solutions.most_steps)
    return judge(claim, there)
