"""Games and scenarios that tests and benchmarks share."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from equipoise.game.build import Branch, Row, build_game
from equipoise.game.game import Game
from equipoise.scenario.models import Scenario


def random_game(
    rng: np.random.Generator,
    *,
    actors: int,
    states: int,
    moves: int = 3,
    noise: float = 0.3,
    events: int = 1,
    ends: int = 2,
    branches: int = 2,
    tempo: tuple[float, float] = (1.0, 4.0),
    discount: tuple[float, float] = (0.08, 0.2),
    noise_spread: float = 1.3,
    vary: bool = True,
) -> Game:
    """A game of random numbers on a random graph.

    Every actor has 0 to `moves` moves in every state (with `vary` False exactly `moves`), in random families, each with
    1 to `branches` branches; half the targets lie near the state, half anywhere, one in twenty is an end. Noise is
    `noise` times up to `noise_spread` either way, by state and actor; so is tempo within its bounds. `vary` False makes
    tempo, noise and discount the same everywhere, so that the embedding as a discrete game applies to `agent-error`.
    """
    N, S, E = actors, states, ends

    def target(state: int) -> int:
        if E and rng.random() < 0.05:
            return S + int(rng.integers(E))
        return int((state + rng.integers(1, 4)) % S) if rng.random() < 0.5 else int(rng.integers(S))

    def branch(state: int) -> Branch:
        impact = tuple(rng.normal(0, 0.4, N).tolist()) if rng.random() < 0.2 else ()
        return Branch(target(state), float(rng.uniform(0.2, 1)), impact)

    def lead(state: int) -> tuple[Branch, ...]:
        return tuple(branch(state) for _ in range(int(rng.integers(1, branches + 1))))

    rows = []
    for s in range(S):
        for i in range(N):
            for _ in range(int(rng.integers(moves + 1)) if vary else moves):
                family = str(rng.choice(["talk", "arm", "hide"])) if rng.random() < 0.5 else None
                rows.append(Row(s, i, lead(s), cost=float(rng.exponential(0.3)), family=family))
        rows.extend(
            Row(s, None, lead(s), rate=float(rng.exponential(0.25))) for _ in range(int(rng.integers(events + 1)))
        )

    shape = (S, N) if vary else ()
    return build_game(
        rows,
        flow=rng.normal(0, 1, (S, N)),
        tempo=rng.uniform(*tempo, shape),
        noise=noise * np.exp(rng.uniform(-1, 1, shape) * np.log(noise_spread)),
        discount=rng.uniform(*discount, (N,) if vary else ()),
        end_value=rng.normal(-4, 4, (E, N)),
    )


def ladder(actors: int, rungs: int) -> Scenario:
    """Rivals on escalation ladders: `rungs` to the power of `actors` states, all reachable, two rows a rival in most.

    Standing high pays, with falling returns, and frightens the others; on the upper half everybody decides faster and
    accidents grow likelier; from the top rung one may attack.
    """
    names = [f"rival-{k}" for k in range(actors)]
    steps = [f"rung-{r}" for r in range(rungs)]
    high = steps[rungs // 2 :]
    numbers = {
        "discount": (0.15, "1/year"),
        "tempo": (2.0, "1/year"),
        "haste": (1.5, "ratio"),
        "noise": (0.4, "util"),
        "effort": (0.3, "util"),
        "relief": (0.1, "util"),
        "standing": (0.5, "util/year"),
        "taper": (0.9, "ratio"),
        "fear": (0.3, "util/year"),
        "accident": (0.02, "1/year"),
        "tension": (1.6, "ratio"),
        "attack_cost": (1.0, "util"),
        "war_cost": (20.0, "util"),
    }
    payoffs, moves = [], []
    for name in names:
        above = [{"when": {name: steps[r:]}, "by": "taper"} for r in range(2, rungs)]
        payoffs.append({"actor": name, "when": {name: steps[1:]}, "gain": "standing", "times": above})
        others = [other for other in names if other != name]
        if others:
            payoffs.append({"actor": others, "when": {name: high}, "cost": "fear"})
        climb = {"when": {name: steps[:-1]}, "cost": "effort", "set": {name: "up"}}
        descend = {"when": {name: steps[1:]}, "cost": "relief", "set": {name: "down"}}
        attack = {"when": {name: steps[-1]}, "cost": "attack_cost", "end": "war"}
        moves += [
            {"id": f"{verb}-{name}", "actor": name, **what}
            for verb, what in (("climb", climb), ("descend", descend), ("attack", attack))
        ]
    tense = [{"when": {name: high}, "by": "tension"} for name in names]
    hasty = [{"when": [{name: high} for name in names], "by": "haste"}]
    rival = {"discount": "discount", "tempo": {"rate": "tempo", "times": hasty}, "noise": "noise"}
    return Scenario.model_validate(
        {
            "title": f"{actors} rivals on ladders of {rungs} rungs",
            "actors": {name: rival for name in names},
            "factors": {name: {"levels": steps, "ordered": True, "of": name} for name in names},
            "outcomes": {"war": {"value": [{"actor": "everyone", "cost": "war_cost"}]}},
            "parameters": {
                key: {"value": value, "unit": unit, "source": "analyst's judgement"}
                for key, (value, unit) in numbers.items()
            },
            "moves": moves,
            "events": [{"id": "accident", "rate": "accident", "times": tense, "end": "war"}],
            "payoffs": payoffs,
            "initial": {"ground": {"state": dict.fromkeys(names, steps[0])}},
        }
    )


UNITS = {"cost": "util", "flow": "util/year", "rate": "1/year", "ratio": "ratio", "weight": "weight"}


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Small scenarios with everything the language has; some step into impossible combinations."""
    actors = [f"actor-{k}" for k in range(draw(st.integers(1, 3)))]
    factors = {
        f"factor-{k}": {"levels": [f"l{n}" for n in range(draw(st.integers(2, 3)))], "ordered": draw(st.booleans())}
        for k in range(draw(st.integers(2, 4)))
    }
    seat = draw(st.booleans())
    levels_of_seat = factors["factor-0"]["levels"]
    sitters = {level: draw(st.sampled_from(actors)) for level in levels_of_seat}
    who = st.sampled_from([*actors, *(["office"] if seat else [])])
    everybody = st.sampled_from(["everyone", "office"] if seat else ["everyone"])
    outcomes = ["war", "peace"]
    numbers = {f"{prefix}_{k}": unit for prefix, unit in UNITS.items() for k in range(3)}
    value = st.sampled_from([0.25, 0.5, 1.0, 1.5, 3.0])

    def ref(prefix: str) -> st.SearchStrategy[str]:
        return st.sampled_from([name for name in numbers if name.startswith(prefix)])

    levels = {name: st.sampled_from(factor["levels"]) for name, factor in factors.items()}
    conjunction = st.dictionaries(st.sampled_from(list(factors)), st.just(0), max_size=2).flatmap(
        lambda chosen: st.fixed_dictionaries(
            {f: st.lists(levels[f], min_size=1, max_size=2, unique=True) for f in chosen}
        )
    )
    condition = st.one_of(conjunction, st.lists(conjunction, max_size=2))
    easy = st.sampled_from(list(factors)).flatmap(
        lambda f: st.fixed_dictionaries({f: st.just(factors[f]["levels"][:2])})
    )
    mechanisms = st.sampled_from([[], [], ["M1"], ["M2"], ["M1", "M2"]])

    def change(factor: str) -> st.SearchStrategy[str]:
        return (
            st.one_of(levels[factor], st.sampled_from(["up", "down"])) if factors[factor]["ordered"] else levels[factor]
        )

    changes = st.lists(st.sampled_from(list(factors)), min_size=1, max_size=2, unique=True).flatmap(
        lambda chosen: st.fixed_dictionaries({factor: change(factor) for factor in chosen})
    )
    times = st.lists(
        st.fixed_dictionaries({"when": condition, "by": st.one_of(ref("ratio"), st.just(1)), "implements": mechanisms}),
        max_size=2,
    )

    def term(prefix: str) -> st.SearchStrategy[dict[str, Any]]:
        return st.fixed_dictionaries(
            {
                "actor": st.one_of(st.lists(st.sampled_from(actors), min_size=1, unique=True), everybody),
                "when": condition,
                "times": times,
                "implements": mechanisms,
            }
        ).flatmap(
            lambda body: st.tuples(st.sampled_from(["cost", "gain"]), ref(prefix)).map(
                lambda kv: {**body, kv[0]: kv[1]}
            )
        )

    impact = st.lists(term("cost"), max_size=1)
    lasting = changes.map(lambda s: {"set": s})
    effect = st.one_of(lasting, lasting, lasting, st.sampled_from(outcomes).map(lambda o: {"end": o}))
    branch = st.builds(
        lambda weight, times, what, impact: {"weight": weight, "times": times, "impact": impact, **what},
        ref("weight"), times, st.one_of(effect, effect, st.just({})), impact,
    )  # fmt: skip
    body = st.builds(
        lambda when, what, impact, implements: {"when": when, **what, "impact": impact, "implements": implements},
        st.one_of(st.just({}), easy, condition),
        st.one_of(effect, st.lists(branch, min_size=1, max_size=3).map(lambda b: {"then": b})), impact, mechanisms,
    )  # fmt: skip
    move = st.builds(
        lambda body, actor, cost, times, family, repeatable: {
            **body, "actor": actor, "cost": cost, "times": times, "family": family,
            "repeatable": repeatable and felt(body),
        },
        body, who, st.one_of(ref("cost"), st.just(0)), times, st.sampled_from([None, "talk", "arm"]), st.booleans(),
    )  # fmt: skip
    event = st.builds(lambda body, rate, times: {**body, "rate": rate, "times": times}, body, ref("rate"), times)
    moves, events = draw(st.lists(move, min_size=3, max_size=7)), draw(st.lists(event, min_size=1, max_size=3))
    for step in moves + events:
        leave_room(step, factors)
    start = st.fixed_dictionaries(levels)
    starts = [draw(start), draw(start)]
    never = [
        c
        for c in draw(st.lists(conjunction.filter(lambda c: len(c) == 2), max_size=1))
        if not any(all(state[f] in allowed for f, allowed in c.items()) for state in starts)
    ]
    return Scenario.model_validate(
        {
            "title": "random",
            "argument": {"M1": "One thing.", "M2": "Another."},
            "actors": {
                name: {
                    "discount": draw(ref("rate")),
                    "tempo": {"rate": draw(ref("rate")), "times": draw(times)},
                    "noise": {"scale": draw(ref("cost")), "times": draw(times)},
                }
                for name in actors
            },
            "seats": {"office": {"factor": "factor-0", "sitters": sitters}} if seat else {},
            "factors": factors,
            "impossible": never,
            "outcomes": {name: {"value": draw(st.lists(term("cost"), max_size=2))} for name in outcomes},
            "parameters": {
                name: {"value": draw(value), "unit": unit, "source": "analyst's judgement"}
                for name, unit in numbers.items()
            },
            "moves": [{"id": f"move-{k}", **move} for k, move in enumerate(moves)],
            "events": [{"id": f"event-{k}", **event} for k, event in enumerate(events)],
            "payoffs": draw(st.lists(term("flow"), max_size=3)),
            "initial": {"first": {"state": starts[0]}, "second": {"state": starts[1]}},
        }
    )


def felt(body: dict[str, Any]) -> bool:
    """Whether a move or event has an impact."""
    return bool(body["impact"]) or any(branch["impact"] for branch in body.get("then", ()))


def leave_room(step: dict[str, Any], factors: dict[str, Any]) -> None:
    """Make a step respect the language: some effect, and `up` and `down` only where there is room."""
    branches = step.get("then", [step])
    if not any("set" in branch or "end" in branch for branch in branches):
        branches[0]["set"] = {"factor-0": "l0"}
    ways: dict[str, str] = {}
    for branch in branches:
        for factor, level in branch.get("set", {}).items():
            if level in ("up", "down") and ways.setdefault(factor, level) != level:
                branch["set"] = {**branch["set"], factor: "l0"}
    conjunctions = step["when"] if isinstance(step["when"], list) else [step["when"]]
    for factor, way in ways.items():
        room = factors[factor]["levels"][slice(None, -1) if way == "up" else slice(1, None)]
        conjunctions = [
            {**c, factor: [level for level in c.get(factor, room) if level in room] or room}
            for c in conjunctions or [{}]
        ]
    step["when"] = conjunctions
