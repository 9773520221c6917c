"""The best that can be made of a file with faults of shape, so that the checks can look at the rest of it too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from equipoise.errors import KeyPath, Problem
from equipoise.scenario.fields import model_at
from equipoise.scenario.nodes import Node


class Mended(NamedTuple):
    """What became of a tree that was at fault."""

    lost: set[str]
    """Names of the entries that were taken out."""
    respelt: set[KeyPath]
    """Paths of the keys that stand there now instead of misspelt ones."""
    robbed: set[KeyPath]
    """Paths of the mappings from which a key was taken that nothing near is meant by."""


def mend(root: Node, faults: Iterable[Problem]) -> Mended:
    """Take what is at fault out of a tree, entry by entry.

    A misspelt key is taken for what it probably means, and a missing title does not matter.
    """
    lost: set[str] = set()
    respelt: set[KeyPath] = set()
    robbed: set[KeyPath] = set()
    # Indices would shift while entries are taken out, so all are looked up first.
    for holder, node, fault in [(*_entry(root, fault), fault) for fault in faults]:
        if not _respelt(root, fault):
            lost |= _taken_out(holder, node)
        elif fault.suggestion is not None:
            respelt.add((*fault.path[:-1], fault.suggestion))
        else:
            robbed.add(fault.path[:-1])
    if isinstance(root.value, dict):
        root.value.setdefault("title", Node("untitled", root.at))
    return Mended(lost, respelt, robbed)


def _entry(root: Node, fault: Problem) -> tuple[Node, Node | None]:
    """The entry of a section that a fault stands in, or the section, with what holds it."""
    section = root.child(fault.path[0]) if fault.path else None
    if section is None or section is root:
        return root, None
    entry = section.child(fault.path[1]) if len(fault.path) > 1 else None
    return (root, section) if entry is None or entry is section else (section, entry)


def _respelt(root: Node, fault: Problem) -> bool:
    """Whether the fault was an unknown key, which is now the one that was meant, or gone."""
    if not fault.path or str(fault.path[-1]).isdigit():
        return False  # A comma within a number makes such a key, so that the number itself is not what was meant.
    holder: Node | None = root
    for key in fault.path[:-1]:
        holder = holder.child(key) if holder is not None else None
    if model_at(fault.path[:-1]) is None or not fault.of_key or holder is None or not isinstance(holder.value, dict):
        return False
    value = holder.value.pop(str(fault.path[-1]), None)
    if value is not None and fault.suggestion is not None and fault.suggestion not in holder.value:
        holder.value[fault.suggestion] = value
    return value is not None


def _taken_out(holder: Node, node: Node | None) -> set[str]:
    if isinstance(holder.value, dict):
        keys = [key for key, value in holder.value.items() if value is node]
        for key in keys:
            del holder.value[key]
        return set(keys)
    if isinstance(holder.value, list):
        holder.value[:] = [item for item in holder.value if item is not node]
    name = node.name() if node is not None else None
    return {name} if name is not None else set()
