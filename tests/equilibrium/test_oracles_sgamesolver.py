"""Quantal-response equilibria of sgamesolver (Eibelshaeuser and Poensgen), by another method on another game.

The game is uniformised: with Lambda at least the rate of everything that can happen, nature draws at rate Lambda
whose chosen action counts. What results is a discrete stochastic game in which all act at once. Its logit equilibria
are those of the `agent-error` convention once actor i's payoffs are multiplied by (Lambda + rho_i)/(lambda_i tau_i),
provided that lambda_i tau_i is the same in every state.

sgamesolver 1.0.2 is not among the test requirements, since it builds only with numpy and Cython at hand:

    pip install cython wheel matplotlib pandas
    pip install --no-build-isolation --no-deps sgamesolver==1.0.2
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
import reference

from equipoise.equilibrium import AGENT_ERROR, PRIVATE_SHOCK, solve
from equipoise.game.game import Game
from games import random_game


@pytest.fixture
def sgamesolver(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(np, "NaN", np.nan, raising=False)  # it was written for numpy 1
    return pytest.importorskip("sgamesolver", exc_type=ImportError)


def embedded(game: Game) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray]:
    """Payoffs (N, A_1, ..., A_N) and transitions (A_1, ..., A_N, S+1) of every state, discount factors (N,).

    Action 0 is hold. The last state is where all ends lead; what an end is worth is paid on the way.
    """
    S, N = game.flow.shape
    lam, tau = game.tempo[0], game.noise[0]
    events = [sum(game.kind_rate[game.row_kind[r]] for r in reference.options(game, s, N)) for s in range(S)]
    clock = float(lam.sum() + max(events)) * 1.1
    factor = (clock + game.discount) / (lam * tau)
    zero = np.zeros((S, N))

    def happens(row: int, rate: float, paid: np.ndarray, leads: np.ndarray, s: int) -> None:
        kind = game.row_kind[row]
        leads[s] -= rate / clock
        for k, b in enumerate(range(game.branch_ptr[row], game.branch_ptr[row + 1])):
            leads[min(game.target[b], S)] += rate / clock * game.probability[game.kind_branch_ptr[kind] + k]
        paid += rate * np.array([reference.expects(game, zero, row, i) for i in range(N)])
        if game.kind_actor[kind] < N:
            paid[game.kind_actor[kind]] -= rate * game.kind_cost[kind]

    payoffs, transitions = [], []
    for s in range(S):
        offered = [reference.options(game, s, i) for i in range(N)]
        shape = tuple(len(rows) + 1 for rows in offered)
        payoff, transition = np.zeros((N, *shape)), np.zeros((*shape, S + 1))
        for actions in product(*(range(n) for n in shape)):
            paid, leads = game.flow[s].copy(), np.zeros(S + 1)
            leads[s] = 1.0
            for row in reference.options(game, s, N):
                happens(row, float(game.kind_rate[game.row_kind[row]]), paid, leads, s)
            for i, action in enumerate(actions):
                if action:
                    happens(offered[i][action - 1], float(lam[i]), paid, leads, s)
            payoff[(slice(None), *actions)] = factor * paid / (clock + game.discount)
            transition[actions] = leads
        payoffs.append(payoff)
        transitions.append(transition)
    payoffs.append(np.zeros((N, *(1,) * N)))
    transitions.append(np.eye(S + 1)[S].reshape((1,) * N + (S + 1,)))
    return payoffs, transitions, clock / (clock + game.discount)


def quantal_response(sgamesolver: Any, game: Game) -> tuple[np.ndarray, np.ndarray]:
    """Policies (S, N, 1 + moves) and values (S, N) in the embedded game's units."""
    outside = sgamesolver.SGame(*embedded(game))
    homotopy = sgamesolver.homotopy.QRE(outside)
    homotopy.solver_setup(target_lambda=1.0)
    homotopy.solver.verbose = 0
    homotopy.solver.set_parameters(convergence_tol=1e-10, corrector_tol=1e-10)
    homotopy.solve()
    found = homotopy.equilibrium
    return found.strategies[: game.n_states], found.values[: game.n_states]


@pytest.mark.parametrize(
    ("actors", "states", "moves", "noise"),
    [(2, 3, 2, 1.0), (2, 5, 2, 0.4), (3, 3, 2, 0.5), (2, 4, 3, 0.2), (3, 4, 1, 0.15)],
)
def test_policies_agree_to_a_millionth(sgamesolver: Any, actors: int, states: int, moves: int, noise: float) -> None:
    rng = np.random.default_rng(actors + 10 * states)
    game = random_game(rng, actors=actors, states=states, moves=moves, noise=noise, vary=False)
    expected, _ = quantal_response(sgamesolver, game)
    found = solve(game, convention=AGENT_ERROR)
    assert found.certified, found.certificate.reason
    policy = found.policy[game.row_actor < actors].reshape(states, actors, moves)
    np.testing.assert_allclose(found.hold, expected[:, :, 0], atol=1e-6)
    np.testing.assert_allclose(policy, expected[:, :, 1:], atol=1e-6)
    # Another convention does not agree: the embedding is of this one only.
    other = solve(game, convention=PRIVATE_SHOCK)
    assert np.abs(other.hold - expected[:, :, 0]).max() > 1e-3
