"""Storm, a probabilistic model checker, on random chains."""

from __future__ import annotations

import numpy as np
import pytest
from dense import product_chain, random_chain

from equipoise.outlook.chain import rate_chain
from equipoise.outlook.ever import eventually, settles
from equipoise.outlook.risk import risk, risk_everywhere

pytest.importorskip("stormpy")
from storm import ask, storm_model


def product(seed: int):
    return rate_chain(product_chain((3, 4, 3, 2, 2), np.random.default_rng(seed)), outcomes=list("abc"))


@pytest.mark.parametrize("seed", range(6))
def test_storm_finds_the_same_probabilities(seed):
    chain = product(seed) if seed % 2 else random_chain(seed, states=60, actors=3)[0]
    S = chain.n_states
    mask = np.random.default_rng(seed).permutation(S) % 5
    model = storm_model(chain, {"goal": mask == 0, "shun": mask == 1})
    by_ten = risk_everywhere(chain, 10.0)
    ever = eventually(chain).probability
    for o in range(len(chain.outcomes)):
        storm = ask(model, f'P=? [F<=10 "outcome_{o}"]')[:S]
        assert by_ten[:, o] == pytest.approx(storm, abs=1e-8)
        assert risk(chain, 0, [10.0])[0, o] == pytest.approx(storm[0], abs=1e-8)
        assert ever[:, o] == pytest.approx(ask(model, f'P=? [F "outcome_{o}"]')[:S], abs=1e-8)
    storm = ask(model, 'P=? [!"shun" U "goal"]')[:S]
    assert settles(chain, mask == 0, avoiding=mask == 1).probability == pytest.approx(storm, abs=1e-8)
