from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from test_asking import paths

from equipoise.scenario.writing import dump
from small import small_scenario

CLAIMS = """
  - id: calm-holds
    says: War is unlikely.
    judges: A1
    test:
      measure: {risk: war, within: 1 years}
      starts: calm
      below: 0.9
  - {id: calm-fails, says: War is certain., test: {measure: {risk: war}, above: 0.999}}
  - {id: unfair, says: It is unfair., test: {measure: {risk: war}, lower: no-retreat, than: as-written}}
"""


@pytest.fixture(scope="module")
def argued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("argued") / "argued.yaml"
    text = dump(small_scenario())
    head, claims = text.split("claims:\n")
    path.write_text(head + "claims:\n" + claims.rstrip() + CLAIMS)
    return path


def test_every_claim_gets_its_verdict_in_plain_words(run, argued):
    said = run("judge", argued)
    assert said.code == 0
    for verdict in ("HOLDS calm-holds", "FAILS calm-fails", "REFUSED unfair", "UNTESTED K1"):
        assert verdict in said.out
    assert "differ in the parameter shame" in " ".join(said.out.split())
    assert "4 claims: 1 holds, 1 fails, 1 refused and 1 untested." in said.out


def test_one_claim_comes_with_its_evidence(run, argued):
    said = run("judge", argued, "--claim", "calm-holds", "--from", "hot")
    assert "Tested: it holds if the chance of war within 12 months" in " ".join(said.out.split())
    assert "principal equilibrium, certified" in said.out
    assert "hot" in said.out
    assert "calm-fails" not in said.out


def test_json_says_the_same(run, argued):
    told = json.loads(run("judge", argued, "--convention", "all", "--json").out)
    assert told["conventions"] == ["control-cost", "private-shock", "agent-error"]
    verdicts = {verdict["id"]: verdict for verdict in told["verdicts"]}
    assert {name: verdict["status"] for name, verdict in verdicts.items()} == {
        "K1": "untested",
        "calm-holds": "holds",
        "calm-fails": "fails",
        "unfair": "refused",
    }
    assert [c["under"] for c in verdicts["calm-holds"]["challenges"]] == ["private-shock", "agent-error"]
    (witness,) = verdicts["calm-holds"]["findings"][0]["witnesses"]
    assert 0 < witness["readings"][0]["value"] < 0.9


def test_an_unfair_claim_is_a_warning_of_check(run, argued):
    said = run("check", "--quick", argued)
    assert said.code == 0
    assert "claims.unfair.test" in said.err
    assert "differ in the parameter shame" in said.err


def test_a_scenario_without_claims_says_so(run, tmp_path):
    from equipoise.scenario.starter import STARTER

    path = tmp_path / "starter.yaml"
    path.write_text(STARTER)
    said = run("judge", path)
    assert said.code == 1
    assert "no claims to judge" in said.err


def test_an_unknown_claim_is_refused(run, argued):
    said = run("judge", argued, "--claim", "calm-hold")
    assert said.code == 1
    assert "did you mean 'calm-holds'?" in said.err


def test_report_writes_every_form(run, argued, tmp_path):
    for name, begins in (("a.html", "<!DOCTYPE html>"), ("a.md", "# "), ("a.json", "{")):
        said = run("report", argued, "-o", tmp_path / name, "--convention", "control-cost", "--ablation", "none")
        assert said.code == 0, said.err
        assert (tmp_path / name).read_text().lstrip().startswith(begins)


def test_report_writes_its_figures_beside(run, argued, tmp_path):
    options = ("--convention", "control-cost", "--ablation", "none", "--figures", tmp_path / "figures")
    assert run("report", argued, "-o", tmp_path / "a.md", *options).code == 0
    names = {path.name for path in (tmp_path / "figures").iterdir()}
    assert {"risk.svg", "risk.png", "map-calm.svg", "map-calm.png"} <= names


def test_report_asks_for_an_ending_that_says_the_form(run, argued, tmp_path):
    said = run("report", argued, "-o", tmp_path / "a.docx")
    assert said.code == 1
    assert ".html, .md or .json" in said.err


def test_the_json_of_judge_has_exactly_the_documented_keys(run, argued):
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text()
    part = re.split(r"\n###? ", page.split("### `equipoise judge --json`")[1])[0]
    documented = set(re.findall(r"^\| `([a-z_*.\[\]]+)` \|", part, re.MULTILINE))
    told = json.loads(run("judge", argued, "--convention", "all", "--json").out)
    found = {re.sub(r"measure\..*", "measure.*", path.replace("\t", ".")) for path in paths(told)}
    comparison = {path for path in documented if "differences" in path}
    assert found | comparison == documented | {path for path in found if path.endswith("differences[]")}
