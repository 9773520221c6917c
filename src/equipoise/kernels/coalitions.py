"""Compiled loops for groups of labels on directed graphs with graded nodes; conventions as in `kernels.ordinal`.

Arcs come by label and start. Grades and other values of a group's h labels are (n, h): one row for each node.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

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
def classes(ptr: Int64s, target: Int32s, n: int, group: Int64s) -> tuple[Int32s, int]:
    """Strong components of legal walks along a group's labels: (h * n,) numbers, and how many.

    The j-th label's node j * n + s is node s reached by that label, from which all others may go on. A component's
    number is above those of all it leads to. Source: R. Tarjan, SIAM Journal on Computing 1 (1972).
    """
    h = group.size
    number, low = np.full(h * n, -1, np.int32), np.empty(h * n, np.int32)
    part = np.full(h * n, -1, np.int32)
    open_, path = np.empty(h * n, np.int32), np.empty(h * n, np.int32)
    turn, at = np.empty(h * n, np.int32), np.empty(h * n, np.int64)  # Where each node of the path goes on.
    n_open = count = parts = 0
    for root in range(h * n):
        if number[root] >= 0:
            continue
        depth = 0
        path[0] = root
        entering = True
        while depth >= 0:
            v = path[depth]
            s, j = v % n, v // n
            if entering:
                number[v] = low[v] = count
                count += 1
                open_[n_open] = v
                n_open += 1
                turn[depth], at[depth] = 0, ptr[group[0] * n + s]
                entering = False
            while turn[depth] < h and not entering:
                k = turn[depth]
                if k != j:
                    stop = ptr[group[k] * n + s + 1]
                    while at[depth] < stop:
                        w = k * n + target[at[depth]]
                        if number[w] < 0:  # Comes back to the same arc, which then counts as known.
                            path[depth + 1] = w
                            entering = True
                            break
                        if part[w] < 0:
                            low[v] = min(low[v], low[w])
                        at[depth] += 1
                if not entering:
                    turn[depth] += 1
                    if turn[depth] < h:
                        at[depth] = ptr[group[turn[depth]] * n + s]
            if entering:
                depth += 1
                continue
            if low[v] == number[v]:
                while part[v] < 0:
                    n_open -= 1
                    part[open_[n_open]] = parts
                parts += 1
            depth -= 1
    return part, parts


@njit(cache=True)
def fronts(
    ptr: Int64s, target: Int32s, n: int, group: Int64s, part: Int32s, parts: int, value: Int32s, most: int
) -> tuple[Int64s, Int32s, bool]:
    """What a group can get at best in each component of `classes`: ptr (parts+1,), and nodes that can be reached there.

    The values (n, h) of those nodes are as good as anything else that can be reached: none is at least as good for all
    labels as another, and each other node is no better for any label than one of them. Stops, and returns False, when
    there would be more than ``most``.
    """
    h = group.size
    order = np.argsort(part, kind="mergesort")
    out_ptr, out = np.zeros(parts + 1, np.int64), np.empty(1024, np.int32)
    node_seen, part_seen = np.full(n, -1, np.int32), np.full(parts, -1, np.int32)
    found, total = np.empty(n, np.int32), np.zeros(n, np.int64)
    for s in range(n):
        for j in range(h):
            total[s] += value[s, j]
    at = size = 0
    for c in range(parts):
        count = 0
        while at < order.size and part[order[at]] == c:
            s, j = order[at] % n, order[at] // n
            at += 1
            if node_seen[s] != c:
                node_seen[s] = c
                found[count] = s
                count += 1
            for k in range(h):
                if k == j:
                    continue
                for x in range(ptr[group[k] * n + s], ptr[group[k] * n + s + 1]):
                    d = part[k * n + target[x]]
                    if d == c or part_seen[d] == c:
                        continue
                    part_seen[d] = c
                    for y in range(out_ptr[d], out_ptr[d + 1]):
                        if node_seen[out[y]] != c:
                            node_seen[out[y]] = c
                            found[count] = out[y]
                            count += 1
        for s in found[:count][np.argsort(-total[found[:count]])] if count > 1 else found[:count]:
            beaten = False
            for y in range(out_ptr[c], size):  # Nobody later can be as good: its total is no larger.
                beaten = True
                for j in range(h):
                    if value[out[y], j] < value[s, j]:
                        beaten = False
                        break
                if beaten:
                    break
            if beaten:
                continue
            if size == most:
                return out_ptr, out[:size], False
            if size == out.size:
                more = np.empty(2 * size, np.int32)
                more[:size] = out
                out = more
            out[size] = s
            size += 1
        out_ptr[c + 1] = size
    return out_ptr, out[:size], True


@njit(cache=True, inline="always")
def _exceeds(value: Int32s, to: int, grade: Int32s, than: int) -> bool:
    for j in range(grade.shape[1]):  # noqa: SIM110 (compiled loops know no generators)
        if value[to, j] <= grade[than, j]:
            return False
    return True


@njit(cache=True)
def can_exceed(
    start: int,
    than: int,
    ptr: Int64s,
    target: Int32s,
    group: Int64s,
    part: Int32s,
    front_ptr: Int64s,
    front: Int32s,
    value: Int32s,
    grade: Int32s,
    seen: Int64s,
    stamp: int,
) -> bool:
    """Whether a group's walk from ``start`` leads where ``value`` exceeds the ``grade`` of ``than`` for all labels.

    ``seen`` (parts,) is room to work in; ``stamp`` must differ from call to call.
    """
    n = grade.shape[0]
    for j in range(group.size):
        for x in range(ptr[group[j] * n + start], ptr[group[j] * n + start + 1]):
            c = part[j * n + target[x]]
            if seen[c] != stamp:
                seen[c] = stamp
                for y in range(front_ptr[c], front_ptr[c + 1]):
                    if _exceeds(value, front[y], grade, than):
                        return True
    return False


@njit(cache=True)
def exceeding(
    ptr: Int64s,
    target: Int32s,
    group: Int64s,
    part: Int32s,
    front_ptr: Int64s,
    front: Int32s,
    value: Int32s,
    grade: Int32s,
) -> Flags:
    """(n,) whether `can_exceed` the node's own grade."""
    n = grade.shape[0]
    seen = np.full(front_ptr.size - 1, -1, np.int64)
    out = np.empty(n, np.bool_)
    for s in range(n):
        out[s] = can_exceed(s, s, ptr, target, group, part, front_ptr, front, value, grade, seen, s)
    return out


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
            if _exceeds(grade, found[j], grade, starts[i]):
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
            better += _exceeds(grade, found[j], grade, s)
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
            if not _exceeds(grade, found[j], grade, s):
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
                                safe[t] = not _exceeds(grade, t, grade, s) and not can_exceed(
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
