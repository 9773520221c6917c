"""The pictures of what decides a claim: shares, influence, the box in which it fails, value of information, cruxes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from equipoise.deciding.decision import Decision
from equipoise.deciding.flipping import Flips
from equipoise.deciding.futures import FAILED, HOLDS, Futures
from equipoise.deciding.sensitivity import Index
from equipoise.deciding.wording import conditions, deviations, tell_amount, tell_parameter, verb_of
from equipoise.pictures.bars import Bar, bars
from equipoise.pictures.charts import Chart
from equipoise.pictures.intervals import Estimate, Side, box, estimates
from equipoise.scenario.models import Scenario
from equipoise.scenario.phrases import listed, number, percent, words

_MOST = 12
"""Parameters in a picture."""


def shares_picture(scenario: Scenario, decisions: Sequence[Decision], *, width: int = 420) -> Chart | None:
    """Share of futures in which each claim holds, with its interval; None if there are no claims."""
    if not decisions:
        return None
    says = {claim.id: claim.says for claim in scenario.claims}
    rows = [
        Estimate(
            f"{one.claim}: {_short(says[one.claim])}",
            one.share.share,
            one.share.low,
            one.share.high,
            percent(one.share.share),
        )
        for one in decisions
        if one.share.draws
    ]
    if not rows:
        return None
    draws = max(one.share.draws for one in decisions)
    firm = [one.claim for one in decisions if one.share.low > 0.5]
    title = f"{len(firm)} of {len(rows)} claims hold in more than half of {draws:,} futures"
    told = [f"{row.label} {row.text} ({percent(row.low)} to {percent(row.high)})" for row in rows]
    return estimates(
        rows,
        title=title,
        subtitle=f"{scenario.title}. Share of futures drawn from what is not known in which each claim holds, with 95% "
        "intervals; futures without a verdict count as not holding.",
        description=f"{title}. {'. '.join(told)}.",
        axis="share of futures in which it holds",
        share=True,
        width=width,
    )


def influence_picture(
    scenario: Scenario, decision: Decision, parameters: Sequence[str], *, width: int = 380
) -> Chart | None:
    """How far each parameter moves the distribution of a claim's margin; None if nothing was estimated."""
    if decision.distribution is None:
        return None
    above = decision.distribution.above
    title = (
        f"{decision.claim} depends most on {listed([words(parameters[p]) for p in above[:3]])}"
        if len(above)
        else f"No parameter by itself moves {decision.claim} by more than chance"
    )
    what = "margin" if decision.margin is not None else "verdict"
    return _ranked(
        scenario,
        decision.distribution,
        parameters,
        title=title,
        subtitle=f"How far the distribution of the {what} moves once a parameter is known (PAWN index, 0 to 1), with "
        "95% intervals. Right of the dashed line: more than the greatest of as many parameters without influence.",
        axis="PAWN index",
        width=width,
    )


def information_picture(
    scenario: Scenario, decision: Decision, parameters: Sequence[str], *, width: int = 380
) -> Chart | None:
    """Share of the doubt about a verdict that knowing a parameter would remove; None if nothing was estimated."""
    if decision.information is None:
        return None
    above = decision.information.doubt.above
    title = (
        f"Knowing {words(parameters[above[0]])} would remove most of the doubt about {decision.claim}"
        if len(above)
        else f"Knowing one parameter would not reduce the doubt about {decision.claim} by more than chance"
    )
    return _ranked(
        scenario,
        decision.information.doubt,
        parameters,
        title=title,
        subtitle="Share of the variance of the verdict that knowing a parameter removes on average, with 95% "
        "intervals. Right of the dashed line: more than the greatest of as many parameters that say nothing.",
        axis="share of the doubt",
        width=width,
    )


def box_picture(scenario: Scenario, decision: Decision, futures: Futures, *, width: int = 420) -> Chart | None:
    """The box in which a claim fails (or holds) mostly, and the futures over its two main parameters; None if none."""
    discovery = decision.discovery
    if discovery is None or discovery.found is None:
        return None
    found, whole = discovery.found, discovery.whole
    order = _order(discovery.quasi_p)
    told = list(conditions(scenario, decision, futures.parameters))
    sides = [
        Side(
            words(futures.parameters[p]),
            float(found.box.low[p]),
            float(found.box.high[p]),
            float(whole.box.low[p]),
            float(whole.box.high[p]),
            _bounds(scenario, futures.parameters[p], p, discovery.quasi_p, found.box.low, found.box.high),
        )
        for p in order
    ]
    verb = verb_of(decision)
    title = (
        f"{decision.claim} {verb} mostly when "
        f"{listed([f'{side.label} is {side.text}' for side in sides])}: {percent(found.density)} there, "
        f"{percent(whole.density)} overall"
    )
    known = futures.verdicts[:, futures.claim(decision.claim)] != FAILED
    holds = futures.holds(decision.claim)[known]
    interest = holds if decision.rarer == HOLDS else ~holds
    first, second = (*order, order[0])[:2]
    x, y = futures.values[known, first], futures.values[known, second]
    points = list(zip(x.tolist(), y.tolist(), interest.tolist(), strict=True)) if len(order) > 1 else []
    axes = tuple(tell_parameter(scenario, futures.parameters[p]) for p in (first, second))
    logs = tuple(_wide(futures.values[:, p]) for p in (first, second))
    kinds = ("holds", "does not hold") if decision.rarer == HOLDS else ("does not hold", "holds")
    return box(
        sides,
        points,
        title=title,
        subtitle=f"{scenario.title}. Orange: the part of what was drawn of each parameter that lies in the box, which "
        f"has {percent(found.coverage)} of these futures. Below: futures over the two parameters that matter most.",
        description=f"{title}. In the box {listed(told)}. It has {percent(found.coverage)} of the futures in which the "
        f"claim {verb}.",
        axes=(axes[0], axes[1]),
        kinds=kinds,
        logs=(logs[0], logs[1]),
        width=width,
    )


def crux_picture(scenario: Scenario, flips: Flips, *, width: int = 380) -> Chart | None:
    """Every confirmed crux: how far each premise moves, in units of its own uncertainty; None if there is none."""
    if not flips.found:
        return None
    premises, changes, told = flips.premises, [], []
    for one in flips.found:
        crux = one.crux
        group = f"{_together(len(crux.moved))}: {deviations(crux.distance)}"
        shown = crux.moved[:6]
        for p in shown:
            name = premises.names[p]
            moved = float(crux.scores[p] - premises.start[p])
            text = f"{number(premises.own[p])} to {tell_amount(scenario, name, float(crux.values[p]))}"
            changes.append(Bar(words(name), moved, text, group))
        told.append(f"{group}: {listed([f'{words(premises.names[p])} {number(crux.values[p])}' for p in shown])}")
    nearest = flips.nearest
    assert nearest is not None  # there is one
    becomes = f"{flips.claim.id}, which {flips.status.value}, {nearest.verdict.status.value}"
    alone = len(nearest.crux.moved) == 1
    what = f"{words(premises.names[nearest.crux.moved[0]])} moves" if alone else "several premises together move"
    title = f"{becomes} once {what} by {number(round(nearest.crux.distance, 2))} standard deviations"
    return bars(
        changes,
        title=title,
        subtitle="Nearest changes of premises that flip the verdict, each confirmed by solving anew: how far each "
        "premise moves in standard deviations of what is known of it (normal scores), and from which number to which.",
        description=f"{title}. {'. '.join(told)}.",
        axis="standard deviations of the premise's own uncertainty",
        width=width,
    )


def _ranked(
    scenario: Scenario, index: Index, parameters: Sequence[str], *, title: str, subtitle: str, axis: str, width: int
) -> Chart:
    """The greatest of some indices."""
    order = np.argsort(-index.number, kind="stable")[:_MOST]
    rows = [
        Estimate(
            words(parameters[p]),
            max(0.0, float(index.number[p])),
            float(index.low[p]),
            float(index.high[p]),
            number(round(max(0.0, float(index.number[p])), 3)),
            bool(index.number[p] > index.floor),
        )
        for p in order
    ]
    told = [f"{row.label} {row.text}{'' if row.strong else ' (no more than chance)'}" for row in rows]
    return estimates(
        rows,
        title=title,
        subtitle=f"{scenario.title}. {subtitle}",
        description=f"{title}. {listed(told)}. The line stands at {number(round(index.floor, 3))}.",
        axis=axis,
        floor=index.floor,
        width=width,
    )


def _order(limits: dict[tuple[int, str], float]) -> list[int]:
    """Parameters of a box, the surest bound first."""
    columns = dict.fromkeys(p for p, _ in limits)
    return sorted(columns, key=lambda p: min(value for (own, _), value in limits.items() if own == p))


def _bounds(
    scenario: Scenario,
    name: str,
    p: int,
    limits: dict[tuple[int, str], float],
    low: np.ndarray,
    high: np.ndarray,
) -> str:
    if (p, "low") in limits and (p, "high") in limits:
        return f"between {number(low[p])} and {tell_amount(scenario, name, float(high[p]))}"
    above = (p, "low") in limits
    return f"{'above' if above else 'below'} {tell_amount(scenario, name, float((low if above else high)[p]))}"


def _wide(values: np.ndarray) -> bool:
    """Whether values are better seen on a logarithmic scale."""
    return bool(values.min() > 0 and values.max() > 20 * values.min())


def _together(count: int) -> str:
    return "One premise alone" if count == 1 else f"{count} premises together"


def _short(text: str, most: int = 64) -> str:
    return text if len(text) <= most else text[: text.rfind(" ", 0, most)] + "…"
