"""A scenario told back in plain English, so that an expert who reads no YAML can object to a line."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from equipoise.scenario.claim_english import tell_test
from equipoise.scenario.models import (
    Actor,
    Branch,
    Condition,
    Correlation,
    Event,
    Move,
    Multiplier,
    Ordering,
    Parameter,
    Preference,
    Scenario,
    Term,
    Variant,
)
from equipoise.scenario.phrases import how_often, listed, number, percent, sentence, span, words
from equipoise.scenario.prior_english import tell_correlation, tell_ordering, tell_prior


@dataclass(frozen=True)
class Section:
    """A heading and the statements under it; a statement is one or more sentences that stand together."""

    title: str
    lines: tuple[str, ...]


def tell(scenario: Scenario) -> tuple[Section, ...]:
    """The whole model as sections of sentences, in the order in which one would explain it; empty ones left out."""
    teller = _Teller(scenario)
    told = (
        ("What this is", teller.overview()),
        ("What is argued", teller.argument()),
        ("Who decides", teller.actors()),
        ("What the situation consists of", teller.factors()),
        ("How it can end", teller.outcomes()),
        ("What each may do", teller.moves()),
        ("What happens without anybody choosing it", teller.events()),
        ("What each feels while a situation lasts", teller.payoffs()),
        ("What the analyst calls by name", teller.regimes()),
        ("Where it starts", teller.starts()),
        ("What else is asked", teller.variants()),
        ("What is claimed", teller.claims()),
        ("Where the numbers come from", teller.parameters()),
    )
    return tuple(Section(title, lines) for title, given in told if (lines := tuple(given)))


def tell_step(scenario: Scenario, step: Move | Event) -> str:
    """What a move or event is, without its conditions: ``America votes``."""
    about = step.about or words(step.id)
    return sentence(f"{_Teller(scenario).who(step.actor)} {about}" if isinstance(step, Move) else about)


def tell_term(scenario: Scenario, term: Term, unit: str) -> str:
    """What a term says: ``China loses 0.3 util [squeeze_risk] when beijing is squeezing``."""
    return sentence(_Teller(scenario).term(term, "util a year" if unit == "util/year" else unit))


def tell_multiplier(scenario: Scenario, multiplier: Multiplier) -> str:
    """What a multiplier says: ``0.7 times [shield] when arsenal is regional``."""
    return sentence(_Teller(scenario).multiplier(multiplier, ""))


@dataclass(frozen=True)
class _Teller:
    scenario: Scenario

    def overview(self) -> Iterator[str]:
        s = self.scenario
        yield sentence(s.title) + (f" {sentence(s.about)}" if s.about else "")
        counts = (
            (len(s.actors), "actor"),
            (len(s.factors), "aspect of the situation", "aspects of the situation"),
            (len(s.moves), "thing somebody may do", "things somebody may do"),
            (len(s.events), "thing that may happen by itself", "things that may happen by themselves"),
            (len(s.outcomes), "way to end", "ways to end"),
        )
        yield sentence(f"there are {listed([_count(*count) for count in counts])}")
        yield f"Risks are reported over {span(s.horizon)}."
        yield (
            "Everybody sees the situation, nobody has private information, and nobody can bind himself for later. "
            "Likes and dislikes are measured in utils, of which only differences within one actor mean anything."
        )

    def argument(self) -> Iterator[str]:
        yield from (f"[{key}] {sentence(text)}" for key, text in self.scenario.argument.items())

    def actors(self) -> Iterator[str]:
        for key, actor in self.scenario.actors.items():
            yield _joined(self._actor(key, actor))
        for key, seat in self.scenario.seats.items():
            held = listed([f"by {self.who(who)} while {seat.factor} is {level}" for level, who in seat.sitters.items()])
            yield sentence(
                f"{seat.name or words(key)} is an office, held {held}; whoever holds it moves, "
                "and all contenders feel what happens at all times"
            )

    def factors(self) -> Iterator[str]:
        for key, factor in self.scenario.factors.items():
            owner = f" (of {self.who(factor.of)})" if factor.of else ""
            order = "from low to high " if factor.ordered else ""
            phrases = [factor.meaning.get(level) for level in factor.levels]
            meant = [
                f"{level} ({phrase})" if phrase else level for level, phrase in zip(factor.levels, phrases, strict=True)
            ]
            text = f"{words(key)}{owner}: {order}{listed(meant, 'or')}"
            yield sentence(text) + (f" {sentence(factor.about)}" if factor.about else "")
        for conjunction in self.scenario.impossible:
            yield sentence(f"it cannot be that {self.condition((conjunction,))}")

    def outcomes(self) -> Iterator[str]:
        for key, outcome in self.scenario.outcomes.items():
            about = f": {outcome.about}" if outcome.about else ""
            yield sentence(f"{outcome.name or words(key)}{about}")
            for term in outcome.value:
                told = sentence(f"if it ends in {_within(outcome.name or words(key))}, {self.term(term, 'util')}")
                yield told + self._implements(term.implements)

    def moves(self) -> Iterator[str]:
        for move in self.scenario.moves:
            yield _joined(self._move(move))

    def events(self) -> Iterator[str]:
        for event in self.scenario.events:
            yield _joined(self._event(event))

    def payoffs(self) -> Iterator[str]:
        for term in self.scenario.payoffs:
            yield sentence(self.term(term, "util a year")) + self._implements(term.implements)

    def regimes(self) -> Iterator[str]:
        for key, regime in self.scenario.regimes.items():
            about = f" ({regime.about.rstrip('.')})" if regime.about else ""
            facet = " A facet, for claims only." if regime.facet else ""
            yield f"{key}{about}: {self.condition(regime.when) or 'always'}.{facet}"

    def starts(self) -> Iterator[str]:
        for key, start in self.scenario.initial.items():
            about = f" ({start.about.rstrip('.')})" if start.about else ""
            yield f"{key}{about}: {listed([self.level(f, (at,)) for f, at in start.state.items()])}."
            for factor, reason in start.because.items():
                at = start.state.get(factor, "as it is")
                says = f"{reason.says.rstrip('.')} ({self.source(reason.source)})"
                yield sentence(f"{words(factor)} is {at} in {key} because: {says}")

    def variants(self) -> Iterator[str]:
        for key, variant in self.scenario.variants.items():
            yield f"{key}: {sentence(variant.about)} {sentence(listed(list(_edits(variant))))}"

    def claims(self) -> Iterator[str]:
        for claim in self.scenario.claims:
            source = f" {sentence(self.source(claim.source))}" if claim.source else ""
            test = f" It holds if {tell_test(self.scenario, claim.test)}." if claim.test else " Nothing tests it yet."
            judges = f" [argument: {', '.join(claim.judges)}]" if claim.judges else ""
            yield f"{claim.id}: {sentence(claim.says)}{source}{test}{judges}"

    def parameters(self) -> Iterator[str]:
        for key, parameter in self.scenario.parameters.items():
            about = f" {sentence(parameter.about)}" if parameter.about else ""
            yield f"[{key}] {tell_quantity(parameter)}.{about} {sentence(self.source(parameter.source))}"
        for ordering in self.scenario.orderings:
            yield self._known(tell_ordering(ordering), ordering)
        for correlation in self.scenario.correlations:
            yield self._known(tell_correlation(correlation), correlation)
        for key, source in self.scenario.sources.items():
            parts = [source.cite, source.note or "", source.url or ""]
            yield f"[{key}] " + " ".join(sentence(part) if part is not source.url else part for part in parts if part)

    # Pieces of sentences

    def who(self, key: str) -> str:
        """The name of an actor or a seat; all contenders of a seat are meant where somebody feels something."""
        if key == "everyone":
            return "everyone"
        named = self.scenario.actors.get(key) or self.scenario.seats.get(key)
        return _within((named.name if named else None) or words(key))

    def value(self, ref: str | int) -> float:
        parameter = self.scenario.parameters.get(str(ref))
        return float(ref) if isinstance(ref, int) else parameter.value if parameter else math.nan

    def level(self, factor: str, levels: Sequence[str]) -> str:
        return f"{words(factor)} is {listed(levels, 'or')}"

    def condition(self, condition: Condition) -> str:
        """``a is x and b is y``, alternatives joined by ``, or else``; empty if it always holds."""
        if not condition or any(not conjunction for conjunction in condition):
            return ""
        return ", or else ".join(
            listed([self.level(factor, levels) for factor, levels in conjunction.items()]) for conjunction in condition
        )

    def when(self, condition: Condition, lead: str = " when ") -> str:
        told = self.condition(condition)
        return f"{lead}{told}" if told else ""

    def times(self, multipliers: Sequence[Multiplier], much: str) -> str:
        """`` (0.4 times as often when talks is yes)`` and so on; nothing if nothing multiplies."""
        told = [self.multiplier(multiplier, much) for multiplier in multipliers]
        return f" ({'; '.join(told)})" if told else ""

    def multiplier(self, multiplier: Multiplier, much: str) -> str:
        by, as_much = multiplier.by, f" as {much}" if much else ""
        why = f": {_within(multiplier.about.rstrip('.'))}" if multiplier.about else ""
        often = f"{number(self.value(by))} times{as_much}{_named(by)}{self.when(multiplier.when)}"
        return often + why + self._implements(multiplier.implements)

    def term(self, term: Term, unit: str) -> str:
        whom = listed([self.who(actor) for actor in term.actor])
        plural = len(term.actor) > 1
        verb = ("lose" if plural else "loses") if term.gain is None else ("gain" if plural else "gains")
        about = f" ({term.about.rstrip('.')})" if term.about else ""
        amount = f"{number(self.value(term.parameter))} {unit}{_named(term.parameter)}"
        return f"{whom} {verb} {amount}{self.when(term.when)}{self.times(term.times, 'much')}{about}"

    def source(self, text: str) -> str:
        keys = [key.strip() for key in text.split(",")]
        if all(key in self.scenario.sources for key in keys):
            return f"see {listed([f'[{key}]' for key in keys])}"
        return text

    def _known(self, told: str, known: Ordering | Correlation) -> str:
        about = f" {sentence(known.about)}" if known.about else ""
        return f"{sentence(told)}{about} {sentence(self.source(known.source))}"

    def _actor(self, key: str, actor: Actor) -> Iterator[str]:
        name = self.who(key)
        yield sentence(f"{name} [{key}]{f': {actor.about}' if actor.about else ''}")
        tempo = actor.tempo
        yield f"Decides {how_often(self.value(tempo.rate))}{_named(tempo.rate)}{self.times(tempo.times, 'often')}."
        discount = self.value(actor.discount)
        if discount > 0:
            yield f"What happens in {span(math.log(2) / discount)} counts half [{actor.discount}]."
        scale = self.value(actor.noise.scale)
        if scale > 0:
            yield (
                f"Between two options equally close at hand takes the better nine times in ten once it is better by "
                f"{number(scale * math.log(9))} utils [{actor.noise.scale}]{self.times(actor.noise.times, 'much')}."
            )

        if actor.preferences:
            yield sentence(f"wants, most important first: {'; '.join(map(self.wish, actor.preferences))}")

    def wish(self, wish: Preference) -> str:
        """What an actor wants, as part of a sentence."""
        about = f" ({wish.about.rstrip('.')})" if wish.about else ""
        if wish.when is not None:
            return f"that {self.condition(wish.when) or 'anything holds but an end'}{about}"
        outcomes = listed(
            [_within(self.scenario.outcomes[o].name or words(o)) for o in wish.ends or wish.avoids or ()], "or"
        )
        return f"that it ends in {outcomes}{about}" if wish.ends else f"that it does not end in {outcomes}{about}"

    def _move(self, move: Move) -> Iterator[str]:
        who = self.who(move.actor)
        does = f"{who} {move.about}" if move.about else f"{who} may {words(move.id)}"
        yield f"[{move.id}] {sentence(does)}"
        yield f"Possible{self.when(move.when) or ' at any time'}."
        cost = self.value(move.cost)
        if cost:
            yield f"Costs {number(cost)} util{_named(move.cost)}{self.times(move.times, 'much')}."
        yield from self._effects(move)
        yield from self._felt("by it", move.impact)
        if move.family:
            yield f"Belongs to the family '{words(move.family)}', whose moves count once."
        yield self._implements(move.implements).strip()

    def _event(self, event: Event) -> Iterator[str]:
        yield f"[{event.id}] {sentence(event.about or words(event.id))}"
        often = sentence(how_often(self.value(event.rate))).rstrip(".")
        while_ = self.when(event.when, " while ")
        yield f"{often}{_named(event.rate)}{while_}{self.times(event.times, 'often')}."
        yield from self._effects(event)
        yield from self._felt("by it", event.impact)
        yield self._implements(event.implements).strip()

    def _effects(self, step: Move | Event) -> Iterator[str]:
        if not step.then:
            yield sentence(f"then {self._effect(step.branches[0])}")
            return
        weights = [self.value(branch.weight) for branch in step.then]
        total = sum(weights) or 1.0
        for branch, weight in zip(step.then, weights, strict=True):
            about = f" ({branch.about.rstrip('.')})" if branch.about else ""
            yield sentence(
                f"with {percent(weight / total)} of the chance{_named(branch.weight)}"
                f"{self.times(branch.times, 'likely')}, "
                f"{self._effect(branch)}{about}"
            )
            yield from self._felt("with that", branch.impact)

    def _felt(self, lead: str, impact: Sequence[Term]) -> Iterator[str]:
        for term in impact:
            yield sentence(f"{lead} {self.term(term, 'util')}") + self._implements(term.implements)

    def _effect(self, branch: Branch) -> str:
        if branch.end is not None:
            outcome = self.scenario.outcomes.get(branch.end)
            return f"it ends in {_within((outcome.name if outcome else None) or words(branch.end))}"
        moved = {"up": "goes up by one", "down": "goes down by one"}
        changes = [f"{words(factor)} {moved.get(to, f'becomes {to}')}" for factor, to in branch.set.items()]
        return listed(changes) or "nothing changes"

    def _implements(self, ids: Sequence[str]) -> str:
        return f" [argument: {', '.join(ids)}]" if ids else ""


def tell_quantity(parameter: Parameter) -> str:
    """A parameter's number with its unit, and what is admissible or known."""
    unit = {"ratio": "", "weight": "", "util/year": " util a year", "1/year": " a year"}
    told = f"{number(parameter.value)}{unit.get(parameter.unit, ' ' + parameter.unit)}"
    if parameter.range is not None:
        told += f" (may lie between {number(parameter.range[0])} and {number(parameter.range[1])})"
    return told + (f" ({tell_prior(parameter.prior)})" if parameter.prior is not None else "")


def _within(name: str) -> str:
    """A name within a sentence: its article is no part of it."""
    return f"{name[0].lower()}{name[1:]}" if name.startswith(("The ", "A ", "An ")) else name


def _named(ref: str | int) -> str:
    """The parameter behind a number; a bare number has none."""
    return f" [{ref}]" if isinstance(ref, str) else ""


def _edits(variant: Variant) -> Iterator[str]:
    if variant.drop:
        yield f"nobody can {listed([words(step) for step in variant.drop], 'or')}"
    yield from (f"{words(factor)} stays {level}" for factor, level in variant.pin.items())
    yield from (f"{words(factor)} is {level} at the start" for factor, level in variant.start.items())
    yield from (f"{name} is {number(value)}" for name, value in variant.set.items())
    if variant.without:
        yield f"what {listed(variant.without)} would do is taken out"


def _joined(parts: Iterator[str]) -> str:
    return " ".join(part for part in parts if part)


def _count(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
