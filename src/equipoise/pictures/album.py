"""The pictures of an assessment: risk by road, conduct, regimes over time, and the map of regimes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import vl_convert

from equipoise.assessment import ELSEWHERE, Assessment
from equipoise.pictures.charts import Cell, Chart, conduct_map, curves, stacked, still
from equipoise.pictures.regime_map import Flow, Node, regime_map
from equipoise.scenario.phrases import listed, number, one_in, percent, words
from equipoise.stability.graph import of_game
from equipoise.stability.reading import JUDGED_BY
from equipoise.stability.scenario_ranking import ranking_of
from equipoise.stability.solo import solo

_SCALE = 2.0
"""Pixels of a PNG for each unit of its SVG, so that it prints sharply."""
_SEEN = 0.005
"""Shares that stay below cannot be seen in a chart."""
_ANY = "any of them"
_WRITTEN = "as written"


def draw(assessment: Assessment) -> dict[str, bytes]:
    """Every picture as SVG and PNG, by file name."""
    pictures: dict[str, bytes] = {}
    charts = {"risk": risk_picture, "conduct": conduct_picture, "regimes": regimes_picture}
    for name, make in charts.items():
        chart = make(assessment)
        if chart is not None:
            pictures |= _both(name, still(chart.to_dict(validate=False)))
    for start in assessment.prospects if assessment.regimes else ():
        pictures |= _both(f"map-{start}", map_picture(assessment, start))
    return pictures


def draw_comparison(assessments: Sequence[Assessment]) -> dict[str, bytes]:
    """Risk by road of several variants side by side, as SVG and PNG; nothing if nothing ends."""
    chart = comparison_picture(assessments)
    return {} if chart is None else _both("comparison", still(chart.to_dict(validate=False)))


def comparison_picture(assessments: Sequence[Assessment]) -> Chart | None:
    """Probability of every end by the horizon, a panel for each start, a bar for each variant; None if nothing ends."""
    first = assessments[0]
    if not first.outcomes:
        return None
    roads = list(first.outcomes.values())
    panels = {
        words(start): {
            words(assessment.variant or _WRITTEN): dict(
                zip(roads, map(float, assessment.prospects[start].risk[-1]), strict=True)
            )
            for assessment in assessments
        }
        for start in first.prospects
    }
    years = number(first.horizon)
    told = [
        f"From {start}: {listed([f'{variant} {percent(sum(chances.values()))}' for variant, chances in rows.items()])}."
        for start, rows in panels.items()
    ]
    title = f"How the variants compare: chance that it ends within {years} years, by road"
    return stacked(panels, title=title, subtitle=f"{first.title}.", description=f"{title}. {' '.join(told)}")


def risk_picture(assessment: Assessment, *, columns: int = 3) -> Chart | None:
    """Probability of every end by time, one panel for each start; None if nothing ends."""
    if not assessment.outcomes:
        return None
    panels: dict[str, Mapping[str, np.ndarray]] = {}
    for start, prospect in assessment.prospects.items():
        roads = dict(zip(assessment.outcomes.values(), prospect.risk.T, strict=True))
        panels[words(start)] = ({_ANY: prospect.risk.sum(axis=1)} if len(roads) > 1 else {}) | roads
    last = {start: {road: float(curve[-1]) for road, curve in panel.items()} for start, panel in panels.items()}
    whole = {words(start): float(prospect.risk[-1].sum()) for start, prospect in assessment.prospects.items()}
    years = number(assessment.horizon)
    worst, best = max(whole, key=lambda s: whole[s]), min(whole, key=lambda s: whole[s])
    title = (
        f"From {worst} it ends within {years} years with a chance of {percent(whole[worst])}, {one_in(whole[worst])}"
    )
    title += f"; from {best} with {percent(whole[best])}, {one_in(whole[best])}" if best != worst else ""
    return curves(
        assessment.times,
        panels,
        title=title,
        subtitle=f"{_context(assessment)} Chance that the system has ended by each road.",
        description=title + ". " + " ".join(_risk_in_words(start, roads) for start, roads in last.items()),
        axis="chance by then",
        labels={start: {road: f"{road} {percent(p)}" for road, p in roads.items()} for start, roads in last.items()},
        columns=columns,
    )


def conduct_picture(assessment: Assessment) -> Chart | None:
    """What each would do at its next decision in every starting situation; None if nobody may do anything."""
    names = assessment.offices
    cells = [
        Cell(words(start), names[option.actor], words(option.move), option.probability)
        for start, prospect in assessment.prospects.items()
        for option in prospect.options
    ]
    if not cells:
        return None
    order = {name: k for k, name in enumerate(dict.fromkeys(names.values()))}
    cells.sort(key=lambda cell: (order[cell.actor], cell.option != "hold"))
    likely = []
    starts = [words(start) for start in assessment.prospects]
    for start in starts:
        chosen = [cell for cell in cells if cell.situation == start and cell.chance >= 0.2]
        likely.append(f"from {start}, {listed([f'{c.actor}: {c.option} {percent(c.chance)}' for c in chosen])}")
    return conduct_map(
        cells,
        starts,
        title="What each would do at its next decision, in each starting situation",
        subtitle=f"{_context(assessment)} Chance of each option; an empty cell means that it is not open there.",
        description=f"Likeliest choices: {'; '.join(likely)}.",
    )


def regimes_picture(assessment: Assessment, *, columns: int = 3) -> Chart | None:
    """Chance of being in every regime over time, one panel for each start; None if there are no regimes."""
    if not assessment.regimes:
        return None
    panels = {}
    for start, prospect in assessment.prospects.items():
        shares = {words(name): regime.occupancy for name, regime in prospect.regimes.items()}
        shares = ({"ended": prospect.risk.sum(axis=1)} if assessment.outcomes else {}) | shares
        panels[words(start)] = {name: curve for name, curve in shares.items() if curve.max() >= _SEEN}
    last = {start: {name: float(curve[-1]) for name, curve in panel.items()} for start, panel in panels.items()}
    common = max(
        map(words, assessment.regimes), key=lambda name: np.mean([shares.get(name, 0.0) for shares in last.values()])
    )
    title = f"After {number(assessment.horizon)} years {common} is the commonest of the named regimes"
    return curves(
        assessment.times,
        panels,
        title=title,
        subtitle=f"{_context(assessment)} Chance of being in each regime; they may overlap or leave gaps; "
        f"those that stay below {percent(_SEEN)} are left out.",
        description=title + ". " + " ".join(_risk_in_words(start, shares) for start, shares in last.items()),
        axis="chance of being in it",
        labels={start: {name: f"{name} {percent(p)}" for name, p in shares.items()} for start, shares in last.items()},
        whole=True,
        columns=columns,
    )


def map_picture(assessment: Assessment, start: str, *, name: str = "map") -> str:
    """How the system passes between regimes, and into its ends, within the horizon, as SVG; ``name`` begins its ids."""
    prospect = assessment.prospects[start]
    groups, outcomes = [words(name) for name in assessment.groups], list(assessment.outcomes.values())
    alive = prospect.years_in.sum() or 1.0
    notes = [f"{percent(share)} stable" for share in _stable_shares(assessment)]
    nodes = [
        Node(name, float(years / alive), note=note)
        for name, years, note in zip(groups, prospect.years_in, [*notes, ""], strict=True)
    ]
    nodes += [Node(name, float(p), end=True) for name, p in zip(outcomes, prospect.risk[-1], strict=True)]
    visited = {node.name for node in nodes if node.end or node.share >= _SEEN}
    flows = [
        Flow(groups[g], [*groups, *outcomes][h], float(times))
        for (g, h), times in np.ndenumerate(prospect.passages)
        if times > 0
    ]
    longest = max((node for node in nodes if not node.end), key=lambda node: node.share)
    ending = float(prospect.risk[-1].sum())
    years = number(assessment.horizon)
    most, than = ("most", "") if longest.share > 0.5 else ("more", " than in any other regime")
    where = "none of the named regimes" if longest.name == words(ELSEWHERE) else longest.name
    title = f"From {words(start)}, the system spends {most} of the next {years} years in {where}{than}"
    busiest = sorted(flows, key=lambda flow: -flow.times)[:4]
    told = listed([f"{flow.origin} to {flow.target} {number(flow.times)} times" for flow in busiest])
    shares = listed([f"{node.name} {percent(node.share)}" for node in nodes if not node.end])
    return regime_map(
        [node for node in nodes if node.name in visited],
        [flow for flow in flows if flow.origin in visited and flow.target in visited],
        title=title,
        subtitle=f"{_context(assessment)} Arrows: how often it passes within that time, or with what chance; wider is "
        "more often. A situation that fits several regimes counts for the rarest. Stable: the share of a regime's "
        f"situations that nobody would leave, judged without numbers ({JUDGED_BY}).",
        description=f"{title}. Share of time: {shares}. Busiest ways: {told}. Chance of an end: {percent(ending)}.",
        name=name,
    )


def _stable_shares(assessment: Assessment) -> list[float]:
    """For each regime, the share of its states that are equilibria in the ordinal reading; 0 if it has no states."""
    game, scenario = assessment.game, assessment.scenario
    graph = of_game(game)
    stable = solo(graph, ranking_of(scenario, game), JUDGED_BY).equilibrium[: game.n_states]
    insides = [game.where(regime.when) for regime in scenario.shown.values()]
    return [float(stable[inside].mean()) if inside.any() else 0.0 for inside in insides]


def _both(name: str, svg: str) -> dict[str, bytes]:
    return {f"{name}.svg": svg.encode(), f"{name}.png": vl_convert.svg_to_png(svg, scale=_SCALE)}


def _context(assessment: Assessment) -> str:
    return f"{assessment.title}{f', variant {assessment.variant}' if assessment.variant else ''}."


def _risk_in_words(start: str, chances: Mapping[str, float]) -> str:
    return f"From {start}: {listed([f'{name} {percent(chance)}' for name, chance in chances.items()])}."
