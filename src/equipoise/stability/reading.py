"""A whole scenario read through the ordinal lens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from equipoise.equilibrium.solve import Equilibrium
from equipoise.game.game import Game
from equipoise.outlook.chain import Chain
from equipoise.scenario.models import Scenario
from equipoise.stability.coalition import COALITIONAL, Coalition, Coalitions, acting_together
from equipoise.stability.disagreement import Disagreement, disagreements, stays
from equipoise.stability.graph import GraphModel, of_game
from equipoise.stability.ranking import Ranking
from equipoise.stability.regime import SANCTIONING, Sanctioning, regime_sanctioned
from equipoise.stability.scenario_ranking import ranking_of
from equipoise.stability.solo import CONCEPTS, Flags, Progress, Stability, solo

JUDGED_BY = "SEQ"
"""Concept that is set against the equilibrium: the one in which answers are credible."""
BRIEF, LASTING = 0.25, 0.75
"""Quantiles of the states' stays: the quarter that is left soonest is short-lived, the quarter kept longest lasts.

In a situation of many factors something changes soon in every state, so that only the comparison says anything."""
MOST_EXPLAINED = 500
"""Disagreements of each kind that are explained."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What is stable for whom in a scenario."""

    scenario: Scenario
    game: Game
    graph: GraphModel
    ranking: Ranking
    stability: Mapping[str, Stability]
    """By concept."""
    coalitions: tuple[Coalition, ...] = ()
    """Those that can form under the coalitional concepts; none if these were not asked for."""
    disagreements: tuple[Disagreement, ...] | None = None
    """Against the equilibrium; None if that was not asked for."""
    brief: float = 0.0
    """Years up to which a stable state counts as short-lived: of all states a quarter is left so soon."""
    lasting: float = 0.0
    """Years from which a state that is not stable counts as lasting: of all states a quarter is kept so long."""

    @property
    def actors(self) -> dict[str, str]:
        """Names of the actors by key."""
        return {key: self.scenario.actors[key].name or key for key in self.game.actors}

    def regimes(self) -> dict[str, dict[str, Sanctioning]]:
        """For every regime that can be reached and each concept, whether all improvements that leave are sanctioned."""
        found = {}
        for name, regime in self.scenario.shown.items():
            inside = self.game.where(regime.when)
            if inside.any():
                found[name] = {
                    concept: regime_sanctioned(self.graph, self.ranking, inside, concept) for concept in SANCTIONING
                }
        return found

    def where(self, levels: Mapping[str, Sequence[str]]) -> Flags:
        """(S,) states with these levels; ends only if nothing is asked."""
        inside = self.game.where([{name: list(of) for name, of in levels.items()}] if levels else [])
        return np.concatenate([inside, np.full(len(self.graph.ends), not levels)])

    def against(self, equilibrium: Equilibrium, chain: Chain, *, most: int = MOST_EXPLAINED) -> Reading:
        """The same reading, set against the equilibrium: see `disagreement.disagreements`, by the concept `JUDGED_BY`.

        Short-lived and lasting are the quantiles `BRIEF` and `LASTING` of the stays of all states.
        """
        brief, lasting = map(float, np.quantile(stays(chain), [BRIEF, LASTING], method="nearest"))
        stable = self.stability[JUDGED_BY].stable
        found = disagreements(
            self.game,
            self.graph,
            self.ranking,
            stable,
            equilibrium,
            chain,
            brief=brief,
            lasting=lasting,
            most=most,
        )
        return replace(self, disagreements=tuple(found), brief=brief, lasting=lasting)


def read_ordinally(
    scenario: Scenario,
    game: Game,
    *,
    coalitions: Sequence[Coalition] | None = None,
    concepts: Sequence[str] = COALITIONAL,
    progress: Progress | None = None,
) -> Reading:
    """All solo concepts, and those coalitional ``concepts`` that are named, on the graph of ``game``.

    The ranking is that of the scenario (`scenario_ranking.ranking_of`). Coalitions are those given, or else who acts
    together in the scenario; where nobody does there are no coalitional concepts.
    """
    graph, ranking = of_game(game), ranking_of(scenario, game)
    stability = {concept: solo(graph, ranking, concept, progress=progress) for concept in CONCEPTS}
    if coalitions is None:
        coalitions = acting_together(scenario) if scenario.coalitions else ()
    if coalitions:
        judged = Coalitions(graph, ranking, coalitions)
        stability |= {concept: judged.judge(concept, progress=progress) for concept in concepts}
    return Reading(scenario, game, graph, ranking, stability, tuple(coalitions))
