"""What is allowed but probably not meant; all of these are warnings."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.errors import Problem
from equipoise.scenario.models import Conjunction, Event, Scenario
from equipoise.scenario.rules.common import contenders
from equipoise.scenario.rules.names import cited_keys
from equipoise.scenario.uses import branches, conditions, conjunctions, mechanisms, parameters, steps, terms

MAX_COMPARISONS = 1_000_000


def unused(scenario: Scenario) -> Iterator[Problem]:
    """Whatever is defined plays a part."""
    used = {use.ref for use in parameters(scenario)}
    for name in scenario.parameters:
        if name not in used:
            yield _warning(f"the parameter {name} is used nowhere", "to use it or to take it out", "parameters", name)
    cited = {key for parameter in scenario.parameters.values() for key in cited_keys(parameter.source)}
    for situation in scenario.initial.values():
        cited |= {key for why in situation.because.values() for key in cited_keys(why.source)}
    cited |= {key for claim in scenario.claims for key in cited_keys(claim.source or "")}
    cited |= {key for ordering in scenario.orderings for key in cited_keys(ordering.source)}
    cited |= {key for correlation in scenario.correlations for key in cited_keys(correlation.source)}
    for name in scenario.sources:
        if name not in cited:
            yield _warning(f"the source {name} is cited nowhere", "to cite it or to take it out", "sources", name)
    ends = {branch.end for _, _, branch in branches(scenario)}
    for name in scenario.outcomes:
        if name not in ends:
            yield _warning(f"nothing ends in {name}", f"a move or event with `end: {name}`", "outcomes", name)
    spoken = {factor for _, conjunction in conditions(scenario) for factor in conjunction}
    spoken |= {factor for _, _, branch in branches(scenario) for factor in branch.set}
    spoken |= {seat.factor for seat in scenario.seats.values()}
    for name in scenario.factors:
        if name not in spoken:
            yield _warning(f"nothing depends on {name}", "to use the factor or to take it out", "factors", name)


def bystanders(scenario: Scenario) -> Iterator[Problem]:
    """Every actor moves or feels something."""
    named = {name for _, term, _ in terms(scenario) for name in term.actor} | {move.actor for move in scenario.moves}
    active = {actor for name in named for actor in contenders(scenario, name)}
    for name in scenario.actors:
        if name not in active:
            yield _warning(f"{name} does nothing and feels nothing", "a move or a payoff for it", "actors", name)


def vacuous(scenario: Scenario) -> Iterator[Problem]:
    """A condition on a factor leaves some level out."""
    for path, conjunction in conditions(scenario):
        for name, allowed in conjunction.items():
            factor = scenario.factors.get(name)
            if factor is not None and set(allowed) == set(factor.levels):
                right = f"to leave {name} out of the condition"
                yield _warning(f"every level of {name}, so that nothing is excluded", right, *path, name)
    for name, regime in scenario.regimes.items():
        if any(not conjunction for conjunction in regime.when) or not regime.when:
            yield _warning(f"the regime {name} holds always", "a condition", "regimes", name, "when")


def idle(scenario: Scenario) -> Iterator[Problem]:
    """A change is one in some state in which it is possible."""
    for path, step in steps(scenario):
        effects = [branch for branch in step.branches if branch.set or branch.end]
        if isinstance(step, Event) and (step.impact or any(branch.impact for branch in step.then)):
            continue
        sets = [branch.set for branch in effects if branch.end is None]
        if effects and step.when and len(sets) == len(effects):
            here = all(
                conjunction.get(name) == (level,)
                for change in sets
                for name, level in change.items()
                for conjunction in step.when
            )
            if here:
                found = f"{step.id} sets what already holds whenever it is possible"
                yield _warning(found, "another level under `set`, or another condition", *path)


def never(scenario: Scenario) -> Iterator[Problem]:
    """A move or event is possible in some state that can occur."""
    guards = [guard for path, step in steps(scenario) for guard in conjunctions((*path, "when"), step.when)]
    if len(guards) * len(scenario.impossible) > MAX_COMPARISONS:
        return
    for path, guard in guards:
        if any(_covers(other, guard) for other in scenario.impossible):
            yield _warning("a combination that is said to be impossible", "one that can occur", *path)


def inert(scenario: Scenario) -> Iterator[Problem]:
    """Taking a mechanism out takes something out."""
    there = {name for _, names in mechanisms(scenario) for name in names}
    for name, variant in scenario.variants.items():
        for mechanism in variant.without:
            if mechanism in scenario.argument and mechanism not in there:
                found = f"nothing implements {mechanism}, so the variant takes nothing out"
                yield _warning(
                    found, f"`implements: {mechanism}` where the model expresses it", "variants", name, "without"
                )


def outside(scenario: Scenario) -> Iterator[Problem]:
    """A variant's number lies in the range of its parameter."""
    for name, variant in scenario.variants.items():
        for key, value in variant.set.items():
            known = scenario.parameters.get(key)
            if known is not None and known.range is not None and not known.range[0] <= value <= known.range[1]:
                found = f"{value:g} outside the range of {key} from {known.range[0]:g} to {known.range[1]:g}"
                yield _warning(found, "a value within the range", "variants", name, "set", key)


def _covers(wide: Conjunction, narrow: Conjunction) -> bool:
    return bool(wide) and all(
        factor in narrow and set(narrow[factor]) <= set(allowed) for factor, allowed in wide.items()
    )


def _warning(found: str, right: str, *path: str | int) -> Problem:
    return Problem(found, right, path, severity="warning")
