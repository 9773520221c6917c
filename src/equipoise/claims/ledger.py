"""What each actor gets and pays: felt value by payoff term, case by case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from equipoise.claims.cases import Case
from equipoise.claims.solutions import Solutions
from equipoise.outlook.value import split
from equipoise.scenario.claims import AS_WRITTEN
from equipoise.scenario.models import Scenario
from equipoise.scenario.phrases import words
from equipoise.scenario.uses import terms


@dataclass(frozen=True)
class Entry:
    """One payoff term of one actor."""

    name: str
    """Term, move that costs, or outcome."""
    source: str
    """`flow`, `outcome`, `impact` or `cost`."""
    about: str
    """What it stands for, in words."""
    value: Mapping[str, float]
    """By case, its part of the felt value, util."""


@dataclass(frozen=True)
class Account:
    """What one actor gets and pays from one start."""

    actor: str
    total: Mapping[str, float]
    """By case, felt value, util."""
    noise: Mapping[str, float]
    """By case, what the noise convention adds to it, util."""
    entries: tuple[Entry, ...]
    """The parts, those that differ most between cases first; they sum to the total."""


@dataclass(frozen=True)
class Ledger:
    """Accounts of every actor from one start, in the scenario as written and in each variant."""

    start: str
    cases: tuple[str, ...]
    accounts: tuple[Account, ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain data; the form is described in docs/json.md."""
        return {
            "start": self.start,
            "cases": list(self.cases),
            "accounts": [
                {
                    "actor": account.actor,
                    "total": dict(account.total),
                    "noise_account": dict(account.noise),
                    "entries": [vars(entry) for entry in account.entries],
                }
                for account in self.accounts
            ],
        }


def ledger(solutions: Solutions, start: str, variants: Sequence[str] = ()) -> Ledger:
    """The accounts from a start in the scenario as written and in some variants, all of them if none is named.

    Variants in which the start is impossible or whose equilibrium is not certified are left out.
    """
    scenario = solutions.scenario
    cases = [Case(), *(Case(name) for name in (variants or scenario.variants))]
    solved = [
        (case, solutions[case])
        for case in cases
        if start in solutions[case].scenario.initial and solutions[case].equilibrium.certified
    ]
    about = _about(scenario)
    parts: dict[tuple[str, str], dict[str, tuple[float, ...]]] = {}
    for case, solution in solved:
        for part in split(solution.chain, solution.game, solution.game.starts[start]).parts:
            own = parts.setdefault((part.name, part.source), {})
            own[case.variant] = tuple(a + b for a, b in zip(own.get(case.variant, _NONE), part.value, strict=False))
    names = [case.variant for case, _ in solved]
    accounts = []
    for i, actor in enumerate(solutions[Case()].game.actors):
        entries = [
            Entry(name, source, about.get(name, words(name)), {case: by.get(case, _NONE)[i] for case in names})
            for (name, source), by in parts.items()
        ]
        kept = [entry for entry in entries if any(abs(value) > 1e-9 for value in entry.value.values())]
        states = {case.variant: solution.game.starts[start] for case, solution in solved}
        felt = {case.variant: float(s.equilibrium.felt[states[case.variant], i]) for case, s in solved}
        noise = {case.variant: float(s.equilibrium.noise_account[states[case.variant], i]) for case, s in solved}
        accounts.append(Account(actor, felt, noise, tuple(sorted(kept, key=_weight, reverse=True))))
    return Ledger(start, tuple(names), tuple(accounts))


_NONE = (0.0,) * 99
"""A part that a case does not have."""


def _weight(entry: Entry) -> float:
    """How much a part differs between the scenario as written and the other cases, or how large it is."""
    own = entry.value.get(AS_WRITTEN, 0.0)
    return max((abs(value - own) for value in entry.value.values()), default=0.0) + 1e-3 * abs(own)


def _about(scenario: Scenario) -> dict[str, str]:
    """What every term and every move is, in words: its own text, its parameter's, or the move's."""
    told: dict[str, str] = {}
    for _, term, _ in terms(scenario):
        parameter = scenario.parameters.get(str(term.parameter))
        name = term.id or str(term.parameter)
        told.setdefault(name, term.about or (parameter.about if parameter else None) or words(name))
    for move in scenario.moves:
        told.setdefault(move.id, f"the cost of: {move.about or words(move.id)}")
    return told
