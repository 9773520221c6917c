"""Compiled loops over labelled directed graphs whose nodes carry grades: what can be reached when no label repeats.

Nothing here knows domain words. Arcs come by label and end: those with label m into node t start at
``source[ptr[m * n + t] : ptr[m * n + t + 1]]``, n nodes. Grades are (M, n) whole numbers, larger is better. A *legal*
walk never uses one label twice in a row. A walk may be empty.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int64s = NDArray[np.int64]
Int32s = NDArray[np.int32]
Flags = NDArray[np.bool_]


@njit(cache=True)
def transpose(ptr: Int64s, target: Int32s, n: int, m: int) -> tuple[Int64s, Int32s]:
    """Arcs by label and start turned into arcs by label and end, or back."""
    out_ptr = np.zeros(m * n + 1, np.int64)
    for label in range(m):
        for k in range(ptr[label * n], ptr[(label + 1) * n]):
            out_ptr[label * n + target[k] + 1] += 1
    for x in range(m * n):
        out_ptr[x + 1] += out_ptr[x]
    at = out_ptr[:-1].copy()
    out = np.empty(target.size, np.int32)
    for label in range(m):
        for s in range(n):
            for k in range(ptr[label * n + s], ptr[label * n + s + 1]):
                x = label * n + target[k]
                out[at[x]] = s
                at[x] += 1
    return out_ptr, out


@njit(cache=True)
def differing(ptr: Int64s, target: Int32s, digits: NDArray[np.uint16], columns: Int64s, n: int) -> NDArray[np.uint64]:
    """For each arc (by label and start) in which ``columns`` the digits of its two nodes differ, a bit for each.

    ``digits`` has a row for each of the first nodes; the others have none, and arcs to them no bits.
    """
    out = np.zeros(target.size, np.uint64)
    for x in range(ptr.size - 1):
        s = x % n
        for k in range(ptr[x], ptr[x + 1]):
            t = target[k]
            if t < digits.shape[0]:
                for bit in range(columns.size):
                    if digits[s, columns[bit]] != digits[t, columns[bit]]:
                        out[k] |= np.uint64(1) << np.uint64(bit)
    return out


@njit(cache=True)
def lowest_reachable(
    ptr: Int64s, source: Int32s, grade: Int32s, allowed: Flags, improving: bool, value: Int32s, order: Int64s
) -> Int32s:
    """Least ``value`` (n,) on any legal walk from every node along allowed labels, the node itself included.

    If ``improving``, an arc with label k counts only where it raises grade k. ``order`` sorts the nodes by value.

    The least value from node s, given the label j that led there, is found by going through the nodes from the least
    value up and carrying it backward. All labels j but one learn it at once: the first arc that brings it, of label k,
    serves every j != k, the next of another label serves j = k. So each arc is looked at once: O(arcs) in all.
    """
    m, n = grade.shape
    low = np.empty(n, np.int32)
    told = np.zeros(n, np.int8)  # 0: no label knows; 1: all but `first` know; 2: all know.
    first = np.full(n, -1, np.int16)
    stack_node = np.empty(2 * n + 1, np.int32)
    stack_label = np.empty(2 * n + 1, np.int16)  # The label that carries on alone, or -1 - k: all but k.
    for root in order:
        if told[root] == 2:
            continue
        v = value[root]
        stack_node[0] = root
        if told[root] == 0:
            low[root] = v
            stack_label[0] = -1 - m
        else:
            stack_label[0] = first[root]
        told[root] = 2
        top = 1
        while top > 0:
            top -= 1
            t, which = stack_node[top], stack_label[top]
            lone = which >= 0
            for k in range(which if lone else 0, which + 1 if lone else m):
                if not allowed[k] or (not lone and k == -1 - which):
                    continue
                high = grade[k, t]
                for x in range(ptr[k * n + t], ptr[k * n + t + 1]):
                    s = source[x]
                    if told[s] == 2 or (told[s] == 1 and first[s] == k):
                        continue
                    if improving and grade[k, s] >= high:
                        continue
                    stack_node[top] = s
                    if told[s] == 0:
                        told[s], first[s], low[s] = 1, k, v
                        stack_label[top] = -1 - k
                    else:
                        told[s] = 2
                        stack_label[top] = first[s]
                    top += 1
    return low


@njit(cache=True)
def best_next(ptr: Int64s, source: Int32s, grade: Int32s, label: int) -> Int32s:
    """(n,) greatest grade of ``label`` at each node and wherever one arc of that label leads from it."""
    n = grade.shape[1]
    best: Int32s = grade[label].copy()
    for t in range(n):
        for x in range(ptr[label * n + t], ptr[label * n + t + 1]):
            best[source[x]] = max(best[source[x]], grade[label, t])
    return best


@njit(cache=True)
def deterred(ptr: Int64s, source: Int32s, grade: Int32s, label: int, worst: Int32s) -> Flags:
    """(n,) whether after every improving arc of ``label`` the ``worst`` (n,) at its end is no better than its start."""
    n = grade.shape[1]
    out = np.ones(n, np.bool_)
    for t in range(n):
        high = grade[label, t]
        for x in range(ptr[label * n + t], ptr[label * n + t + 1]):
            s = source[x]
            if high > grade[label, s] and worst[t] > grade[label, s]:
                out[s] = False
    return out


@njit(cache=True)
def place(code: int, codes: Int64s, table: Int32s) -> int:
    """Node with that code: by ``table`` if there is one (-1 where no node is), else by search; -1 if none."""
    if table.size:
        return int(table[code]) if 0 <= code < table.size else -1
    at = int(np.searchsorted(codes, code))
    return at if at < codes.size and codes[at] == code else -1


@njit(cache=True)
def improvements(
    state: int, ptr: Int64s, target: Int32s, grade: Int32s, codes: Int64s, arc: Int64s, shift: Int64s
) -> Int64s:
    """Improving arcs (by label and start) from ``state``: fills their places ``arc`` and what they add to the code.

    Label k has those from out[k] to out[k+1].
    """
    m, n = grade.shape
    out = np.zeros(m + 1, np.int64)
    size = 0
    for k in range(m):
        for x in range(ptr[k * n + state], ptr[k * n + state + 1]):
            t = target[x]
            if grade[k, t] > grade[k, state]:
                arc[size] = x
                shift[size] = codes[t] - codes[state] if t < codes.size else 0
                size += 1
        out[k + 1] = size
    return out


@njit(cache=True)
def deterred_jointly(
    label: int,
    ptr: Int64s,
    target: Int32s,
    grade: Int32s,
    codes: Int64s,
    table: Int32s,
    changed: NDArray[np.uint64],
    floor: Int32s,
) -> Flags:
    """(n,) whether every improving arc of ``label``, taken together with others' improving arcs, can end no better.

    Arcs come by label and start. Nodes with codes add their changes up, if no two arcs change the same digit
    (``changed`` is a mask for each arc); a node without code (an end) prevails over changes, and two of them have no
    joint result. ``floor`` (m+1, codes) spares vain searches: the least grade that can come of a code when only labels
    k and above change it, and last the grade of the code itself, the greatest number where there is no node; without
    columns if unknown.
    """
    m, n = grade.shape
    out = np.ones(n, np.bool_)
    most = 0
    for s in range(n):
        total = 0
        for k in range(m):
            total += ptr[k * n + s + 1] - ptr[k * n + s]
        most = max(most, total)
    arc, shift = np.empty(most, np.int64), np.empty(most, np.int64)
    scratch, mask = np.empty((4, m + 1), np.int64), np.empty(m + 1, np.uint64)
    for s in range(codes.size):
        if ptr[label * n + s] < ptr[label * n + s + 1]:
            first = improvements(s, ptr, target, grade, codes, arc, shift)
            own = first[label] + np.argsort(-grade[label][target[arc[first[label] : first[label + 1]]]])
            for x in own:  # The best first: most likely nothing spoils it, and then the others need no search.
                if (
                    spoil(s, label, x, first, arc, shift, target, grade, codes, table, changed, floor, scratch, mask)
                    < 0
                ):
                    out[s] = False
                    break
    return out


@njit(cache=True)
def spoil(
    state: int,
    label: int,
    own: int,
    first: Int64s,
    arc: Int64s,
    shift: Int64s,
    target: Int32s,
    grade: Int32s,
    codes: Int64s,
    table: Int32s,
    changed: NDArray[np.uint64],
    floor: Int32s,
    scratch: Int64s,
    mask: NDArray[np.uint64],
) -> int:
    """A node no better than ``state`` to which ``arc[own]`` of ``label`` leads together with others' arcs; -1 if none.

    Goes depth first through the combinations of the others' improving arcs (`improvements`). ``scratch`` (4, m+1) and
    ``mask`` (m+1,) are room to work in.
    """
    m = grade.shape[0]
    limit = grade[label, state]
    if target[arc[own]] >= codes.size:
        return -1  # An end that is better stays so whatever else is changed.
    last = m - 1 if label < m - 1 else m - 2
    bounded = floor.shape[1] > 0
    depth = 0
    scratch[0, 0], scratch[1, 0] = 0, first[0]
    scratch[2, 0], scratch[3, 0] = codes[state] + shift[own], -1
    mask[0] = changed[arc[own]]
    while depth >= 0:
        k, at = scratch[0, depth], scratch[1, depth]
        if k > last or (bounded and floor[k, scratch[2, depth]] > limit):
            depth -= 1
            continue
        if k == label or at == first[k + 1]:
            scratch[0, depth], scratch[1, depth] = k + 1, first[k + 1]
            continue
        if k == last and bounded and scratch[3, depth] < 0:  # Most of the work: no more than one look each.
            code, here = scratch[2, depth], mask[depth]
            for x in range(at, first[last + 1]):
                t = target[arc[x]]
                if t >= codes.size:
                    if grade[label, t] <= limit:
                        return int(t)
                elif not here & changed[arc[x]] and floor[m, code + shift[x]] <= limit:
                    return place(code + shift[x], codes, table)
            depth -= 1
            continue
        scratch[1, depth] = at + 1
        x = arc[at]
        t = target[x]
        end = scratch[3, depth]
        if t >= codes.size:
            if end >= 0 and end != t:
                continue
            end = t
        elif mask[depth] & changed[x]:
            continue
        code = scratch[2, depth] + shift[at]
        there = end if end >= 0 else place(code, codes, table)
        if there >= 0 and grade[label, there] <= limit:
            return there
        if k < last:
            depth += 1
            scratch[0, depth], scratch[1, depth], scratch[2, depth], scratch[3, depth] = k + 1, first[k + 1], code, end
            mask[depth] = mask[depth - 1] | changed[x]
    return -1


@njit(cache=True)
def joint_results(
    state: int,
    label: int,
    ptr: Int64s,
    target: Int32s,
    grade: Int32s,
    codes: Int64s,
    table: Int32s,
    changed: NDArray[np.uint64],
) -> tuple[Int32s, Int64s]:
    """Where the improving arcs of ``label`` lead from ``state``, and for each a joint result no better, or -1."""
    m, n = grade.shape
    total = 0
    for k in range(m):
        total += ptr[k * n + state + 1] - ptr[k * n + state]
    arc, shift = np.empty(total, np.int64), np.empty(total, np.int64)
    first = improvements(state, ptr, target, grade, codes, arc, shift)
    own = np.arange(first[label], first[label + 1])
    scratch, mask = np.empty((4, m + 1), np.int64), np.empty(m + 1, np.uint64)
    floor = np.empty((m + 1, 0), np.int32)
    answer = np.empty(own.size, np.int64)
    for k in range(own.size):
        answer[k] = spoil(
            state, label, own[k], first, arc, shift, target, grade, codes, table, changed, floor, scratch, mask
        )
    return target[arc[own]], answer
