"""What a verdict is: the status of a claim, and the witnesses that it rests on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from equipoise.errors import Problem
from equipoise.scenario.claims import Claim, ClaimTest, MeasureUnit


class Status(StrEnum):
    """What a claim comes to at the scenario's own numbers."""

    HOLDS = "holds"
    FAILS = "fails"
    UNRESOLVED = "unresolved"
    """The numbers are closer than the margin, do not exist, or rest on no certified equilibrium."""
    REFUSED = "refused"
    """The test is unfair; no verdict would mean anything."""
    UNTESTED = "untested"
    """The claim has no test."""


@dataclass(frozen=True)
class Reading:
    """One number of a measure."""

    label: str
    """Case, start or group that it belongs to."""
    value: float
    """In the unit of the measure; nan if there is none."""


FAMILIAR = 0.1
"""Least share of known situations at which a difference is divided into what is assumed and what emerges."""


@dataclass(frozen=True)
class Difference:
    """A difference between two cases, split by what makes it."""

    one: str
    other: str
    total: float
    """The one less the other, in the unit of the measure."""
    assumed: float
    """The same if everybody went on as in the scenario as written: what the edits say by themselves."""
    emergent: float
    """What strategy adds: the rest."""
    known: float
    """Share of the horizon spent in situations that the scenario as written knows; in others own policies stand."""

    @property
    def divided(self) -> bool:
        """Whether the parts mean anything: nobody can go on as before where hardly any situation was known before."""
        return self.known >= FAMILIAR


@dataclass(frozen=True)
class Witness:
    """What one start, and one actor, says about a test."""

    start: str
    """Empty where the difference is the start."""
    actor: str
    """Empty where the measure is no actor's own."""
    readings: tuple[Reading, ...]
    lead: float
    """Smallest distance by which the numbers are on the claimed side, in the unit of the measure; negative if not."""
    status: Status
    differences: tuple[Difference, ...] = ()
    why: str = ""
    """Why it is unresolved."""


@dataclass(frozen=True)
class Finding:
    """What a single test comes to."""

    test: ClaimTest
    status: Status
    witnesses: tuple[Witness, ...]

    @property
    def unit(self) -> MeasureUnit:
        assert self.test.measure is not None  # single tests have one
        return self.test.measure.unit


@dataclass(frozen=True)
class Basis:
    """A solved case that a verdict rests on."""

    case: str
    branch: str
    """How its equilibrium was reached."""
    certified: bool
    states: int
    folds: int
    """Folds passed on the way from full noise."""


@dataclass(frozen=True)
class Challenge:
    """What the same claim comes to under another convention or in another equilibrium."""

    under: str
    status: Status


@dataclass(frozen=True)
class Verdict:
    """What a claim comes to at the scenario's own numbers."""

    claim: Claim
    status: Status
    convention: str
    findings: tuple[Finding, ...] = ()
    basis: tuple[Basis, ...] = ()
    reasons: tuple[Problem, ...] = ()
    """Why it was refused."""
    challenges: tuple[Challenge, ...] = ()
    """The same claim under the other conventions and in other equilibria, as far as they were asked for."""

    @property
    def contested(self) -> tuple[Challenge, ...]:
        """Where it comes to something else."""
        return tuple(challenge for challenge in self.challenges if challenge.status is not self.status)

    def to_dict(self) -> dict[str, Any]:
        """As plain data; the form is described in docs/json.md."""
        return {
            "id": self.claim.id,
            "says": self.claim.says,
            "judges": list(self.claim.judges),
            "status": self.status.value,
            "convention": self.convention,
            "findings": [_finding(finding) for finding in self.findings],
            "basis": [vars(basis) for basis in self.basis],
            "reasons": [{"found": reason.found, "right": reason.right} for reason in self.reasons],
            "challenges": [{"under": c.under, "status": c.status.value} for c in self.challenges],
        }


def every(statuses: Sequence[Status]) -> Status:
    """The status of something that needs all of them to hold."""
    if Status.FAILS in statuses:
        return Status.FAILS
    return Status.HOLDS if statuses and all(s is Status.HOLDS for s in statuses) else Status.UNRESOLVED


def some(statuses: Sequence[Status]) -> Status:
    """The status of something that needs one of them to hold."""
    if Status.HOLDS in statuses:
        return Status.HOLDS
    return Status.FAILS if statuses and all(s is Status.FAILS for s in statuses) else Status.UNRESOLVED


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "status": finding.status.value,
        "unit": finding.unit,
        "measure": finding.test.measure.model_dump(exclude_defaults=True) if finding.test.measure else None,
        "witnesses": [
            {
                "start": witness.start,
                "actor": witness.actor,
                "status": witness.status.value,
                "lead": _finite(witness.lead),
                "why": witness.why,
                "readings": [{"label": r.label, "value": _finite(r.value)} for r in witness.readings],
                "differences": [
                    {key: _finite(value) if isinstance(value, float) else value for key, value in vars(d).items()}
                    for d in witness.differences
                ],
            }
            for witness in finding.witnesses
        ],
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
