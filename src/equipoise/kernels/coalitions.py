"""Compiled loops for groups of labels on directed graphs with graded nodes; conventions as in `kernels.ordinal`.

All are whole searches of the graph from every node, so their time grows with the square of the number of nodes.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from equipoise.kernels.ordinal import Flags, Int32s, Int64s


@njit(cache=True)
def walk(start: int, ptr: Int64s, target: Int32s, n: int, allowed: Flags, led: NDArray[np.int64], found: Int32s) -> int:
    """Nodes reached from ``start`` by legal walks of at least one arc along allowed labels, into ``found``; how many.

    Arcs by label and start. ``led`` (n,) must come as -2 everywhere and goes back so: per node, which label has led
    there alone, or -1 if several have (then every label may go on).
    """
    m = allowed.size
    stack_node, stack_label = np.empty(2 * n + 1, np.int32), np.empty(2 * n + 1, np.int32)
    stack_node[0], stack_label[0] = start, -1 - m
    top, size = 1, 0
    while top > 0:
        top -= 1
        s, which = stack_node[top], stack_label[top]
        lone = which >= 0
        for k in range(which if lone else 0, which + 1 if lone else m):
            if not allowed[k] or (not lone and k == -1 - which):
                continue
            for x in range(ptr[k * n + s], ptr[k * n + s + 1]):
                t = target[x]
                if led[t] == -2:
                    led[t] = k
                    found[size] = t
                    size += 1
                    stack_node[top], stack_label[top] = t, -1 - k
                    top += 1
                elif led[t] >= 0 and led[t] != k:
                    stack_node[top], stack_label[top] = t, led[t]
                    led[t] = -1
                    top += 1
    for j in range(size):
        led[found[j]] = -2
    return size


@njit(cache=True, inline="always")
def _all_better(grade: Int32s, group: Int64s, to: int, than: int) -> bool:
    for j in range(group.size):  # noqa: SIM110 (compiled loops know no generators)
        if grade[group[j], to] <= grade[group[j], than]:
            return False
    return True


@njit(cache=True)
def group_improvements(
    ptr: Int64s, target: Int32s, grade: Int32s, group: Int64s, most: int
) -> tuple[Int64s, Int32s, bool]:
    """For each node those reached by legal walks of a group's labels and better for every member: ptr (n+1,), ends.

    Stops, and returns False, as soon as there would be more than ``most``.
    """
    m, n = grade.shape
    allowed = np.zeros(m, np.bool_)
    allowed[group] = True
    led, found = np.full(n, -2, np.int64), np.empty(n, np.int32)
    out_ptr, out = np.zeros(n + 1, np.int64), np.empty(1024, np.int32)
    size = 0
    for s in range(n):
        reached = walk(s, ptr, target, n, allowed, led, found)
        for j in range(reached):
            if _all_better(grade, group, found[j], s):
                if size == most:
                    return out_ptr, out[:size], False
                if size == out.size:
                    more = np.empty(2 * size, np.int32)
                    more[:size] = out
                    out = more
                out[size] = found[j]
                size += 1
        out_ptr[s + 1] = size
    return out_ptr, out[:size], True


@njit(cache=True)
def group_deterred(
    reach_ptr: Int64s,
    reach: Int32s,
    ptr: Int64s,
    target: Int32s,
    grade: Int32s,
    group: Int64s,
    escape_ptr: Int64s,
    escape: Int32s,
    escaping: bool,
) -> Flags:
    """(n,) whether each of a group's improvements ``reach`` (by start) can be answered so that a member is no better.

    Answers are legal walks along all labels of ``ptr`` and ``target`` (by label and start). If ``escaping``, an answer
    counts only if the group's own walks from it (``escape_ptr``, ``escape``: arcs by label and start, all of whose
    labels it may use) lead nowhere that is better for all members.
    """
    n = grade.shape[1]
    answering = np.ones((ptr.size - 1) // n, np.bool_)
    fleeing = np.ones((escape_ptr.size - 1) // n, np.bool_)
    led, found = np.full(n, -2, np.int64), np.empty(n, np.int32)
    led_on, found_on = np.full(n, -2, np.int64), np.empty(n, np.int32)
    known = np.full(n, -1, np.int64)  # The node for which `escapes` was last found.
    escapes = np.zeros(n, np.bool_)
    out = np.ones(n, np.bool_)
    for s in range(n):
        for x in range(reach_ptr[s], reach_ptr[s + 1]):
            size = walk(reach[x], ptr, target, n, answering, led, found)
            stopped = False
            for j in range(size):
                t = found[j]
                if _all_better(grade, group, t, s):
                    continue
                if escaping and known[t] != s:
                    known[t], escapes[t] = s, False
                    for k in range(walk(t, escape_ptr, escape, n, fleeing, led_on, found_on)):
                        if _all_better(grade, group, found_on[k], s):
                            escapes[t] = True
                            break
                if not (escaping and escapes[t]):
                    stopped = True
                    break
            if not stopped:
                out[s] = False
                break
    return out
