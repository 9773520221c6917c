"""The principal equilibrium against a second tracer of the curve: tiny steps, dense derivatives by differences."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import reference

from equipoise.equilibrium import CONTROL_COST, Convention, solve
from equipoise.game.game import Game
from games import random_game

UNIFORM = Convention("control-cost", uniform=True)


def curved_game(seed: int) -> Game:
    """Two actors in two to four states with little noise: one in forty of these has folds on its curve."""
    rng = np.random.default_rng(seed)
    states = int(rng.integers(2, 5))
    return random_game(rng, actors=2, states=states, moves=2, noise=0.15, noise_spread=1.0, branches=1, tempo=(3, 10))


def trace(game: Game, convention: Convention) -> tuple[np.ndarray, int]:
    """V at the first crossing of kappa = 1 from kappa = 300, and how often kappa turned on the way.

    Steps along the tangent in (V/tau, log kappa), each corrected by Newton's method in the plane across it and taken
    again at half the length if the tangent has turned by more than eleven degrees.
    """
    shape, unit = game.flow.shape, game.noise.ravel()

    def equation(point: np.ndarray) -> np.ndarray:
        noisier = replace(game, noise=game.noise * np.exp(point[-1]))
        return reference.residual(noisier, convention, (point[:-1] * unit).reshape(shape)).ravel() / unit

    def slope(point: np.ndarray) -> np.ndarray:
        steps = 1e-6 * np.eye(point.size)
        return np.stack([(equation(point + h) - equation(point - h)) / 2e-6 for h in steps], axis=1)

    def tangent(point: np.ndarray, heading: np.ndarray) -> np.ndarray:
        along = np.linalg.svd(slope(point))[2][-1]
        return along * np.sign(along @ heading)

    point = np.append(np.zeros(unit.size), np.log(300.0))
    for _ in range(100):
        point[:-1] -= np.linalg.solve(slope(point)[:, :-1], equation(point))
    heading = tangent(point, np.append(np.zeros(unit.size), -1.0))
    turned, stride = 0, 0.05
    for _ in range(20_000):
        ahead = point + stride * heading
        across = np.vstack([slope(ahead), heading])
        for _ in range(4):
            ahead = ahead - np.linalg.solve(across, np.append(equation(ahead), 0.0))
        along = tangent(ahead, heading)
        if not (np.abs(equation(ahead)).max() < 1e-6 and along @ heading > 0.98):
            stride /= 2
            assert stride > 1e-9
            continue
        turned += int(along[-1] * heading[-1] < 0)
        if ahead[-1] <= 0:
            landed = point + (ahead - point) * point[-1] / (point[-1] - ahead[-1])
            landed[-1] = 0.0
            for _ in range(30):
                landed[:-1] -= np.linalg.solve(slope(landed)[:, :-1], equation(landed))
            return (landed[:-1] * unit).reshape(shape), turned
        point, heading, stride = ahead, along, min(1.3 * stride, 0.3)
    raise AssertionError("the curve never came down to kappa = 1")


@pytest.mark.parametrize(("seed", "convention"), [(284, UNIFORM), (141, CONTROL_COST), (269, UNIFORM), (345, UNIFORM)])
def test_the_first_crossing_is_that_of_a_slow_tracer(seed: int, convention: Convention) -> None:
    game = curved_game(seed)
    value, turned = trace(game, convention)
    found = solve(game, convention=convention)
    assert found.certified
    np.testing.assert_allclose(found.value, value, atol=1e-8)
    assert found.certificate.folds == turned
