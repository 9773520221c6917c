"""What a scenario means, straight from the definition of the language: dicts and loops, no arrays, no codes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from equipoise.scenario.models import Branch, Condition, Event, Move, Multipliers, Scenario, Term

State = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Row:
    step: str
    cost: float
    rate: float
    share: float
    uniform: float
    branches: list[tuple[float, object, tuple[float, ...]]]
    """Probability, target (a state, or an outcome with its worth), impact."""


class Twin:
    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.impossible_branches: set[tuple[str | int, ...]] = set()
        self.rows: dict[tuple[State, str | None], list[Row]] = {}
        self.states: set[State] = set()
        todo = [tuple((f, s.state[f]) for f in scenario.factors) for s in scenario.initial.values()]
        self.impossible_start = any(scenario.impossible and met(scenario.impossible, dict(start)) for start in todo)
        while todo:
            state = todo.pop()
            if state in self.states:
                continue
            self.states.add(state)
            for mover in (*scenario.actors, None):
                self.rows[state, mover] = self.rows_of(state, mover)
                for row in self.rows[state, mover]:
                    todo += [target for _, target, _ in row.branches if target not in self.states and is_state(target)]

    def rows_of(self, state: State, mover: str | None) -> list[Row]:
        now = dict(state)
        counted = [step for step in self.scenario.steps if self.mover(step, now) == mover and self.on_offer(step, now)]
        families = Counter((step.family or step.id, step.family is None) for step in counted if isinstance(step, Move))
        rows = []
        for step in counted:
            if step.dropped:
                continue
            share = uniform = cost = rate = 0.0
            if isinstance(step, Move):
                share = 1 / (len(families) * families[step.family or step.id, step.family is None])
                uniform = 1 / (1 + len(counted))
                cost = self.number(step.cost) * self.factor(step.times, now)
            else:
                rate = self.number(step.rate) * self.factor(step.times, now)
            weights = [self.number(b.weight) * self.factor(b.times, now) for b in step.branches]
            branches = []
            for b, (branch, weight) in enumerate(zip(step.branches, weights, strict=True)):
                target = self.target(branch, now)
                if is_state(target) and self.scenario.impossible and met(self.scenario.impossible, dict(target)):
                    where = self.path(step)
                    self.impossible_branches.add((*where, "then", b) if step.then else where)
                    target = state
                impact = tuple(self.worth((*step.impact, *branch.impact), now).values())
                branches.append((weight / sum(weights), target, impact))
            rows.append(Row(step.id, cost, rate, share, uniform, branches))
        return rows

    def path(self, step: Move | Event) -> tuple[str | int, ...]:
        return ("moves" if isinstance(step, Move) else "events", step.id)

    def mover(self, step: Move | Event, now: Mapping[str, str]) -> str | None:
        if isinstance(step, Event):
            return None
        seat = self.scenario.seats.get(step.actor)
        return seat.sitters[now[seat.factor]] if seat else step.actor

    def on_offer(self, step: Move | Event, now: Mapping[str, str]) -> bool:
        if not met(step.when, now):
            return False
        if any(self.target(branch, now) != tuple(now.items()) for branch in step.branches):
            return True
        felt = bool(step.impact) or any(branch.impact for branch in step.branches)
        return felt and (isinstance(step, Event) or step.repeatable)

    def target(self, branch: Branch, now: Mapping[str, str]) -> object:
        if branch.end is not None:
            return branch.end, tuple(self.worth(self.scenario.outcomes[branch.end].value, now).values())
        after = dict(now)
        for name, level in branch.set.items():
            factor = self.scenario.factors[name]
            if factor.ordered and level in ("up", "down"):
                at = factor.levels.index(now[name]) + (1 if level == "up" else -1)
                level = factor.levels[min(max(at, 0), len(factor.levels) - 1)]
            after[name] = level
        return tuple(after.items())

    def worth(self, terms: tuple[Term, ...], now: Mapping[str, str]) -> dict[str, float]:
        total = dict.fromkeys(self.scenario.actors, 0.0)
        for term in terms:
            who: set[str] = set()
            for name in term.actor:
                if name == "everyone":
                    who |= set(self.scenario.actors)
                elif name in self.scenario.seats:
                    who |= set(self.scenario.seats[name].sitters.values())
                else:
                    who.add(name)
            if met(term.when, now):
                amount = self.number(term.parameter) * self.factor(term.times, now)
                for actor in who:
                    total[actor] += -amount if term.gain is None else amount
        return total

    def pace(self, actor: str, now: Mapping[str, str]) -> tuple[float, float]:
        """Tempo (as if there were moves) and noise."""
        of = self.scenario.actors[actor]
        tempo = self.number(of.tempo.rate) * self.factor(of.tempo.times, now)
        return tempo, self.number(of.noise.scale) * self.factor(of.noise.times, now)

    def number(self, ref: str | int) -> float:
        return self.scenario.parameters[ref].value if isinstance(ref, str) else float(ref)

    def factor(self, times: Multipliers, now: Mapping[str, str]) -> float:
        return math.prod(self.number(multiplier.by) for multiplier in times if met(multiplier.when, now))


def met(condition: Condition, now: Mapping[str, str]) -> bool:
    return not condition or any(all(now[f] in levels for f, levels in c.items()) for c in condition)


def is_state(target: object) -> bool:
    return isinstance(target, tuple) and isinstance(target[0], tuple)
