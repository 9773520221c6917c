"""The flagship's own chain, under its own equilibrium, in Storm."""

from __future__ import annotations

import numpy as np
import pytest

from equipoise.equilibrium.solve import solve
from equipoise.game.compile import compile
from equipoise.outlook.chain import induced_chain, induced_rates
from equipoise.outlook.ever import eventually, settles
from equipoise.outlook.risk import risk, risk_everywhere
from equipoise.scenario.reading import load

pytest.importorskip("stormpy")
from storm import ask, storm_model

AGREEMENT = 1e-8


def test_storm_finds_the_flagships_risks():
    scenario = load("northeast-asia")
    game = compile(scenario)
    chain = induced_chain(game, induced_rates(game, solve(game).policy))
    S = chain.n_states
    starts = list(game.starts.values())
    regimes = {f"regime_{k}": game.where(regime.when) for k, regime in enumerate(scenario.regimes.values())}
    model = storm_model(chain, regimes)
    horizon = scenario.horizon
    curves, backward, ever = risk(chain, starts, [horizon])[:, 0], risk_everywhere(chain, horizon), eventually(chain)
    for o in range(len(chain.outcomes)):
        within = ask(model, f'P=? [F<={horizon} "outcome_{o}"]')[:S]
        assert within.max() > 1e-6
        assert curves[:, o] == pytest.approx(within[starts], abs=AGREEMENT)
        assert backward[:, o] == pytest.approx(within, abs=AGREEMENT)
        assert ever.probability[:, o] == pytest.approx(ask(model, f'P=? [F "outcome_{o}"]')[:S], abs=AGREEMENT)
    for name, mask in regimes.items():
        reached = ask(model, f'P=? [F "{name}"]')[:S]
        assert np.abs(settles(chain, mask).probability - reached).max() < AGREEMENT
