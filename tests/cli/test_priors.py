"""`equipoise priors`: what ranges and priors mean, in the terminal, as JSON and as files."""

from __future__ import annotations

import csv
import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from scipy import stats

from equipoise.cli.priors import sparkline
from equipoise.draws import design
from equipoise.draws.summary import summaries
from equipoise.pictures.priors import priors_picture
from equipoise.scenario import load

GAMMA = "spark: {value: 0.2, prior: {gamma: {events: 3, years: 17}}, unit: 1/year, source: analyst's judgement}"
KNOWN = f"""\
  {GAMMA}
  early: {{value: 1, range: [0.5, 2], unit: util, source: analyst's judgement}}
  late: {{value: 1.5, range: [0.5, 2], unit: util, source: analyst's judgement}}
"""
ORDER = "orderings:\n  - {rising: [early, late], source: analyst's judgement}\n"


@pytest.fixture
def known(run, tmp_path):
    text = run("new").out.replace("parameters:\n", f"{ORDER}\nparameters:\n{KNOWN}")
    file = tmp_path / "known.yaml"
    file.write_text(text)
    return file


def test_every_parameter_that_varies_is_shown_with_what_it_means(run, known):
    said = run("priors", known)
    assert said.code == 0
    for name in design(load(known)).parameters:
        assert name in said.out
    row = next(line for line in said.out.splitlines() if line.startswith("spark"))
    low, median, high = stats.gamma.ppf([0.05, 0.5, 0.95], 3.5, scale=1 / 17)
    assert f"{median:.3g}" in row
    assert f"{low:.3g} to {high:.3g}" in row
    assert "[early] is never above [late]" in " ".join(said.out.split())
    assert "early*" in said.out


def test_the_json_has_the_same_numbers(run, known):
    told = {one["parameter"]: one for one in json.loads(run("priors", known, "--json").out)["parameters"]}
    assert told["spark"]["median"] == pytest.approx(stats.gamma.median(3.5, scale=1 / 17))
    assert told["spark"]["place"] == pytest.approx(stats.gamma.cdf(0.2, 3.5, scale=1 / 17))
    assert told["spark"]["greatest"] is None
    assert told["war_cost"]["median"] == pytest.approx(10 * 10**0.5)
    assert told["lost_face"]["median"] == pytest.approx(1.5)
    assert sum(told["spark"]["spread"]) == pytest.approx(1)
    # The lesser and the greater of two equal log-uniform numbers: medians where 1 - (1-u)^2 and u^2 are one half.
    assert told["early"]["median"] == pytest.approx(0.5 * 4 ** (1 - 0.5**0.5), rel=0.02)
    assert told["late"]["median"] == pytest.approx(0.5 * 4 ** (0.5**0.5), rel=0.02)


def test_json_has_exactly_the_documented_keys(run, known):
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text()
    part = page.split("### `equipoise priors --json`")[1].split("\n### ")[0]
    documented = set(re.findall(r"^\| `([a-z0-9_.\[\]]+)` \|", part, re.MULTILINE))
    told = json.loads(run("priors", known, "--json").out)
    found = {"title"} | {f"parameters[].{key}{'[]' * (key == 'spread')}" for one in told["parameters"] for key in one}
    assert set(told) == {"title", "parameters"}
    assert documented == found


def test_draws_are_written_to_the_last_digit_and_more_of_them_change_none(run, known, tmp_path):
    few, many = tmp_path / "few", tmp_path / "many"
    assert run("priors", known, "--out", few, "--draws", 20, "--seed", 4).code == 0
    assert run("priors", known, "--out", many, "--draws", 1200, "--seed", 4).code == 0
    rows = list(csv.reader((many / "draws.csv").open()))
    assert rows[:21] == list(csv.reader((few / "draws.csv").open()))
    points = design(load(known), seed=4).points(0, 1200)
    assert rows[0] == ["draw", *points.parameters]
    assert [[float(cell) for cell in row[1:]] for row in rows[1:]] == points.values.tolist()
    assert [row[0] for row in rows[1:]] == [str(k) for k in range(1200)]


def test_a_hypercube_can_be_written_too(run, known, tmp_path):
    assert run("priors", known, "--out", tmp_path / "o", "--draws", 8, "--method", "lhs").code == 0
    assert len((tmp_path / "o" / "draws.csv").read_text().splitlines()) == 9


def test_a_design_that_does_not_fit_orderings_is_refused_with_what_would(run, known, tmp_path):
    said = run("priors", known, "--out", tmp_path / "o", "--draws", 8, "--method", "saltelli")
    assert said.code == 1
    assert "early and late are tied together" in said.err
    assert "sobol or lhs" in said.err


def test_the_table_and_the_picture_are_written(run, known, tmp_path):
    assert run("priors", known, "--out", tmp_path, "--parameter", "spark", "--parameter", "early").code == 0
    assert [row["parameter"] for row in csv.DictReader((tmp_path / "priors.csv").open())] == ["spark", "early"]
    svg = ElementTree.parse(tmp_path / "priors.svg").getroot()
    words = "".join(svg.itertext())
    assert "What is not known: 2 parameters" in words
    assert "rates, a year" in words
    assert (tmp_path / "priors.png").read_bytes()[:4] == b"\x89PNG"
    assert not (tmp_path / "draws.csv").exists()


def test_the_picture_is_described_for_screen_readers(known):
    written = load(known)
    described = priors_picture(written.title, summaries(written, design(written))).to_dict()["description"]
    assert "spark 0.187, nine in ten from 0.0637 to 0.414" in described


def test_a_wrong_name_gets_the_nearest(run, known):
    said = run("priors", known, "--parameter", "sprak")
    assert said.code == 1
    assert "did you mean 'spark'?" in said.err


def test_draws_need_a_folder(run, known):
    said = run("priors", known, "--draws", 5)
    assert said.code == 1
    assert "--out" in said.err


def test_a_scenario_in_which_all_is_known_says_so(run, tmp_path):
    file = tmp_path / "sure.yaml"
    file.write_text(re.sub(r"range: \[[^]]*\], ", "", run("new").out))
    said = run("priors", file)
    assert said.code == 1
    assert "nothing varies" in said.err


def test_a_number_far_out_in_its_prior_is_remarked_on(run, known):
    known.write_text(known.read_text().replace("spark: {value: 0.2", "spark: {value: 0.9"))
    assert "Written outside nine draws in ten: spark." in run("priors", known).err


@pytest.mark.parametrize("command", [("priors",), ("check", "--quick")])
def test_an_ordering_that_the_priors_all_but_rule_out_is_located(run, known, command):
    text = known.read_text().replace("value: 1, range: [0.5, 2]", "value: 1, range: [0.999, 2]")
    text = text.replace("value: 1.5, range: [0.5, 2]", "value: 1, range: [0.5, 1]")
    known.write_text(text)
    said = run(command[0], known, *command[1:])
    assert said.code == 1
    line = text[: text.index("{rising: [early")].count("\n") + 1
    assert f"{known}:{line}" in said.err
    assert "fewer than one in 1,000" in said.err


def test_blocks_are_as_high_as_the_shares():
    assert sparkline([0.0, 0.1, 0.4, 0.8]) == " ▁▄█"


def test_files_are_not_where_they_should_not_be(run, known, tmp_path):
    (tmp_path / "file").write_text("precious")
    assert run("priors", known, "--out", tmp_path / "file").code == 2
    assert Path(tmp_path / "file").read_text() == "precious"
