"""Compiled loops that find the best that groups of labels can reach in directed graphs with graded nodes.

Conventions as in `kernels.ordinal`, but that arcs come by label and start, and that grades and other values of a
group's h labels are (n, h): one row for each node.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from equipoise.kernels.ordinal import Flags, Int32s, Int64s


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
def exceeds(value: Int32s, to: int, grade: Int32s, than: int) -> bool:
    """Whether the values of one node exceed the grades of another for all labels."""
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
                    if exceeds(value, front[y], grade, than):
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
