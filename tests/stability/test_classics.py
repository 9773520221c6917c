"""The shelf of classic conflicts: published equilibria, from published preferences."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from equipoise.game.compile import compile
from equipoise.scenario import load, read, shipped
from equipoise.stability.coalition import coalitional
from equipoise.stability.graph import graph_model, of_game
from equipoise.stability.ranking import EXPLICIT, Ranking, explicit
from equipoise.stability.scenario_ranking import ranking_of
from equipoise.stability.solo import solo

CLASSICS = [name for name, path in shipped().items() if path.parent.name == "classics"]


def classic(name):
    scenario = load(name)
    game = compile(scenario)
    return scenario, game, of_game(game), ranking_of(scenario, game)


def equilibria(name, *concepts):
    """Cells (level of each factor) that are equilibria under each of the concepts, which must agree."""
    _, _, graph, ranking = classic(name)
    found = []
    for concept in concepts:
        of = coalitional if concept.startswith("C") else solo
        states = np.flatnonzero(of(graph, ranking, concept).equilibrium)
        found.append({tuple(graph.describe(int(s)).values()) for s in states})
    assert all(cells == found[0] for cells in found), dict(zip(concepts, found, strict=True))
    return found[0]


@pytest.mark.parametrize("name", CLASSICS)
def test_classics_are_in_order_and_reach_all_that_is_possible(name):
    scenario, warnings = read(name)
    assert not warnings
    assert scenario.sources
    assert all(source.cite for source in scenario.sources.values())


def test_prisoners_dilemma():
    """Fang, Hipel and Kilgour (1993)."""
    name, mutual = "prisoners-dilemma", ("defect", "defect")
    assert equilibria(name, "Nash") == {mutual}
    assert equilibria(name, "GMR", "SMR", "SEQ") == {("cooperate", "cooperate"), mutual}
    assert equilibria(name, "CNash") == set()


def test_chicken():
    """Fang, Hipel and Kilgour (1993)."""
    wins = {("swerve", "stay"), ("stay", "swerve")}
    assert equilibria("chicken", "Nash", "SEQ") == wins
    assert equilibria("chicken", "GMR", "SMR") == wins | {("swerve", "swerve")}


def test_stag_hunt():
    """Jervis (1978): both the joint hunt and mutual caution hold themselves up; coalitions leave only the former."""
    assert equilibria("stag-hunt", "Nash") == {("stag", "stag"), ("hare", "hare")}
    assert equilibria("stag-hunt", "CNash") == {("stag", "stag")}


def test_cuban_missile_crisis():
    """Fraser and Hipel (1984): outcomes 4 and 6, the missiles withdrawn with no American act or under a blockade."""
    assert equilibria("cuban-missile-crisis", "SEQ") == {("no", "no", "withdrawn"), ("no", "yes", "withdrawn")}


def test_elmira():
    """Hipel, Fang, Kilgour and Haight (1993); coalitions: Kilgour, Hipel, Fang and Peng (2001)."""
    scenario, game, graph, ranking = classic("elmira")
    number = {game.starts[f"state-{k}"]: k for k in range(1, 10)}
    assert len(number) == game.n_states == 9
    want = {"Nash": {5, 8, 9}, "SEQ": {5, 8, 9}, "GMR": {1, 4, 5, 8, 9}, "SMR": {1, 4, 5, 8, 9}}
    want |= {"CNash": {8, 9}, "CSEQ": {8, 9}, "CGMR": {1, 4, 8, 9}, "CSMR": {1, 4, 8, 9}}
    for concept, states in want.items():
        of = coalitional if concept.startswith("C") else solo
        assert {number[int(s)] for s in np.flatnonzero(of(graph, ranking, concept).equilibrium)} == states, concept
    assert set(ranking.source) == {"preference statements"}
    assert len(scenario.sources) == 2


ELMIRA = Path(__file__).parent / "data" / "elmira.json"


def test_elmira_from_its_published_moves_and_rankings():
    told = json.loads(ELMIRA.read_text())
    moves = [{int(s) - 1: [t - 1 for t in to] for s, to in of.items()} for of in told["moves"]]
    graph = graph_model(moves, 9, actors=told["dms"])
    grade = np.array([explicit([[s - 1 for s in tie] for tie in order], 9) for order in told["rank_best_to_worst"]])
    ranking = Ranking(grade, (EXPLICIT,) * 3)
    for concept, states in {**told["equilibria_formal"], **{k: v for k, v in told["coalition"].items()}}.items():
        of = coalitional if concept.startswith("C") else solo
        assert (np.flatnonzero(of(graph, ranking, concept).equilibrium) + 1).tolist() == states, concept
