"""The two commands over the record: the starts, and the scenario against it."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

import fit_record
import starts
from equipoise.scenario.models import FrozenDict, Scenario
from equipoise.scenario.reading import load
from equipoise.scenario.writing import dump
from record import history as coded
from record.northeast_asia import ASPECTS, NORTHEAST_ASIA, SITUATIONS
from record.observed import factors
from record.tables import read
from south_asia.names import SOUTH_ASIA


def test_the_page_of_starts_is_current() -> None:
    text = starts.page(coded.load(), {row["key"]: row for row in read(coded.SOURCES, "key")})
    assert starts.PAGE.read_text(encoding="utf-8") == text, "run: python scripts/starts.py --write"


def test_every_start_has_every_dimension_with_a_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert starts.main([]) == 0
    told = capsys.readouterr().out
    for name, day in SITUATIONS.items():
        assert f"## {name} ({day})" in told
    history = coded.load()
    assert told.count("\n| conduct | ") == len(SITUATIONS) + 1
    assert all(f"| {dimension} | " in told for dimension in history)


def test_what_a_scenario_says_otherwise_is_told_with_the_fact(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = load("northeast-asia")
    assert starts.differences(coded.load(), scenario) == []
    name = "autumn-2018"
    state = FrozenDict({**scenario.initial[name].state, "arsenal": "none"})
    situation = scenario.initial[name].model_copy(update={"state": state})
    changed = scenario.model_copy(update={"initial": FrozenDict({**scenario.initial, name: situation})})
    (fault,) = starts.differences(coded.load(), changed)
    assert fault.startswith(
        "autumn-2018: arsenal is none; the record says intercontinental since 2017-11-28: The Hwasong-15"
    )


def test_every_factor_that_is_mapped_has_the_scenarios_own_levels() -> None:
    scenario = load("northeast-asia")
    for factor, entries in factors(NORTHEAST_ASIA, coded.load()).items():
        assert {entry.level for entry in entries} <= set(scenario.factors[factor].levels), factor
    assert len({aspect.factor for aspect in ASPECTS}) == len(ASPECTS)


def test_a_scenario_with_other_names_is_refused_with_every_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(dump(_without_squeeze()))
    assert fit_record.main([str(other)]) == 1
    told = capsys.readouterr().err
    assert "no parameter called 'squeeze_risk'" in told
    assert "scripts/record/northeast_asia.py" in told


def test_a_file_or_option_that_cannot_be_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fit_record.main([str(tmp_path / "gone.yaml")]) == 2
    assert "gone.yaml" in capsys.readouterr().err
    assert fit_record.main(["--set", "provoking"]) == 2
    assert "right would be NAME=NUMBER" in capsys.readouterr().err
    assert fit_record.main(["--set", "provokng=1"]) == 2
    assert "did you mean 'provoking'?" in capsys.readouterr().err


def test_model_and_record_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    assert fit_record.main(["--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [window["start"] for window in told["windows"]] == list(SITUATIONS)[:-1]
    for line in told["series"]:
        assert len(line["seen"]) == len(line["expected"]) == 5
        assert min(line["expected"]) >= 0
        assert 0 <= line["chance"] <= 1
    for levels in told["shares"].values():
        for k in range(5):
            assert sum(both["model"][k] for both in levels.values()) == pytest.approx(1)
            assert sum(both["record"][k] for both in levels.values()) == pytest.approx(1)
    low, high = told["war"]["record_interval_a_year"]
    yearly = {start: sum(risks.values()) for start, risks in told["war"]["within_a_year"].items()}
    assert all(low <= risk <= high for risk in yearly.values()), "consistent with no war since 1953"
    within, since = told["war"]["in_window"], list(SITUATIONS.values())
    years = (since[-1] - since[0]).days / 365.25
    assert low <= -sum(math.log(1 - chance) for chance in within) / years <= high
    assert sum(within) < 0.5


def test_south_asias_conduct_is_that_of_the_record(capsys: pytest.CaptureFixture[str]) -> None:
    assert fit_record.main(["south-asia", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["windows"]) == 6
    assert not [line["series"] for line in told["series"] if line["fitted"] and line["disagrees"]]
    low, high = told["war"]["record_interval_a_year"]
    assert all(low <= sum(risks.values()) <= high for risks in told["war"]["within_a_year"].values())


def test_south_asias_page_is_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text(SOUTH_ASIA.page.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setitem(fit_record.TABLES, "south-asia", replace(SOUTH_ASIA, page=page))
    assert fit_record.main(["south-asia", "--write"]) == 0
    assert page.read_text(encoding="utf-8") == SOUTH_ASIA.page.read_text(encoding="utf-8")


def _without_squeeze() -> Scenario:
    scenario = load("northeast-asia")
    parameters = {("pinch" if name == "squeeze_risk" else name): p for name, p in scenario.parameters.items()}
    payoffs = tuple(
        line.model_copy(update={"cost": "pinch"}) if line.cost == "squeeze_risk" else line for line in scenario.payoffs
    )
    return scenario.model_copy(update={"parameters": FrozenDict(parameters), "payoffs": payoffs})
