"""Which premises carry the argument: every mechanism removed in turn."""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.claims.ablation import Ablation, Removal
from equipoise.claims.verdict import Status
from equipoise.report.gather import Evidence
from equipoise.report.sections.section import Content
from equipoise.report.sections.telling import grouped, signed, told_chance
from equipoise.scenario.phrases import listed, percent, sentence, words


def ablation(evidence: Evidence) -> Content | None:
    """What each removal changes; None if mechanisms were not removed."""
    found = evidence.ablation
    if found is None:
        return None
    judged = any(removal.verdicts for removal in found.removals)
    return {
        "judged": judged,
        "carries": _carries(found) if judged else [],
        "mechanisms": [_mechanism(found, removal) for removal in found.removals],
        "starts": grouped({start: _from(found, start) for start in evidence.told}),
    }


def _carries(found: Ablation) -> list[Content]:
    """For every claim with a verdict, the mechanisms without which it comes to something else."""
    return [
        {"id": claim, "status": status.value, "by": list(found.carried(claim))}
        for claim, status in found.verdicts.items()
        if status not in (Status.REFUSED, Status.UNTESTED)
    ]


def _mechanism(found: Ablation, removal: Removal) -> Content:
    """What a removal is, and which verdicts it turns."""
    return {
        "id": removal.mechanism,
        "says": removal.says,
        "lines": removal.lines,
        "turned": [
            {"id": claim, "was": found.verdicts[claim].value, "is": status.value}
            for claim, status in removal.verdicts.items()
            if status is not found.verdicts[claim]
        ],
        "certified": removal.certified,
        "branch": removal.branch,
        "strayed": list(removal.strayed),
        "doubt": _doubt(removal),
    }


def _doubt(removal: Removal) -> str:
    """What a reader should know before trusting the numbers without a mechanism."""
    if not removal.certified:
        return "No certified equilibrium was found without it."
    return sentence(f"off the principal branch: {listed(removal.strayed)}") if removal.strayed else ""


def _from(found: Ablation, start: str) -> Content:
    return {
        "whole": told_chance(found.whole.risk[start]),
        "rows": [_change(found, removal, start) for removal in found.removals],
    }


def _change(found: Ablation, removal: Removal, start: str) -> Content:
    """What a removal does to the headline measures from a start."""
    time = _largest(found.whole.time[start], removal.headline.time[start])
    return {
        "risk": told_chance(removal.headline.risk[start]),
        "change": signed(removal.headline.risk[start] - found.whole.risk[start], "chance"),
        "regime": f"{words(time[0])} {percent(time[1])} to {percent(time[2])} of the time" if time else "",
    }


def _largest(before: Mapping[str, float], after: Mapping[str, float]) -> tuple[str, float, float] | None:
    """The regime whose share of time changes most."""
    name = max(before, key=lambda key: abs(after[key] - before[key]), default=None)
    return (name, before[name], after[name]) if name is not None else None
