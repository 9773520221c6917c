"""Claims and their tests in plain English."""

from __future__ import annotations

import math
from collections.abc import Sequence

from equipoise.scenario.claims import ANY, AS_WRITTEN, ClaimTest, Measure, MeasureUnit, Series, Side, amount
from equipoise.scenario.models import Scenario
from equipoise.scenario.phrases import how_often, listed, number, one_in, percent, span, words


def tell_test(scenario: Scenario, test: ClaimTest) -> str:
    """What a test asks, as a clause without a capital or a full stop."""
    if test.all:
        return "; and ".join(tell_test(scenario, part) for part in test.all)
    if test.any:
        return "; or else ".join(tell_test(scenario, part) for part in test.any)
    assert test.measure is not None  # a test that is no group has a measure
    told = f"{tell_measure(scenario, test.measure)} {_verb(scenario, test)}"
    told += f", in {quoted(test.variant)}" if test.variant != AS_WRITTEN else ""
    if test.margin:
        told += f", by at least {tell_bound(amount(test.margin), test.measure.unit)}"
    return told + (f", from {listed([words(start) for start in test.starts])}" if test.starts else "")


def tell_measure(scenario: Scenario, measure: Measure) -> str:
    """What is measured, as a noun."""
    of = _of(scenario, measure)
    within = f" within {span(measure.within or scenario.horizon)}"
    reached = f" within {span(measure.within)}" if measure.within else ""
    after = f" after {span(measure.at or scenario.horizon)}"
    by = f" brought about by {listed([words(step) for step in measure.by], 'or')}" if measure.by else ""
    passed = f", by way of {quoted(measure.through)}" if measure.through else ""
    passed += f", never passing through {quoted(measure.avoiding)}" if measure.avoiding else ""
    if measure.kind == "risk":
        return f"the chance of {of}{within}{by}{passed}"
    if measure.kind == "eventually":
        return f"the chance of ever ending in {of}"
    if measure.kind == "hazard":
        inside = f" while in {quoted(measure.inside)}" if measure.inside else ""
        return f"the yearly rate of {of}{after}{inside}"
    if measure.kind == "loss":
        return f"what outcomes and incidents cost {of}{within}"
    if measure.kind == "frequency":
        return f"the number of times that {of} happens{within}"
    if measure.kind == "settles":
        return f"the chance that {of} is reached{reached} before any end{passed}"
    if measure.kind == "road":
        return f"the share of ways to {of}{reached} that lead through {quoted(measure.through or '')}"
    if measure.kind == "unsanctioned":
        return f"the number of improvements out of {of} that nothing deters ({measure.concept or 'SEQ'})"
    ends = f" that end by {listed([words(step) for step in measure.by], 'or')}" if measure.by else " that end"
    ends += f" during {quoted(measure.during)}" if measure.during else ""
    return {
        "value": f"the felt value of the future to {of}",
        "occupancy": f"the chance of being in {of}{after}",
        "time": f"the time spent in {of}{within}",
        "dwell": f"the length of a first visit to {of}",
        "exits": f"the share of first visits to {of}{ends}",
    }[measure.kind]


def tell_amount(value: float, unit: MeasureUnit) -> str:
    """A number in the unit of a measure: ``8.4%, about 1 in 12``."""
    if math.isnan(value):
        return "not a number"
    if unit == "chance":
        return f"{percent(value)}, {one_in(value)}" if 0 < value < 1 else percent(value)
    if unit == "share":
        return percent(value)
    if unit == "years":
        return span(value)
    if unit == "1/year":
        return f"{number(value)} a year, {how_often(value)}"
    if unit == "times":
        return f"{number(value)} time{'s' * (value != 1)}" if value >= 1e-4 or value == 0 else "next to never"
    if unit == "count":
        return f"{value:,.0f}"
    return f"{number(value if abs(value) > 1e-9 else 0.0)} util".replace("-", "\N{MINUS SIGN}")


def tell_bound(value: float, unit: MeasureUnit) -> str:
    """A threshold as the analyst put it, without the precision of a result."""
    if unit in ("chance", "share"):
        return f"{number(100 * value)}%" + (f" ({one_in(value)})" if unit == "chance" and 0 < value < 1 else "")
    if unit == "years":
        return f"{number(value)} year{'s' * (value != 1)}"
    return tell_amount(value, unit) if unit != "1/year" else f"{number(value)} a year"


def quoted(name: str) -> str:
    """A variant or regime in a sentence, marked as a name."""
    return f"\N{LEFT SINGLE QUOTATION MARK}{words(name)}\N{RIGHT SINGLE QUOTATION MARK}"


def tell_side(side: Side, *, alone: bool = False) -> str:
    """A side of a comparison; ``alone`` leaves out what the start says already."""
    variant = "the scenario as written" if side.variant == AS_WRITTEN else quoted(side.variant)
    if side.start is None:
        return variant
    changed = listed([f"{words(factor)} at {level}" for factor, level in side.state.items()])
    start = words(side.start) + (f" with {changed}" if changed else "")
    return start if alone or side.variant == AS_WRITTEN else f"{start}, {variant}"


def tell_series(scenario: Scenario, series: Series) -> tuple[str, tuple[str, ...]]:
    """What is changed, and what every step is called."""
    if series.parameter is not None:
        return words(series.parameter), tuple(number(value) for value in values_of(scenario, series))
    if series.factor is not None:
        return words(series.factor), levels_of(scenario, series)
    return "the variant", tuple("as written" if v == AS_WRITTEN else words(v) for v in series.variants)


def values_of(scenario: Scenario, series: Series) -> tuple[float, ...]:
    """The values that a series gives a parameter: its own, or least, own and greatest of the parameter's range."""
    if series.values or series.parameter is None:
        return series.values
    parameter = scenario.parameters[series.parameter]
    low, high = parameter.range or (parameter.value, parameter.value)
    return tuple(dict.fromkeys((low, parameter.value, high)))


def levels_of(scenario: Scenario, series: Series) -> tuple[str, ...]:
    """The levels at which a series pins a factor: its own, or all of the factor's."""
    return series.levels or (scenario.factors[series.factor].levels if series.factor else ())


def _of(scenario: Scenario, measure: Measure) -> str:
    if measure.kind in ("risk", "eventually", "hazard"):
        if ANY in measure.of:
            return "any end" if len(scenario.outcomes) != 1 else _end(scenario, next(iter(scenario.outcomes)))
        return listed([_end(scenario, key) for key in measure.of], "or")
    if measure.kind in ("loss", "value"):
        told = [_who(scenario, name) for name in measure.of]
        return f"each of {listed(told)}" if len(told) > 1 else told[0]
    say = words if measure.kind == "frequency" else quoted
    return listed([say(name) for name in measure.of], "or")


def _end(scenario: Scenario, key: str) -> str:
    outcome = scenario.outcomes.get(key)
    return (outcome.name if outcome else None) or words(key)


def _who(scenario: Scenario, name: str) -> str:
    if name == "everyone":
        return "each actor"
    if name in scenario.seats:
        return f"each contender for {scenario.seats[name].name or words(name)}"
    actor = scenario.actors.get(name)
    return (actor.name if actor else None) or words(name)


def _verb(scenario: Scenario, test: ClaimTest) -> str:
    assert test.measure is not None
    unit = test.measure.unit
    if test.sides:
        way = "higher" if test.higher else "lower"
        first, *rest = test.sides
        lead = "from" if first.start else "in"
        others = listed([f"{lead} {tell_side(side)}" for side in rest], "or" if test.than_one_of else "and")
        some = "at least one of these: " if test.than_one_of and len(rest) > 1 else ""
        return f"is {way} {lead} {tell_side(first)} than {some}{others}"
    if test.series is not None:
        way = "rises" if test.rising else "falls"
        what, steps = tell_series(scenario, test.series)
        return f"{way} with every step as {what} goes {_going(steps)}"
    if test.ranked:
        regimes = scenario.regimes if test.measure.kind == "exits" else {}
        groups = [
            f"{words(name)} (during {quoted(named[0])})"
            if named[0] in regimes
            else f"{words(name)} (by {listed([words(step) for step in named], 'or')})"
            for name, named in test.ranked.items()
        ]
        lead = "in these ways" if test.measure.kind == "exits" else "brought about in these ways"
        return f"{lead}, the largest first: {', '.join(groups)}"
    low = None if test.above is None else tell_bound(amount(test.above), unit)
    high = None if test.below is None else tell_bound(amount(test.below), unit)
    if test.needs:
        ids = listed([f"[{name}]" for name in test.needs], "or")
        return f"is above {low} as the model stands, but not without {ids}"
    if low is not None and high is not None:
        return f"lies between {low} and {high}"
    return f"is above {low}" if low is not None else f"is below {high}"


def _going(steps: Sequence[str]) -> str:
    first, *middle, last = steps
    return f"from {first}" + (f" over {listed(middle)}" if middle else "") + f" to {last}"
