"""Random chains, and every measure again by dense matrices: slow, short, and sharing nothing with the package."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from scipy.linalg import expm

from equipoise.outlook.chain import Chain, induced_chain, rate_chain
from games import random_game


def random_chain(seed: int, *, states: int = 25, actors: int = 2, scale: float = 1.0) -> tuple[Chain, object]:
    """A random game under random policies; its chain and the game."""
    rng = np.random.default_rng(seed)
    game = random_game(rng, actors=actors, states=states)
    return induced_chain(game, rng.exponential(scale, game.n_rows)), game


def ending_chain(seed: int) -> Chain:
    """A random chain that ends for sure, from wherever it stands."""
    chain, _ = random_chain(seed)
    ends = chain.absorption.toarray() + 0.05
    return rate_chain(sp.hstack([chain.transition, sp.csr_array(ends)]), outcomes=chain.outcomes)


def full_generator(chain: Chain) -> np.ndarray:
    """Q on states and outcomes (S+O, S+O), row by row and branch by branch."""
    S, width = chain.n_states, len(chain.outcomes)
    Q = np.zeros((S + width, S + width))
    for row in range(chain.row_rate.size):
        for b in range(chain.branch_ptr[row], chain.branch_ptr[row + 1]):
            t, s = int(chain.target[b]), int(chain.row_state[row])
            to = t if t < S else S + int(chain.end_outcome[t - S])
            if to != s:
                Q[s, to] += chain.row_rate[row] * chain.probability[b]
                Q[s, s] -= chain.row_rate[row] * chain.probability[b]
    return Q


def distribution_at(chain: Chain, start: int, t: float) -> np.ndarray:
    return expm(full_generator(chain) * t)[start]


def integrated(chain: Chain, start: int, t: float) -> np.ndarray:
    """Expected years in every state by t, by Van Loan's block exponential."""
    Q = full_generator(chain)
    n = len(Q)
    block = np.block([[Q, np.eye(n)], [np.zeros((n, 2 * n))]])
    return expm(block * t)[start, n : n + chain.n_states]


def product_chain(shape: tuple[int, ...], rng: np.random.Generator, *, outcomes: int = 3, clock: float = 45.0):
    """Rates (S, S+O) of a system of factors that step up and down at rates depending on the other factors."""
    S = int(np.prod(shape))
    level = np.array(np.unravel_index(np.arange(S), shape))
    stride = [int(np.prod(shape[i + 1 :])) for i in range(len(shape))]
    row, col, rate = [], [], []
    for i, count in enumerate(shape):
        for way in (-1, 1):
            here = np.full(S, rng.lognormal(0.4, 1.0))
            for j, others in enumerate(shape):
                if j != i and rng.random() < 0.4:
                    here *= rng.lognormal(0, 0.5, others)[level[j]]
            s = np.flatnonzero((level[i] + way >= 0) & (level[i] + way < count))
            row.append(s)
            col.append(s + way * stride[i])
            rate.append(here[s])
    for o in range(outcomes):
        s = np.flatnonzero((level[o] == shape[o] - 1) & (rng.random(S) < 0.3))
        row.append(s)
        col.append(np.full(s.size, S + o))
        rate.append(0.1 * rng.lognormal(0, 0.5, s.size))
    entries = (np.concatenate(rate), (np.concatenate(row), np.concatenate(col)))
    rates = sp.csr_array(sp.coo_array(entries, shape=(S, S + outcomes)))
    return rates * (clock / rates.sum(axis=1).max())
