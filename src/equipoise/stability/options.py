"""Option form: states are which options are taken, and an actor may change any of its own options at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from equipoise.errors import RequestError
from equipoise.stability.graph import GraphModel, Index

NO, YES = "no", "yes"
MAX_OPTIONS = 24
"""Options of one conflict: 2^24 states take some gigabytes."""


def option_graph(
    owned: Sequence[Sequence[int]],
    n_options: int,
    *,
    actors: Sequence[str] | None = None,
    options: Sequence[str] | None = None,
    infeasible: NDArray[np.bool_] | None = None,
    one_way: Sequence[str] = (),
) -> GraphModel:
    """The graph model of a conflict in option form.

    State s takes option f if bit f of its code is set, the FIRST option being the last digit: factors stand in reverse,
    so that codes are the sums of 2^f over the options taken.

    Args:
        owned: for each actor, the options it controls.
        n_options: how many options there are, F.
        actors: names.
        options: names.
        infeasible: (2^F,) combinations that cannot occur, by code.
        one_way: for each option ``both``, ``fwd`` (once taken it stays) or ``back`` (once dropped it stays).

    Raises:
        RequestError: there are too many options.
    """
    F = n_options
    if F > MAX_OPTIONS:
        raise RequestError(f"{F} options; right would be at most {MAX_OPTIONS}, for {2**MAX_OPTIONS:,} states")
    codes = np.arange(2**F, dtype=np.int32)
    if infeasible is not None:
        codes = codes[~infeasible]
    at = np.full(2**F, -1, np.int32)
    at[codes] = np.arange(codes.size)
    names = tuple(options) if options is not None else tuple(f"option-{f}" for f in range(F))
    counts, targets = [], []
    for mine in owned:
        count, target = _toggles(sorted(mine), codes, at, list(one_way) or ["both"] * F)
        counts.append(count)
        targets.append(target)
    levels = ((codes[:, None] >> np.arange(F - 1, -1, -1, dtype=np.int32)) & 1).astype(np.uint16)
    return GraphModel(
        actors=tuple(actors) if actors is not None else tuple(f"actor-{i}" for i in range(len(owned))),
        factors=names[::-1],
        factor_levels=((NO, YES),) * F,
        levels=levels,
        ends=(),
        move_ptr=np.concatenate([[0], np.cumsum(np.concatenate(counts or [np.empty(0, np.int64)]))]).astype(np.int64),
        target=np.concatenate(targets or [np.empty(0, np.int32)]),
    )


def _toggles(mine: Sequence[int], codes: Index, at: Index, one_way: Sequence[str]) -> tuple[NDArray[np.int64], Index]:
    """How many moves an actor has in each state, and where they lead, sorted within each state."""
    bits = [1 << f for f in mine]
    own = sum(bits)
    stay_set = sum(bit for f, bit in zip(mine, bits, strict=True) if one_way[f] == "fwd")
    stay_unset = sum(bit for f, bit in zip(mine, bits, strict=True) if one_way[f] == "back")
    choices = [0]
    for bit in bits:
        choices += [choice | bit for choice in choices]
    # All choices of own options in rising order: so are the targets, the others' options being equal.
    reached = np.empty((codes.size, len(choices)), np.int32)
    for k, choice in enumerate(choices):
        to = (codes & ~np.int32(own)) | np.int32(choice)
        lawful = (to != codes) & ((codes & ~to & stay_set) == 0) & ((to & ~codes & stay_unset) == 0)
        reached[:, k] = np.where(lawful, at[to], -1)
    possible = reached >= 0
    return possible.sum(axis=1), reached[possible]
