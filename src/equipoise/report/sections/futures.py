"""What a report says about all that is not known: shares, what decides each claim, what would flip it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from equipoise.claims.verdict import Verdict
from equipoise.deciding.decision import Decision
from equipoise.deciding.exploration import Exploration
from equipoise.deciding.flipping import Flips
from equipoise.deciding.plain import decision_to_dict, flips_to_dict
from equipoise.deciding.wording import (
    tell_alike,
    tell_cold,
    tell_discovery,
    tell_failures,
    tell_flips,
    tell_groups,
    tell_influence,
    tell_information,
    tell_share,
)
from equipoise.pictures.charts import Chart
from equipoise.pictures.decisions import (
    box_picture,
    crux_picture,
    influence_picture,
    information_picture,
    shares_picture,
)
from equipoise.report.figure import Figure, charted
from equipoise.report.gather import Evidence
from equipoise.report.sections.section import Content
from equipoise.scenario.models import Scenario
from equipoise.scenario.phrases import percent, words

_CAUSES = 8
"""Causes of failures that are told."""


def futures(evidence: Evidence) -> Content | None:
    """Shares, what decides each claim and what would flip it; None without an ensemble."""
    scenario, exploration = evidence.scenario, evidence.exploration
    if exploration is None:
        return None
    drawn = exploration.futures
    at_own = {verdict.claim.id: verdict for verdict in evidence.trial.verdicts}
    flipped = {flips.claim.id: flips for flips in exploration.flips}
    causes = list(drawn.causes.items())
    return {
        "draws": f"{len(drawn):,}",
        "kept": f"{drawn.kept:,}",
        "all": len(drawn) == drawn.kept,
        "parameters": f"{len(drawn.parameters):,}",
        "method": drawn.method,
        "seed": exploration.seed,
        "command": exploration.command,
        "claims": [_claim(scenario, exploration, one, at_own, flipped.get(one.claim)) for one in exploration.decisions],
        "failures": tell_failures(drawn),
        "causes": [{"cause": cause, "count": f"{count:,}"} for cause, count in causes[:_CAUSES]],
        "more_causes": max(0, len(causes) - _CAUSES),
        "cold": tell_cold(drawn),
    }


def futures_data(exploration: Exploration | None) -> Content | None:
    """The same with every number behind it."""
    if exploration is None:
        return None
    parameters = exploration.futures.parameters
    return {
        "draws": len(exploration.futures),
        "method": exploration.futures.method,
        "claims": [decision_to_dict(one, parameters) for one in exploration.decisions],
        "cruxes": [flips_to_dict(one) for one in exploration.flips],
        "causes": exploration.futures.causes,
    }


def futures_figures(scenario: Scenario, exploration: Exploration) -> Iterator[Figure]:
    """The section's figures: the shares, and what decides each claim; wide ones for two columns, narrow for one."""
    parameters = exploration.futures.parameters
    decisions = exploration.decisions
    yield from charted("shares", "futures", lambda n: shares_picture(scenario, decisions, width=_width(n, 420)))
    for one in decisions:
        section, name = f"futures-{one.claim}", one.claim
        yield from charted(f"box-{name}", section, partial(_box, scenario, one, exploration))
        yield from charted(f"influence-{name}", section, partial(_ranked, influence_picture, scenario, one, parameters))
        yield from charted(
            f"information-{name}", section, partial(_ranked, information_picture, scenario, one, parameters)
        )
    for flips in exploration.flips:
        name = flips.claim.id
        yield from charted(f"crux-{name}", f"futures-{name}", partial(_crux, scenario, flips))


def _box(scenario: Scenario, decision: Decision, exploration: Exploration, columns: int) -> Chart | None:
    return box_picture(scenario, decision, exploration.futures, width=_width(columns, 420))


def _ranked(
    draw: Callable[..., Chart | None], scenario: Scenario, decision: Decision, names: Sequence[str], columns: int
) -> Chart | None:
    return draw(scenario, decision, names, width=_width(columns, 380))


def _crux(scenario: Scenario, flips: Flips, columns: int) -> Chart | None:
    return crux_picture(scenario, flips, width=_width(columns, 380))


def _claim(
    scenario: Scenario,
    exploration: Exploration,
    decision: Decision,
    at_own: dict[str, Verdict],
    flips: Flips | None,
) -> Content:
    parameters = exploration.futures.parameters
    verdict = at_own.get(decision.claim)
    says = next((claim.says for claim in scenario.claims if claim.id == decision.claim), "")
    return {
        "id": decision.claim,
        "says": says,
        "status": verdict.status.value if verdict is not None else "",
        "percent": percent(decision.share.share),
        "interval": f"{percent(decision.share.low)} to {percent(decision.share.high)}",
        "share": tell_share(decision.share),
        "conventions": tell_groups(decision.by_convention, lambda name: f"under {name}"),
        "equilibria": tell_groups(decision.by_equilibrium, _reached),
        "discovery": tell_discovery(scenario, decision, parameters),
        "information": tell_information(scenario, decision, parameters),
        "influence": tell_influence(scenario, decision, parameters),
        "alike": tell_alike(decision, parameters),
        "cruxes": [] if flips is None else list(tell_flips(scenario, flips)),
    }


def _reached(name: str) -> str:
    """How an equilibrium was reached, as it is said before a share."""
    return {
        "parent": "continued from the scenario as written",
        "principal": "principal equilibria solved from full noise",
        "jumped": "where the curve from full noise was left",
        "random": "from random starts",
        "not": "where none was found",
    }.get(name, words(name))


def _width(columns: int, wide: int) -> int:
    return wide if columns > 1 else 170
