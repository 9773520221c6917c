from __future__ import annotations

import pytest
from compile_twin import Twin, is_state
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.errors import ScenarioError
from equipoise.game.compile import compile
from equipoise.game.game import Game
from equipoise.scenario.models import Scenario, Variant
from equipoise.scenario.variants import apply
from games import ladder, scenarios


def assert_same(game: Game, twin: Twin) -> None:
    """The arrays say what the definition says, number by number and row by row."""
    named = [tuple(game.describe(s).items()) for s in range(game.n_states)]
    assert set(named) == twin.states
    assert len(named) == len(twin.states)
    ends = [
        (game.outcomes[o], tuple(value)) for o, value in zip(game.end_outcome, game.end_value.tolist(), strict=True)
    ]
    assert len(set(ends)) <= len(ends)
    N = game.n_actors
    for s, state in enumerate(named):
        assert game.flow[s] == pytest.approx(list(twin.worth(twin.scenario.payoffs, dict(state)).values()))
        for i, mover in enumerate((*game.actors, None)):
            rows = range(*game.row_ptr[s * (N + 1) + i : s * (N + 1) + i + 2])
            expected = twin.rows[state, mover]
            assert [game.steps[game.kind_step[game.row_kind[r]]] for r in rows] == [row.step for row in expected]
            if mover is not None:
                tempo, noise = twin.pace(mover, dict(state))
                assert game.tempo[s, i] == pytest.approx(tempo if expected else 0)
                assert game.noise[s, i] == pytest.approx(noise)
            for r, row in zip(rows, expected, strict=True):
                kind = game.row_kind[r]
                assert game.kind_actor[kind] == i
                numbers = (game.kind_cost, game.kind_rate, game.kind_share, game.kind_uniform)
                assert [n[kind] for n in numbers] == pytest.approx([row.cost, row.rate, row.share, row.uniform])
                branches = range(*game.branch_ptr[r : r + 2])
                for b, (probability, target, impact) in zip(branches, row.branches, strict=True):
                    entry, to = game.branch_entry[b], game.target[b]
                    assert game.probability[entry] == pytest.approx(probability)
                    assert game.impact[entry] == pytest.approx(impact)
                    if is_state(target):
                        assert named[to] == target
                    else:
                        outcome, worth = target
                        assert ends[to - game.n_states][0] == outcome
                        assert ends[to - game.n_states][1] == pytest.approx(worth)


def compiled(scenario: Scenario) -> tuple[Game | None, Twin]:
    """The game, or None after checking that what is impossible was found where it is."""
    twin = Twin(scenario)
    if not (twin.impossible_branches or twin.impossible_start):
        return compile(scenario), twin
    with pytest.raises(ScenarioError) as error:
        compile(scenario)
    if not twin.impossible_start:
        assert {problem.path for problem in error.value.problems} == twin.impossible_branches
    return None, twin


@settings(max_examples=80, deadline=None)
@given(scenarios())
def test_compiled_arrays_say_what_the_scenario_says(scenario: Scenario) -> None:
    game, twin = compiled(scenario)
    if game:
        assert_same(game, twin)


@settings(max_examples=40, deadline=None)
@given(scenarios(), st.data())
def test_variants_compile_to_what_they_say(scenario: Scenario, data: st.DataObject) -> None:
    pinned = data.draw(st.lists(st.sampled_from(list(scenario.factors)), max_size=1))
    variant = Variant(
        about="random",
        drop=data.draw(st.lists(st.sampled_from([s.id for s in scenario.steps]), max_size=2)) if scenario.steps else (),
        pin={f: data.draw(st.sampled_from(scenario.factors[f].levels)) for f in pinned},
        without=data.draw(st.sampled_from([[], ["M1"], ["M1", "M2"]])),
        set={"ratio_0": 2.5},
    )
    game, twin = compiled(apply(scenario, variant))
    if game:
        assert_same(game, twin)
        for factor, level in variant.pin.items():
            assert all(dict(state)[factor] == level for state in twin.states)


def test_states_are_sorted_and_the_ladder_is_complete() -> None:
    game = compile(ladder(3, 4))
    assert game.n_states == 64
    assert [tuple(row) for row in game.levels.tolist()] == sorted(map(tuple, game.levels.tolist()))


def test_a_game_is_frozen_down_to_its_arrays() -> None:
    game = compile(ladder(2, 3))
    for name in ("flow", "target", "kind_cost", "levels"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(game, name)[0] = 1
