"""The definitions of stability, word by word, with sets; slow, readable, sharing nothing with the package."""

from __future__ import annotations

from itertools import combinations, product


def reach(moves, group, start, allowed):
    """R_H(start): ends of legal sequences by members of ``group``; ``allowed(mover, before, after)`` admits a move."""
    found, seen, front = set(), set(), [(start, None)]
    while front:
        state, last = front.pop()
        for mover in group:
            if mover != last:
                for to in moves(mover, state):
                    if allowed(mover, state, to) and (to, mover) not in seen:
                        seen.add((to, mover))
                        found.add(to)
                        front.append((to, mover))
    return found


class Model:
    """``moves[i][s]`` lists of states, ``grade[i][s]`` numbers, larger is better."""

    def __init__(self, moves, grade, n_states):
        self.moves, self.grade, self.S, self.N = moves, grade, n_states, len(moves)

    def r(self, i, s):
        return set(self.moves[i].get(s, ())) - {s}

    def better(self, i, to, than):
        return self.grade[i][to] > self.grade[i][than]

    def plus(self, i, s):
        return {t for t in self.r(i, s) if self.better(i, t, s)}

    def others(self, group):
        return [j for j in range(self.N) if j not in group]

    def r_group(self, group, s):
        return reach(self.r, group, s, lambda mover, before, after: True)

    def r_group_plus(self, group, s):
        return reach(self.r, group, s, lambda mover, before, after: self.better(mover, after, before))

    # Solo concepts

    def nash(self, i, s):
        return not self.plus(i, s)

    def gmr(self, i, s):
        return all(
            any(not self.better(i, s2, s) for s2 in self.r_group(self.others([i]), s1)) for s1 in self.plus(i, s)
        )

    def smr(self, i, s):
        return all(
            any(
                not self.better(i, s2, s) and all(not self.better(i, s3, s) for s3 in self.r(i, s2))
                for s2 in self.r_group(self.others([i]), s1)
            )
            for s1 in self.plus(i, s)
        )

    def seq(self, i, s):
        return all(
            any(not self.better(i, s2, s) for s2 in self.r_group_plus(self.others([i]), s1)) for s1 in self.plus(i, s)
        )

    def sim(self, i, s, together):
        """``together(s, [t, ...])`` is the joint result of moves from s to each t, or None."""

        def results(s1):
            others = self.others([i])
            for size in range(1, len(others) + 1):
                for group in combinations(others, size):
                    for ends in product(*(self.plus(j, s) for j in group)):
                        yield together(s, [s1, *ends])

        return all(any(s2 is not None and not self.better(i, s2, s) for s2 in results(s1)) for s1 in self.plus(i, s))

    # Coalitional concepts

    def coalitions(self, members=None):
        members = range(self.N) if members is None else members
        return [set(g) for size in range(1, len(list(members)) + 1) for g in combinations(members, size)]

    def all_better(self, group, to, than):
        return all(self.better(i, to, than) for i in group)

    def plus_plus(self, group, s):
        return {t for t in self.r_group(sorted(group), s) if self.all_better(group, t, s)}

    def cnash(self, group, s):
        return not self.plus_plus(group, s)

    def cgmr(self, group, s):
        return all(
            any(not self.all_better(group, s2, s) for s2 in self.r_group(self.others(group), s1))
            for s1 in self.plus_plus(group, s)
        )

    def csmr(self, group, s):
        return all(
            any(
                not self.all_better(group, s2, s)
                and all(not self.all_better(group, s3, s) for s3 in self.r_group(sorted(group), s2))
                for s2 in self.r_group(self.others(group), s1)
            )
            for s1 in self.plus_plus(group, s)
        )

    def cseq(self, group, s):
        answering = [frozenset(c) for c in self.coalitions(self.others(group))]
        return all(
            any(
                not self.all_better(group, s2, s)
                for s2 in reach(lambda c, x: self.plus_plus(c, x), answering, s1, lambda mover, before, after: True)
            )
            for s1 in self.plus_plus(group, s)
        )
