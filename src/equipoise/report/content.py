"""What a report says, as plain data: the same for HTML, Markdown and JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from equipoise.claims.ablation import Ablation, Removal
from equipoise.claims.roads import Road, Undoing, road_to_dict
from equipoise.claims.verdict import Finding, Status, Verdict
from equipoise.claims.wording import STATED, tell_contest, tell_numbers, tell_splits
from equipoise.game.size import measure
from equipoise.outlook.conduct import HOLD
from equipoise.outlook.storylines import clauses
from equipoise.report.futures import futures, futures_data
from equipoise.report.gather import Evidence
from equipoise.report.glossary import GLOSSARY, LIMITS
from equipoise.report.ordinal import ordinal
from equipoise.scenario.claim_english import quoted, tell_amount, tell_measure, tell_test
from equipoise.scenario.claims import AS_WRITTEN
from equipoise.scenario.english import tell_quantity
from equipoise.scenario.models import Scenario
from equipoise.scenario.phrases import listed, number, one_in, percent, sentence, span, words
from equipoise.scenario.rules.names import cited_keys

Content = dict[str, Any]
_UNDIVIDED = "cannot be said"
_SEEN = 0.005
"""Chances of options below which conduct is not told."""


def content(evidence: Evidence) -> Content:
    """Everything a report says, in its order; the form is described in docs/json.md."""
    scenario, assessment = evidence.scenario, evidence.assessment
    first = next(iter(scenario.initial))
    return {
        "title": scenario.title,
        "about": scenario.about or "",
        "horizon": span(scenario.horizon),
        "summary": _summary(evidence, first),
        "counts": {status.value: evidence.trial.count(status) for status in Status},
        "verdicts": [_verdict(evidence, verdict) for verdict in evidence.trial.verdicts],
        "conventions": list(evidence.trial.conventions),
        "equilibria": evidence.trial.equilibria,
        "starts": [
            {"name": words(name), "about": start.about or "", "why": _why(scenario, name)}
            for name, start in scenario.initial.items()
        ],
        "outcomes": assessment.outcomes,
        "risks": _risks(evidence),
        "variants": _variants(evidence),
        "conduct": _conduct(evidence),
        "ledger": _ledger(evidence),
        "roads": [_road(scenario, road) for road in evidence.roads],
        "ways": [_road(scenario, road) for road in evidence.ways],
        "undoings": [_undoing(scenario, undoing) for undoing in evidence.undoings],
        "ablation": _ablation(evidence, first),
        "ordinal": ordinal(evidence.reading),
        "futures": futures(evidence.scenario, evidence.trial.verdicts, evidence.exploration),
        "argument": [{"id": key, "says": says} for key, says in scenario.argument.items()],
        "parameters": _parameters(scenario),
        "sources": [{"key": key} | asdict_source(source) for key, source in scenario.sources.items()],
        "certificate": _certificate(evidence),
        "provenance": asdict(evidence.provenance),
        "limits": list(LIMITS),
        "glossary": [{"word": word, "means": means} for word, means in GLOSSARY],
    }


def data(evidence: Evidence) -> Content:
    """The same with every number behind it, for other programs."""
    return {
        "report": content(evidence),
        "assessment": evidence.assessment.to_dict(),
        "verdicts": [verdict.to_dict() for verdict in evidence.trial.verdicts],
        "headlines": {case: asdict(headline) for case, headline in evidence.headlines.items()},
        "curves": {s: {c: curve.tolist() for c, curve in by.items()} for s, by in evidence.curves.items()},
        "ledger": evidence.ledger.to_dict(),
        "roads": [road_to_dict(road) for road in (*evidence.roads, *evidence.ways)],
        "undoings": [asdict(undoing) for undoing in evidence.undoings],
        "futures": futures_data(evidence.exploration),
        "ablation": evidence.ablation.to_dict() if evidence.ablation else None,
    }


def asdict_source(source: Any) -> dict[str, str]:
    """A source's own words."""
    return {"cite": source.cite, "url": source.url or "", "note": source.note or ""}


def case_name(name: str) -> str:
    """A case as a heading."""
    return "as written" if name == AS_WRITTEN else words(name)


def _summary(evidence: Evidence, first: str) -> list[str]:
    """The report in a few sentences."""
    trial = evidence.trial
    judged = [v for v in trial.verdicts if v.status in (Status.HOLDS, Status.FAILS, Status.UNRESOLVED)]
    told = []
    if judged:
        parts = [
            f"{trial.count(status)} {verb if trial.count(status) != 1 else verb + 's'}"
            for status, verb in ((Status.HOLDS, "hold"), (Status.FAILS, "fail"))
        ]
        if trial.count(Status.UNRESOLVED):
            parts.append(f"{trial.count(Status.UNRESOLVED)} cannot be decided")
        told.append(sentence(f"of {len(judged)} claims judged at the scenario's own numbers, {listed(parts)}"))
    contested = [v.claim.id for v in trial.verdicts if v.contested]
    if contested:
        told.append(
            sentence(f"another noise convention or another equilibrium decides otherwise on {listed(contested)}")
        )
    if evidence.assessment.outcomes:
        chance = evidence.headlines[AS_WRITTEN].risk[first]
        worst = max(evidence.headlines[AS_WRITTEN].risk.items(), key=lambda item: item[1])
        ends = [f"{name} comes" for name in evidence.assessment.outcomes.values()]
        end = ends[0] if len(ends) == 1 else "it ends in one of the ways below"
        text = f"from {words(first)} the chance that {end} within {span(evidence.scenario.horizon)} is "
        text += f"{percent(chance)}, {one_in(chance)}"
        text += f"; from {words(worst[0])} it is {percent(worst[1])}, {one_in(worst[1])}" if worst[0] != first else ""
        told.append(sentence(text))
    return told


def _verdict(evidence: Evidence, verdict: Verdict) -> Content:
    scenario = evidence.scenario
    claim = verdict.claim
    return {
        "id": claim.id,
        "says": claim.says,
        "status": verdict.status.value,
        "sentence": tell_numbers(scenario, verdict) or STATED[verdict.status],
        "split": tell_splits(verdict),
        "contest": tell_contest(verdict),
        "test": sentence(f"it holds if {tell_test(scenario, claim.test)}") if claim.test else "",
        "judges": [{"id": name, "says": scenario.argument.get(name, "")} for name in claim.judges],
        "source": claim.source or "",
        "findings": [_finding(scenario, finding) for finding in verdict.findings],
        "basis": [
            f"{basis.case}: {basis.states:,} states, {basis.branch} equilibrium, "
            + ("certified" if basis.certified else "not certified")
            + (f", {basis.folds} folds passed" if basis.folds else "")
            for basis in verdict.basis
        ],
        "challenges": [{"under": c.under, "status": c.status.value} for c in verdict.challenges],
        "contested": bool(verdict.contested),
        "carried": _carried(scenario, evidence.ablation, claim.id),
    }


def _finding(scenario: Scenario, finding: Finding) -> Content:
    unit = finding.unit
    assert finding.test.measure is not None  # single tests have one
    split = any(witness.differences for witness in finding.witnesses)
    rows = []
    for witness in finding.witnesses:
        numbers = [
            f"{reading.label}: {'no such number' if math.isnan(reading.value) else tell_amount(reading.value, unit)}"
            for reading in witness.readings
        ]
        rows.append(
            {
                "start": words(witness.start),
                "actor": scenario.actors[witness.actor].name or words(witness.actor) if witness.actor else "",
                "numbers": numbers,
                "assumed": [_signed(d.assumed, unit) if d.divided else _UNDIVIDED for d in witness.differences],
                "emergent": [_signed(d.emergent, unit) if d.divided else _UNDIVIDED for d in witness.differences],
                "known": [percent(d.known) for d in witness.differences],
                "status": witness.status.value,
            }
        )
    return {
        "measure": sentence(
            tell_measure(scenario, finding.test.measure) + " by each of these" * bool(finding.test.ranked)
        ),
        "status": finding.status.value,
        "split": split,
        "starts": any(row["start"] for row in rows),
        "actors": any(row["actor"] for row in rows),
        "rows": rows,
    }


def _signed(value: float, unit: str) -> str:
    if abs(value) < 1e-9:
        return "0"
    sign = "\N{MINUS SIGN}" if value < 0 else "+"
    return f"{sign}{number(100 * abs(value))} points" if unit in ("chance", "share") else f"{sign}{number(abs(value))}"


def _carried(scenario: Scenario, ablation: Ablation | None, claim: str) -> list[Content]:
    """The mechanisms without which a claim comes to something else."""
    if ablation is None:
        return []
    by_name = {removal.mechanism: removal for removal in ablation.removals}
    return [
        {"id": name, "says": scenario.argument.get(name, ""), "status": by_name[name].verdicts[claim].value}
        for name in ablation.carried(claim)
    ]


def _why(scenario: Scenario, start: str) -> list[Content]:
    return [
        {
            "factor": words(factor),
            "level": scenario.initial[start].state[factor],
            "says": why.says,
            "source": why.source,
        }
        for factor, why in scenario.initial[start].because.items()
    ]


def _risks(evidence: Evidence) -> list[Content]:
    whole = evidence.headlines[AS_WRITTEN]
    return [
        {
            "start": words(start),
            "any": _chance(chance),
            "roads": {outcome: _chance(p) for outcome, p in whole.roads[start].items()},
        }
        for start, chance in whole.risk.items()
    ]


def _variants(evidence: Evidence) -> Content:
    scenario = evidence.scenario
    return {
        "cases": [
            {"name": case_name(case), "about": scenario.variants[case].about if case != AS_WRITTEN else ""}
            for case in evidence.headlines
        ],
        "rows": [
            {
                "start": words(start),
                "risks": [
                    _chance(headline.risk[start]) if start in headline.risk else None
                    for headline in evidence.headlines.values()
                ],
            }
            for start in scenario.initial
        ],
    }


def _chance(chance: float) -> Content:
    return {"percent": percent(chance), "odds": one_in(chance)}


def _conduct(evidence: Evidence) -> list[Content]:
    assessment = evidence.assessment
    return [
        {
            "start": words(start),
            "actor": assessment.actors[option.actor],
            "move": words(option.move),
            "chance": percent(option.probability),
            "rate": number(option.rate),
            "prefers": f"{option.prefers:+.3g}".replace("-", "\N{MINUS SIGN}"),
        }
        for start, prospect in assessment.prospects.items()
        for option in prospect.options
        if option.probability >= _SEEN and option.move != HOLD
    ]


def _ledger(evidence: Evidence) -> Content:
    ledger, assessment = evidence.ledger, evidence.assessment
    return {
        "start": words(ledger.start),
        "cases": [case_name(case) for case in ledger.cases],
        "accounts": [
            {
                "actor": assessment.actors[account.actor],
                "total": [_util(account.total[case]) for case in ledger.cases],
                "entries": [
                    {
                        "about": sentence(entry.about),
                        "name": entry.name,
                        "source": entry.source,
                        "values": [_util(entry.value[case]) for case in ledger.cases],
                    }
                    for entry in account.entries[:8]
                ],
                "left": len(account.entries[8:]),
                "rest": [_util(sum(entry.value[case] for entry in account.entries[8:])) for case in ledger.cases],
            }
            for account in ledger.accounts
        ],
    }


def _util(value: float) -> str:
    return "0" if abs(value) < 5e-4 else f"{value:.3g}".replace("-", "\N{MINUS SIGN}")


def _road(scenario: Scenario, road: Road) -> Content:
    heading = f"from {words(road.start)} to {quoted(road.end) if road.end in scenario.regimes else road.name}"
    return {
        "heading": sentence(heading).removesuffix("."),
        "start": words(road.start),
        "end": words(road.end),
        "name": road.name if road.name != road.end else words(road.end),
        "chance": _chance(road.chance),
        "covered": percent(min(1.0, road.stories.covered)),
        "stories": [{"text": story.text, "chance": percent(story.probability)} for story in road.stories.stories[:5]],
        "turns": [
            {
                "text": sentence(turn.text),
                "move": words(turn.move),
                "without": _chance(turn.risk),
                "leads": turn.change < 0,
            }
            for turn in road.turns[:6]
        ],
    }


def _undoing(scenario: Scenario, undoing: Undoing) -> Content:
    told = {step: sentence(text) for step, text in clauses(scenario).items()}
    return {
        "regime": words(undoing.regime),
        "start": words(undoing.start),
        "reached": _chance(undoing.reached),
        "inside": undoing.inside,
        "dwell": span(undoing.dwell) if not math.isnan(undoing.dwell) else "never reached",
        "causes": [
            {
                "step": words(step),
                "text": told[step],
                "into": scenario.outcomes[end].name or words(end) if end else "another situation",
                "share": percent(share),
            }
            for step, end, share in undoing.causes
            if share >= 1e-3
        ],
    }


def _ablation(evidence: Evidence, first: str) -> Content | None:
    ablation = evidence.ablation
    if ablation is None:
        return None
    whole = ablation.whole.risk[first]
    return {
        "start": words(first),
        "whole": _chance(whole),
        "judged": any(removal.verdicts for removal in ablation.removals),
        "rows": [_removal(evidence, ablation, removal, first) for removal in ablation.removals],
    }


def _removal(evidence: Evidence, ablation: Ablation, removal: Removal, first: str) -> Content:
    change = removal.headline.risk[first] - ablation.whole.risk[first]
    turned = [
        {"id": claim, "was": ablation.verdicts[claim].value, "is": status.value}
        for claim, status in removal.verdicts.items()
        if status is not ablation.verdicts[claim]
    ]
    time = _largest(ablation.whole.time[first], removal.headline.time[first])
    return {
        "id": removal.mechanism,
        "says": removal.says,
        "lines": removal.lines,
        "risk": _chance(removal.headline.risk[first]),
        "change": _signed(change, "chance"),
        "regime": f"{words(time[0])} {percent(time[1])} to {percent(time[2])} of the time" if time else "",
        "turned": turned,
        "certified": removal.certified,
    }


def _largest(before: Mapping[str, float], after: Mapping[str, float]) -> tuple[str, float, float] | None:
    """The regime whose share of time changes most."""
    name = max(before, key=lambda key: abs(after[key] - before[key]), default=None)
    return (name, before[name], after[name]) if name is not None else None


def _parameters(scenario: Scenario) -> list[Content]:
    return [
        {
            "name": name,
            "about": parameter.about or "",
            "quantity": tell_quantity(parameter),
            "source": parameter.source,
            "keys": [key for key in cited_keys(parameter.source) if key in scenario.sources],
        }
        for name, parameter in scenario.parameters.items()
    ]


def _certificate(evidence: Evidence) -> Content:
    equilibrium = evidence.assessment.equilibrium
    size = measure(evidence.assessment.scenario, evidence.assessment.game)
    return {
        "text": str(equilibrium.certificate),
        "branch": equilibrium.branch.value,
        "cause": equilibrium.cause,
        "convention": equilibrium.convention.name,
        "states": f"{size.states:,}",
        "rows": f"{size.move_rows + size.event_rows:,}",
        "cases": len(evidence.trial.solutions.solved),
        "uncertified": [str(c) for c, s in evidence.trial.solutions.solved.items() if not s.equilibrium.certified],
    }
