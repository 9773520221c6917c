from __future__ import annotations

from itertools import product

from compile_twin import met
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.game.compile import compile
from equipoise.game.size import count_possible, measure
from equipoise.scenario.models import Scenario
from games import ladder, scenarios


def test_a_ladder_is_as_large_as_its_rungs_say() -> None:
    size = measure(ladder(3, 4), compile(ladder(3, 4)))
    assert (size.actors, size.combinations, size.possible, size.states) == (3, 64, 64, 64)
    assert (size.moves, size.events, size.event_rows) == (9, 1, 64)
    assert size.move_rows == 3 * 16 * (3 + 3 + 1)
    assert size.branches == size.move_rows + size.event_rows
    assert 0 < size.seconds < 1
    assert 0 < size.gibibytes < 0.01


@settings(max_examples=25, deadline=None)
@given(scenarios(), st.data())
def test_possible_combinations_are_those_not_said_to_be_impossible(scenario: Scenario, data: st.DataObject) -> None:
    pair = st.fixed_dictionaries({f: st.just(x.levels[:1]) for f, x in list(scenario.factors.items())[:2]})
    some = Scenario.model_validate(
        {
            **scenario.model_dump(exclude_none=True),
            "impossible": (*scenario.impossible, *data.draw(st.lists(pair, max_size=1))),
        }
    )
    every = [dict(zip(some.factors, c, strict=True)) for c in product(*(f.levels for f in some.factors.values()))]
    assert count_possible(some) == sum(not (some.impossible and met(some.impossible, state)) for state in every)


def test_more_combinations_than_can_be_counted_are_left_uncounted() -> None:
    large = ladder(9, 10)
    assert (
        count_possible(large.model_copy(update={"impossible": ({name: ("rung-0",) for name in large.factors},)}))
        is None
    )
