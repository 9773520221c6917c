"""Reasons, regimes and disagreements."""

from __future__ import annotations

import numpy as np
import pytest
from definitions import Model
from hypothesis import given, settings
from hypothesis import strategies as st
from test_solo import built, models, option_models

from equipoise.assess import assess
from equipoise.equilibrium import solve
from equipoise.errors import RequestError
from equipoise.outlook.chain import induced_chain, induced_rates
from equipoise.stability.disagreement import CAUSES, disagreements, stays
from equipoise.stability.graph import of_game
from equipoise.stability.ranking import EXPLICIT, Ranking, felt, graded
from equipoise.stability.reasons import explain
from equipoise.stability.regime import SANCTIONING, regime_sanctioned
from equipoise.stability.solo import CONCEPTS, solo
from games import random_game
from small import small_scenario


@settings(max_examples=100, deadline=None)
@given(models(max_states=7), st.sampled_from(["Nash", "GMR", "SMR", "SEQ"]))
def test_reasons_agree_with_stability_and_answers_are_lawful(given_model, concept):
    moves, grade, n = given_model
    twin = Model(moves, grade, n)
    graph, ranking = built(*given_model)
    stable = solo(graph, ranking, concept).stable
    for i in range(len(moves)):
        for s in range(n):
            verdict = explain(graph, ranking, s, i, concept)
            assert verdict.stable == stable[i, s]
            assert {reason.to for reason in verdict.reasons} == twin.plus(i, s)
            for reason in verdict.reasons:
                assert reason.text.endswith(".")
                at, last = reason.to, i
                for mover, to in reason.answer:
                    assert mover not in (last, i)
                    assert to in (twin.plus if concept == "SEQ" else twin.r)(mover, at)
                    at, last = to, mover
                if reason.sanctioned:
                    assert not twin.better(i, at, s)


@settings(max_examples=60, deadline=None)
@given(option_models())
def test_reasons_agree_with_simultaneous_stability(drawn):
    graph, grade, _ = drawn
    ranking = Ranking(np.array([graded(row) for row in grade]), (EXPLICIT,) * graph.n_actors)
    stable = solo(graph, ranking, "SIM").stable
    for i in range(graph.n_actors):
        for s in range(graph.n_states):
            assert explain(graph, ranking, s, i, "SIM").stable == stable[i, s]


@settings(max_examples=100, deadline=None)
@given(models(max_states=7), st.sampled_from(SANCTIONING), st.integers(1, 2**7 - 1))
def test_a_regime_holds_if_every_improvement_out_of_it_is_sanctioned(given_model, concept, bits):
    moves, grade, n = given_model
    inside = np.array([bool(bits >> s & 1) for s in range(n)])
    graph, ranking = built(*given_model)
    if not inside.any():
        with pytest.raises(RequestError, match="no states"):
            regime_sanctioned(graph, ranking, inside, concept)
        return
    answer = regime_sanctioned(graph, ranking, inside, concept)
    twin = Model(moves, grade, n)
    leaving = [
        (i, s, t) for i in range(len(moves)) for s in range(n) if inside[s] for t in twin.plus(i, s) if not inside[t]
    ]
    assert answer.leaving == len(leaving)
    free = {
        (i, s, r.to) for i, s, _ in leaving for r in explain(graph, ranking, s, i, concept).reasons if not r.sanctioned
    }
    assert {tuple(row) for row in answer.unsanctioned.tolist()} == {x for x in free if not inside[x[2]]}
    assert answer.holds == (len(answer.unsanctioned) == 0)


def test_where_the_two_readings_part_is_told_with_a_cause():
    assessment = assess(small_scenario())
    game, graph = assessment.game, of_game(assessment.game)
    ranking = felt(game)
    stable = solo(graph, ranking, "SEQ").stable
    years = stays(assessment.chain)
    found = disagreements(
        game, graph, ranking, stable, assessment.equilibrium, assessment.chain, brief=0.7, lasting=1.0
    )
    everybody = stable.all(axis=0)[: game.n_states]
    assert {d.state for d in found} == {
        s for s in range(game.n_states) if (everybody[s] and years[s] <= 0.7) or (not everybody[s] and years[s] >= 1)
    }
    for d in found:
        assert d.cause in CAUSES
        assert d.text.endswith(".")
        assert d.stable == everybody[d.state]


def test_every_cause_of_a_random_game_can_be_told():
    causes = set()
    for seed in range(12):
        game = random_game(np.random.default_rng(seed), actors=2, states=12)
        equilibrium = solve(game)
        chain = induced_chain(game, induced_rates(game, equilibrium.policy))
        graph, ranking = of_game(game), felt(game)
        for concept in CONCEPTS:
            stable = solo(graph, ranking, concept).stable
            for brief, lasting in ((1e3, 1e3 + 1), (-1.0, 0.0)):  # all stable states, then all others
                causes |= {
                    d.cause
                    for d in disagreements(
                        game, graph, ranking, stable, equilibrium, chain, brief=brief, lasting=lasting
                    )
                }
    assert causes <= set(CAUSES)
    assert len(causes) >= 4
