"""The command that says what would flip a verdict."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from test_asking import paths

from deciding.fates import fates
from equipoise.scenario.writing import dump

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def fate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fate") / "fate.yaml"
    path.write_text(dump(fates()))
    return path


def test_it_says_what_flips_a_verdict_in_words(run, fate):
    said = run("crux", fate)
    assert said.code == 0
    text = " ".join(said.out.split())
    assert "K It is so. At the scenario's own numbers: holds. It fails once slip is 0.31" in text
    assert "standard deviations, well within what is not known" in text
    assert "S War is possible. At the scenario's own numbers: holds. No plausible change of premises" in text


def test_its_json_has_exactly_the_documented_keys(run, fate):
    told = json.loads(run("crux", fate, "--claim", "K", "--json").out)
    page = (ROOT / "docs" / "json.md").read_text()
    part = page.split("### `equipoise crux --json`")[1].split("\n### ")[0]
    documented = set(re.findall(r"^\| `([a-z_*.\[\]]+)` \|", part, re.MULTILINE))
    # What is not borne out has the same form, and there is none here.
    assert {path.replace("\t", ".") for path in paths(told)} == documented - {"claims[].unconfirmed[]"}
    (change,) = told["claims"][0]["cruxes"][0]["changes"]
    assert change["parameter"] == "slip"
    assert change["to"] > change["from"] == 0.2


def test_only_some_premises_may_change_and_pictures_are_written(run, fate, tmp_path):
    said = run("crux", fate, "--claim", "K", "--premise", "wave", "--out", tmp_path / "pictures")
    assert "No plausible change of premises" in " ".join(said.out.split())
    assert "No picture" in said.err
    said = run("crux", fate, "--claim", "K", "--out", tmp_path / "pictures")
    assert {path.name for path in (tmp_path / "pictures").iterdir()} == {"crux-K.svg", "crux-K.png"}


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (("--claim", "Q"), "no claim is called 'Q'"),
        (("--premise", "slipp"), "did you mean 'slip'?"),
        (("--set", "slip=much"), "parameter 'slip' cannot be 'much'"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(run, fate, arguments, found):
    said = run("crux", fate, *arguments)
    assert said.code == 1
    assert found in said.err


def test_a_scenario_without_ranges_or_claims_has_no_cruxes(run, small):
    said = run("crux", small)
    assert said.code == 1
    assert "no claims with a test" in said.err


def test_an_ensemble_is_needed_for_cruxes_in_a_report(run, fate, tmp_path):
    said = run("report", fate, "--crux", "K", "-o", tmp_path / "a.html")
    assert said.code == 1
    assert "--ensemble DIR" in said.err
