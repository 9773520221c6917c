"""Tests are fair: the two sides differ in one thing only, and no verdict is contained in its own terms.

What is unfair is a warning when a scenario is checked, and the claim is then refused, with the reason, when it is
judged. Errors are for what cannot be understood; an unfair test is understood and not worth answering.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from equipoise.errors import KeyPath, Problem
from equipoise.scenario.claims import ANY, Claim, ClaimTest, Measure
from equipoise.scenario.models import Condition, Conjunction, FrozenDict, Move, Scenario, Variant
from equipoise.scenario.phrases import listed
from equipoise.scenario.rules.common import met
from equipoise.scenario.uses import keyed, single_tests


def fair(scenario: Scenario) -> Iterator[Problem]:
    """Every test of every claim is fair."""
    for key, claim in keyed(scenario.claims):
        yield from unfair(scenario, claim, ("claims", key))


def unfair(scenario: Scenario, claim: Claim, path: KeyPath = ()) -> Iterator[Problem]:
    """What is unfair about a claim's test: reasons to refuse a verdict, and what would be right."""
    if claim.test is None:
        return
    for at, test in single_tests(claim.test, (*path, "test")):
        if test.measure is None:
            continue
        yield from _same_but_for_one(scenario, test, at)
        yield from _contained(scenario, test.measure, (*at, "measure"))
        yield from _decided(scenario, test, test.measure, at)


class _Edit(NamedTuple):
    """What a side changes before anybody decides."""

    name: str
    pin: Mapping[str, str]
    dropped: frozenset[str]


def _same_but_for_one(scenario: Scenario, test: ClaimTest, path: KeyPath) -> Iterator[Problem]:
    """Sides have the same parameters, and differ in the variant or in the start, not in both."""
    variants = [side.variant for side in test.sides] or (list(test.series.variants) if test.series else [])
    settings = {name: dict(_variant(scenario, name).set) for name in variants}
    for name in variants[1:]:
        odd = sorted(
            key
            for key in {*settings[variants[0]], *settings[name]}
            if settings[variants[0]].get(key) != settings[name].get(key)
        )
        if odd:
            found = f"{variants[0]} and {name} differ in the parameter{'s' * (len(odd) > 1)} {listed(odd)}"
            right = "the same parameters on both sides, or a test that rises or falls along the parameter"
            yield _refused(found, right, path)
            return
    if any(side.start is not None for side in test.sides) and len(set(variants)) > 1:
        found = f"{listed(sorted(set(variants)))} from different starts, so that two things differ at once"
        yield _refused(found, "the same variant on every side, or the same `starts`", path)


def _contained(scenario: Scenario, measure: Measure, path: KeyPath) -> Iterator[Problem]:
    """A regime in a measure of an outcome leaves some road to it open."""
    outcomes = list(scenario.outcomes) if ANY in measure.of else list(measure.of)
    if measure.kind == "hazard" and measure.inside in scenario.regimes:
        assert measure.inside is not None
        for factor in _factors(scenario, scenario.regimes[measure.inside].when):
            allowed = _allowed(scenario, scenario.regimes[measure.inside].when, factor)
            guards = _guards(scenario, outcomes)
            if guards and not any(set(guard.get(factor, allowed)) & set(allowed) for guard in guards):
                found = (
                    f"the regime {measure.inside} keeps {factor} at {listed(sorted(allowed), 'or')}, and no road to "
                    f"{listed(outcomes, 'or')} leads from there: the answer is 0 by definition"
                )
                yield _refused(found, f"a regime that does not mention {factor}", (*path, "inside"))
    if measure.kind == "risk" and measure.avoiding in scenario.regimes:
        assert measure.avoiding is not None
        guards = _guards(scenario, outcomes)
        if guards and all(_within(guard, scenario.regimes[measure.avoiding].when) for guard in guards):
            found = f"every road to {listed(outcomes, 'or')} passes {measure.avoiding}: the answer is 0 by definition"
            yield _refused(found, "a regime that some road avoids", (*path, "avoiding"))


def _decided(scenario: Scenario, test: ClaimTest, measure: Measure, path: KeyPath) -> Iterator[Problem]:
    """No side's own edits make the answer the same whatever anybody decides, or leave no start to ask from."""
    for edit in _edits(scenario, test):
        lost = [start for start in test.starts or scenario.initial if _lost(scenario, start, edit)]
        if lost and not (test.sides and test.sides[0].start):
            found = f"in {edit.name} the start {listed(lost)} is impossible"
            yield _refused(found, "`starts` that the edits leave possible", path)
        for decided in list(_by_definition(scenario, measure, edit))[:1]:
            right = "a measure that the edits leave open, or another variant"
            yield _refused(f"in {edit.name} {decided}, whatever anybody decides", right, path)


def _lost(scenario: Scenario, start: str, edit: _Edit) -> bool:
    """Whether pins make a starting situation impossible."""
    if start not in scenario.initial or not edit.pin:
        return False
    state = {**scenario.initial[start].state, **edit.pin}
    return any(conjunction and met(conjunction, state) for conjunction in scenario.impossible)


def _by_definition(scenario: Scenario, measure: Measure, edit: _Edit) -> Iterator[str]:
    if not (edit.pin or edit.dropped):
        return
    if measure.kind in ("risk", "eventually", "hazard"):
        outcomes = list(scenario.outcomes) if ANY in measure.of else list(measure.of)
        if _guards(scenario, outcomes) and not _guards(scenario, outcomes, edit):
            yield f"nothing can end in {listed(outcomes, 'or')}"
    named = measure.of if measure.kind == "frequency" else measure.by
    steps = [step for step in scenario.steps if step.id in named]
    if steps and not any(_possible(step.when, edit.pin) and _offered(scenario, step.id, edit) for step in steps):
        yield f"{listed([step.id for step in steps], 'or')} cannot happen"
    spoken = [*(measure.of if measure.kind in _OF_REGIME else ()), measure.through, measure.inside]
    for regime in spoken:
        if regime is None or regime not in scenario.regimes:
            continue
        if not _possible(scenario.regimes[regime].when, edit.pin):
            yield f"{regime} cannot occur"
        elif edit.pin and any(_held(conjunction, edit.pin) for conjunction in scenario.regimes[regime].when):
            yield f"it is always in {regime}"


_OF_REGIME = ("occupancy", "time", "dwell", "exits", "settles", "road", "unsanctioned")


def _edits(scenario: Scenario, test: ClaimTest) -> Iterator[_Edit]:
    """What each of the cases that a test compares changes."""
    series = test.series
    if series is not None and series.factor in scenario.factors:
        assert series.factor is not None
        for level in series.levels or scenario.factors[series.factor].levels:
            pin = FrozenDict({series.factor: level})
            yield _edit(scenario, f"{series.factor} at {level}", Variant(about="a level", pin=pin))
        return
    names = [side.variant for side in test.sides] or list(series.variants if series else ()) or [test.variant]
    for name in dict.fromkeys(names):
        yield _edit(scenario, name, _variant(scenario, name))
    for mechanism in test.needs:
        yield _edit(scenario, f"the scenario without {mechanism}", Variant(about="without", without=(mechanism,)))


def _edit(scenario: Scenario, name: str, variant: Variant) -> _Edit:
    gone = {step.id for step in scenario.steps if set(step.implements) & set(variant.without)}
    return _Edit(name, variant.pin, frozenset({*variant.drop, *gone}))


def _variant(scenario: Scenario, name: str) -> Variant:
    return scenario.variants.get(name) or Variant(about="as written")


def _guards(scenario: Scenario, outcomes: list[str], edit: _Edit | None = None) -> list[Conjunction]:
    """The conditions under which some step that is possible ends in one of the outcomes."""
    found: list[Conjunction] = []
    for step in scenario.steps:
        if any(branch.end in outcomes for branch in step.branches) and not step.dropped:
            if edit is not None and step.id in edit.dropped:
                continue
            conjunctions = step.when or (FrozenDict(),)
            found += [guard for guard in conjunctions if edit is None or _possible((guard,), edit.pin)]
    return found


def _offered(scenario: Scenario, name: str, edit: _Edit) -> bool:
    """Whether a step is left with an effect."""
    step = next(step for step in scenario.steps if step.id == name)
    if step.id in edit.dropped or step.dropped:
        return False
    changes = any(branch.end or set(branch.set) - set(edit.pin) for branch in step.branches)
    felt = bool(step.impact) or any(branch.impact for branch in step.then)
    return changes or (felt and (not isinstance(step, Move) or step.repeatable))


def _possible(condition: Condition, pin: Mapping[str, str]) -> bool:
    return not condition or any(
        all(pin.get(factor, allowed[0]) in allowed for factor, allowed in conjunction.items())
        for conjunction in condition
    )


def _held(conjunction: Conjunction, pin: Mapping[str, str]) -> bool:
    """Whether pins make a conjunction hold for ever."""
    return all(pin.get(factor) in allowed for factor, allowed in conjunction.items())


def _factors(scenario: Scenario, condition: Condition) -> list[str]:
    named = dict.fromkeys(factor for conjunction in condition for factor in conjunction)
    return [factor for factor in named if factor in scenario.factors]


def _allowed(scenario: Scenario, condition: Condition, factor: str) -> tuple[str, ...]:
    """Levels of a factor that some alternative of a condition allows."""
    every = scenario.factors[factor].levels
    allowed = {level for conjunction in condition for level in conjunction.get(factor, every)}
    return tuple(level for level in every if level in allowed)


def _within(guard: Conjunction, regime: Condition) -> bool:
    """Whether a guard allows only states of a regime."""
    return any(
        all(factor in guard and set(guard[factor]) <= set(allowed) for factor, allowed in conjunction.items())
        for conjunction in regime
    )


def _refused(found: str, right: str, path: KeyPath) -> Problem:
    return Problem(found, right, path, severity="warning")
