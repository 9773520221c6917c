"""What is recorded of every draw: names, dimensions, kinds and codes of the store's arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np

from equipoise.claims.cases import Case
from equipoise.claims.verdict import Status
from equipoise.ensemble.plan import Plan
from equipoise.equilibrium.solve import Branch


class DrawStatus(IntEnum):
    """How a draw ended."""

    MISSING = 0
    """Not done yet."""
    SOLVED = 1
    """Every case has a certified equilibrium."""
    PARTLY = 2
    """The scenario as written has one, but some case has not; claims that need that case have failed."""
    FAILED = 3
    """There is nothing to judge; the cause says why."""


class DrawVerdict(IntEnum):
    """What a claim came to in a draw."""

    MISSING = 0
    HOLDS = 1
    FAILS = 2
    UNRESOLVED = 3
    """Closer than the margin, or there is no such number."""
    REFUSED = 4
    """The test is unfair."""
    FAILED = 5
    """A case that it needs has no certified equilibrium."""


class Reached(IntEnum):
    """How the equilibrium of a case was reached."""

    NOT = 0
    PARENT = 1
    """Continued from the parent."""
    PRINCIPAL = 2
    """Cold: followed from full noise."""
    JUMPED = 3
    """Cold, but the curve was left on the way."""
    RANDOM = 4
    """From a random start, and it is another one than the parent's."""


class Cold(IntEnum):
    """What the cold solve of a draw says about it."""

    UNASKED = 0
    AGREES = 1
    DISAGREES = 2
    """V differs by more than a thousandth of the noise, or a verdict differs."""
    FAILED = 3
    """The cold solve itself found no principal equilibrium, so that it says nothing."""


VERDICTS = {
    Status.HOLDS: DrawVerdict.HOLDS,
    Status.FAILS: DrawVerdict.FAILS,
    Status.UNRESOLVED: DrawVerdict.UNRESOLVED,
    Status.REFUSED: DrawVerdict.REFUSED,
}
REACHED = {
    Branch.PRINCIPAL: Reached.PRINCIPAL,
    Branch.LATER: Reached.PRINCIPAL,
    Branch.NEIGHBOUR: Reached.PARENT,
    Branch.JUMPED: Reached.JUMPED,
    Branch.SEARCHED: Reached.RANDOM,
    Branch.NONE: Reached.NOT,
}


@dataclass(frozen=True)
class Field:
    """One array of the store; its first dimension is the draw."""

    name: str
    about: str
    kind: str
    """NumPy's name of its type, or `string`."""
    across: str | None = None
    """Second dimension."""
    codes: type[IntEnum] | None = None

    @property
    def fill(self) -> Any:
        """What stands for a draw that is not done."""
        return "" if self.kind == "string" else np.nan if self.kind == "float64" else 0

    def empty(self, count: int, width: int) -> Any:
        """Room for some draws, filled with what stands for none."""
        shape = (count,) if self.across is None else (count, width)
        return np.full(shape, self.fill, dtype=object if self.kind == "string" else self.kind)

    @property
    def attributes(self) -> dict[str, Any]:
        """What is written beside the array, codes in the form of the CF conventions."""
        told: dict[str, Any] = {"long_name": self.about}
        if self.codes is not None:
            told["flag_values"] = [int(code) for code in self.codes]
            told["flag_meanings"] = " ".join(code.name.lower() for code in self.codes)
        return told


FIELDS = (
    Field("quantile", "place of the drawn value in its parameter's own distribution", "float64", "parameter"),
    Field("value", "drawn value of the parameter, in its own unit", "float64", "parameter"),
    Field("convention", "noise convention, by its place in the attribute `conventions`", "int8"),
    Field("status", "how the draw ended", "int8", codes=DrawStatus),
    Field("cause", "why it failed, if it did", "string"),
    Field("reached", "how each case's equilibrium was reached", "int8", "case", Reached),
    Field("verdict", "what the claim came to", "int8", "claim", DrawVerdict),
    Field("margin", "least distance on the claim's side, in the measure's unit; negative if not", "float64", "claim"),
    Field("measure", "headline measure of the scenario as written", "float64", "headline"),
    Field("cold", "what the cold solve says", "int8", codes=Cold),
    Field("cold_distance", "greatest difference of V between warm and cold, in units of the noise", "float64"),
    Field("cold_verdict", "what the claim came to when solved cold", "int8", "claim", DrawVerdict),
)


@dataclass(frozen=True)
class Axes:
    """Names along the second dimensions of the arrays."""

    parameter: tuple[str, ...]
    case: tuple[str, ...]
    claim: tuple[str, ...]
    headline: tuple[str, ...]

    def width(self, field: Field) -> int:
        return 0 if field.across is None else len(getattr(self, field.across))

    @staticmethod
    def of(plan: Plan, cases: Sequence[Case]) -> Axes:
        """The axes of a plan whose claims need some cases."""
        scenario = plan.scenario
        return Axes(
            parameter=plan.design.parameters,
            case=tuple(map(str, cases)),
            claim=tuple(claim.id for claim in plan.judged),
            headline=tuple(f"{outcome} from {start}" for start in scenario.initial for outcome in scenario.outcomes),
        )


Records = dict[str, Any]
"""By name of the field, an array whose first axis is some draws in order."""


def empty(axes: Axes, count: int) -> Records:
    """Records of draws of which nothing is known yet."""
    return {field.name: field.empty(count, axes.width(field)) for field in FIELDS}
