"""Loop-erased routes: by hand, as a partition of the risk, and against sampled histories whose loops are erased."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from dense import product_chain
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from equipoise.errors import RequestError
from equipoise.game.build import Branch, Row, build_game
from equipoise.outlook.chain import induced_chain, induced_rates, rate_chain
from equipoise.outlook.phases import phases, telling_factors
from equipoise.outlook.risk import risk
from equipoise.outlook.routes import routes
from equipoise.outlook.sample import sample
from equipoise.outlook.storylines import storylines

EVERYTHING = 10_000


def crisis_game():
    """Peace (0) and crisis (1): accidents from both, deliberate war from crisis."""
    rows = [
        Row(0, None, (Branch(1),), rate=0.5, step="incident"),
        Row(0, None, (Branch(3),), rate=0.002, step="accident"),
        Row(1, None, (Branch(0),), rate=4.0, step="calm"),
        Row(1, None, (Branch(2),), rate=0.1, step="attack"),
        Row(1, None, (Branch(3),), rate=0.05, step="accident"),
    ]
    return build_game(
        rows,
        flow=np.zeros((2, 1)),
        tempo=1.0,
        noise=1.0,
        discount=0.1,
        end_value=[[-1.0], [-1.0]],
        outcomes=["war", "mishap"],
    )


def test_three_ways_from_peace_to_an_end_are_told_and_make_up_the_risk():
    game = crisis_game()
    chain = induced_chain(game, induced_rates(game, np.zeros(game.n_rows)))
    found = storylines(chain, game, 0, 10.0)
    told = {(story.steps, story.end): story.probability for story in found.stories}
    assert set(told) == {
        (("incident", "attack"), "war"),
        (("incident", "accident"), "mishap"),
        (("accident",), "mishap"),
    }
    war, mishap = risk(chain, 0, [10.0])[0]
    assert told[("incident", "attack"), "war"] == pytest.approx(war, abs=2e-10)
    # Ends in crisis divide as their rates do; the rest of the accidents come in peace.
    assert told[("incident", "accident"), "mishap"] == pytest.approx(war / 2, abs=2e-10)
    assert told[("accident",), "mishap"] == pytest.approx(mishap - war / 2, abs=2e-10)
    assert found.risk == pytest.approx(war + mishap, abs=2e-10)
    assert found.covered == pytest.approx(1, abs=1e-8)
    assert str(found.stories[0]) == "Incident, attack: war. About 1 in 10."


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5))
def test_routes_are_disjoint_and_sum_to_the_risk(seed, count):
    rng = np.random.default_rng(seed)
    chain = rate_chain(product_chain((3, 2, 2), rng, clock=8.0), outcomes=list("abc"))
    phase = np.unique(rng.integers(0, count, chain.n_states), return_inverse=True)[1]
    found = routes(chain, 3, 5.0, phase, outcomes=np.arange(3), most=EVERYTHING)
    total = np.bincount([route.outcome for route in found], [route.probability for route in found], minlength=3)
    assert total == pytest.approx(risk(chain, 3, [5.0])[0], abs=1e-8)
    assert len({(route.phases, route.steps, route.outcome) for route in found}) == len(found)
    assert all(len(set(route.phases)) == len(route.phases) for route in found)


def test_looking_at_fewer_routes_changes_no_probability():
    rng = np.random.default_rng(12)
    chain = rate_chain(product_chain((3, 3, 2), rng, clock=12.0), outcomes=list("abc"))
    phase = rng.integers(0, 4, chain.n_states)
    every = {(r.phases, r.steps, r.outcome): r.probability for r in _all(chain, phase, EVERYTHING)}
    for most in (1, 2, 3, 4, 6, 9):
        few = _all(chain, phase, most)
        assert 0 < len(few) < len(every)
        for route in few:
            assert route.probability == pytest.approx(every[route.phases, route.steps, route.outcome], abs=1e-9)
        assert few[0].probability == pytest.approx(max(every.values()), abs=1e-9)


def test_routes_are_as_frequent_as_in_sampled_histories_whose_loops_are_erased():
    rng = np.random.default_rng(3)
    chain = rate_chain(product_chain((3, 3, 2, 2), rng, clock=15.0), outcomes=list("abc"))
    phase = rng.integers(0, 4, chain.n_states)
    n = 20_000
    histories = sample(chain, 0, 6.0, np.random.default_rng(0), n)
    seen: Counter[tuple[tuple[int, ...], str]] = Counter()
    for k in np.flatnonzero(histories.final >= chain.n_states):
        path = [int(phase[0])]
        for dated in histories.told(k):
            if dated.outcome:
                seen[tuple(path), dated.outcome] += 1
                continue
            into = int(phase[dated.after])
            path = path[: path.index(into) + 1] if into in path else [*path, into]
    for route in routes(chain, 0, 6.0, phase, outcomes=np.arange(3), most=EVERYTHING)[:10]:
        p = route.probability
        share = seen[route.phases, chain.outcomes[route.outcome]] / n
        assert share == pytest.approx(p, abs=4 * np.sqrt(p * (1 - p) / n))


def test_stories_may_end_in_a_regime():
    game = crisis_game()
    chain = induced_chain(game, induced_rates(game, np.zeros(game.n_rows)))
    crisis = np.array([False, True])
    found = storylines(chain, game, 0, 3.0, regime=crisis, name="crisis", factors=[])
    assert [(story.steps, story.end) for story in found.stories] == [(("incident",), "crisis")]
    Q = np.array([[-0.502, 0.5], [0, 0]])
    assert found.risk == pytest.approx(expm(3 * Q)[0, 1], abs=1e-9)
    with pytest.raises(RequestError, match="crisis already"):
        storylines(chain, game, 1, 3.0, regime=crisis, name="crisis")


def test_the_factors_that_tell_most_are_found():
    class Labels:
        factors = ("noise", "danger", "weather")
        n_states = 12
        levels = np.array([[n, d, w] for n in range(2) for d in range(3) for w in range(2)], np.uint16)

    rng = np.random.default_rng(0)
    measure = Labels.levels[:, 1] ** 2 + 0.01 * rng.normal(size=12)
    assert telling_factors(Labels, measure, np.ones(12)) == ("danger",)
    assert telling_factors(Labels, np.ones(12), np.ones(12)) == ()
    assert len(set(phases(Labels, ["danger", "weather"]))) == 6
    with pytest.raises(RequestError, match="did you mean 'danger'"):
        phases(Labels, ["dangr"])


def test_senseless_requests_are_refused():
    game = crisis_game()
    chain = induced_chain(game, induced_rates(game, np.zeros(game.n_rows)))
    for wrong in ({"outcomes": ["peace"]}, {"factors": ["mood"]}):
        with pytest.raises(RequestError):
            storylines(chain, game, 0, 3.0, **wrong)
    for start, horizon in ((5, 3.0), (0, 0.0), (0, np.inf)):
        with pytest.raises(RequestError):
            storylines(chain, game, start, horizon)


def _all(chain, phase, most):
    return routes(chain, 0, 4.0, phase, outcomes=np.arange(3), most=most)
