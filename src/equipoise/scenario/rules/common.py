"""Words that several rules share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from equipoise.errors import KeyPath, Problem, nearest, shown
from equipoise.scenario.models import Conjunction, Scenario


def unknown(kind: str, name: str, names: Collection[str], path: KeyPath) -> Problem:
    """A name that stands for nothing; it is the key at fault if the path ends in it."""
    right = one_of(names, f"the name of {'an' if kind[0] in 'aeiou' else 'a'} {kind}")
    return Problem(f"no {kind} is called {shown(name)}", right, path, nearest(name, names), of_key=path[-1] == name)


def one_of(names: Collection[str], nothing: str = "none") -> str:
    """``one of a, b, c``, shortened where there are many."""
    listed = list(names)
    if not listed:
        return f"{nothing}, but none is defined"
    if len(listed) == 1:
        return listed[0]
    return f"one of {', '.join(listed[:20])}" + (f" or {len(listed) - 20} others" if len(listed) > 20 else "")


def repeated(names: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Index and name of every name that stood before."""
    seen: set[str] = set()
    for i, name in enumerate(names):
        if name in seen:
            yield i, name
        seen.add(name)


def levels(scenario: Scenario, chosen: Mapping[str, str], path: KeyPath) -> Iterator[Problem]:
    """What is wrong with a choice of one level for some factors."""
    for factor, level in chosen.items():
        known = scenario.factors.get(factor)
        if known is None:
            yield unknown("factor", factor, scenario.factors, (*path, factor))
        elif level not in known.levels:
            yield no_level(factor, level, known.levels, (*path, factor))


def no_level(factor: str, level: str, known: Sequence[str], path: KeyPath) -> Problem:
    """A level that its factor does not have."""
    found = f"no level of {factor} is called {shown(level)}"
    return Problem(found, one_of(known), path, nearest(level, known), of_key=path[-1] == level)


def met(conjunction: Conjunction, state: Mapping[str, str]) -> bool:
    """Whether a complete state meets a conjunction."""
    return all(state.get(factor) in allowed for factor, allowed in conjunction.items())


def contenders(scenario: Scenario, name: str) -> tuple[str, ...]:
    """The actors that a name under a term stands for."""
    if name == "everyone":
        return tuple(scenario.actors)
    return tuple(dict.fromkeys(scenario.seats[name].sitters.values())) if name in scenario.seats else (name,)
