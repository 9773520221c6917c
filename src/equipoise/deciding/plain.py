"""What decides a claim, as plain data; the forms are described in docs/json.md."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from equipoise.deciding.crux import shares
from equipoise.deciding.decision import Decision
from equipoise.deciding.designed import Effects, SobolIndices
from equipoise.deciding.discovery import Discovery
from equipoise.deciding.flipping import Confirmed, Flips
from equipoise.deciding.information import Information
from equipoise.deciding.sensitivity import Index
from equipoise.deciding.share import Share

Plain = dict[str, Any]


def decision_to_dict(decision: Decision, parameters: Sequence[str]) -> Plain:
    """One claim across the futures."""
    designed: dict[str, SobolIndices | Effects | None] = {"sobol": decision.sobol, "morris": decision.effects}
    return {
        "claim": decision.claim,
        "share": _share(decision.share),
        "by_convention": {name: _share(one) for name, one in decision.by_convention.items()},
        "by_equilibrium": {name: _share(one) for name, one in decision.by_equilibrium.items()},
        "counts": decision.counts,
        "rarer": decision.rarer,
        "discovery": _discovery(decision.discovery, parameters),
        "information": _information(decision.information, parameters),
        "first_order": _index(decision.margin, parameters),
        "pawn": _index(decision.distribution, parameters),
        "alike": {parameters[p]: [parameters[q] for q in others] for p, others in decision.alike.items()},
        **{name: None if found is None else _columns(found, parameters) for name, found in designed.items()},
    }


def flips_to_dict(flips: Flips) -> Plain:
    """What would flip one claim."""
    return {
        "claim": flips.claim.id,
        "says": flips.claim.says,
        "status": flips.status.value,
        "why": flips.why,
        "solved": flips.solved,
        "premises": len(flips.premises.names),
        "cruxes": [_crux(flips, one) for one in flips.found],
        "unconfirmed": [_crux(flips, one) for one in flips.unconfirmed],
    }


def _crux(flips: Flips, confirmed: Confirmed) -> Plain:
    crux, premises = confirmed.crux, flips.premises
    parts = shares(crux, premises)
    return {
        "distance": crux.distance,
        "status": confirmed.verdict.status.value,
        "changes": [
            {
                "parameter": premises.names[p],
                "from": float(premises.own[p]),
                "to": float(crux.values[p]),
                "deviations": float(crux.scores[p] - premises.start[p]),
                "share": float(parts[p]),
            }
            for p in crux.moved
        ],
        "basis": [asdict(basis) for basis in confirmed.verdict.basis],
    }


def _share(share: Share) -> Plain:
    return {key: _number(value) for key, value in asdict(share).items()} | {
        "share": _number(share.share),
        "share_if_held": _number(share.share_if_held),
    }


def _discovery(discovery: Discovery | None, parameters: Sequence[str]) -> Plain | None:
    if discovery is None:
        return None
    found, held = discovery.found, discovery.held_out
    limits = []
    for (p, end), value in discovery.quasi_p.items():
        assert found is not None  # there are bounds only of what was found
        bound = sorted(found.box.kept[p]) if not end else float(getattr(found.box, end)[p])
        limits.append({"parameter": parameters[p], "end": end or "among", "bound": bound, "quasi_p": value})
    kept = ("draws", "hits", "coverage", "density", "dimensions")
    return {
        "p": discovery.p,
        "overall": discovery.whole.density,
        "box": None if found is None else {key: getattr(found, key) for key in kept} | {"limits": limits},
        "held_out": None if held is None else {key: getattr(held, key) for key in kept},
        "trajectory": [{key: getattr(one, key) for key in kept} for one in discovery.trajectory],
    }


def _information(found: Information | None, parameters: Sequence[str]) -> Plain | None:
    if found is None:
        return None
    index = _index(found.doubt, parameters)
    assert index is not None
    for row in index["parameters"]:
        row["wrong"] = float(found.error[list(parameters).index(row["parameter"])])
    return index | {"wrong_now": found.error_now, "wrong_floor": found.error_floor}


def _index(index: Index | None, parameters: Sequence[str]) -> Plain | None:
    if index is None:
        return None
    rows = [
        {
            "parameter": parameters[p],
            "index": float(index.number[p]),
            "low": _number(float(index.low[p])),
            "high": _number(float(index.high[p])),
            "above_chance": bool(index.number[p] > index.floor),
        }
        for p in np.argsort(-index.number, kind="stable")
    ]
    return {"floor": _number(index.floor), "parameters": rows}


def _columns(found: Any, parameters: Sequence[str]) -> Plain:
    """Arrays over the parameters as a mapping from each of them."""
    arrays: Mapping[str, Any] = {key: value for key, value in vars(found).items() if isinstance(value, np.ndarray)}
    return {name: {key: _number(float(array[p])) for key, array in arrays.items()} for p, name in enumerate(parameters)}


def _number(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value
