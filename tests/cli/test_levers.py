from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from test_asking import paths

from equipoise.scenario.writing import dump
from small import small_scenario

CLAIMS = """
  - {id: calm-holds, says: War is unlikely., test: {measure: {risk: war}, starts: calm, below: 0.9}}
  - {id: unfair, says: It is unfair., test: {measure: {risk: war}, lower: no-retreat, than: as-written}}
"""


@pytest.fixture(scope="module")
def argued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("argued") / "argued.yaml"
    head, claims = dump(small_scenario()).split("claims:\n")
    path.write_text(head + "claims:\n" + claims.rstrip() + CLAIMS)
    return path


def test_what_moves_the_risk_most(run, argued):
    said = run("levers", argued)
    assert said.code == 0, said.err
    assert "The chance of war within 10 years, from calm:" in said.out
    rows = said.out.split("\n")
    assert any(row.startswith("slip") and row.rstrip().endswith("A1") for row in rows)
    assert "of them nothing is known but their value" in said.out
    assert "Inverse Jacobian" in said.out


def test_any_measure_and_any_start_and_variant_may_be_asked_about(run, argued):
    said = run("levers", argued, "--measure", "dwell: showdown", "--from", "hot", "--variant", "no-retreat")
    assert "The length of a first visit to ‘showdown’, from hot, no retreat:" in said.out
    assert "years" in said.out


def test_the_difference_between_two_variants(run, argued):
    said = run("levers", argued, "--measure", "value: red", "--against", "no-retreat", "--most", "2")
    assert "as written less no retreat (Redland)" in " ".join(said.out.split())


def test_what_a_claim_turns_on(run, argued):
    said = run("levers", argued, "--claim", "calm-holds", "--by", "mechanism")
    assert "The lead of claim calm-holds, which holds if" in " ".join(said.out.split())
    assert any(row.startswith("A1") for row in said.out.split("\n"))


def test_what_makes_a_move_likely(run, argued):
    said = run("levers", argued, "--move", "press", "--from", "calm")
    assert "The chance that press is chosen at the next opportunity, from calm (Redland):" in said.out


def test_levers_by_source(run, argued):
    assert any(row.startswith("survey") for row in run("levers", argued, "--by", "source").out.split("\n"))


def test_no_number_has_no_levers(run, argued):
    said = run("levers", argued, "--measure", "road: quiet, through: showdown")
    assert said.code == 0
    assert "There is no such number" in said.out


def test_a_number_that_is_certain_has_none_either(run, argued):
    assert "Nothing does" in run("levers", argued, "--measure", "settles: quiet").out


def test_files_hold_the_same(run, argued, tmp_path):
    said = run("levers", argued, "--measure", "value: everyone", "--out", tmp_path, "--json")
    told = json.loads(said.out)
    assert told == json.loads((tmp_path / "levers.json").read_text())
    table = list(csv.DictReader((tmp_path / "levers.csv").read_text().splitlines()))
    assert {row["actor"] for row in table} == {"red", "blue"}
    assert float(table[0]["derivative"]) == told["numbers"][0]["levers"][0]["derivative"]
    names = {path.name for path in tmp_path.iterdir()}
    assert {"tornado-red.svg", "tornado-red.png", "tornado-blue-mechanism.svg", "tornado-blue-source.png"} <= names


def test_the_json_of_levers_has_exactly_the_documented_keys(run, argued):
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text()
    part = page.split("### `equipoise levers --json`")[1].split("\n##")[0]
    documented = set(re.findall(r"^\| `([a-z_*.\[\]]+)` \|", part, re.MULTILINE))
    told = json.loads(run("levers", argued, "--json").out)
    found = {re.sub(r"near_folds\..*", "near_folds.*", path.replace("\t", ".")) for path in paths(told)}
    assert found == documented


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--measure", "risk: wor"), "no outcome is called 'wor'"),
        (("--measure", "rsk: war"), "did you mean 'risk'?"),
        (("--measure", "dwell: quiet, within: 5 years"), "the option within with dwell"),
        (("--measure", "risk: [war"), "--measure:1"),
        (("--measure", "- risk"), "this is not YAML"),
        (("--measure", ""), "no measure"),
        (("--measure", "unsanctioned: quiet"), "unsanctioned is a count"),
        (("--claim", "calm-hold"), "did you mean 'calm-holds'?"),
        (("--claim", "K1"), "has no test"),
        (("--claim", "unfair"), "differ in the parameter shame"),
        (("--claim", "calm-holds", "--from", "calm"), "a claim says itself"),
        (("--from", "calmer"), "did you mean 'calm'?"),
        (("--variant", "no-retreet"), "did you mean 'no-retreat'?"),
        (("--against", "no-retreet"), "did you mean 'no-retreat'?"),
        (("--against", "as-written"), "as-written against itself"),
        (("--move", "yield"), "no move on offer in calm"),
        (("--move", "press", "--measure", "risk: war"), "one number at a time"),
        (("--set", "slip=-1"), "parameter 'slip' cannot be -1"),
    ],
)
def test_what_cannot_be_asked_is_said_in_words(run, argued, options, said):
    answer = run("levers", argued, *options)
    assert answer.code == 1
    assert said in answer.err


@pytest.mark.parametrize(
    "text", ["&a [*a]", "risk: !!python/object:os.system war", "\x00", "{" * 500, "risk: " + "x" * 10**5]
)
def test_a_hostile_measure_is_no_traceback(run, argued, text):
    said = run("levers", argued, "--measure", text)
    assert said.code == 1
    assert "Traceback" not in said.err
