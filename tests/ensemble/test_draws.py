"""One draw: the same numbers as by the long way round, failures with their causes, cold solves that disagree."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest

from equipoise.claims.cases import Case
from equipoise.claims.judge import judge
from equipoise.claims.solutions import Solutions
from equipoise.claims.trial import CONVENTIONS, put_on_trial
from equipoise.draws.design import Design
from equipoise.ensemble import Plan, open_store, run, summarise
from equipoise.ensemble.draw import margin, solve_draw
from equipoise.ensemble.guesses import carried, shifted
from equipoise.ensemble.layout import Axes, Cold, DrawStatus, DrawVerdict, Reached, Records, empty
from equipoise.ensemble.parents import Parents, solve_parent
from equipoise.ensemble.work import Brief, Unit, work
from equipoise.equilibrium.convention import CONTROL_COST
from equipoise.equilibrium.solve import solve
from equipoise.game.compile import compile
from equipoise.outlook.risk import risk
from equipoise.scenario.variants import with_parameters
from strait import DRAWS, Inline


@pytest.fixture(scope="module")
def parents(plan):
    return Parents(plan, {CONTROL_COST: solve_parent(plan, CONTROL_COST)})


def solved(parents: Parents, index: int, numbers: dict[str, float]) -> Records:
    records = empty(Axes.of(parents.plan, parents.cases), 1)
    solve_draw(parents, index, numbers, records)
    return records


def test_a_draw_comes_to_what_the_scenario_with_its_numbers_comes_to(plan, whole):
    """The long way: write the numbers into the scenario, compile anew, solve from full noise, judge."""
    store = open_store(whole)
    compared = 0
    for k in range(DRAWS):
        if store.read("cold")[k] != Cold.AGREES:
            continue
        numbers = dict(zip(store.axes.parameter, store.read("value")[k].tolist(), strict=True))
        written = with_parameters(plan.scenario, numbers)
        trial = put_on_trial(written)
        for j, verdict in enumerate(trial.verdicts):
            assert DrawVerdict(store.read("verdict")[k, j]).name.lower() == verdict.status.value
            assert store.read("margin")[k, j] == pytest.approx(margin(verdict), abs=1e-7)
        own = trial.solutions[Case()]
        chance = risk(own.chain, own.game.starts["today"], [10.0])[0, 0]
        assert store.read("measure")[k, 0] == pytest.approx(chance, abs=1e-8)
        compared += 1
    assert compared >= 5


def test_what_a_case_sets_wins_over_the_draw(parents):
    slow, fast = (parent for parent in parents.all if parent.case.settings)
    assert slow.pinned == fast.pinned == {"pace"}
    own = {"pace": 5.0, "war_cost": 20.0}
    one, other = (solved(parents, 0, own | {"pace": pace}) for pace in (5.0, 5.5))
    assert one["margin"][0, 2] == pytest.approx(other["margin"][0, 2], abs=1e-9)
    assert abs(one["margin"][0, 0] - other["margin"][0, 0]) > 1e-6


@pytest.mark.parametrize("wrong", [{"inconsistency": 0.0}, {"war_cost": math.nan}, {"pace": -1.0}])
def test_numbers_that_cannot_be_played_fail_with_their_cause(parents, wrong):
    records = solved(parents, 3, wrong)
    assert records["status"][0] == DrawStatus.FAILED
    assert "right would be" in records["cause"][0]
    assert set(records["verdict"][0].tolist()) == {DrawVerdict.FAILED}


def test_failures_stay_in_the_denominator(plan, tmp_path, monkeypatch):
    honest = Design.points

    def spoiled(self, first, last):  # type: ignore[no-untyped-def]
        found = honest(self, first, last)
        found.values[np.arange(first, last) % 4 == 1, 2] = 0.0  # no noise in every fourth draw
        return found

    monkeypatch.setattr(Design, "points", spoiled)
    packed = Brief.of(plan, {CONTROL_COST: solve_parent(plan, CONTROL_COST)})
    records = work(packed, Unit(0, 8))
    assert (records["status"] == DrawStatus.FAILED).tolist() == [False, True, False, False] * 2
    summary = summarise(run(plan, tmp_path / "spoiled", 40, executor=Inline()))
    assert summary.status["failed"] == 10
    assert sum(summary.causes.values()) >= 10
    for share in summary.shares:
        assert share.draws == 40
        assert share.counts["failed"] >= 10
        assert share.holds == share.counts["holds"] / 40
        assert share.low <= share.holds <= share.high


def test_near_a_fold_warm_and_cold_part_and_it_is_said(scenario, tmp_path):
    """With little noise the strait has several equilibria; which one a draw reaches depends on where it comes from."""
    store = run(Plan(scenario, cold=1.0, claims=("rather-peace",)), tmp_path / "cold", 100, executor=Inline())
    cold, distance = store.read("cold"), store.read("cold_distance")
    assert set(cold.tolist()) <= {Cold.AGREES, Cold.DISAGREES, Cold.FAILED}
    parted = np.flatnonzero(cold == Cold.DISAGREES)
    assert parted.size
    assert (distance[parted] > 1e-3).all()
    assert (distance[cold == Cold.AGREES] <= 1e-3).all()
    game, k = compile(scenario), int(parted[0])
    game = game.with_parameters(dict(zip(store.axes.parameter, store.read("value")[k].tolist(), strict=True)))
    principal = solve(game)
    assert principal.certified
    assert store.read("measure")[k, 0] != pytest.approx(  # nor does another route find the warm one
        risk(principal_chain(principal), game.starts["today"], [10.0])[0, 0], abs=1e-9
    )
    assert summarise(store).cold["disagrees"] == parted.size


def principal_chain(equilibrium):  # type: ignore[no-untyped-def]
    from equipoise.outlook.chain import induced_chain, induced_rates

    return induced_chain(equilibrium.game, induced_rates(equilibrium.game, equilibrium.policy))


def test_conventions_and_other_equilibria_are_drawn_too(scenario, tmp_path):
    plan = Plan(scenario, conventions=CONVENTIONS, equilibria=0.5, cold=0, claims=("rather-peace",))
    store = run(plan, tmp_path / "mixed", 60, executor=Inline())
    convention, reached = store.read("convention"), store.read("reached")[:, 0]
    assert convention.tolist() == [CONVENTIONS.index(plan.lot(k).convention) for k in range(60)]
    random = reached == Reached.RANDOM
    assert random.any()
    assert all(plan.lot(k).random_start for k in np.flatnonzero(random))
    for k in np.flatnonzero(reached == Reached.PARENT)[:6]:
        numbers = dict(zip(store.axes.parameter, store.read("value")[k].tolist(), strict=True))
        own = Solutions(with_parameters(scenario, numbers), CONVENTIONS[convention[k]])
        if judge(scenario.claims[0], own).status.value.upper() != DrawVerdict(store.read("verdict")[k, 0]).name:
            assert len(own[Case()].equilibrium.trace.folds)  # another equilibrium


def test_shifts_keep_to_the_states_that_are_shared():
    states = np.array([1, -1, 0])
    before, after = np.array([[1.0], [2.0]]), np.array([[1.5], [4.0]])
    value = np.array([[10.0], [20.0], [30.0]])
    assert shifted(value, states, before, after).ravel().tolist() == [12.0, 20.0, 30.5]
    assert carried(value, states, after).ravel().tolist() == [4.0, 20.0, 1.5]


def test_a_plan_travels_without_what_it_worked_out(plan):
    _ = plan.design
    packed = Brief.of(plan, {CONTROL_COST: {}}).packed
    fresh, _ = pickle.loads(packed)
    assert fresh.scenario == plan.scenario
    assert "design" not in vars(fresh)
