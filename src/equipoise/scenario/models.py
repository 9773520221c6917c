"""What an analyst writes: the frozen models of the scenario language.

The schema is the manual: the docstring under each attribute is the text of the language
reference and of the JSON Schema. Only shapes are checked here; whether names resolve, units
fit and levels exist is for `equipoise.scenario.checks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from equipoise.scenario.claims import Claim as Claim
from equipoise.scenario.kinds import (
    Changes,
    Flag,
    Level,
    Name,
    Names,
    Number,
    Prose,
    Ref,
    SomeNames,
    Text,
    Years,
    shorthand,
    wrong,
)
from equipoise.scenario.kinds import Condition as Condition
from equipoise.scenario.kinds import Conjunction as Conjunction
from equipoise.scenario.kinds import FrozenDict as FrozenDict
from equipoise.scenario.kinds import Model as Model
from equipoise.scenario.priors import Correlation as Correlation
from equipoise.scenario.priors import Ordering as Ordering
from equipoise.scenario.priors import Prior as Prior


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


class Preference(Model):
    """One thing an actor wants, for the ordinal reading of a scenario: exactly one of its keys beside `about`."""

    when: Condition | None = None
    """Condition that should hold."""
    ends: SomeNames | None = None
    """Outcomes of which one should have come."""
    avoids: SomeNames | None = None
    """Outcomes of which none should have come."""
    about: Prose | None = None
    """Why."""

    @model_validator(mode="after")
    def _one_kind(self) -> Preference:
        given = [key for key in ("when", "ends", "avoids") if getattr(self, key) is not None]
        if len(given) != 1:
            raise wrong(" and ".join(given) or "no preference", "exactly one of `when`, `ends` and `avoids`")
        return self


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
    tempo: Annotated[Tempo, BeforeValidator(shorthand("rate"), json_schema_input_type=Ref | Tempo)]
    """Parameter (unit `1/year`), or `{rate: parameter, times: [...]}`."""
    noise: Annotated[Noise, BeforeValidator(shorthand("scale"), json_schema_input_type=Ref | Noise)]
    """Parameter (unit `util`), or `{scale: parameter, times: [...]}`."""
    preferences: tuple[Preference, ...] = ()
    """What it wants, most important first, for the ordinal reading; its flow and outcome values rank, if left out."""


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
    actor: SomeNames
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
            raise wrong(found, "one of `cost: parameter` and `gain: parameter`")
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


Unit = Literal["util", "util/year", "1/year", "ratio", "weight"]


class Parameter(Model):
    """A number with a name, a unit and a source."""

    value: Number
    """The scenario's own number."""
    range: tuple[Number, Number] | None = None
    """Least and greatest admissible value; drawn evenly on a scale of ratios if the least is above 0, evenly if not."""
    prior: Prior | None = None
    """What is known of it as a distribution, instead of a range or cut off at its ends."""
    unit: Unit
    """`util` (felt once), `util/year` (felt per year), `1/year` (rate), `ratio` (multiplier), `weight` (share)."""
    about: Prose | None = None
    """What it measures."""
    source: Text
    """Key (or comma-separated keys) of `sources`, or the words `analyst's judgement`."""

    @property
    def support(self) -> tuple[float, float]:
        """Least and greatest value that it may be drawn as; its own value twice if nothing is said of it."""
        if self.prior is None:
            return self.range or (self.value, self.value)
        low, high = self.prior.support
        least, greatest = self.range or (low, high)
        return max(low, least), min(high, greatest)

    @property
    def varies(self) -> bool:
        """Whether more than one value is admissible."""
        low, high = self.support
        return low < high


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
            raise wrong(f"{' and '.join(given)} together", "one of set, end and then; branches with weights under then")
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
    facet: Flag = False
    """Whether it is a facet of situations that only claims speak of, not shown among the regimes of tables and maps."""


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
    start: Annotated[Mapping[Name, Level], AfterValidator(FrozenDict)] = FrozenDict()
    """Levels in every start from which the system may move on."""
    set: Annotated[Mapping[Name, Number], AfterValidator(FrozenDict)] = FrozenDict()
    """Other values for parameters."""
    without: Names = ()
    """Ids of mechanisms removed: their multipliers 1, their terms 0, their moves and events dropped."""


class Scenario(Model):
    """A regional security system, as its analyst describes it."""

    equipoise: Literal[1] = 1
    """Version of the language."""
    title: Text
    """Title in reports."""
    about: Prose | None = None
    """What the model is of, and whose argument it states."""
    horizon: Years = 10.0
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
    orderings: tuple[Ordering, ...] = ()
    """Parameters known to rise from one to the next."""
    correlations: tuple[Correlation, ...] = ()
    """Parameters known to go together."""
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
    def shown(self) -> dict[str, Regime]:
        """The regimes that tables and maps show: all but facets."""
        return {name: regime for name, regime in self.regimes.items() if not regime.facet}

    @property
    def steps(self) -> tuple[Move | Event, ...]:
        """Moves, then events."""
        return (*self.moves, *self.events)
