"""Commands of the ordinal lens."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from test_asking import matches, paths

from equipoise.scenario import loads
from equipoise.stability.gmcr import parse_gmcr

ROOT = Path(__file__).parents[2]


def test_equilibria_come_first_and_whose_ranking_was_used_is_said(run):
    said = run("stability", "elmira", "--quick", "--coalitions", "all")
    assert said.code == 0
    assert "Ranked by preference statements: Ministry of the Environment, Uniroyal and Local governments" in said.out
    assert re.search(r"Nash +3 of 9 +state 5, state 8, state 9", said.out)
    assert re.search(r"CGMR +4 of 9 +state 1, state 4, state 8, state 9", said.out)
    assert said.out.index("Equilibria") < said.out.index("States")
    assert "7 coalitions: CNash and CGMR take less than a second each" in " ".join(said.err.split())
    assert "Ranked by felt flow" in run("stability", "chicken", "--quick").out


def test_a_situation_is_explained_in_sentences(run):
    said = run("stability", "elmira", "--quick", "--from", "state-1", "--concept", "GMR").out
    assert "Local governments: stable under GMR and SMR" in said
    assert "can be deterred (GMR)" in said
    assert "Uniroyal can go on [abandon] to plant abandon and local silent" in " ".join(said.split())
    moved = run("stability", "elmira", "--quick", "--state", "local=insist").out
    assert "It is itself an equilibrium (SEQ)." in moved


def test_what_would_have_to_be_preferred_is_said(run):
    said = run("stability", "elmira", "--quick", "--from", "state-7").out
    assert "Uniroyal cannot be deterred" in said
    assert "Stable if Uniroyal liked no better than this one" in said


def test_the_table_can_be_narrowed(run):
    said = run("stability", "elmira", "--quick", "--where", "plant=accept", "--limit", "2")
    assert "first (4)" in said.out
    assert "2 more" in said.err


def test_where_the_readings_part_is_listed_with_causes(run, small):
    said = run("stability", small)
    assert said.code == 0
    assert "Where the two readings part" in said.out
    told = json.loads(run("stability", small, "--json").out)["disagreements"]
    assert told["states"]
    assert told["brief"] < told["lasting"]


def test_json_has_exactly_the_documented_keys(run, small):
    page = (ROOT / "docs" / "json.md").read_text()
    part = page.split("### `equipoise stability --json`")[1].split("\n### ")[0]
    patterns = [
        [key.replace("[]", "[[][]]") for key in path.split(".")]
        for path in re.findall(r"^\| `([a-z_*.\[\]]+)` \|", part, re.MULTILINE)
    ]
    found = set()
    for options in ((), ("--quick",), ("--quick", "--from", "calm", "--concept", "SIM", "--concept", "GMR")):
        found |= paths(json.loads(run("stability", small, *options, "--json").out))
    for options in (("--from", "state-1", "--concept", "GMR"), ("--from", "state-7")):
        found |= paths(json.loads(run("stability", "elmira", "--quick", *options, "--json").out))
    found |= paths(json.loads(run("stability", "cuban-missile-crisis", "--quick", "--coalitions", "all", "--json").out))
    assert not [path for path in found if not any(matches(path, pattern) for pattern in patterns)]
    assert not [pattern for pattern in patterns if not any(matches(path, pattern) for path in found)]


def test_files_hold_the_whole_table_and_run_nothing_from_the_scenario(run, small, tmp_path):
    hostile = tmp_path / "hostile.yaml"
    hostile.write_text(small.read_text().replace("title: A border quarrel", 'title: "</title><script>x()</script>"'))
    assert run("stability", hostile, "--out", tmp_path / "out").code == 0
    rows = list(csv.DictReader((tmp_path / "out" / "stability.csv").open()))
    told = json.loads((tmp_path / "out" / "stability.json").read_text())
    assert len(rows) == len(told["states"])
    assert {row["SEQ"] for row in rows} & {"all", "none", "red", "blue"}
    page = (tmp_path / "out" / "stability.html").read_text()
    assert "<script>x()" not in page
    assert page.count("<tr>") == len(rows) + 2
    assert (tmp_path / "out" / "disagreements.csv").read_text().startswith("state,situation,stable")


def test_a_classic_goes_out_as_gmcr_and_comes_back_the_same(run, tmp_path):
    file, again = tmp_path / "cuba.gmcr", tmp_path / "cuba.yaml"
    assert run("export", "cuban-missile-crisis", "--to", "gmcr", "-o", file).code == 0
    assert len(parse_gmcr(file.read_text()).feasible()) == 12
    said = run("import", file, "-o", again)
    assert said.code == 0
    assert "equipoise stability" in said.err
    before = json.loads(run("stability", "cuban-missile-crisis", "--quick", "--json").out)
    after = json.loads(run("stability", again, "--quick", "--json").out)
    assert {k: len(v) for k, v in before["equilibria"].items()} == {k: len(v) for k, v in after["equilibria"].items()}
    assert run("import", file, "-o", again).code == 1  # it is there already
    assert loads(run("import", file).out).title == "cuba"


def test_the_chain_goes_out_for_other_programs(run, small, tmp_path):
    assert run("export", small, "--to", "drn", "-o", tmp_path / "small.drn").code == 0
    assert (tmp_path / "small.drn").read_text().startswith("@type: CTMC")
    assert run("export", small, "--to", "prism", "-o", tmp_path / "small").code == 0
    assert (tmp_path / "small.tra").exists()
    assert (tmp_path / "small.lab").read_text().startswith('0="init"')


ALLIES = {
    "options": [{"name": "a"}, {"name": "b"}, {"name": "c"}],
    "decisionMakers": [
        {"name": "x", "options": [0], "preferenceRanking": [8, [2, 3, 4, 5, 6, 7], 1]},
        {"name": "y", "options": [1], "preferenceRanking": [8, 1, [2, 3, 4], [5, 6, 7]]},
        {"name": "z", "options": [2], "preferenceRanking": [[5, 6, 7, 8], [1, 2, 3, 4]]},
    ],
    "useManualPreferenceRanking": True,
    "coalitions": [[0, 1], 2],
}


def test_coalitions_of_a_file_are_kept_used_and_written(run, tmp_path):
    file, scenario, again = tmp_path / "allies.gmcr", tmp_path / "allies.yaml", tmp_path / "again.gmcr"
    file.write_text(json.dumps(ALLIES))
    assert run("import", file, "-o", scenario).code == 0
    assert "x-and-y: {members: [x, y]}" in scenario.read_text()
    assert "X and y act together" in run("read", scenario).out
    said = run("stability", scenario, "--quick")
    assert "there act together: x and y; alone: z." in " ".join(said.out.split())
    told = json.loads(run("stability", scenario, "--quick", "--json").out)
    assert told["coalitions"] == [["x", "y"], ["z"]]
    assert len(told["equilibria"]["CNash"]) < len(told["equilibria"]["Nash"])  # Together they leave what neither would.
    pairs = json.loads(run("stability", scenario, "--quick", "--coalitions", "2", "--json").out)["coalitions"]
    assert len(pairs) == 6
    assert run("export", scenario, "--to", "gmcr", "-o", again).code == 0
    assert parse_gmcr(again.read_text()).coalitions == ((0, 1), (2,))
    ranked = [maker.ranking for maker in parse_gmcr(again.read_text()).decision_makers]
    assert ranked[0] == (8, (2, 3, 4, 5, 6, 7), 1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("stability", "elmira", "--quick", "--coalitions", "0"), "from 1 up, or all"),
        (("stability", "elmira", "--concept", "Nahs"), "did you mean 'Nash'"),
        (("stability", "elmira", "--quick", "--where", "plnt=accept"), "did you mean 'plant'"),
        (("stability", "elmira", "--quick", "--where", "plant=acept"), "did you mean 'accept'"),
        (("stability", "elmira", "--quick", "--where", "plant"), "--where FACTOR=LEVEL"),
        (("stability", "elmira", "--quick", "--from", "state-11"), "no starting situation"),
        (("export", "northeast-asia", "--to", "gmcr", "-o", "x.gmcr"), "option form cannot say"),
        (("export", "elmira", "--to", "gmcr", "-o", "x.gmcr"), "option form cannot say"),
        (("import", "nowhere.gmcr"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(run, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    answer = run(*arguments)
    assert answer.code == 1
    assert said in answer.err
    assert not list(tmp_path.iterdir())


def test_a_broken_file_is_told_with_its_place(run, tmp_path):
    file = tmp_path / "broken.gmcr"
    file.write_text('{"options": [{"name": "a"}],\n "decisionMakers": [{"name": "x", "options": [4]}]}')
    said = run("import", file)
    assert said.code == 1
    assert re.search(r"broken\.gmcr:2:\d+", said.err)
    assert "right: the number of an option, from 0 to 0" in said.err
