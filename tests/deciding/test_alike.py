"""Parameters drawn alike are told; independent ones are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from deciding.fates import drawn, fates
from equipoise.deciding.alike import alike
from equipoise.deciding.decision import decide
from equipoise.deciding.wording import tell_alike
from equipoise.draws import design
from equipoise.scenario.reading import load


def test_a_copy_is_alike_and_a_stranger_is_not():
    random = np.random.default_rng(0)
    points = random.random((200, 30))
    points[:, 7] = points[:, 3] + 0.1 * random.random(200)
    points[:, 9] = np.abs(points[:, 3] - 0.5)  # without any correlation
    assert set(alike(points, [3, 11])) == {3}
    assert set(alike(points, [3])[3]) == {7, 9}


def test_independent_draws_are_seldom_called_alike():
    found = sum(bool(alike(np.random.default_rng(seed).random((150, 40)), [0], seed=seed)) for seed in range(40))
    assert found <= 6  # of 2 expected; more than that once in 300 by chance


def test_a_short_sobol_sequence_of_many_parameters_is_caught():
    scenario = load("northeast-asia")
    short = design(scenario, method="sobol").points(0, 128).quantiles
    cube = design(scenario, method="lhs", count=128).points(0, 128).quantiles
    asked = range(0, 60, 3)
    assert len(alike(short, asked)) > 10
    assert len(alike(cube, asked)) < 4


def test_a_named_parameter_that_has_a_double_is_told():
    futures = drawn(fates(), 128)
    slip, pace = futures.parameters.index("slip"), futures.parameters.index("pace")
    quantiles = futures.quantiles.copy()
    quantiles[:, pace] = quantiles[:, slip]
    decision = decide(replace(futures, quantiles=quantiles), "K")
    assert decision.alike[slip] == (pace,)
    assert "slip with pace" in tell_alike(decision, futures.parameters)
    assert tell_alike(decide(futures, "S"), futures.parameters) == ""
