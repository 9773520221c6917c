"""Games from plain rows, for those who bring their own model instead of a scenario."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from equipoise.errors import RequestError
from equipoise.game.game import Floats, Game


class Branch(NamedTuple):
    """One thing that a row may lead to."""

    target: int
    """A state below S; S + e is the end e."""
    weight: float = 1.0
    """Weights of a row's branches are normalised to sum to one."""
    impact: tuple[float, ...] = ()
    """util, felt once by each actor; none if empty."""


@dataclass(frozen=True)
class Row:
    """One move (``actor`` given) or event (``actor`` None) in one state."""

    state: int
    actor: int | None
    branches: tuple[Branch, ...]
    cost: float = 0.0
    """util, paid once by the mover."""
    rate: float = 0.0
    """1/year, Poisson rate of an event."""
    family: str | None = None
    """Moves of one family count once in the reference; a family of its own if None."""
    step: str | None = None
    """Id of the move or event; made from mover and position if None."""


def build_game(
    rows: Sequence[Row],
    *,
    flow: ArrayLike,
    tempo: ArrayLike,
    noise: ArrayLike,
    discount: ArrayLike,
    end_value: ArrayLike | None = None,
    actors: Sequence[str] | None = None,
    outcomes: Sequence[str] | None = None,
    starts: Mapping[str, int] | None = None,
) -> Game:
    """The game whose moves and events are ``rows``.

    ``flow`` (S, N) util/year fixes the numbers of states and actors; ``tempo`` (1/year), ``noise`` (util) and
    ``discount`` (1/year) may be one number, one per actor, or (the first two) one per state and actor;
    ``end_value`` (E, N) util gives every end its worth. Every end is an outcome of its own. The states carry one
    factor, `state`, whose levels are their numbers. Rows of one state and actor keep their order. Where an actor
    has no rows its tempo is set to 0.

    Raises:
        RequestError: a number is not finite, has the wrong sign, or points nowhere.

    Example:
        >>> back = Row(1, 0, (Branch(0),), cost=0.5)
        >>> war = Row(1, None, (Branch(2),), rate=0.1)
        >>> game = build_game([back, war], flow=[[0.0], [1.0]], tempo=2, noise=0.3, discount=0.1, end_value=[[-9.0]])
        >>> game.n_rows, game.n_states, game.tempo.tolist()
        (2, 2, [[0.0], [2.0]])
    """
    flow = np.array(flow, float)
    if flow.ndim != 2:
        raise RequestError(f"flow has {flow.ndim} dimensions; right would be 2: states and actors")
    S, N = flow.shape
    if S > 2**16:
        raise RequestError(f"{S} states; right would be at most {2**16}: larger games are compiled from scenarios")
    ends = np.zeros((0, N)) if end_value is None else np.array(end_value, float).reshape(-1, N)
    actors = _names(actors, "actor", N)
    outcomes = _names(outcomes, "end", len(ends))
    _check_rows(rows, S, N, len(ends))

    order = sorted(range(len(rows)), key=lambda k: (rows[k].state, _mover(rows[k], N)))
    group = np.array([rows[k].state * (N + 1) + _mover(rows[k], N) for k in order], np.int64)
    groups = S * (N + 1)
    size = np.bincount(group, minlength=groups)
    row_ptr = np.concatenate([[0], np.cumsum(size)])

    kinds = _Kinds(N)
    row_kind = np.empty(len(rows), np.int32)
    for g in np.unique(group):
        members = [rows[order[r]] for r in range(row_ptr[g], row_ptr[g + 1])]
        count = Counter(row.family or k for k, row in enumerate(members))
        for k, row in enumerate(members):
            share = 0.0 if row.actor is None else 1 / (len(count) * count[row.family or k])
            uniform = 0.0 if row.actor is None else 1 / (1 + len(members))
            row_kind[row_ptr[g] + k] = kinds.index(row, f"{(*actors, 'event')[g % (N + 1)]}-{k}", share, uniform)

    branch_count = [len(rows[k].branches) for k in order]
    return Game(
        actors=actors,
        factors=("state",),
        factor_levels=(tuple(map(str, range(S))),),
        outcomes=outcomes,
        starts=dict(starts or {"start": 0}),
        levels=np.arange(S, dtype=np.uint16)[:, None],
        row_ptr=row_ptr,
        row_kind=row_kind,
        branch_ptr=np.concatenate([[0], np.cumsum(branch_count, dtype=np.int64)]),
        target=np.array([branch.target for k in order for branch in rows[k].branches], np.int32),
        flow=flow,
        tempo=np.where(size.reshape(S, N + 1)[:, :N] > 0, _spread(tempo, "tempo", (S, N)), 0.0),
        noise=_spread(noise, "noise", (S, N), positive=True),
        discount=_spread(discount, "discount", (N,), positive=True),
        end_outcome=np.arange(len(ends), dtype=np.int32),
        end_value=ends,
        **kinds.arrays(),
    )


class _Kinds:
    """Distinct numbers of rows, numbered as they come."""

    def __init__(self, n_actors: int) -> None:
        self.n_actors = n_actors
        self.steps: dict[str, int] = {}
        self.found: dict[Hashable, int] = {}
        self.heads: list[tuple[int, int, float, float, float, float]] = []
        self.probability: list[list[float]] = []
        self.impact: list[tuple[float, ...]] = []

    def index(self, row: Row, default: str, share: float, uniform: float) -> int:
        N = self.n_actors
        step = self.steps.setdefault(row.step or default, len(self.steps))
        total = sum(branch.weight for branch in row.branches)
        probability = [branch.weight / total for branch in row.branches]
        impact = [tuple(branch.impact) or (0.0,) * N for branch in row.branches]
        head = (step, _mover(row, N), row.cost, row.rate, share, uniform)
        kind = self.found.setdefault((head, tuple(probability), tuple(impact)), len(self.heads))
        if kind == len(self.heads):
            self.heads.append(head)
            self.probability.append(probability)
            self.impact.extend(impact)
        return kind

    def arrays(self) -> dict[str, Any]:
        step, actor, cost, rate, share, uniform = zip(*self.heads, strict=True) if self.heads else ((),) * 6
        return {
            "steps": tuple(self.steps),
            "kind_step": np.array(step, np.int32),
            "kind_actor": np.array(actor, np.int32),
            "kind_cost": np.array(cost, float),
            "kind_rate": np.array(rate, float),
            "kind_share": np.array(share, float),
            "kind_uniform": np.array(uniform, float),
            "kind_branch_ptr": np.concatenate([[0], np.cumsum([len(p) for p in self.probability], dtype=np.int64)]),
            "probability": np.array([p for part in self.probability for p in part], float),
            "impact": np.array(self.impact, float).reshape(-1, self.n_actors),
        }


def _mover(row: Row, n_actors: int) -> int:
    return n_actors if row.actor is None else row.actor


def _names(names: Sequence[str] | None, what: str, count: int) -> tuple[str, ...]:
    named = tuple(names) if names is not None else tuple(f"{what}-{k}" for k in range(count))
    if len(named) != count or len(set(named)) != count:
        raise RequestError(f"{len(named)} names for {count} {what}s; right would be {count} different names")
    return named


def _spread(numbers: ArrayLike, what: str, shape: tuple[int, ...], *, positive: bool = False) -> Floats:
    try:
        full = np.broadcast_to(np.array(numbers, float), shape).copy()
    except ValueError:
        raise RequestError(f"{what} has shape {np.shape(numbers)}; right would be a number or {shape}") from None
    if not np.all(np.isfinite(full) & (full > 0 if positive else full >= 0)):
        raise RequestError(f"{what} must be finite and {'above' if positive else 'at least'} 0 everywhere")
    return full


def _check_rows(rows: Sequence[Row], S: int, N: int, E: int) -> None:
    for k, row in enumerate(rows):
        wrong = None
        if not 0 <= row.state < S:
            wrong = f"state {row.state} is not one of {S}"
        elif row.actor is not None and not 0 <= row.actor < N:
            wrong = f"actor {row.actor} is not one of {N}"
        elif not (np.isfinite(row.cost) and row.cost >= 0 and np.isfinite(row.rate) and row.rate >= 0):
            wrong = "cost and rate must be finite and at least 0"
        elif not row.branches:
            wrong = "it has no branches"
        elif any(not 0 <= branch.target < S + E for branch in row.branches):
            wrong = f"a target is neither one of {S} states nor one of {E} ends"
        elif any(not np.isfinite(b.weight) or b.weight < 0 for b in row.branches) or not sum(
            branch.weight for branch in row.branches
        ):
            wrong = "weights must be finite, at least 0, and not all 0"
        elif any(len(b.impact) not in (0, N) or not np.all(np.isfinite(b.impact)) for b in row.branches):
            wrong = f"an impact must be {N} finite numbers, one per actor, or empty"
        if wrong:
            raise RequestError(f"row {k}: {wrong}")
