"""From a conflict in option form to a scenario, and from a scenario's graph back to a conflict in option form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np

from equipoise.errors import RequestError
from equipoise.scenario.models import Scenario
from equipoise.stability.coalition import Coalition
from equipoise.stability.conflict import Clause, Conflict, DecisionMaker, Option, Statement, best_to_worst
from equipoise.stability.graph import GraphModel
from equipoise.stability.options import MAX_OPTIONS, NO, YES
from equipoise.stability.ranking import Ranking

MAX_OWN = 6
"""Options of one decision maker: each combination of them becomes a move."""
MAX_ALTERNATIVES = 200
"""Alternatives in the condition of one move."""
_UNUSED = "plays no part in the ordinal reading"


def to_scenario(conflict: Conflict, *, title: str) -> Scenario:
    """A scenario whose graph model and preferences are those of the conflict.

    Every option is a factor with the levels no and yes; every combination of a decision maker's options is a move to
    it, so that several can be changed at once. Everything else that a scenario needs (tempo, noise, discount) gets a
    number that plays no part in the ordinal reading, and nobody feels anything: give it payoffs before asking for
    risks. Starting situations are added until every feasible state can be reached.

    Raises:
        RequestError: a decision maker has more than `MAX_OWN` options, or what is infeasible cannot be said as
            conditions of moves.
    """
    factors = _names([option.name for option in conflict.options])
    actors = _names([maker.name for maker in conflict.decision_makers])
    data: dict[str, Any] = {
        "title": title,
        "about": "A conflict in option form: who can change which option, and who wants what.",
        "actors": {
            key: {"name": maker.name, "discount": "discount", "tempo": "tempo", "noise": "noise"}
            for key, maker in zip(actors, conflict.decision_makers, strict=True)
        },
        "factors": {
            key: {"levels": [NO, YES], "about": option.name}
            for key, option in zip(factors, conflict.options, strict=True)
        },
        "impossible": [_condition(clause, factors) for statement in conflict.infeasible for clause in statement],
        "parameters": {
            "discount": _number(0.1, "1/year", f"discount rate; {_UNUSED}"),
            "tempo": _number(1, "1/year", f"decisions; {_UNUSED}"),
            "noise": _number(0.5, "util", f"noise of choices; {_UNUSED}"),
        },
        "moves": [],
    }
    for k, maker in enumerate(conflict.decision_makers):
        owner = next((f for f in maker.options), None)
        for option in maker.options:
            data["factors"][factors[option]]["of"] = actors[k]
        if owner is not None:
            data["moves"] += _moves(conflict, maker, actors[k], factors)
    ranking, graph = conflict.ranking(), conflict.graph()
    for k, maker in enumerate(conflict.decision_makers):
        if conflict.manual and maker.ranking:
            data["actors"][actors[k]]["preferences"] = _by_states(ranking.grade[k], graph, factors, conflict)
        else:
            data["actors"][actors[k]]["preferences"] = [
                {"when": [_condition(clause, factors) for clause in statement]} for statement in maker.preferences
            ]
    data["initial"] = _starts(graph, factors, conflict)
    joined = [[actors[k] for k in group] for group in conflict.coalitions if len(group) > 1]
    data["coalitions"] = {
        name: {"members": members}
        for name, members in zip(_names(["-and-".join(members) for members in joined]), joined, strict=True)
    }
    return Scenario.model_validate(data)


def to_conflict(
    graph: GraphModel, ranking: Ranking, names: Sequence[str], *, coalitions: Sequence[Coalition] | None = None
) -> Conflict:
    """The conflict in option form that says the same as a graph model, if there is one.

    A factor of two levels becomes an option, taken at the second; one of more levels an option for each level, of which
    exactly one is taken. An option belongs to the only actor who ever changes it. Combinations that are no states
    become infeasible. Rankings are written as such.

    Args:
        graph: the graph model.
        ranking: everybody's preferences.
        names: of the actors.
        coalitions: a partition of the actors; everybody acts alone, if left out.

    Raises:
        RequestError: the graph model is not one of options; says why.
    """
    if graph.ends:
        raise RequestError(
            f"the scenario can end in {graph.ends[0]}, which option form cannot say; "
            "right would be a scenario without outcomes"
        )
    options, levels = _options(graph)
    owner = _owners(graph)
    first = np.cumsum([0, *(1 if len(level) == 2 else len(level) for level in levels)])
    makers = [
        DecisionMaker(
            name, tuple(o for f in range(len(levels)) if owner[f] == i for o in range(first[f], first[f + 1]))
        )
        for i, name in enumerate(names)
    ]
    bare = Conflict(options, tuple(makers))
    codes = _codes(graph, bare.order, first)
    possible = np.zeros(2 ** len(options), bool)
    possible[codes] = True
    infeasible: tuple[Statement, ...] = tuple((clause,) for clause in _absent(possible, bare.order))
    order = np.argsort(codes)
    makers = [
        DecisionMaker(maker.name, maker.options, (), best_to_worst(ranking.grade[i][order]))
        for i, maker in enumerate(makers)
    ]
    both = Conflict(options, tuple(makers), infeasible, True, tuple(coalitions or ((i,) for i in range(len(makers)))))
    directed = tuple(Option(o.name, _direction(graph, k, first)) for k, o in enumerate(options))
    conflict = Conflict(directed, both.decision_makers, infeasible, True, both.coalitions)
    _compare(graph, conflict.graph(), order)
    return conflict


def _number(value: float, unit: str, about: str) -> dict[str, Any]:
    return {"value": value, "unit": unit, "about": about, "source": "analyst's judgement"}


def _names(texts: Sequence[str]) -> list[str]:
    """Names fit for a scenario, each once."""
    names: list[str] = []
    for text in texts:
        name = re.sub(r"[^A-Za-z0-9_]+", "-", text).strip("-")[:60] or "x"
        name = name if name[0].isalpha() else f"x-{name}"
        name = f"{name}-" if name in ("everyone", "hold") else name
        k = 2
        unique = name
        while unique in names:
            unique, k = f"{name}-{k}", k + 1
        names.append(unique)
    return names


def _condition(clause: Clause, factors: Sequence[str]) -> dict[str, str]:
    return {factors[option]: YES if taken else NO for option, taken in clause}


def _moves(conflict: Conflict, maker: DecisionMaker, actor: str, factors: Sequence[str]) -> Iterator[dict[str, Any]]:
    """One move to every combination of a decision maker's options that is ever feasible."""
    if len(maker.options) > MAX_OWN:
        raise RequestError(f"{maker.name} has {len(maker.options)} options; right would be at most {MAX_OWN}")
    for values in product((False, True), repeat=len(maker.options)):
        chosen = dict(zip(maker.options, values, strict=True))
        if all(conflict.options[o].direction == ("back" if taken else "fwd") for o, taken in chosen.items()):
            continue  # Possible only where all of it holds already.
        alternatives = _allowed(conflict, chosen)
        if alternatives is None:
            continue
        for option, taken in chosen.items():
            stays = conflict.options[option].direction
            if (stays == "fwd" and not taken) or (stays == "back" and taken):
                alternatives = [{**a, option: taken} for a in alternatives]
        name = "-".join(factors[option] for option, taken in chosen.items() if taken) or "none"
        yield {
            "id": f"{actor}-{name}"[:80],
            "actor": actor,
            "when": [_condition(tuple(a.items()), factors) for a in alternatives if a] if all(alternatives) else [],
            "set": {factors[option]: YES if taken else NO for option, taken in chosen.items()},
        }


def _allowed(conflict: Conflict, chosen: dict[int, bool]) -> list[dict[int, bool]] | None:
    """When the others' options let one's own be ``chosen``: alternatives, or None if never."""
    alternatives: list[dict[int, bool]] = [{}]
    for statement in conflict.infeasible:
        for clause in statement:
            if any(chosen.get(option, taken) != taken for option, taken in clause):
                continue
            rest = [(option, taken) for option, taken in clause if option not in chosen]
            grown = [
                {**a, option: not taken}
                for a in alternatives
                for option, taken in rest
                if a.get(option, not taken) != taken
            ]
            alternatives = []
            for a in sorted(grown, key=len):
                if not any(b.items() <= a.items() for b in alternatives):
                    alternatives.append(a)
            if not alternatives:
                return None
            if len(alternatives) > MAX_ALTERNATIVES:
                raise RequestError("the infeasibles leave too many cases for one move's condition")
    return alternatives


def _state(graph: GraphModel, state: int, factors: Sequence[str], conflict: Conflict) -> dict[str, str]:
    """One level for every factor, in the conflict's order of options."""
    row = graph.levels[state][::-1]
    return {factors[option]: YES if row[k] else NO for k, option in enumerate(conflict.order)}


def _by_states(grade: Any, graph: GraphModel, factors: Sequence[str], conflict: Conflict) -> list[dict[str, Any]]:
    """A ranking as statements: being one of the best, one of the next best and so on; the worst need no statement."""
    return [
        {"when": [_state(graph, int(s), factors, conflict) for s in np.flatnonzero(grade == g)]}
        for g in range(int(grade.max()), 0, -1)
    ]


def _starts(graph: GraphModel, factors: Sequence[str], conflict: Conflict) -> dict[str, Any]:
    """Starting situations from which, together, everybody's moves lead to every state."""
    left = np.ones(graph.n_states, bool)
    starts: dict[str, Any] = {}
    while left.any():
        start = int(np.flatnonzero(left)[0])
        starts[f"state-{start + 1}"] = {"state": _state(graph, start, factors, conflict)}
        front = [start]
        left[start] = False
        while front:
            s = front.pop()
            for i in range(graph.n_actors):
                for t in graph.moves(i, s):
                    if left[t]:
                        left[t] = False
                        front.append(int(t))
    return starts


def _options(graph: GraphModel) -> tuple[tuple[Option, ...], list[tuple[str, ...]]]:
    options = []
    for name, levels in zip(graph.factors, graph.factor_levels, strict=True):
        if len(levels) == 2:
            options.append(Option(name if levels == (NO, YES) else f"{name}: {levels[1]}"))
        else:
            options += [Option(f"{name}: {level}") for level in levels]
    if len(options) > MAX_OPTIONS:
        raise RequestError(f"the scenario takes {len(options)} options; right would be at most {MAX_OPTIONS}")
    return tuple(options), list(graph.factor_levels)


def _owners(graph: GraphModel) -> list[int]:
    """The only actor who changes each factor."""
    owners = []
    S = graph.n_states
    bits = {f: np.uint64(k) for k, f in enumerate(graph.changing)}
    for f, name in enumerate(graph.factors):
        movers = []
        for i in range(graph.n_actors):
            mine = graph.changed[graph.move_ptr[i * S] : graph.move_ptr[(i + 1) * S]]
            if f in bits and np.any(mine >> bits[f] & np.uint64(1)):
                movers.append(i)
        if len(movers) != 1:
            who = " and ".join(graph.actors[i] for i in movers) if movers else "nobody"
            raise RequestError(
                f"{name} is changed by {who}, which option form cannot say; right would be one actor for every factor"
            )
        owners.append(movers[0])
    return owners


def _codes(graph: GraphModel, order: Sequence[int], first: Any) -> Any:
    """(S,) number of every state as a combination of options."""
    place = {option: k for k, option in enumerate(order)}
    codes = np.zeros(graph.n_states, np.int64)
    for f, levels in enumerate(graph.factor_levels):
        column = graph.levels[:, f].astype(np.int64)
        for k in range(first[f + 1] - first[f]):
            taken = column == (1 if len(levels) == 2 else k)
            codes |= taken.astype(np.int64) << place[int(first[f]) + k]
    return codes


def _absent(possible: Any, order: Sequence[int]) -> list[Clause]:
    """Clauses that together rule out just the combinations that are no states: as short as a greedy search finds."""
    F = len(order)
    ruled = possible.copy()
    clauses: list[Clause] = []
    codes = np.arange(possible.size)
    for code in np.flatnonzero(~possible):
        if ruled[code]:
            continue
        kept = list(range(F))
        for bit in range(F):
            fewer = [b for b in kept if b != bit]
            mask = sum(1 << b for b in fewer)
            if not np.any(possible & ((codes & mask) == (code & mask))):
                kept = fewer
        mask = sum(1 << b for b in kept)
        ruled |= (codes & mask) == (code & mask)
        clauses.append(tuple((order[b], bool(code >> b & 1)) for b in kept))
    return clauses


def _direction(graph: GraphModel, option: int, first: Any) -> str:
    """Whether an option is ever taken, and ever left, by a move."""
    f = int(np.searchsorted(first, option, side="right")) - 1
    level = 1 if len(graph.factor_levels[f]) == 2 else option - int(first[f])
    state = np.repeat(np.arange(graph.move_ptr.size - 1, dtype=np.int64), np.diff(graph.move_ptr)) % graph.n_states
    before, after = graph.levels[state, f] == level, graph.levels[graph.target, f] == level
    taken, left = bool(np.any(~before & after)), bool(np.any(before & ~after))
    return "both" if taken and left else "fwd" if taken else "back"


def _compare(graph: GraphModel, of_options: GraphModel, order: Any) -> None:
    """Raises `RequestError` with the first move that one has and the other has not."""
    at = np.argsort(order)
    for i, name in enumerate(graph.actors):
        for s in range(graph.n_states):
            here = {int(at[t]) for t in graph.moves(i, s)}
            there = set(of_options.moves(i, int(at[s])).tolist())
            if here != there:
                told = ", ".join(f"{f} {level}" for f, level in graph.describe(s).items())
                verb = "may change some of its options at once only in some ways" if there - here else "has other moves"
                raise RequestError(
                    f"in the state with {told}, {name} {verb}, which option form cannot say; "
                    "right would be that an actor may change any of its own options whenever the result is possible"
                )
