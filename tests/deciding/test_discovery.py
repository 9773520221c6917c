"""Scenario discovery: planted corners are found and told from chance; where there is nothing, nothing is found."""

from __future__ import annotations

import numpy as np
import pytest

from deciding.corners import mixed
from equipoise.deciding.bounds import quasi_p, significant
from equipoise.deciding.discovery import discover, merit
from equipoise.deciding.prim import enclosing, prim
from equipoise.deciding.screening import Screen


def planted(seed, n=400, parameters=150, inside=0.75, outside=0.12):
    random = np.random.default_rng(seed)
    points = random.random((n, parameters))
    chance = np.where((points[:, 3] > 0.6) & (points[:, 9] < 0.5), inside, outside)
    return points, random.random(n) < chance


@pytest.mark.parametrize("seed", range(4))
def test_a_corner_is_found_among_hundreds_of_parameters(seed):
    points, interest = planted(seed)
    found = discover(points, interest, permutations=39)
    assert found.found is not None
    assert found.p == 1 / 40
    box = found.found.box
    assert box.restricted(found.whole.box) == [3, 9]
    assert box.low[3] == pytest.approx(0.6, abs=0.1)
    assert box.high[9] == pytest.approx(0.5, abs=0.1)
    assert max(found.quasi_p.values()) <= 0.05
    assert found.held_out.density > found.whole.density


def test_where_there_is_nothing_something_is_found_in_one_case_of_twenty():
    false = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        found = discover(random.random((100, 20)), random.random(100) < 0.3, seed=seed, permutations=39)
        false += found.found is not None
    assert false <= 6  # of 2 expected; more than that once in 300 by chance


def test_a_category_that_matters_is_found():
    points, interest, categories = mixed(3)
    found = discover(points, interest, categories=categories, permutations=39)
    assert found.found.box.kept[2] == {1.0, 3.0}
    assert found.found.box.kept[5] == {0.0, 1.0, 2.0}
    assert found.found.box.low[0] == pytest.approx(0.5, abs=0.06)


def test_a_verdict_that_never_changes_has_nothing_to_be_found():
    points = np.random.default_rng(0).random((50, 3))
    assert discover(points, np.zeros(50, bool)) is None
    assert discover(points, np.ones(50, bool)) is None
    assert discover(points, np.arange(50) == 7) is None


def test_the_same_seed_finds_the_same():
    points, interest = planted(1)
    one, other = (discover(points, interest, permutations=19, seed=4) for _ in range(2))
    assert (one.p, one.found.hits, one.held_out.hits) == (other.p, other.found.hits, other.held_out.hits)


def test_merit_is_one_for_a_perfect_box_and_nothing_for_all_draws():
    assert merit(1.0, 1.0, 0.3) == 1
    assert merit(1.0, 0.3, 0.3) == 0
    assert merit(0.5, 0.2, 0.3) < 0


def test_bounds_that_may_be_chance_are_dropped_one_by_one():
    points, interest = planted(2, n=1000, parameters=12)
    whole = enclosing(points)
    last = prim(points, interest)[-1]
    kept = significant(last.box, points, interest, whole, 0.05)
    values = quasi_p(kept, points, interest, whole)
    assert max(values.values()) <= 0.05
    assert set(kept.restricted(whole)) < set(last.box.restricted(whole))
    assert {3, 9} <= set(kept.restricted(whole))
    # Without any one of the bounds that are left, by definition and from scratch.
    for (p, end), value in values.items():
        bounds = {"low": kept.low.copy(), "high": kept.high.copy()}
        bounds[end][p] = getattr(whole, end)[p]
        wider = ((points >= bounds["low"]) & (points <= bounds["high"])).all(axis=1)
        inside = kept.inside(points)
        trials = np.random.default_rng(0).binomial(inside.sum(), interest[wider].mean(), 200_000)
        assert value == pytest.approx(np.mean(trials >= interest[inside].sum()), abs=0.003)


def test_parameters_that_differ_come_first():
    points, interest = planted(0, parameters=30)
    points[:, 20] = np.where(interest, 1.0, 0.0)
    screen = Screen(points, [20])
    assert screen.foremost(interest, 3) == (20, 3, 9)
    assert screen.distances(interest)[20] == pytest.approx(1.0)
