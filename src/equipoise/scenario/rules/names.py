"""Names are fit to be used, and every name that is used stands for something."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.errors import KeyPath, Problem, shown
from equipoise.scenario.claims import ANY, AS_WRITTEN
from equipoise.scenario.models import Scenario
from equipoise.scenario.rules.common import contenders, no_level, one_of, repeated, unknown
from equipoise.scenario.uses import conditions, keyed, mechanisms, parameters, steps, terms
from equipoise.scenario.uses import preferences as wishes

JUDGEMENT = ("analyst's judgement", "analyst's judgment")


def reserved(scenario: Scenario) -> Iterator[Problem]:
    """The language's own words name nothing else."""
    for section, names in (("actors", scenario.actors), ("seats", scenario.seats)):
        if "everyone" in names:
            yield Problem("`everyone` as a name, which means all actors", "another name", (section, "everyone"))
    if ANY in scenario.outcomes:
        yield Problem("`any` as a name, which means any outcome", "another name", ("outcomes", ANY))
    if AS_WRITTEN in scenario.variants:
        found = f"`{AS_WRITTEN}` as a name, which means the scenario without a variant"
        yield Problem(found, "another name", ("variants", AS_WRITTEN))
    for name, factor in scenario.factors.items():
        for i, level in enumerate(factor.levels):
            if level in ("up", "down"):
                found = f"{level!r} as a level, which means one level {'higher' if level == 'up' else 'lower'}"
                yield Problem(found, "another name, such as 'risen' or 'fallen'", ("factors", name, "levels", i))
    for path, step in steps(scenario):
        if step.id == "hold":
            yield Problem("`hold` as a name, which means to change nothing", "another name", (*path, "id"))


def distinct(scenario: Scenario) -> Iterator[Problem]:
    """One name, one thing."""
    for name in scenario.seats:
        if name in scenario.actors:
            right = "a name of its own for the seat, such as the capital's"
            yield Problem(f"{shown(name)} names an actor and a seat", right, ("seats", name))
    indexed = [
        (section, i, step.id) for section in ("moves", "events") for i, step in enumerate(getattr(scenario, section))
    ]
    for at, name in repeated(name for _, _, name in indexed):
        section, i, _ = indexed[at]
        yield Problem(f"a second move or event called {shown(name)}", "an id of its own for each", (section, i, "id"))
    for i, name in repeated(claim.id for claim in scenario.claims):
        yield Problem(f"a second claim called {shown(name)}", "an id of its own for each", ("claims", i, "id"))
    for section in ("orderings", "correlations"):
        ids = [(i, known.id) for i, known in enumerate(getattr(scenario, section)) if known.id is not None]
        for at, name in repeated(name for _, name in ids):
            found = f"a second entry of {section} called {shown(name)}"
            yield Problem(found, "an id of its own for each", (section, ids[at][0], "id"))
    called = [(i, term.id) for i, term in enumerate(scenario.payoffs) if term.id is not None]
    for at, name in repeated(name for _, name in called):
        yield Problem(f"a second payoff called {shown(name)}", "an id of its own", ("payoffs", called[at][0], "id"))
    for name, factor in scenario.factors.items():
        for i, level in repeated(factor.levels):
            yield Problem(f"the level {shown(level)} twice", "every level once", ("factors", name, "levels", i))


def seats(scenario: Scenario) -> Iterator[Problem]:
    """Every level of a seat's factor has a sitter, who exists."""
    for name, seat in scenario.seats.items():
        path = ("seats", name)
        factor = scenario.factors.get(seat.factor)
        if factor is None:
            yield unknown("factor", seat.factor, scenario.factors, (*path, "factor"))
        else:
            for level in seat.sitters:
                if level not in factor.levels:
                    yield no_level(seat.factor, level, factor.levels, (*path, "sitters", level))
            if vacant := [level for level in factor.levels if level not in seat.sitters]:
                found = f"nobody holds {name} while {seat.factor} is {' or '.join(vacant[:5])}"
                yield Problem(found, f"an actor for every level of {seat.factor}", (*path, "sitters"))
        for level, actor in seat.sitters.items():
            if actor not in scenario.actors:
                yield unknown("actor", actor, scenario.actors, (*path, "sitters", level))


def actors(scenario: Scenario) -> Iterator[Problem]:
    """Who moves and who feels exists, and nobody feels the same thing twice."""
    movers = [*scenario.actors, *scenario.seats]
    known = set(movers)
    for key, move in keyed(scenario.moves):
        if move.actor not in known:
            yield unknown("actor or seat", move.actor, movers, ("moves", key, "actor"))
    for name, factor in scenario.factors.items():
        if factor.of is not None and factor.of not in known:
            yield unknown("actor or seat", factor.of, movers, ("factors", name, "of"))
    for path, term, _ in terms(scenario):
        path = (*path, "actor")
        felt: list[str] = []
        for i, name in enumerate(term.actor):
            if name in known or name == "everyone":
                felt += contenders(scenario, name)
            else:
                yield unknown("actor or seat", name, [*movers, "everyone"], (*path, i))
        for _, name in list(repeated(felt))[:1]:
            yield Problem(f"{name} is meant twice", "every actor once, by name or with its seat", path)


def levels(scenario: Scenario) -> Iterator[Problem]:
    """Conditions speak of factors and levels that exist."""
    for path, conjunction in conditions(scenario):
        for factor, allowed in conjunction.items():
            at = (*path, factor)
            known = scenario.factors.get(factor)
            if known is None:
                yield unknown("factor", factor, scenario.factors, at)
                continue
            for i, level in enumerate(allowed):
                if level not in known.levels:
                    yield no_level(factor, level, known.levels, (*at, i))
            for i, level in repeated(allowed):
                yield Problem(f"the level {shown(level)} twice", "every level once", (*at, i))
    for name, described in scenario.factors.items():
        for level in described.meaning:
            if level not in described.levels:
                yield no_level(name, level, described.levels, ("factors", name, "meaning", level))


def preferences(scenario: Scenario) -> Iterator[Problem]:
    """Preferences speak of outcomes that exist, each once."""
    for path, wish in wishes(scenario):
        for key, outcomes in (("ends", wish.ends or ()), ("avoids", wish.avoids or ())):
            for i, outcome in enumerate(outcomes):
                if outcome not in scenario.outcomes:
                    yield unknown("outcome", outcome, scenario.outcomes, (*path, key, i))
            for i, outcome in repeated(outcomes):
                yield Problem(f"the outcome {shown(outcome)} twice", "every outcome once", (*path, key, i))


def parameters_exist(scenario: Scenario) -> Iterator[Problem]:
    """Every number that is used is defined."""
    for use in parameters(scenario):
        if isinstance(use.ref, str) and use.ref not in scenario.parameters:
            yield unknown("parameter", use.ref, scenario.parameters, use.path)


def argument(scenario: Scenario) -> Iterator[Problem]:
    """Ids of mechanisms and results stand in the argument."""
    cited = [*mechanisms(scenario)]
    cited += [(("claims", key, "judges"), claim.judges) for key, claim in keyed(scenario.claims)]
    cited += [(("variants", name, "without"), variant.without) for name, variant in scenario.variants.items()]
    missing = {name for _, names in cited for name in names if name not in scenario.argument}
    if missing and not scenario.argument:
        path = next((*path, i) for path, names in cited for i, _ in enumerate(names))
        found = f"{', '.join(sorted(missing)[:8])} cited, but no argument to cite from"
        yield Problem(found, "a section `argument` with the sentence of every id", path)
        return
    for path, names in cited:
        for i, name in enumerate(names):
            if name in missing:
                yield unknown("mechanism or result of the argument", name, scenario.argument, (*path, i))


def sources(scenario: Scenario) -> Iterator[Problem]:
    """Every number and every fact says where it comes from."""
    cited: list[tuple[KeyPath, str]] = []
    cited += [(("parameters", name, "source"), parameter.source) for name, parameter in scenario.parameters.items()]
    cited += [(("orderings", key, "source"), ordering.source) for key, ordering in keyed(scenario.orderings)]
    cited += [(("correlations", key, "source"), known.source) for key, known in keyed(scenario.correlations)]
    for start, situation in scenario.initial.items():
        cited += [
            (("initial", start, "because", name, "source"), why.source) for name, why in situation.because.items()
        ]
    for path, text in cited:
        for key in cited_keys(text):
            if key not in scenario.sources:
                problem = unknown("source", key, scenario.sources, path)
                right = f"{one_of(scenario.sources)}, several with commas between, or the words {JUDGEMENT[0]}"
                right = right if scenario.sources else f"a key of the section `sources`, or the words {JUDGEMENT[0]}"
                yield Problem(problem.found, right, path, problem.suggestion)


def cited_keys(text: str) -> list[str]:
    """The keys of sources in a text; the words `analyst's judgement` are none."""
    parts = [part.strip().replace("\u2019", "'") for part in text.split(",")]
    return [part for part in parts if part.lower() not in JUDGEMENT]
