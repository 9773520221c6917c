"""Renaming and reordering actors, factors and levels changes nothing up to the labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.errors import ScenarioError
from equipoise.game.compile import compile
from equipoise.game.game import Game
from equipoise.scenario.models import Scenario
from games import scenarios

Label = Callable[[str], str]


def content(game: Game, name: Label = str) -> dict[Any, Any]:
    """Everything a game says, keyed by names instead of positions; numbers rounded to nine digits."""

    def by_actor(numbers: np.ndarray) -> frozenset[tuple[str, float]]:
        return frozenset((name(actor), round(float(x), 9) + 0.0) for actor, x in zip(game.actors, numbers, strict=True))

    def state(s: int) -> frozenset[tuple[str, str]]:
        return frozenset((name(factor), name(level)) for factor, level in game.describe(s).items())

    def target(t: int) -> object:
        if t < game.n_states:
            return state(t)
        end = t - game.n_states
        return name(game.outcomes[game.end_outcome[end]]), by_actor(game.end_value[end])

    told: dict[Any, Any] = {(name(start), "start"): state(s) for start, s in game.starts.items()}
    for s in range(game.n_states):
        told[state(s)] = by_actor(game.flow[s]), by_actor(game.tempo[s]), by_actor(game.noise[s])
    for r, (s, i) in enumerate(zip(game.row_state.tolist(), game.row_actor.tolist(), strict=True)):
        kind = game.row_kind[r]
        numbers = (game.kind_cost[kind], game.kind_rate[kind], game.kind_share[kind], game.kind_uniform[kind])
        branches = [
            (
                target(game.target[b]),
                round(game.probability[game.branch_entry[b]], 9),
                by_actor(game.impact[game.branch_entry[b]]),
            )
            for b in range(game.branch_ptr[r], game.branch_ptr[r + 1])
        ]
        mover = name((*game.actors, "nature")[i])
        told[state(s), mover, name(game.steps[game.kind_step[kind]])] = [round(float(x), 9) for x in numbers], branches
    return told


def relabelled(node: Any, new: dict[str, str]) -> Any:
    if isinstance(node, dict):
        return {new.get(key, key): relabelled(value, new) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [relabelled(item, new) for item in node]
    return new.get(node, node) if isinstance(node, str) else node


def reordered(node: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    return {key: node[key] for key in data.draw(st.permutations(list(node)))}


@settings(max_examples=30, deadline=None)
@given(scenarios(), st.data())
def test_names_and_order_change_nothing(scenario: Scenario, data: st.DataObject) -> None:
    try:
        game = compile(scenario)
    except ScenarioError:
        return
    written = scenario.model_dump(exclude_none=True)
    for section in ("actors", "factors", "outcomes", "parameters", "initial"):
        written[section] = reordered(written[section], data)
    for factor in written["factors"].values():
        if not factor["ordered"]:
            factor["levels"] = data.draw(st.permutations(factor["levels"]))
    names = [*scenario.actors, *scenario.factors, "l0", "l1", "l2", "war", "peace", "first", "second"]
    new = {old: f"new-{k}" for k, old in enumerate(data.draw(st.permutations(names)))}
    old = {after: before for before, after in new.items()}
    again = compile(Scenario.model_validate(relabelled(written, new)))
    assert content(again, lambda label: old.get(label, label)) == content(game)
