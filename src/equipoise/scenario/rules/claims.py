"""Claims speak of what exists, in its units."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from equipoise.errors import KeyPath, Problem, shown
from equipoise.scenario.claims import ANY, AS_WRITTEN, ClaimTest, Measure, MeasureUnit, Series, Side, amount
from equipoise.scenario.models import Scenario
from equipoise.scenario.rules.common import contenders, levels, met, no_level, repeated, unknown
from equipoise.scenario.uses import claim_tests, mechanisms

Found = Iterator[Problem]


def measures(scenario: Scenario) -> Found:
    """What is measured exists."""
    steps = [step.id for step in scenario.steps]
    outcomes = [*scenario.outcomes, ANY]
    actors = [*scenario.actors, *scenario.seats, "everyone"]
    kinds: dict[str, tuple[str, Collection[str]]] = {
        **dict.fromkeys(("risk", "eventually", "hazard"), ("outcome", outcomes)),
        **dict.fromkeys(("loss", "value"), ("actor or seat", actors)),
        "frequency": ("move or event", steps),
    }
    for path, _, measure in _measures(scenario):
        what, names = kinds.get(measure.kind, ("regime", scenario.regimes))
        lone = isinstance(getattr(measure, measure.kind), str)
        for i, name in enumerate(measure.of):
            if name not in names:
                yield unknown(what, name, names, (*path, measure.kind) if lone else (*path, measure.kind, i))
        for i, name in enumerate(measure.by):
            if name not in steps:
                yield unknown("move or event", name, steps, (*path, "by", i))
        for option in ("through", "avoiding", "inside", "during"):
            regime = getattr(measure, option)
            if regime is not None and regime not in scenario.regimes:
                yield unknown("regime", regime, scenario.regimes, (*path, option))
        yield from _twice(scenario, measure, path)


def tests(scenario: Scenario) -> Found:
    """Variants, starts, levels, parameters and mechanisms of a test exist."""
    variants = [AS_WRITTEN, *scenario.variants]
    for path, test in claim_tests(scenario):
        if test.variant not in variants:
            yield unknown("variant", test.variant, variants, (*path, "variant"))
        for i, start in enumerate(test.starts):
            if start not in scenario.initial:
                yield unknown("starting situation", start, scenario.initial, (*path, "starts", i))
        for i, start in repeated(test.starts):
            yield Problem(f"the start {shown(start)} twice", "every start once", (*path, "starts", i))
        for at, side in _sides(path, test):
            yield from _side(scenario, side, at)
        yield from _pairing(test, path)
        for key in ("rising", "falling"):
            series = getattr(test, key)
            if series is not None:
                yield from _series(scenario, series, (*path, key))
        yield from _ranking(scenario, test, path)


def needs(scenario: Scenario) -> Found:
    """A mechanism that a claim calls necessary is expressed somewhere."""
    there = {name for _, names in mechanisms(scenario) for name in names}
    for path, test in claim_tests(scenario):
        for i, name in enumerate(test.needs):
            at = (*path, "needs", i)
            if name not in scenario.argument:
                yield unknown("mechanism of the argument", name, scenario.argument, at)
            elif name not in there:
                found = f"nothing implements {name}, so there is nothing to do without"
                yield Problem(found, f"`implements: {name}` where the model expresses it", at)


def bounds(scenario: Scenario) -> Found:
    """Thresholds and margins have the unit of the measure."""
    for path, test in claim_tests(scenario):
        if test.measure is None:
            continue
        unit = test.measure.unit
        for key in ("above", "below", "margin"):
            bound = getattr(test, key)
            if bound is not None and key in test.model_fields_set:
                yield from _bound(bound, unit, test.measure.kind, (*path, key))
        if isinstance(test.margin, float) and test.margin < 0:
            yield Problem(f"a margin of {test.margin:g}", "a margin of at least 0", (*path, "margin"))
        if test.above is not None and test.below is not None and amount(test.above) >= amount(test.below):
            found = f"above {test.above} and below {test.below}, between which nothing lies"
            yield Problem(found, "an `above` smaller than `below`", (*path, "above"))


def _measures(scenario: Scenario) -> Iterator[tuple[KeyPath, ClaimTest, Measure]]:
    for path, test in claim_tests(scenario):
        if test.measure is not None:
            yield (*path, "measure"), test, test.measure


def _twice(scenario: Scenario, measure: Measure, path: KeyPath) -> Found:
    named = list(measure.of)
    if measure.kind in ("loss", "value"):
        named = [actor for name in named for actor in contenders(scenario, name)]
    if measure.kind in ("risk", "eventually", "hazard") and ANY in named and len(named) > 1:
        yield Problem("`any` beside other outcomes", "`any` alone, which means all of them", (*path, measure.kind))
    for _, name in list(repeated(named))[:1]:
        yield Problem(f"{name} is meant twice", "everything once", (*path, measure.kind))


def _sides(path: KeyPath, test: ClaimTest) -> Iterator[tuple[KeyPath, Side]]:
    for key in ("higher", "lower"):
        side = getattr(test, key)
        if side is not None:
            yield (*path, key), side
    for key in ("than", "than_one_of"):
        yield from (((*path, key, i), side) for i, side in enumerate(getattr(test, key)))


def _side(scenario: Scenario, side: Side, path: KeyPath) -> Found:
    variants = [AS_WRITTEN, *scenario.variants]
    if side.variant not in variants:
        yield unknown("variant", side.variant, variants, (*path, "variant"))
    if side.start is None:
        return
    if side.start not in scenario.initial:
        yield unknown("starting situation", side.start, scenario.initial, (*path, "start"))
        return
    faults = list(levels(scenario, side.state, (*path, "state")))
    pinned = scenario.variants[side.variant].pin if side.variant in scenario.variants else {}
    for factor in side.state:
        if factor in pinned:
            right = f"a factor that {side.variant} leaves free"
            faults.append(Problem(f"{factor}, which {side.variant} pins", right, (*path, "state", factor), of_key=True))
    yield from faults
    state = {**scenario.initial[side.start].state, **side.state}
    if not faults and any(conjunction and met(conjunction, state) for conjunction in scenario.impossible):
        said = ", ".join(f"{factor}: {level}" for factor, level in side.state.items())
        yield Problem(f"{{{said}}} in {side.start}, which is impossible", "a combination that can occur", path)


def _pairing(test: ClaimTest, path: KeyPath) -> Found:
    """Either every side names its start, and the test no others, or none does; and the sides differ."""
    if not test.sides:
        return
    named = [side.start is not None for side in test.sides]
    if any(named) and not all(named):
        yield Problem("a start on one side only", "a start on every side, or `starts` for all of them", path)
    elif any(named) and test.starts:
        yield Problem("`starts` beside sides with starts of their own", "one of the two", (*path, "starts"))
    for at, side in list(_sides(path, test))[1:]:
        if side == test.sides[0]:
            yield Problem("a side compared with itself", "another variant or start", at)


def _series(scenario: Scenario, series: Series, path: KeyPath) -> Found:
    if series.parameter is not None:
        parameter = scenario.parameters.get(series.parameter)
        if parameter is None:
            yield unknown("parameter", series.parameter, scenario.parameters, (*path, "parameter"))
        elif not series.values and parameter.range is None:
            found = f"no values, and {series.parameter} has no range to take them from"
            yield Problem(found, "`values: [least, more, most]`", path)
        for i, value in repeated(map(str, series.values)):
            yield Problem(f"the value {value} twice", "every value once", (*path, "values", i))
    if series.factor is not None:
        factor = scenario.factors.get(series.factor)
        if factor is None:
            yield unknown("factor", series.factor, scenario.factors, (*path, "factor"))
        else:
            yield from (
                no_level(series.factor, level, factor.levels, (*path, "levels", i))
                for i, level in enumerate(series.levels)
                if level not in factor.levels
            )
            if not series.levels and not factor.ordered:
                found = f"no levels, and those of {series.factor} have no order"
                yield Problem(found, "`levels: [first, second]`, in the order of the test", path)
        for i, level in repeated(series.levels):
            yield Problem(f"the level {shown(level)} twice", "every level once", (*path, "levels", i))
    variants = [AS_WRITTEN, *scenario.variants]
    for i, name in enumerate(series.variants):
        if name not in variants:
            yield unknown("variant", name, variants, (*path, "variants", i))
    for i, name in repeated(series.variants):
        yield Problem(f"the variant {shown(name)} twice", "every variant once", (*path, "variants", i))


def _ranking(scenario: Scenario, test: ClaimTest, path: KeyPath) -> Found:
    measure = test.measure
    if measure is None:
        return
    steps = [step.id for step in scenario.steps]
    regimes = scenario.regimes if measure.kind == "exits" else {}
    if test.ranked:
        if measure.kind not in ("exits", "risk") or measure.by:
            found = f"a ranking of {measure.kind}{' with by' * bool(measure.by)}"
            right = "exits of a regime or risk, without `by`, which the groups stand for"
            yield Problem(found, right, (*path, "measure"))
        for group, names in test.ranked.items():
            for i, name in enumerate(names):
                if name in regimes and len(names) > 1:
                    yield Problem(f"the regime {name} among others", "one regime alone", (*path, "ranked", group, i))
                elif name not in steps and name not in regimes:
                    what = "move, event or regime" if regimes else "move or event"
                    yield unknown(what, name, [*steps, *regimes], (*path, "ranked", group, i))
        for _, name in list(repeated(name for names in test.ranked.values() for name in names))[:1]:
            yield Problem(f"{name} in two groups", "every move and event in one group", (*path, "ranked"))
    elif measure.kind == "exits" and not measure.by and measure.during is None:
        right = "`by: [move, event]`, whose share is meant, `during: regime`, or `ranked` groups of them"
        yield Problem("exits of a regime without `by`", right, (*path, "measure"))


def _bound(bound: float | str, unit: MeasureUnit, kind: str, path: KeyPath) -> Found:
    fits: dict[str, tuple[Callable[[float], bool], str]] = {
        "chance": (lambda x: 0 <= x <= 1, "a chance between 0 and 1, such as 0.05"),
        "share": (lambda x: 0 <= x <= 1, "a share between 0 and 1, such as 0.5"),
        "1/year": (lambda x: x >= 0, "a yearly rate of at least 0"),
        "times": (lambda x: x >= 0, "a number of times of at least 0"),
        "count": (lambda x: x >= 0, "a number of at least 0"),
        "years": (lambda x: x >= 0, "a time, such as `3 years`"),
        "util": (lambda _: True, "a number of utils"),
    }
    fit, right = fits[unit]
    if isinstance(bound, str) != (unit == "years"):
        told = f"the time {bound}" if isinstance(bound, str) else f"the bare number {bound:g}"
        yield Problem(f"{told} for {kind}, which is {_UNIT_WORDS[unit]}", right, path)
    elif not fit(amount(bound)):
        yield Problem(f"{bound} for {kind}, which is {_UNIT_WORDS[unit]}", right, path)


_UNIT_WORDS: dict[MeasureUnit, str] = {
    "chance": "a chance",
    "share": "a share",
    "1/year": "a rate per year",
    "times": "a number of times",
    "count": "a number",
    "years": "a time",
    "util": "in util",
}
