"""What an analyst writes: the frozen models of the scenario language.

The schema is the manual: the docstring under each attribute is the text of the language
reference and of the JSON Schema. Only shapes are checked here; whether names resolve, units
fit and levels exist is for `equipoise.scenario.checks`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isfinite
from typing import Annotated, Any, Literal, NoReturn, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from equipoise.errors import shown, told

_NAME = r"^[A-Za-z][A-Za-z0-9_-]*$"
_LEVEL = r"^[A-Za-z0-9][A-Za-z0-9_-]*$"

K = TypeVar("K")
V = TypeVar("V")


class FrozenDict(dict[K, V]):
    """A dict that refuses to change, so that a frozen model is frozen all the way down."""

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a scenario is frozen; build a changed copy instead")

    __setitem__ = __delitem__ = update = pop = popitem = clear = setdefault = _refuse
    __ior__ = _refuse

    def __reduce__(self) -> tuple[type, tuple[dict[K, V]]]:
        return (type(self), (dict(self),))


def _listed(value: Any) -> Any:
    """A lone entry means a list of one."""
    return [value] if isinstance(value, str | int | Mapping) else value


def _shorthand(key: str) -> BeforeValidator:
    return BeforeValidator(lambda value: value if isinstance(value, Mapping | BaseModel) else {key: value})


def _wrong(found: str, right: str) -> PydanticCustomError:
    return PydanticCustomError("wrong", "{found}; right would be: {right}", {"found": found, "right": right})


def _ref(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(_NAME, value[:81]):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value in (0, 1):
            return int(value)
        right = "the name of a parameter, so that the number has a unit and a source; only 0 and 1 may stand bare"
        raise _wrong(told(value), right)
    raise _wrong(told(value), "the name of a parameter, or 0 or 1")


def _level(value: Any) -> Any:
    """A level may look like a number; yes and no are names anyway."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _prose(text: str) -> str:
    """Without the line end that a block of prose in YAML carries along."""
    return _encodable(text).strip()


def _encodable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _wrong("half of a surrogate pair", "text that can be written to a file") from None
    return text


def _freeze(value: Any) -> Any:
    """Frozen all the way down, and nothing in it that a file could not say."""
    if isinstance(value, Mapping):
        if any(not isinstance(key, str) or len(key) > 80 for key in value):
            raise _wrong("a key that is no short text", "names as keys")
        return FrozenDict({_encodable(key): _freeze(item) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return tuple(_freeze(item) for item in value)
    if isinstance(value, int | float) and not (isfinite(value) and abs(value) < 1e15):
        raise _wrong(told(value), "a finite number of ordinary size")
    if not isinstance(value, str | int | float | None):
        raise _wrong(told(value), "text, numbers, true, false, lists and mappings")
    return _encodable(value) if isinstance(value, str) else value


Name = Annotated[str, Field(pattern=_NAME, max_length=80)]
Level = Annotated[str, Field(pattern=_LEVEL, max_length=80), BeforeValidator(_level)]
Prose = Annotated[str, AfterValidator(_prose)]
Text = Annotated[str, AfterValidator(_prose), Field(min_length=1, max_length=4000)]
Number = Annotated[float, Field(ge=0, strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Positive = Annotated[float, Field(gt=0, strict=True)]
Ref = Annotated[Name | Literal[0, 1], Field(union_mode="left_to_right"), BeforeValidator(_ref)]
"""A parameter's name, or the bare number 0 or 1 where nothing could be tuned."""
Names = Annotated[tuple[Name, ...], BeforeValidator(_listed)]
Levels = Annotated[tuple[Level, ...], BeforeValidator(_listed), Field(min_length=1)]
Conjunction = Annotated[Mapping[Name, Levels], AfterValidator(FrozenDict)]
Condition = Annotated[tuple[Conjunction, ...], BeforeValidator(_listed)]
"""A conjunction ``{factor: [levels]}``, or a list of them, of which one must hold; ``{}`` always holds,
and so does an empty list (a condition left out)."""


class Model(BaseModel):
    """Frozen, without unknown keys, described by the docstrings of its attributes."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False, strict=False
    )


class Source(Model):
    """Where a number or a fact comes from."""

    cite: Text
    """Author, title, year: enough to find it."""
    url: Prose | None = None
    """Address, if it has one."""
    note: Prose | None = None
    """What was read off it, and how."""


class Multiplier(Model):
    """A factor on a rate, cost, weight or payoff under a condition (proportional hazards)."""

    when: Condition
    """Condition under which it multiplies."""
    by: Ref
    """Parameter (unit `ratio`) to multiply by."""
    implements: Names = ()
    """Ids of the argument's mechanisms that this line expresses."""
    about: Prose | None = None
    """Why."""


Multipliers = tuple[Multiplier, ...]


class Tempo(Model):
    """How often an actor gets to decide."""

    rate: Ref
    """Parameter (unit `1/year`): Poisson rate of decision opportunities."""
    times: Multipliers = ()
    """Multipliers: decisions come faster in a crisis."""


class Noise(Model):
    """How inconsistently an actor chooses."""

    scale: Ref
    """Parameter (unit `util`): scale of the choice noise."""
    times: Multipliers = ()
    """Multipliers: misreading rises and falls with the situation."""


class Actor(Model):
    """Whoever decides: a government, a faction, a leader."""

    name: Prose | None = None
    """Name in reports; the key if left out."""
    about: Prose | None = None
    """Who this is and what it wants, in a sentence."""
    cow: Annotated[int, Field(strict=True, ge=1, le=999)] | None = None
    """Correlates of War country code."""
    discount: Ref
    """Parameter (unit `1/year`): discount rate."""
    tempo: Annotated[Tempo, _shorthand("rate")]
    """Parameter (unit `1/year`), or `{rate: parameter, times: [...]}`."""
    noise: Annotated[Noise, _shorthand("scale")]
    """Parameter (unit `util`), or `{scale: parameter, times: [...]}`."""


class Seat(Model):
    """An office whose sitter changes: the sitter moves, every contender feels the payoffs."""

    name: Prose | None = None
    """Name in reports; the key if left out."""
    factor: Name
    """Factor that says who sits."""
    sitters: Annotated[Mapping[Level, Name], AfterValidator(FrozenDict)]
    """For each level of that factor, the actor who then holds the office."""


class Factor(Model):
    """One aspect of the situation; a state picks one level of every factor."""

    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    """Its levels; from low to high if ordered."""
    ordered: Flag = False
    """Whether the levels form a scale, so that moves may set `up` and `down`."""
    of: Name | None = None
    """Actor whose attribute this is."""
    about: Prose | None = None
    """What it describes."""
    meaning: Annotated[Mapping[Level, Prose], AfterValidator(FrozenDict)] = FrozenDict()
    """For each level a phrase for plain-English texts, e.g. `open: Washington threatens openly`."""


class Term(Model):
    """One thing that counts for an actor: a payoff, an impact, or part of an outcome's value."""

    id: Name | None = None
    """Id, if another file wants to replace or remove the term; the parameter names it otherwise."""
    actor: Annotated[Names, Field(min_length=1)]
    """Actor, list of actors, a seat (all its contenders) or `everyone`."""
    when: Condition = ()
    """Condition under which it counts; always, if left out."""
    cost: Ref | None = None
    """Parameter by which the actor is worse off."""
    gain: Ref | None = None
    """Parameter by which the actor is better off."""
    times: Multipliers = ()
    """Multipliers on it."""
    implements: Names = ()
    """Ids of the argument's mechanisms that this line expresses."""
    about: Prose | None = None
    """Why."""

    @model_validator(mode="after")
    def _one_sign(self) -> Term:
        if (self.cost is None) == (self.gain is None):
            found = "neither cost nor gain" if self.cost is None else "both cost and gain"
            raise _wrong(found, "one of `cost: parameter` and `gain: parameter`")
        return self

    @property
    def parameter(self) -> str | int:
        """The parameter that counts, whichever its sign."""
        return self.gain if self.cost is None else self.cost  # type: ignore[return-value]


class Outcome(Model):
    """An absorbing end, such as a war; its worth is judged in the state that is left."""

    name: Prose | None = None
    """Name in reports; the key if left out."""
    about: Prose | None = None
    """What it is."""
    value: tuple[Term, ...] = ()
    """Terms (unit `util`), with conditions on the state that is left."""


class LogNormal(Model):
    """A positive number known up to a factor."""

    median: Positive
    """Half the weight lies below."""
    p90: Positive
    """Nine tenths of the weight lie below."""


class Interval(Model):
    """Two ends."""

    low: Number
    """Least value."""
    high: Number
    """Greatest value."""


class EventCount(Model):
    """A rate seen as a number of events in a time: Gamma(events + 1/2, years), Jeffreys' posterior."""

    events: Number
    """Events seen."""
    years: Positive
    """Years watched."""


class Trials(Model):
    """A chance seen as successes and failures: Beta(successes + 1/2, failures + 1/2), Jeffreys' posterior."""

    successes: Number
    """Successes seen."""
    failures: Number
    """Failures seen."""


class Prior(Model):
    """What is known of a parameter: exactly one of the forms."""

    lognormal: LogNormal | None = None
    """`{median, p90}`."""
    uniform: Interval | None = None
    """`{low, high}`."""
    loguniform: Interval | None = None
    """`{low, high}`, both above 0."""
    gamma: EventCount | None = None
    """`{events, years}`."""
    beta: Trials | None = None
    """`{successes, failures}`."""

    @model_validator(mode="after")
    def _one_form(self) -> Prior:
        given = [form for form in type(self).model_fields if getattr(self, form) is not None]
        if len(given) != 1:
            right = "exactly one of the forms lognormal, uniform, loguniform, gamma, beta"
            raise _wrong(f"{' and '.join(given) or 'an empty prior'}", right)
        return self


Unit = Literal["util", "util/year", "1/year", "ratio", "weight"]


class Parameter(Model):
    """A number with a name, a unit and a source."""

    value: Number
    """The scenario's own number."""
    range: tuple[Number, Number] | None = None
    """Least and greatest admissible value."""
    prior: Prior | None = None
    """What is known of it as a distribution, instead of a range or cut off at its ends."""
    unit: Unit
    """`util` (felt once), `util/year` (felt per year), `1/year` (rate), `ratio` (multiplier), `weight` (share)."""
    about: Prose | None = None
    """What it measures."""
    source: Text
    """Key (or comma-separated keys) of `sources`, or the words `analyst's judgement`."""


Changes = Annotated[Mapping[Name, Level], AfterValidator(FrozenDict)]


class Branch(Model):
    """One of several things that a move or event may lead to."""

    weight: Ref
    """Parameter (unit `weight`); the weights of all branches are normalised to sum to one."""
    times: Multipliers = ()
    """Multipliers on the weight."""
    set: Changes = FrozenDict()
    """Factors that change: to a level, or `up` or `down` on an ordered factor."""
    end: Name | None = None
    """Outcome in which the system ends."""
    impact: tuple[Term, ...] = ()
    """Terms (unit `util`) felt once if this branch happens."""
    about: Prose | None = None
    """What it stands for."""


class _Step(Model):
    """What moves and events share."""

    id: Name
    """Its name, unique among moves and events."""
    about: Prose | None = None
    """A verb phrase for plain-English texts, e.g. `threatens North Korea openly`."""
    when: Condition = ()
    """Condition under which it is possible; always, if left out."""
    set: Changes = FrozenDict()
    """Factors that change: to a level, or `up` or `down` on an ordered factor."""
    end: Name | None = None
    """Outcome in which the system ends."""
    then: tuple[Branch, ...] = ()
    """Branches with weights, instead of `set` or `end`."""
    impact: tuple[Term, ...] = ()
    """Terms (unit `util`) felt once when it happens, whoever caused it."""
    implements: Names = ()
    """Ids of the argument's mechanisms that this line expresses."""
    dropped: Annotated[bool, Field(exclude=True)] = False
    """Set by variants, never written: it cannot happen, and its reference mass goes to hold."""

    @model_validator(mode="after")
    def _one_effect(self) -> _Step:
        given = [key for key in ("set", "end", "then") if getattr(self, key)]
        if len(given) > 1:
            raise _wrong(
                f"{' and '.join(given)} together", "one of set, end and then; branches with weights under then"
            )
        return self

    @property
    def branches(self) -> tuple[Branch, ...]:
        """The branches, a lone effect as the only one."""
        return self.then or (Branch(weight=1, set=self.set, end=self.end),)


class Move(_Step):
    """What an actor may do; `hold` (change nothing) is always possible and is never written."""

    actor: Name
    """Actor, or seat (its sitter moves)."""
    cost: Ref = 0
    """Parameter (unit `util`) paid once by the mover; nothing, if left out."""
    times: Multipliers = ()
    """Multipliers on the cost."""
    family: Name | None = None
    """Moves of one family count once in the reference; each is its own family if left out."""
    repeatable: Flag = False
    """Offered although it changes nothing, because its impact is the point."""


class Event(_Step):
    """A thing that happens and that nobody chooses."""

    rate: Ref
    """Parameter (unit `1/year`): Poisson rate."""
    times: Multipliers = ()
    """Multipliers on the rate."""


class Regime(Model):
    """A named condition the analyst talks about: institutions, not their consequences."""

    about: Prose | None = None
    """What it is."""
    when: Condition
    """States that belong to it."""


class Reason(Model):
    """Why a factor stands at its level in a starting situation."""

    says: Text
    """The dated fact."""
    source: Text
    """Key of `sources`, or `analyst's judgement`."""


class Situation(Model):
    """A starting situation: one level for every factor."""

    about: Prose | None = None
    """When, and what had just happened."""
    state: Annotated[Mapping[Name, Level], AfterValidator(FrozenDict)]
    """Level of every factor."""
    because: Annotated[Mapping[Name, Reason], AfterValidator(FrozenDict)] = FrozenDict()
    """For a factor, the fact that justifies its level."""


class Variant(Model):
    """A named edit of the scenario."""

    about: Text
    """What is different, and why one would ask."""
    drop: Names = ()
    """Ids of moves and events that cannot happen; their reference mass goes to hold."""
    pin: Annotated[Mapping[Name, Level], AfterValidator(FrozenDict)] = FrozenDict()
    """Factors held at a level throughout, in the start too."""
    set: Annotated[Mapping[Name, Number], AfterValidator(FrozenDict)] = FrozenDict()
    """Other values for parameters."""
    without: Names = ()
    """Ids of mechanisms removed: their multipliers 1, their terms 0, their moves and events dropped."""


class Claim(Model):
    """One sentence of the argument, and the test that decides it."""

    id: Name
    """Its id."""
    says: Text
    """The sentence."""
    judges: Names = ()
    """Ids of the argument's results that it judges."""
    test: Annotated[Mapping[str, Any], AfterValidator(_freeze)] = FrozenDict()
    """The test on measures."""
    source: Prose | None = None
    """Who says so."""


def _years(text: Any) -> Any:
    if isinstance(text, str):
        match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?) years?", text[:80].strip())
        if not match:
            raise _wrong(f"the text {shown(text)}", "a time in years, such as '10 years'")
        return float(match[1])
    return text


class Scenario(Model):
    """A regional security system, as its analyst describes it."""

    equipoise: Literal[1] = 1
    """Version of the language."""
    title: Text
    """Title in reports."""
    about: Prose | None = None
    """What the model is of, and whose argument it states."""
    horizon: Annotated[float, BeforeValidator(_years), Field(gt=0, le=1000, strict=True)] = 10.0
    """Time over which risks are reported, e.g. `10 years`."""
    argument: Annotated[Mapping[Name, Text], AfterValidator(FrozenDict)] = FrozenDict()
    """Ids of the argument's mechanisms and results, each with its sentence; `implements` and `judges` cite them."""
    sources: Annotated[Mapping[Name, Source], AfterValidator(FrozenDict)] = FrozenDict()
    """Sources, cited by key."""
    actors: Annotated[Mapping[Name, Actor], AfterValidator(FrozenDict), Field(min_length=1)]
    """Whoever decides."""
    seats: Annotated[Mapping[Name, Seat], AfterValidator(FrozenDict)] = FrozenDict()
    """Offices whose sitter changes."""
    factors: Annotated[Mapping[Name, Factor], AfterValidator(FrozenDict), Field(min_length=1)]
    """The aspects of the situation."""
    impossible: Condition = ()
    """Combinations of levels that cannot occur."""
    outcomes: Annotated[Mapping[Name, Outcome], AfterValidator(FrozenDict)] = FrozenDict()
    """Absorbing ends."""
    parameters: Annotated[Mapping[Name, Parameter], AfterValidator(FrozenDict)] = FrozenDict()
    """Every number, once."""
    moves: tuple[Move, ...] = ()
    """What actors may do."""
    events: tuple[Event, ...] = ()
    """What nobody chooses."""
    payoffs: tuple[Term, ...] = ()
    """Flow payoffs (unit `util/year`), felt while the system is in a state."""
    regimes: Annotated[Mapping[Name, Regime], AfterValidator(FrozenDict)] = FrozenDict()
    """Named conditions."""
    initial: Annotated[Mapping[Name, Situation], AfterValidator(FrozenDict), Field(min_length=1)]
    """Starting situations; the first is the default."""
    variants: Annotated[Mapping[Name, Variant], AfterValidator(FrozenDict)] = FrozenDict()
    """Named edits to compare."""
    claims: tuple[Claim, ...] = ()
    """The argument's claims."""

    @property
    def steps(self) -> tuple[Move | Event, ...]:
        """Moves, then events."""
        return (*self.moves, *self.events)
