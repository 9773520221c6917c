"""Compiled searches from single nodes along a group's labels; conventions as in `kernels.fronts`."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from equipoise.kernels.fronts import can_exceed, exceeds
from equipoise.kernels.ordinal import Flags, Int32s, Int64s


@njit(cache=True)
def walk(start: int, ptr: Int64s, target: Int32s, n: int, group: Int64s, led: NDArray[np.int64], found: Int32s) -> int:
    """Nodes reached from ``start`` by legal walks of at least one arc along a group's labels, into ``found``; how many.

    ``led`` (n,) must come as -2 everywhere and goes back so: per node, which label has led there alone, or -1 if
    several have (then every label may go on).
    """
    stack_node, stack_label = np.empty(2 * n + 1, np.int32), np.empty(2 * n + 1, np.int32)
    stack_node[0], stack_label[0] = start, -1 - np.iinfo(np.int32).max
    top, size = 1, 0
    while top > 0:
        top -= 1
        s, which = stack_node[top], stack_label[top]
        for k in group:
            if (which >= 0 and k != which) or k == -1 - which:
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


@njit(cache=True)
def ways_out(start: int, ptr: Int64s, target: Int32s, n: int, group: Int64s, part: Int32s, out: Int32s) -> int:
    """The components of `classes` that a group's single arcs lead to from ``start``, into ``out``; how many.

    In the order of the arcs, without immediate repetition. Starts with the same ways out have the same walks.
    """
    size = 0
    for j in range(group.size):
        for x in range(ptr[group[j] * n + start], ptr[group[j] * n + start + 1]):
            c = part[j * n + target[x]]
            if size == 0 or out[size - 1] != c:
                out[size] = c
                size += 1
    return size


@njit(cache=True)
def in_turn(starts: Int64s, ptr: Int64s, target: Int32s, n: int, group: Int64s, part: Int32s) -> Int64s:
    """The starts in an order in which those with the same ways out mostly stand together."""
    first = np.full(starts.size, -1, np.int64)
    for i in range(starts.size):
        for j in range(group.size):
            x = ptr[group[j] * n + starts[i]]
            if x < ptr[group[j] * n + starts[i] + 1]:
                first[i] = part[j * n + target[x]]
                break
    return starts[np.argsort(first, kind="mergesort")]


@njit(cache=True)
def group_improvements(
    starts: Int64s, ptr: Int64s, target: Int32s, grade: Int32s, group: Int64s, part: Int32s, most: int
) -> tuple[Int64s, Int32s, bool]:
    """For each of ``starts`` the nodes reached by a group's walks and better for every member: ptr, ends.

    ``part`` is that of `classes`: starts that follow one another and have the same ways out share one walk. Stops, and
    returns False, as soon as there would be more than ``most``.
    """
    n = grade.shape[0]
    led, found = np.full(n, -2, np.int64), np.empty(n, np.int32)
    here, before = np.empty(_most_arcs(ptr, n, group), np.int32), np.empty(_most_arcs(ptr, n, group), np.int32)
    out_ptr, out = np.zeros(starts.size + 1, np.int64), np.empty(1024, np.int32)
    size, reached, ways_before = 0, 0, -1
    for i in range(starts.size):
        ways = ways_out(starts[i], ptr, target, n, group, part, here)
        if ways != ways_before or np.any(here[:ways] != before[:ways]):
            reached = walk(starts[i], ptr, target, n, group, led, found)
            ways_before = ways
            before[:ways] = here[:ways]
        for j in range(reached):
            if exceeds(grade, found[j], grade, starts[i]):
                if size == most:
                    return out_ptr, out[:size], False
                if size == out.size:
                    more = np.empty(2 * size, np.int32)
                    more[:size] = out
                    out = more
                out[size] = found[j]
                size += 1
        out_ptr[i + 1] = size
    return out_ptr, out[:size], True


@njit(cache=True)
def walks_needed(ptr: Int64s, target: Int32s, n: int, group: Int64s, part: Int32s) -> int:
    """How many different walks there are for starts from everywhere, as far as they stand together (`in_turn`)."""
    here, before = np.empty(_most_arcs(ptr, n, group), np.int32), np.empty(_most_arcs(ptr, n, group), np.int32)
    count, ways_before = 0, -1
    for s in in_turn(np.arange(n), ptr, target, n, group, part):
        ways = ways_out(s, ptr, target, n, group, part, here)
        if ways != ways_before or np.any(here[:ways] != before[:ways]):
            count += 1
            ways_before = ways
            before[:ways] = here[:ways]
    return count


@njit(cache=True)
def reach_sizes(
    starts: Int64s, ptr: Int64s, target: Int32s, grade: Int32s, group: Int64s
) -> tuple[float, float, float]:
    """Means over ``starts``: nodes that a group's walk leads to, how many of them are improvements, arcs it meets."""
    n = grade.shape[0]
    led, found = np.full(n, -2, np.int64), np.empty(n, np.int32)
    ends = better = arcs = 0
    for s in starts:
        reached = walk(s, ptr, target, n, group, led, found)
        ends += reached
        for j in range(reached):
            better += exceeds(grade, found[j], grade, s)
            for k in group:
                arcs += ptr[k * n + found[j] + 1] - ptr[k * n + found[j]]
    return ends / starts.size, better / starts.size, arcs / starts.size


@njit(cache=True)
def _most_arcs(ptr: Int64s, n: int, group: Int64s) -> int:
    """The most arcs that the group has from any node."""
    most = 0
    for s in range(n):
        arcs = 0
        for k in group:
            arcs += ptr[k * n + s + 1] - ptr[k * n + s]
        most = max(most, arcs)
    return most


@njit(cache=True)
def deterred_for_good(
    starts: Int64s,
    ptr: Int64s,
    target: Int32s,
    grade: Int32s,
    group: Int64s,
    others: Int64s,
    part: Int32s,
    front_ptr: Int64s,
    front: Int32s,
) -> Flags:
    """For each of ``starts``, whether every improvement of a group can be answered so that it has no improvement left.

    An answer is a walk of the ``others`` that ends where not all members are better off than at the start, and from
    where no walk of the group leads to such a node. ``part``, ``front_ptr`` and ``front`` are those of the grades.
    The shortest answers are tried first, and starts with the same ways out share their walk.
    """
    n = grade.shape[0]
    led, found = np.full(n, -2, np.int64), np.empty(n, np.int32)
    led_on, queue, label = np.full(n, -2, np.int64), np.empty(2 * n + 1, np.int32), np.empty(2 * n + 1, np.int32)
    here, before = np.empty(_most_arcs(ptr, n, group), np.int32), np.empty(_most_arcs(ptr, n, group), np.int32)
    known = np.full(n, -1, np.int64)  # The start for which `safe` was last found.
    safe = np.zeros(n, np.bool_)
    seen = np.full(front_ptr.size - 1, -1, np.int64)
    stamp, reached, ways_before = 0, 0, -1
    out = np.ones(starts.size, np.bool_)
    for i in range(starts.size):
        s = starts[i]
        ways = ways_out(s, ptr, target, n, group, part, here)
        if ways != ways_before or np.any(here[:ways] != before[:ways]):
            reached = walk(s, ptr, target, n, group, led, found)
            ways_before = ways
            before[:ways] = here[:ways]
        for j in range(reached):
            if not exceeds(grade, found[j], grade, s):
                continue
            queue[0], label[0] = found[j], -1 - np.iinfo(np.int32).max
            head, tail, stopped = 0, 1, False
            while head < tail and not stopped:
                u, which = queue[head], label[head]
                head += 1
                for k in others:
                    if stopped or (which >= 0 and k != which) or k == -1 - which:
                        continue
                    for x in range(ptr[k * n + u], ptr[k * n + u + 1]):
                        t = target[x]
                        if led_on[t] == -2:
                            led_on[t] = k
                            queue[tail], label[tail] = t, -1 - k
                            tail += 1
                            if known[t] != s:
                                stamp += 1
                                known[t] = s
                                safe[t] = not exceeds(grade, t, grade, s) and not can_exceed(
                                    t, s, ptr, target, group, part, front_ptr, front, grade, grade, seen, stamp
                                )
                            if safe[t]:
                                stopped = True
                                break
                        elif led_on[t] >= 0 and led_on[t] != k:
                            queue[tail], label[tail] = t, led_on[t]
                            led_on[t] = -1
                            tail += 1
            for y in range(1, tail):
                led_on[queue[y]] = -2
            if not stopped:
                out[i] = False
                break
    return out
