from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import simpson

from equipoise.assess import assess, situate
from equipoise.errors import RequestError, ScenarioError
from equipoise.scenario.models import FrozenDict
from equipoise.scenario.phrases import percent
from small import small_scenario

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def assessment():
    return assess(small_scenario())


def test_an_assessment_is_certified_and_has_every_start(assessment):
    assert assessment.equilibrium.certificate.certified
    assert list(assessment.prospects) == ["calm", "hot"]


def test_the_risk_grows_with_time_and_stays_below_what_comes_eventually(assessment):
    for prospect in assessment.prospects.values():
        assert np.all(np.diff(prospect.risk[:, 0]) >= 0)
        assert prospect.risk[-1, 0] <= prospect.eventually[0] + 1e-9


def test_the_hazard_is_how_fast_the_risk_grows_at_the_start():
    near = assess(small_scenario(), starts=["hot"], years=1e-3).prospects["hot"]
    assert near.hazard[0] > 0
    assert near.risk[1, 0] / (1e-3 / 40) == pytest.approx(near.hazard[0], rel=1e-3)


def test_the_causes_of_an_end_sum_to_its_risk(assessment):
    for prospect in assessment.prospects.values():
        assert sum(prospect.triggers["war"].values()) == pytest.approx(prospect.risk[-1, 0], abs=1e-9)
        assert prospect.passages[:, -1].sum() == pytest.approx(prospect.risk[-1, 0], abs=1e-9)


def test_years_in_the_groups_and_after_the_end_fill_the_horizon(assessment):
    for prospect in assessment.prospects.values():
        ended = np.trapezoid(prospect.risk[:, 0], assessment.times)
        assert prospect.years_in.sum() + ended == pytest.approx(assessment.horizon, rel=1e-3)


def test_the_parts_of_the_felt_value_sum_to_that_of_the_equilibrium(assessment):
    for start, prospect in assessment.prospects.items():
        felt = assessment.equilibrium.felt[assessment.game.starts[start]]
        assert prospect.value.total == pytest.approx(felt, abs=1e-7)


def test_the_shares_of_leaving_a_regime_sum_to_one_if_it_is_always_left(assessment):
    for prospect in assessment.prospects.values():
        assert sum(prospect.regimes["showdown"].exits.values()) == pytest.approx(1)


def test_the_hazard_in_a_regime_is_what_leads_out_of_it_into_an_end(assessment):
    """In showdown pressure is some or high; war comes at slip x tension x 1/4, tension only where pressure is high."""
    low, high = 0.14 * 0.25, 0.14 * 0.25 * 3
    for prospect in assessment.prospects.values():
        quiet, showdown = prospect.regimes["quiet"], prospect.regimes["showdown"]
        assert quiet.lasting.tolist() == [0]
        assert low < showdown.lasting[0] < high
        there = showdown.occupancy > 1e-7
        assert np.all((showdown.hazard[there, 0] >= low - 1e-9) & (showdown.hazard[there, 0] <= high + 1e-9))
    near = assess(small_scenario(), starts=["hot"], years=1.0)
    showdown = near.prospects["hot"].regimes["showdown"]
    entered = simpson(showdown.hazard[:, 0] * showdown.occupancy, x=near.times)
    assert entered == pytest.approx(near.prospects["hot"].risk[-1, 0], rel=1e-4)


def test_the_loss_is_the_sum_of_its_parts(assessment):
    for prospect in assessment.prospects.values():
        for actor, whole in prospect.loss.items():
            assert sum(prospect.loss_parts[actor].values()) == pytest.approx(whole, abs=1e-9)
            assert prospect.loss_parts[actor]["war"] == pytest.approx(40 * prospect.risk[-1, 0], rel=1e-8)


def test_a_state_of_several_regimes_counts_for_the_rarest():
    scenario = small_scenario()
    wide = scenario.regimes["quiet"].model_copy(update={"when": (), "about": "always"})
    wider = scenario.model_copy(update={"regimes": FrozenDict({"always": wide, **scenario.regimes})})
    prospect = assess(wider, starts=["hot"]).prospects["hot"]
    assert prospect.regimes["always"].years == pytest.approx(prospect.years_in.sum())
    assert prospect.years_in[0] == 0
    assert prospect.years_in[1] == pytest.approx(prospect.regimes["quiet"].years)


def test_a_changed_situation_is_one_more_start_with_a_name_that_says_so():
    scenario, name = situate(small_scenario(), "hot", {"pressure": "some"})
    assert name == "hot with pressure some"
    assert dict(scenario.initial[name].state) == {"pressure": "some", "valley": "blue"}
    assert situate(scenario, "hot", {}) == (scenario, "hot")


@pytest.mark.parametrize("levels", [{"presure": "some"}, {"pressure": "hihg"}])
def test_a_situation_cannot_have_unknown_factors_or_levels(levels):
    with pytest.raises(RequestError, match="did you mean"):
        situate(small_scenario(), "hot", levels)


def test_an_impossible_situation_is_refused():
    scenario, _ = situate(small_scenario(), "hot", {"valley": "red"})
    with pytest.raises(ScenarioError, match="impossible"):
        assess(scenario)


def test_the_tour_in_the_readme_runs_as_it_stands_and_its_picture_is_not_out_of_date(capsys):
    code = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)[1]
    assert len(code.splitlines()) <= 12
    names: dict = {}
    exec(compile(code, "README.md", "exec"), names)
    assert "within 10 years" in capsys.readouterr().out
    picture = (ROOT / "docs" / "pictures" / "risk.svg").read_text()
    assert len(picture) < 200_000
    drawn = f"any of them {percent(float(names['now'].risk[-1].sum()))}"
    assert drawn in picture, "the scenario has changed since: make pictures"
