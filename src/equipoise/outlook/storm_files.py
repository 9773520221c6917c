"""The chain of an equilibrium as files for PRISM and Storm: explicit transitions with labels, and DRN."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from equipoise.game.game import Floats, Game
from equipoise.outlook.chain import Chain


def _rates(chain: Chain) -> sp.coo_array:
    """(S+O, S+O) rates between states, then outcomes, 1/year: every outcome is one absorbing state without exits."""
    inner = chain.transition.tocoo()
    out = chain.absorption.tocoo()
    n = chain.n_states + len(chain.outcomes)
    row = np.concatenate([inner.coords[0], out.coords[0]])
    column = np.concatenate([inner.coords[1], out.coords[1] + chain.n_states])
    order = np.lexsort((column, row))
    return sp.coo_array((np.concatenate([inner.data, out.data])[order], (row[order], column[order])), shape=(n, n))


def labels(chain: Chain, game: Game, regimes: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """(S+O,) flags by label: `init` (the first start), every outcome, every start, every regime.

    Names are kept; where a regime or start has the name of something else, ``regime_`` or ``start_`` stands before it.
    """
    n = chain.n_states + len(chain.outcomes)
    flags: dict[str, np.ndarray] = {}

    def mark(name: str, kind: str, states: np.ndarray) -> None:
        flag = np.zeros(n, bool)
        flag[states] = True
        flags[_word(name if _word(name) not in flags else f"{kind}_{name}")] = flag

    first = next(iter(game.starts.values()))
    mark("init", "start", np.array([first]))
    for k, outcome in enumerate(chain.outcomes):
        mark(outcome, "outcome", np.array([chain.n_states + k]))
    for start, state in game.starts.items():
        mark(start, "start", np.array([state]))
    for name, mask in regimes.items():
        mark(name, "regime", np.flatnonzero(mask))
    return flags


def to_tra(chain: Chain) -> str:
    """PRISM's explicit transitions: a line with the numbers of states and transitions, then from, to, rate of each."""
    rates = _rates(chain)
    lines = [f"{rates.shape[0]} {rates.nnz}"]
    lines += [f"{s} {t} {float(q)!r}" for s, t, q in zip(*rates.coords, rates.data, strict=True)]
    return "\n".join(lines) + "\n"


def to_lab(flags: dict[str, np.ndarray]) -> str:
    """PRISM's labels: their numbers, then for every state that has any the numbers of its labels."""
    names = list(flags)
    table = np.array([flags[name] for name in names])
    lines = [" ".join(f'{k}="{name}"' for k, name in enumerate(names))]
    labelled = np.flatnonzero(table.any(axis=0))
    lines += [f"{s}: " + " ".join(map(str, np.flatnonzero(table[:, s]))) for s in labelled]
    return "\n".join(lines) + "\n"


def to_drn(chain: Chain, flags: dict[str, np.ndarray]) -> str:
    """Storm's format: for every state its exit rate, its labels and its rates; absorbing states stay where they are."""
    rates = _rates(chain).tocsr()
    n = rates.shape[0]
    exit_rate: Floats = np.asarray(rates.sum(axis=1)).ravel()
    lines = [
        "@type: CTMC",
        "@parameters",
        "",
        "@reward_models",
        "",
        "@nr_states",
        str(n),
        "@nr_choices",
        str(n),
        "@model",
    ]
    for s in range(n):
        named = " ".join(name for name, flag in flags.items() if flag[s])
        lines.append(f"state {s} !{float(exit_rate[s]) or 1.0!r} {named}".rstrip())
        lines.append("\taction 0")
        between = slice(rates.indptr[s], rates.indptr[s + 1])
        if exit_rate[s] == 0:
            lines.append(f"\t\t{s} : 1.0")
        lines += [f"\t\t{t} : {float(q)!r}" for t, q in zip(rates.indices[between], rates.data[between], strict=True)]
    return "\n".join(lines) + "\n"


def _word(name: str) -> str:
    """A label that both programs read."""
    return name.replace("-", "_").replace(" ", "_")
