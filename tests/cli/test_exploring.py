"""The command explore: what it says, what it returns, and how it goes on."""

from __future__ import annotations

import json
import re

import pytest

from strait import write


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return write(tmp_path_factory.mktemp("scenario"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("explored") / "ensemble"


def test_shares_with_intervals_failures_and_cold_solves_are_told(run, file, folder):
    said = run("explore", file, "--draws", 20, "--out", folder, "--method", "sobol", "--cold", 0.3)
    assert said.code == 0, said.err
    for word in ("20 draws of 8 numbers", "holds in", "95% interval", "rather-peace", "retreat-calms", "solved cold"):
        assert word in said.out
    assert str(folder) in said.err


def test_it_goes_on_and_tells_as_json(run, file, folder):
    refused = run("explore", file, "--draws", 20, "--out", folder, "--method", "sobol", "--cold", 0.3)
    assert refused.code == 1
    assert "--resume" in refused.err
    said = run(
        "explore", file, "--draws", 24, "--out", folder, "--method", "sobol", "--cold", 0.3, "--resume", "--json"
    )
    told = json.loads(said.out)
    assert told["draws"] == told["wanted"] == 24
    assert [share["claim"] for share in told["shares"]] == ["rather-peace", "retreat-calms", "pace-endangers"]
    for share in told["shares"]:
        assert sum(share["counts"].values()) == 24
        assert share["low"] <= share["holds"] <= share["high"]
    assert told["store"]["method"] == "sobol"
    hypercube = run("explore", file, "--draws", 24, "--out", folder, "--cold", 0.3, "--resume")
    assert hypercube.code == 1
    assert "another method of drawing (sobol, not lhs)" in hypercube.err
    other = run(
        "explore", file, "--draws", 24, "--out", folder, "--method", "sobol", "--cold", 0.3, "--resume", "--seed", 1
    )
    assert other.code == 1
    assert "another seed (0, not 1)" in other.err


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (["--draws", 0], 2, "--draws"),
        (["--draws", 5, "--cold", 2], 2, "--cold"),
        (["--draws", 5, "--claim", "rather-pace"], 1, "did you mean 'rather-peace'?"),
        (["--draws", 5, "--method", "dice"], 2, "--method"),
    ],
)
def test_bad_requests_are_refused_before_anything_is_solved(run, file, tmp_path, options, code, told):
    said = run("explore", file, "--out", tmp_path / "none", *options)
    assert said.code == code
    assert told in said.err
    assert not (tmp_path / "none").exists()


def test_a_scenario_in_which_nothing_varies_cannot_be_explored(run, file, tmp_path):
    fixed = tmp_path / "fixed.yaml"
    fixed.write_text(re.sub(r"range: \[[^]]*\], ", "", file.read_text()))
    said = run("explore", fixed, "--draws", 5, "--out", tmp_path / "none")
    assert said.code == 1
    assert "nothing varies" in said.err
