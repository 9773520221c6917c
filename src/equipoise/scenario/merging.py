"""A file that extends another: what the two say together.

Sections merge by name, entries merge field by field, and a field given anew replaces the old one; only the
tables `state`, `because`, `meaning` and `sitters` merge row by row, and terms (`value`, `impact`) by id.
In lists, entries with the same id merge and others are added at the end. What `remove` names is taken out first.
"""

from __future__ import annotations

from equipoise.errors import Problem, nearest, shown, told
from equipoise.scenario.nodes import Node

REMOVABLE = (
    "argument",
    "sources",
    "actors",
    "seats",
    "factors",
    "outcomes",
    "parameters",
    "orderings",
    "correlations",
    "moves",
    "events",
    "payoffs",
    "regimes",
    "initial",
    "variants",
    "claims",
)
"""Sections whose entries have names, so that `remove` can take them out."""


def merge(base: Node, child: Node) -> tuple[Node, list[Problem]]:
    """The scenario tree of `base` with the changes that `child` makes, and what is wrong with its `remove`."""
    assert isinstance(base.value, dict)
    assert isinstance(child.value, dict)
    kept, problems = _without(base, child.value.get("remove"))
    assert isinstance(kept.value, dict)
    sections = dict(kept.value)
    for key, section in child.value.items():
        if key not in ("extend", "remove"):
            sections[key] = _section(key, sections.get(key), section)
    return Node(sections, child.at, child.key), problems


def _without(base: Node, remove: Node | None) -> tuple[Node, list[Problem]]:
    """The tree with what `remove` names taken out."""
    assert isinstance(base.value, dict)
    if remove is None:
        return base, []
    if not isinstance(remove.value, dict):
        right = "a mapping from sections to names, such as `{moves: [strike]}`"
        return base, [_at(remove, f"{told(remove.plain())} under remove", right)]
    sections, problems = dict(base.value), []
    for key, names in remove.value.items():
        if key not in REMOVABLE:
            found, right = f"the unknown section {shown(key)} under remove", f"one of {', '.join(REMOVABLE)}"
            problems.append(_at(names, found, right, nearest(key, REMOVABLE), by_key=True))
            continue
        section = sections.get(key)
        for name in names.value if isinstance(names.value, list) else [names]:
            section, problem = _take_out(section, name, key)
            problems += [problem] if problem else []
        if section is not None:
            sections[key] = section
    return Node(sections, base.at, base.key), problems


def _take_out(section: Node | None, name: Node, key: str) -> tuple[Node | None, Problem | None]:
    if not isinstance(name.value, str):
        return section, _at(name, told(name.plain()), f"the name of an entry of {key}")
    if section is not None and isinstance(section.value, dict) and name.value in section.value:
        rest = {other: node for other, node in section.value.items() if other != name.value}
        return Node(rest, section.at, section.key), None
    if section is not None and isinstance(section.value, list):
        kept = [node for node in section.value if node.name() != name.value]
        if len(kept) < len(section.value):
            return Node(kept, section.at, section.key), None
    names = _names(section)
    right = f"one of {', '.join(names[:30])}" if names else f"nothing: there are no named {key}"
    return section, _at(name, f"no entry of {key} is called {shown(name.value)}", right, nearest(name.value, names))


def _names(section: Node | None) -> list[str]:
    if section is not None and isinstance(section.value, dict):
        return list(section.value)
    items = section.value if section is not None and isinstance(section.value, list) else []
    return [name for item in items if (name := item.name()) is not None]


def _section(key: str, base: Node | None, child: Node) -> Node:
    if base is None:
        return child
    if isinstance(base.value, dict) and isinstance(child.value, dict) and key != "impossible":
        merged = dict(base.value)
        for name, entry in child.value.items():
            merged[name] = _entry(merged[name], entry) if name in merged else entry
        return Node(merged, child.at, child.key)
    if key == "impossible" or (isinstance(base.value, list) and isinstance(child.value, list)):
        return _joined(base, child)
    return child


def _joined(base: Node, child: Node) -> Node:
    """A list with the entries of the same id merged and the others added."""
    items = list(base.value) if isinstance(base.value, list) else [base]
    index = {name: i for i, item in enumerate(items) if (name := item.name()) is not None}
    fresh = set()
    for item in child.value if isinstance(child.value, list) else [child]:
        name = item.name()
        # The same id twice in one file is a mistake for the checks to find, not a merger.
        if name is not None and name in index and name not in fresh:
            items[index[name]] = _entry(items[index[name]], item)
        else:
            items.append(item)
        if name is not None:
            fresh.add(name)
    return Node(items, child.at, child.key)


_TABLES = ("state", "because", "meaning", "sitters")
_TERMS = ("value", "impact")
_INSTEAD = ({"set", "end", "then"}, {"cost", "gain"})
"""Fields of which a new one takes the place of the others."""


def _entry(base: Node, child: Node) -> Node:
    if not isinstance(base.value, dict) or not isinstance(child.value, dict):
        return child
    replaced = {key for group in _INSTEAD if group & child.value.keys() for key in group}
    merged = {key: node for key, node in base.value.items() if key not in replaced}
    for key, node in child.value.items():
        old = merged.get(key)
        if old is not None and key in _TABLES and isinstance(old.value, dict) and isinstance(node.value, dict):
            merged[key] = Node({**old.value, **node.value}, node.at, node.key)
        elif old is not None and key in _TERMS and isinstance(old.value, list) and isinstance(node.value, list):
            merged[key] = _joined(old, node)
        else:
            merged[key] = node
    return Node(merged, child.at, child.key)


def _at(node: Node, found: str, right: str, suggestion: str | None = None, *, by_key: bool = False) -> Problem:
    place = node.key if by_key and node.key is not None else node.at
    return Problem(found, right, ("remove",), suggestion, place.file, place.line, place.column)
