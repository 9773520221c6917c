"""Where a chain's transitions can stand, whatever its rates: zero rates have derivatives too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from equipoise.game.game import Floats, Ints
from equipoise.kernels.chain import Sparse
from equipoise.outlook.chain import Chain


@dataclass(frozen=True, eq=False)
class Pattern:
    """The entries that P = I + Q / Lambda can have, by rows; the same for all chains of one graph."""

    ptr: NDArray[np.uint32]
    """(S+1,)"""
    column: NDArray[np.uint32]
    """(nnz,)"""
    diagonal: Ints
    """(S,) entry (s, s)"""
    branch: Ints
    """(B,) entry that each branch adds to; that of the diagonal where it leads to no other state."""
    across: Ints
    """(nnz,) entries in the order of the transpose."""
    back_ptr: NDArray[np.uint32]
    """(S+1,)"""
    back_column: NDArray[np.uint32]
    """(nnz,)"""

    @classmethod
    def of(cls, chain: Chain) -> Pattern:
        """The pattern of a chain's graph."""
        S = chain.n_states
        source = chain.branch_state.astype(np.int64)
        target = np.where(chain.target < S, chain.target, source)
        key, place = np.unique(np.concatenate([source * S + target, np.arange(S) * (S + 1)]), return_inverse=True)
        row, column = np.divmod(key, S)
        across = np.argsort(column, kind="stable")
        return cls(
            ptr=_starts(row, S),
            column=column.astype(np.uint32),
            diagonal=place[source.size :],
            branch=place[: source.size],
            across=across,
            back_ptr=_starts(column, S),
            back_column=row[across].astype(np.uint32),
        )

    def jumps(self, chain: Chain, clock: float) -> tuple[Sparse, Sparse]:
        """P and its transpose, by rows, for a chain of this graph some of whose branches may end elsewhere."""
        outside = chain.target >= chain.n_states
        rate = np.bincount(self.branch[~outside], chain.branch_rate[~outside], self.column.size)
        out = np.bincount(chain.branch_state, chain.branch_rate, chain.n_states)
        weight = rate / clock
        weight[self.diagonal] += 1.0 - out / clock
        return (
            Sparse(self.ptr, self.column, weight),
            Sparse(self.back_ptr, self.back_column, np.ascontiguousarray(weight[self.across])),
        )

    def by_branch(self, by_entry: Floats, chain: Chain, clock: float) -> Floats:
        """(B,) derivatives by the branches' rates, given those by the entries of P."""
        stay = by_entry[self.diagonal][chain.branch_state]
        there = np.where(chain.target < chain.n_states, by_entry[self.branch], 0.0)
        return np.asarray((there - stay) / clock)


def _starts(row: Ints, size: int) -> NDArray[np.uint32]:
    return np.concatenate([[0], np.cumsum(np.bincount(row, minlength=size))]).astype(np.uint32)
