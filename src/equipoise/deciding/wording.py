"""What decides a claim, in sentences for people who read no tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from equipoise.claims.verdict import Status
from equipoise.deciding.crux import Crux
from equipoise.deciding.decision import ENOUGH, NAMED, Decision
from equipoise.deciding.flipping import Confirmed, Flips
from equipoise.deciding.futures import FAILED, HOLDS, UNRESOLVED, Futures
from equipoise.deciding.premises import Premises
from equipoise.deciding.prim import Limit
from equipoise.deciding.share import Share
from equipoise.scenario.models import Scenario
from equipoise.scenario.phrases import listed, number, percent, sentence, words

_UNITS = {"util": " util", "util/year": " util a year", "1/year": " a year"}
_LONGEST = 90
"""Characters of a parameter's description in a sentence."""


def tell_share(share: Share) -> str:
    """`It holds in 71% of 500 futures (66% to 75%).`, and what failed draws could make of that."""
    if not share.draws:
        return "No future was solved."
    told = f"It holds in {percent(share.share)} of {share.draws:,} futures (95% interval {_interval(share)})."
    if share.failed:
        told += (
            f" {share.failed:,} of them have no verdict and count as not holding; had it held in all of those, it "
            f"would be {percent(share.share_if_held)}."
        )
    return told


def tell_groups(groups: dict[str, Share], what: Callable[[str], str]) -> str:
    """Shares by group, where there is more than one: `under agent error 40% of 100 (31% to 50%)`."""
    if len(groups) < 2:
        return ""
    told = [f"{what(name)} {percent(one.share)} of {one.draws:,} ({_interval(one)})" for name, one in groups.items()]
    return sentence(listed(told))


def tell_discovery(scenario: Scenario, decision: Decision, parameters: Sequence[str]) -> str:
    """When the claim fails (or holds, if that is the rarer), in one sentence, and how sure that is in another."""
    rare, verb = decision.rarer == HOLDS, verb_of(decision)
    discovery = decision.discovery
    if discovery is None:
        known = sum(decision.counts.values()) - decision.counts[FAILED]
        if known < ENOUGH:
            return f"Fewer than {ENOUGH} futures have a verdict: too few to say what decides it."
        times = decision.counts[HOLDS] if rare else known - decision.counts[HOLDS]
        never = "It never holds" if rare else "It holds wherever there is a verdict"
        return f"{never if not times else f'It {verb} only once'}, so that there is nothing to tell apart."
    if discovery.found is None:
        return (
            f"No range of up to three parameters tells the futures in which it {verb} from the others better than "
            f"chance would (p = {number(discovery.p)}): it depends on many things, or draws are too few."
        )
    found, cases = discovery.found, "cases" if rare else "failures"
    where = listed(list(conditions(scenario, decision, parameters)))
    told = (
        f"It {verb} mostly when {where}: that is where {percent(found.coverage)} of the {cases} lie, and there it "
        f"{verb} in {percent(found.density)} of the futures ({percent(discovery.whole.density)} overall)."
    )
    sure = f"Where there is nothing to be found, as good a box turns up in {percent(discovery.p)} of cases"
    if discovery.held_out is not None:
        held = discovery.held_out
        sure += (
            f"; found in one half of the futures and tried in the other, it covers {percent(held.coverage)} of the "
            f"{cases} with {percent(held.density)}"
        )
    return f"{told} {sure}."


def verb_of(decision: Decision) -> str:
    """What the claim does in the rarer of the two cases."""
    return "holds" if decision.rarer == HOLDS else "fails" if not decision.counts[UNRESOLVED] else "does not hold"


def conditions(scenario: Scenario, decision: Decision, parameters: Sequence[str]) -> Iterator[str]:
    """The bounds of what was found, the surest first: `striking ("Cost of striking first") is above 0.8 util`."""
    discovery = decision.discovery
    if discovery is None or discovery.found is None:
        return
    box, limits = discovery.found.box, discovery.quasi_p
    surest = {p: min(value for (own, _), value in limits.items() if own == p) for p, _ in limits}
    for p in sorted(surest, key=lambda own: surest[own]):
        bounds: dict[Limit, float] = {(p, "low"): float(box.low[p]), (p, "high"): float(box.high[p])}
        low, high = (bounds[p, end] if (p, end) in limits else None for end in ("low", "high"))
        name = parameters[p]
        if (p, "") in limits:
            yield f"{tell_parameter(scenario, name)} is {listed([number(v) for v in sorted(box.kept[p])], 'or')}"
        elif low is not None and high is not None:
            yield f"{tell_parameter(scenario, name)} is between {number(low)} and {tell_amount(scenario, name, high)}"
        elif low is not None:
            yield f"{tell_parameter(scenario, name)} is above {tell_amount(scenario, name, low)}"
        elif high is not None:
            yield f"{tell_parameter(scenario, name)} is below {tell_amount(scenario, name, high)}"


def tell_information(scenario: Scenario, decision: Decision, parameters: Sequence[str], most: int = NAMED) -> str:
    """Which parameters it would be worth to know, and what would be left of the doubt."""
    found = decision.information
    if found is None:
        return ""
    worth = [int(p) for p in found.doubt.above[:most]]
    if not worth:
        return "Knowing any one parameter would not reduce the doubt by more than chance."
    told = [f"{tell_parameter(scenario, parameters[p])} {percent(float(found.doubt.number[p]))}" for p in worth]
    first = worth[0]
    text = f"Of the doubt about it, knowing one parameter would on average remove: {listed(told)}."
    if found.error_now - found.error[first] > found.error_floor:
        text += (
            f" With the first of them known, the verdict would be called wrong in {percent(float(found.error[first]))} "
            f"of the futures instead of {percent(found.error_now)}."
        )
    return text


def tell_flips(scenario: Scenario, flips: Flips) -> tuple[str, ...]:
    """What would flip a verdict, a sentence for each crux, those with the fewest premises first."""
    if flips.why:
        return (f"Nothing could be looked for: {flips.why}.",)
    told = [sentence(tell_crux(scenario, flips.premises, one, flips.status)) for one in flips.found]
    told = told or ["No plausible change of premises was found at which the verdict is another one."]
    return (*told, *_doubtful(flips))


def tell_crux(scenario: Scenario, premises: Premises, confirmed: Confirmed, status: Status) -> str:
    """`it fails once striking ("Cost of ...") is 0.9 util instead of 0.4: 1.2 standard deviations`."""
    crux = confirmed.crux
    becomes = {Status.HOLDS: "holds", Status.FAILS: "fails"}.get(confirmed.verdict.status, "cannot be decided any more")
    changes = [tell_change(scenario, premises, crux, p) for p in crux.moved[:3]]
    rest = len(crux.moved) - 3
    more = f" and {rest} more premises a little each" if rest > 1 else " and one more" if rest == 1 else ""
    return f"it {becomes} once {listed(changes) if not more else ', '.join(changes)}{more}: {deviations(crux.distance)}"


def tell_change(scenario: Scenario, premises: Premises, crux: Crux, p: int) -> str:
    """One premise of a crux."""
    name = premises.names[p]
    now, then = float(premises.own[p]), float(crux.values[p])
    return f"{tell_parameter(scenario, name)} is {tell_amount(scenario, name, then)} instead of {number(now)}"


def deviations(distance: float) -> str:
    """A distance in units of the premises' own uncertainty, in words."""
    near = (
        "well within what is not known" if distance < 1 else "within what is not known" if distance < 2 else "far out"
    )
    return f"{number(round(distance, 2))} standard deviations, {near}"


def tell_parameter(scenario: Scenario, name: str) -> str:
    """A parameter by name, with what it measures."""
    about = scenario.parameters[name].about if name in scenario.parameters else None
    if not about:
        return words(name)
    text = about.strip().rstrip(".")
    if len(text) > _LONGEST:
        text = text[: text.rfind(" ", 0, _LONGEST)].rstrip(",;:") + "…"
    return f"{words(name)} (\N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK})"


def tell_amount(scenario: Scenario, name: str, value: float) -> str:
    """A parameter's value with its unit."""
    unit = scenario.parameters[name].unit if name in scenario.parameters else ""
    return f"{number(value)}{_UNITS.get(unit, '')}"


def _doubtful(flips: Flips) -> tuple[str, ...]:
    count = len(flips.unconfirmed)
    if not count:
        return ()
    points = "another point was" if count == 1 else f"{count} other points were"
    return (
        f"By continuation {points} found, but the principal equilibrium there does not bear it out: near a fold "
        "another equilibrium is reached.",
    )


def _interval(share: Share) -> str:
    return f"{percent(share.low)} to {percent(share.high)}"


def tell_influence(scenario: Scenario, decision: Decision, parameters: Sequence[str], most: int = NAMED) -> str:
    """Which parameters move the claim's number, and whether any of that is more than chance."""
    found = decision.distribution
    if found is None:
        return ""
    above = [int(p) for p in found.above]
    what = "the margin by which it holds or fails" if decision.margin is not None else "its verdict"
    if not above:
        return f"No parameter by itself moves {what} by more than chance among so many would."
    told = [
        f"{tell_parameter(scenario, parameters[p])} {number(round(float(found.number[p]), 2))}" for p in above[:most]
    ]
    more = f", and {len(above) - most} more" if len(above) > most else ""
    text = f"What moves {what} most (PAWN index, 0 to 1): {listed(told)}{more}."
    if decision.margin is not None and len(decision.margin.above) and not decision.alike:
        single = float(np.clip(decision.margin.number[decision.margin.above].sum(), 0.0, 1.0))
        text += f" Parameters one by one explain {percent(single)} of its variance; the rest is interaction or noise."
    return text


def tell_alike(decision: Decision, parameters: Sequence[str], most: int = 3) -> str:
    """A warning of parameters that the draws do not tell apart from those that are named; empty if there are none."""
    if not decision.alike:
        return ""
    told = []
    for p, others in decision.alike.items():
        named = [words(parameters[q]) for q in others[:most]]
        named += [f"{len(others) - most} more"] if len(others) > most else []
        told.append(f"{words(parameters[p])} with {listed(named)}")
    return (
        f"But these draws do not tell parameters apart that were drawn alike: {'; '.join(told)}. What is said of one "
        "may be another's; more draws, or another method of drawing, can tell."
    )


def tell_failures(futures: Futures) -> str:
    """How many draws could not be solved."""
    failed = sum(futures.causes.values())
    if not failed:
        return f"Every case of all {len(futures):,} futures has a certified equilibrium."
    return f"In {failed:,} of {len(futures):,} futures some case could not be solved; they count as not holding."


def tell_cold(futures: Futures) -> str:
    """What solving again from full noise says of the futures in which that was done."""
    asked = np.isin(futures.cold, ["agrees", "disagrees"])
    lost = int((futures.cold == "failed").sum())
    if not asked.any() and not lost:
        return "No future was also solved from full noise."
    differ = int((futures.cold == "disagrees").sum())
    told = (
        f"Of {int(asked.sum()):,} futures also solved from full noise, {int(asked.sum()) - differ:,} came to the same"
    )
    told += f" equilibrium and {differ:,} to another one" if differ else " equilibrium"
    told += f"; in {lost:,} the curve from full noise was lost" if lost else ""
    changed = {
        claim: int((futures.verdicts[asked, k] != futures.cold_verdicts[asked, k]).sum())
        for k, claim in enumerate(futures.claims)
    }
    moved = [f"{claim} in {count:,}" for claim, count in changed.items() if count]
    return f"{told}. " + (f"That changes the verdict on {listed(moved)}." if moved else "No verdict changes by it.")


def tell_decision(scenario: Scenario, decision: Decision, parameters: Sequence[str]) -> tuple[str, ...]:
    """The sentences about one claim: how often it holds, when it does not, what would be worth knowing."""
    told = (
        tell_share(decision.share),
        tell_groups(decision.by_convention, lambda name: f"under {name}"),
        tell_discovery(scenario, decision, parameters),
        tell_information(scenario, decision, parameters),
        tell_alike(decision, parameters),
    )
    return tuple(each for each in told if each)
