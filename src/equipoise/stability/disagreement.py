"""Where the ordinal reading and the probabilistic one disagree: stable there but short-lived here, or the reverse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.equilibrium.solve import Equilibrium
from equipoise.game.game import Floats, Game, Ints
from equipoise.outlook.chain import Chain
from equipoise.outlook.conduct import HOLD, Option, conduct
from equipoise.scenario.phrases import how_often, number, percent, span, words
from equipoise.stability.graph import GraphModel
from equipoise.stability.ranking import Ranking
from equipoise.stability.solo import Flags

CAUSES = ("events", "noise", "foresight", "cost", "tempo")
"""What explains a disagreement: nobody's choice; moves taken by mistake; what comes after the move; what the move
costs; too rare or too feeble a wish to act on it."""


@dataclass(frozen=True)
class Disagreement:
    """One state on which the two readings part."""

    state: int
    stable: bool
    """Whether the ordinal reading calls it stable for everybody."""
    stay: float
    """Expected years until it is left; inf if it never is."""
    cause: str
    """One of `CAUSES`."""
    text: str
    """Why, in a sentence."""


def stays(chain: Chain) -> Floats:
    """(S,) expected years until each state is left, 1 / its total rate of leaving; inf if it never is."""
    with np.errstate(divide="ignore"):
        years: Floats = 1 / chain.exit_rate
    return years


def disagreements(
    game: Game,
    graph: GraphModel,
    ranking: Ranking,
    stable: Flags,
    equilibrium: Equilibrium,
    chain: Chain,
    *,
    brief: float,
    lasting: float,
    most: int | None = None,
) -> list[Disagreement]:
    """States that are stable for all and left within ``brief`` years, or stable not for all and kept for ``lasting``;
    none if the two limits are the same.

    Stable states come first, and in each kind those whose stay is the most extreme. Each is put down to one
    cause. A stable state is left by events, or by moves; those are put down to noise where the mover likes them less
    than holding, and otherwise to foresight: values look ahead where rankings do not. A state that is not stable lasts
    because its best unanswered improvement costs more than it is worth (cost), leads on to what its mover likes less
    (foresight), or is liked but seldom chosen (tempo).

    Args:
        game: the game.
        graph: its graph model.
        ranking: everybody's preferences.
        stable: (N, S) for whom each state is stable, by whichever concept.
        equilibrium: of the game.
        chain: that its policies induce.
        brief: years.
        lasting: years.
        most: how many of each kind to explain at most; all if None.
    """
    years = stays(chain)
    everybody: Flags = np.asarray(stable[:, : game.n_states].all(axis=0))
    parts = np.where(everybody, years <= brief, years >= lasting) & (brief < lasting)
    how_far = np.where(everybody, -years, years)
    kinds = [np.flatnonzero(parts & kind) for kind in (everybody, ~everybody)]
    chosen = np.concatenate([kind[np.argsort(-how_far[kind], kind="stable")][:most] for kind in kinds])
    explain = _Explainer(game, graph, ranking, stable, equilibrium, chain)
    return [
        Disagreement(
            int(s), bool(everybody[s]), float(years[s]), *(explain.left if everybody[s] else explain.kept)(int(s))
        )
        for s in chosen
    ]


@dataclass(frozen=True)
class _Explainer:
    game: Game
    graph: GraphModel
    ranking: Ranking
    stable: Flags
    equilibrium: Equilibrium
    chain: Chain

    def options(self, state: int) -> tuple[Option, ...]:
        solution = self.equilibrium
        return conduct(self.game, state, value=solution.value, policy=solution.policy, hold=solution.hold)

    def left(self, state: int) -> tuple[str, str]:
        """Why a stable state is left soon: the weightiest of its causes."""
        event, by_events = self._events(state)
        moves = [option for option in self.options(state) if option.move != HOLD]
        by_noise = sum(option.rate for option in moves if option.prefers <= 0)
        by_sight = sum(option.rate for option in moves if option.prefers > 0)
        total = (by_events + by_noise + by_sight) or 1.0
        if by_events >= max(by_noise, by_sight):
            share = percent(by_events / total)
            return "events", f"{share} of leaving is by events, which no ranking sees, most of all by [{event}]."
        wanted = by_sight > by_noise
        option = max((o for o in moves if (o.prefers > 0) == wanted), key=lambda o: o.rate)
        often = how_often(option.rate)
        if wanted:
            seen = option.move in self._wanted(self.game.actors.index(option.actor), state)
            ranked = "by its ranking too, but an answer should deter it" if seen else "which no ranking sees"
            told = f"{option.actor} takes [{option.move}] {often}, what follows being worth {number(option.prefers)}"
            return "foresight", f"{told} utils more than holding: a gain {ranked}."
        told = (
            f"{option.actor} takes [{option.move}] {often} though it likes it less by {number(-option.prefers)} utils"
        )
        return "noise", f"{told}: choices are that inconsistent."

    def kept(self, state: int) -> tuple[str, str]:
        """Why a state that is not stable for somebody lasts."""
        best: Option | None = None
        for i, actor in enumerate(self.game.actors):
            if not self.stable[i, state]:
                wanted = self._wanted(i, state)
                for option in self.options(state):
                    if (
                        option.actor == actor
                        and option.move in wanted
                        and (best is None or option.prefers > best.prefers)
                    ):
                        best = option
        if best is None:
            return "tempo", "Whoever would move on has no occasion to."
        wish = f"{best.actor} would gain by [{best.move}]"
        if best.prefers > 0:
            return "tempo", f"{wish}, and takes it, but only {how_often(best.rate)}."
        if best.prefers + best.cost > 0:
            told = f"it costs {number(best.cost)} utils and brings {number(best.prefers + best.cost)}"
            return "cost", f"{wish} as the ranking has it, but {told}."
        told = f"what follows from there is worth {number(-best.prefers - best.cost)} utils less than staying"
        return "foresight", f"{wish} as the ranking has it, but {told}."

    def _events(self, state: int) -> tuple[str, float]:
        """The event that most often ends a state, and the rate of all of them, 1/year."""
        rows = self._rows(state)
        rates: dict[str, float] = {}
        chain = self.chain
        for row in rows:
            if self.game.row_actor[row] == self.game.n_actors:
                branches = slice(chain.branch_ptr[row], chain.branch_ptr[row + 1])
                leaves = chain.target[branches] != state
                rate = float(chain.row_rate[row] * chain.probability[branches][leaves].sum())
                name = words(chain.steps[chain.row_step[row]])
                rates[name] = rates.get(name, 0.0) + rate
        name = max(rates, key=lambda key: rates[key], default="")
        return name, sum(rates.values())

    def _rows(self, state: int) -> Ints:
        width = self.game.n_actors + 1
        return np.arange(self.game.row_ptr[state * width], self.game.row_ptr[(state + 1) * width])

    def _wanted(self, actor: int, state: int) -> set[str]:
        """Names of the moves that are improvements."""
        grade = self.ranking.grade[actor]
        width = self.game.n_actors + 1
        game = self.game
        names = set()
        for row in range(game.row_ptr[state * width + actor], game.row_ptr[state * width + actor + 1]):
            targets = game.target[game.branch_ptr[row] : game.branch_ptr[row + 1]]
            if (grade[targets] > grade[state]).any():
                names.add(game.steps[game.kind_step[game.row_kind[row]]])
        return names


def stays_told(found: Disagreement) -> str:
    """What the two readings say, in a sentence."""
    if found.stable:
        return f"Stable for everybody, yet left after {span(found.stay)} on average."
    return f"Not stable for everybody, yet kept for {span(found.stay)} on average."


def foremost(found: Sequence[Disagreement], each: int) -> list[Disagreement]:
    """The first few of each kind."""
    return [d for kind in (True, False) for d in [d for d in found if d.stable == kind][:each]]
