"""From an ensemble on disk to plain arrays."""

from __future__ import annotations

import numpy as np

from equipoise.deciding.futures import FAILED, Futures, Names
from equipoise.ensemble.layout import FIELDS
from equipoise.ensemble.store import Store

MOST = 20_000
"""Draws that are read: more would sharpen no sentence, and would need room."""


def futures(store: Store, *, most: int = MOST) -> Futures:
    """The first draws of an ensemble that are done.

    Raises:
        RequestError: the store has no draws yet.
    """
    last = min(store.draws, most)
    done = np.flatnonzero(np.asarray(store.read("status", 0, last)) != 0)
    axes, about = store.axes, store.about

    def read(field: str) -> np.ndarray:
        return np.asarray(store.read(field, 0, last))[done]

    def named(field: str) -> Names:
        codes = next(one.codes for one in FIELDS if one.name == field)
        assert codes is not None  # asked of such fields only
        names = {int(code): code.name.lower() for code in codes}
        # A claim of a draw that failed before it was judged has no verdict.
        names[0] = FAILED if field in ("verdict", "cold_verdict") else names[0]
        return np.asarray(np.array([names.get(code, "") for code in range(max(names) + 1)])[read(field)])

    conventions = np.array([str(one["name"]) for one in about["conventions"]])
    return Futures(
        parameters=axes.parameter,
        quantiles=read("quantile"),
        values=read("value"),
        claims=axes.claim,
        verdicts=named("verdict"),
        margins=read("margin"),
        convention=conventions[read("convention")],
        reached=named("reached")[:, 0],
        cause=np.array([str(cause) for cause in read("cause")], str),
        measures=read("measure"),
        measure_names=axes.headline,
        cold=named("cold"),
        cold_verdicts=named("cold_verdict"),
        kept=store.draws,
        method=str(about["method"]),
    )
