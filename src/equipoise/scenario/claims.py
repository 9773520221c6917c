"""What an argument claims, and the tests that decide it, in the scenario's own terms.

A test is one measure and one thing said about it: a threshold, a comparison of variants or starts, a rise or fall, a
ranking, a need; or several such tests together. There is no arithmetic. Whether names, levels and units fit is for
`rules.claims`; whether a test is fair is for `rules.fairness`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StrictFloat, StrictInt, model_validator

from equipoise.errors import told
from equipoise.scenario.kinds import (
    YEARS,
    FrozenDict,
    Level,
    Model,
    Name,
    Names,
    Number,
    Prose,
    SomeNames,
    Text,
    Years,
    YearsText,
    listed,
    parse_years,
    shorthand,
    wrong,
)

AS_WRITTEN = "as-written"
"""The scenario without any variant's edits."""
ANY = "any"
"""All outcomes together."""
MeasureUnit = Literal["chance", "share", "1/year", "times", "count", "years", "util"]


def _bound(value: Any) -> Any:
    """A number, or a time such as ``3 years``, kept as it was said."""
    if isinstance(value, str) and re.fullmatch(YEARS, value[:80].strip()):
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not abs(value) < 1e15:
            raise wrong(told(value), "a finite number of ordinary size")
        return float(value)
    raise wrong(told(value), "a number, or a time such as '3 years'")


Bound = Annotated[float | str, BeforeValidator(_bound, json_schema_input_type=StrictInt | StrictFloat | YearsText)]
"""A number in the unit of the measure; a time says its unit: ``3 years``."""


class Measure(Model):
    """A number that follows from the solved scenario: exactly one of its kinds, with the options that the kind has."""

    risk: SomeNames | None = None
    """Chance that one of these outcomes comes (`any`: whichever); options `within`, `by`, `through`, `avoiding`."""
    eventually: SomeNames | None = None
    """Chance that it ever ends in one of these outcomes, or in `any`."""
    hazard: SomeNames | None = None
    """Yearly rate of these outcomes, or of `any`, once none has come; options `at`, `inside`."""
    loss: SomeNames | None = None
    """What outcomes and impacts cost each of these actors, in util; option `within`."""
    value: SomeNames | None = None
    """Felt value of the future to each of these actors, in util."""
    frequency: SomeNames | None = None
    """How many times these moves and events happen, all together; option `within`."""
    occupancy: Name | None = None
    """Chance of being in this regime; option `at`."""
    time: Name | None = None
    """Years spent in this regime; option `within`."""
    dwell: Name | None = None
    """Years that a first visit to this regime lasts."""
    exits: Name | None = None
    """Share of first visits to this regime that end by the moves and events of `by`, or during the regime `during`."""
    settles: Name | None = None
    """Chance that this regime is reached before any outcome; options `within`, `avoiding`."""
    road: Name | None = None
    """Share of the ways to this regime that lead through the regime of `through`; option `within`."""
    unsanctioned: Name | None = None
    """How many improvements that lead out of this regime nothing deters, in the ordinal reading; option `concept`."""
    within: Years | None = None
    """Time that counts, e.g. `10 years`; the horizon if left out. For `settles` and `road`: ever, if left out."""
    at: Years | None = None
    """Moment that counts, e.g. `5 years`; the end of the horizon if left out."""
    by: Names = ()
    """Moves and events; of a risk those that bring the outcome, of exits those that end the visit."""
    through: Name | None = None
    """Regime that the way has passed."""
    avoiding: Name | None = None
    """Regime that the way has never passed."""
    inside: Name | None = None
    """Regime in which the system must then be."""
    during: Name | None = None
    """Regime in which the system also stood when the visit ended."""
    concept: Literal["Nash", "GMR", "SMR", "SEQ"] | None = None
    """Stability concept that says what deters; SEQ if left out."""

    @model_validator(mode="after")
    def _one_kind(self) -> Measure:
        kinds = [kind for kind in OPTIONS if getattr(self, kind) is not None]
        if len(kinds) != 1:
            raise wrong(" and ".join(kinds) or "no measure", f"exactly one of {', '.join(OPTIONS)}")
        allowed = OPTIONS[kinds[0]]
        for option in ("within", "at", "by", "through", "avoiding", "inside", "during", "concept"):
            if getattr(self, option) not in (None, ()) and option not in allowed:
                has = f"{kinds[0]} with {' and '.join(allowed)}, if anything" if allowed else f"{kinds[0]} alone"
                raise wrong(f"the option {option} with {kinds[0]}", has)
        if self.road is not None and self.through is None:
            raise wrong("road without `through`", "`through: regime`, which the way may have passed")
        if self.through is not None and self.avoiding is not None:
            raise wrong("through and avoiding together", "one of the two")
        return self

    @property
    def kind(self) -> str:
        """Which measure it is."""
        return next(kind for kind in OPTIONS if getattr(self, kind) is not None)

    @property
    def of(self) -> tuple[str, ...]:
        """What it is a measure of: outcomes, actors, moves and events, or one regime."""
        named = getattr(self, self.kind)
        return (named,) if isinstance(named, str) else tuple(named)

    @property
    def unit(self) -> MeasureUnit:
        """The unit of its number."""
        return UNITS[self.kind]


OPTIONS: dict[str, tuple[str, ...]] = {
    "risk": ("within", "by", "through", "avoiding"),
    "eventually": (),
    "hazard": ("at", "inside"),
    "loss": ("within",),
    "value": (),
    "frequency": ("within",),
    "occupancy": ("at",),
    "time": ("within",),
    "dwell": (),
    "exits": ("by", "during"),
    "settles": ("within", "avoiding"),
    "road": ("through", "within"),
    "unsanctioned": ("concept",),
}
"""The measures, each with the options that go with it."""
UNITS: dict[str, MeasureUnit] = {
    "risk": "chance",
    "eventually": "chance",
    "hazard": "1/year",
    "loss": "util",
    "value": "util",
    "frequency": "times",
    "occupancy": "chance",
    "time": "years",
    "dwell": "years",
    "exits": "share",
    "settles": "chance",
    "road": "share",
    "unsanctioned": "count",
}


class Side(Model):
    """One side of a comparison."""

    variant: Name = AS_WRITTEN
    """Variant whose edits are made, or `as-written`."""
    start: Name | None = None
    """Starting situation, where the difference between the sides is the start."""
    state: Annotated[Mapping[Name, Level], AfterValidator(FrozenDict)] = FrozenDict()
    """Levels in which the situation differs from that start, e.g. `{crisis: standoff}`."""

    @model_validator(mode="after")
    def _somewhere(self) -> Side:
        if self.state and self.start is None:
            raise wrong("state without start", "the `start` that it changes")
        return self


_side = shorthand("variant")
OneSide = Annotated[Side, BeforeValidator(_side, json_schema_input_type=Name | Side)]
Sides = Annotated[
    tuple[OneSide, ...],
    BeforeValidator(
        listed, json_schema_input_type=Name | Side | Annotated[tuple[Name | Side, ...], Field(min_length=1)]
    ),
]
"""A variant's name, a side, or a list of them."""


class Series(Model):
    """What is changed step by step: a parameter's value, the level at which a factor is pinned, or the variant."""

    parameter: Name | None = None
    """Parameter that takes the `values` in turn."""
    values: tuple[Number, ...] = ()
    """Its values in the order of the test; least, own and greatest value, if left out."""
    factor: Name | None = None
    """Factor that is pinned at the `levels` in turn."""
    levels: tuple[Level, ...] = ()
    """Its levels in the order of the test; all of an ordered factor, if left out."""
    variants: tuple[Name, ...] = ()
    """Variants in the order of the test, `as-written` among them if wanted."""

    @model_validator(mode="after")
    def _one_series(self) -> Series:
        given = [key for key in ("parameter", "factor", "variants") if getattr(self, key)]
        if len(given) != 1:
            raise wrong(" and ".join(given) or "nothing that changes", "exactly one of parameter, factor and variants")
        for key, of in (("values", "parameter"), ("levels", "factor")):
            if getattr(self, key) and of not in given:
                raise wrong(f"{key} without {of}", f"`{of}`, whose {key} they are")
        for key in ("values", "levels", "variants"):
            if len(getattr(self, key)) == 1:
                raise wrong(f"one of {key} only", "at least two of them")
        return self


_KINDS = ("above or below", "higher", "lower", "rising", "falling", "ranked", "needs", "all", "any")


class ClaimTest(Model):
    """A test on one measure, or several tests together. It must hold from every one of `starts`, for every actor."""

    measure: Measure | None = None
    """What is measured."""
    starts: Names = ()
    """Starting situations from which it must hold; every one of the scenario, if left out."""
    variant: Name = AS_WRITTEN
    """Variant in which a threshold, a ranking or a need is tested."""
    above: Bound | None = None
    """The measure is above this: a number in its unit, a time as `3 years`."""
    below: Bound | None = None
    """The measure is below this; with `above` too, it lies between the two."""
    higher: OneSide | None = None
    """Side on which the measure is higher `than` on the others."""
    lower: OneSide | None = None
    """Side on which the measure is lower `than` on the others."""
    than: Sides = ()
    """The other sides; it must be so against every one of them."""
    than_one_of: Sides = ()
    """The other sides; it must be so against at least one of them."""
    rising: Series | None = None
    """What makes the measure rise with every step."""
    falling: Series | None = None
    """What makes the measure fall with every step."""
    ranked: Annotated[Mapping[Name, SomeNames], AfterValidator(FrozenDict)] = FrozenDict()
    """Names for groups, that of the largest measure first: moves and events in the place of `by`, or, of exits, one
    regime in the place of `during`."""
    needs: Names = ()
    """Mechanisms without each of which the measure is no longer `above` the threshold."""
    margin: Bound = 0.0
    """Smallest difference that counts, in the unit of the measure; below it the test is unresolved."""
    all: tuple[ClaimTest, ...] = ()
    """Tests of which every one must hold."""
    any: tuple[ClaimTest, ...] = ()
    """Tests of which at least one must hold."""

    @model_validator(mode="after")
    def _one_kind(self) -> ClaimTest:
        kinds = self._kinds()
        if len(kinds) != 1:
            found = f"a test with {' and '.join(kinds) or 'nothing to decide'}"
            raise wrong(found, f"exactly one of {', '.join(_KINDS)}")
        if self.all or self.any:
            self._check_group()
        else:
            self._check_single(kinds[0])
        return self

    def _kinds(self) -> list[str]:
        kinds = [kind for kind in _KINDS[1:] if getattr(self, kind)]
        bounded = self.above is not None or self.below is not None
        return ["above or below", *kinds] if bounded and "needs" not in kinds else kinds

    def _check_group(self) -> None:
        if self.model_fields_set - {"all", "any"}:
            extra = sorted(self.model_fields_set - {"all", "any"})
            raise wrong(f"{' and '.join(extra)} beside all or any", "everything inside the tests of the list")
        if any(test.all or test.any for test in self.parts):
            raise wrong("all or any inside all or any", "single tests in the list")

    def _check_single(self, kind: str) -> None:
        if self.measure is None:
            raise wrong("a test without measure", "`measure: {risk: any, within: 10 years}`, say")
        compared = kind in ("higher", "lower")
        if compared != bool(self.than or self.than_one_of) or (self.than and self.than_one_of):
            found = f"{kind} without one of than and than_one_of" if compared else "than without higher or lower"
            raise wrong(found, "`lower: variant` with `than: variant`")
        if kind == "needs" and (self.above is None or self.below is not None):
            raise wrong("needs without above", "`above`, the threshold that is not passed without the mechanism")
        if self.variant != AS_WRITTEN and kind not in ("above or below", "ranked", "needs"):
            raise wrong(f"variant with {kind}", "the variants where they are compared")
        if kind == "ranked" and len(self.ranked) < 2:
            raise wrong("one group to rank", "at least two groups")

    @property
    def parts(self) -> tuple[ClaimTest, ...]:
        """The single tests it consists of."""
        return self.all or self.any or (self,)

    @property
    def sides(self) -> tuple[Side, ...]:
        """All sides of a comparison, that which is said to be higher or lower first."""
        first = self.higher or self.lower
        return (first, *(self.than or self.than_one_of)) if first is not None else ()

    @property
    def series(self) -> Series | None:
        """What is changed step by step."""
        return self.rising or self.falling


class Claim(Model):
    """One sentence of the argument, and the test that decides it."""

    id: Name
    """Its id."""
    says: Text
    """The sentence."""
    judges: Names = ()
    """Ids of the argument's results that it judges."""
    test: ClaimTest | None = None
    """The test on measures; a claim without one is listed and not judged."""
    source: Prose | None = None
    """Who says so."""


def amount(bound: float | str) -> float:
    """The number of a bound, without its unit."""
    return parse_years(bound) if isinstance(bound, str) else bound
