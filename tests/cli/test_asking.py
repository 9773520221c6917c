from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from equipoise.equilibrium.solve import Branch, solve
from equipoise.scenario.phrases import percent

ROOT = Path(__file__).parents[2]


@pytest.fixture
def assessed(run, small):
    return json.loads(run("assess", small, "--json").out)["assessments"][0]


def test_assess_says_risks_also_as_odds_and_prints_the_certificate(run, small):
    said = run("assess", small)
    assert said.code == 0
    assert re.search(r"about 1 in \d", said.out)
    assert "An equilibrium under control-cost" in said.out
    for name in ("calm", "hot", "quiet", "showdown", "Redland", "Blueland"):
        assert name in said.out


def test_what_is_printed_is_what_the_json_says(run, small, assessed):
    chance = assessed["starts"]["hot"]["risk"]["war"][-1]
    assert f"{chance:.1%}" in run("assess", small, "--from", "hot").out


def test_json_has_exactly_the_documented_keys(run, small):
    options = ("--variant", "no-retreat", "--set", "slip=0.2", "--avoiding", "quiet")
    told = json.loads(run("assess", small, *options, "--json").out)
    page = (ROOT / "docs" / "json.md").read_text()
    documented = re.findall(r"^\| `([a-z_*.\[\]]+)` \|", page.split("## The other commands")[0], re.MULTILINE)
    patterns = [[part.replace("[]", "[[][]]") for part in path.split(".")] for path in documented]
    found = {path for assessment in told["assessments"] for path in paths(assessment)}
    unknown = {path for path in found if not any(matches(path, pattern) for pattern in patterns)}
    absent = [pattern for pattern in patterns if not any(matches(path, pattern) for path in found)]
    assert not unknown
    assert not absent


@pytest.mark.parametrize(
    "arguments",
    [("list",), ("check",), ("read",), ("mechanisms",), ("explain", "--from", "hot"), ("simulate", "--years", "90")],
)
def test_the_json_of_every_other_command_has_exactly_the_documented_keys(run, small, tmp_path, arguments):
    command, *options = arguments
    page = (ROOT / "docs" / "json.md").read_text()
    part = page.split(f"### `equipoise {command} --json`")[1].split("### ")[0]
    patterns = [
        [key.replace("[]", "[[][]]") for key in path.split(".")]
        for path in re.findall(r"^\| `([a-z_*.\[\]]+)` \|", part, re.MULTILINE)
    ]
    dubious = tmp_path / "dubious.yaml"
    dubious.write_text(
        small.read_text().replace("parameters:\n", "parameters:\n  idle: {value: 1, unit: util, source: survey}\n")
    )
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(small.read_text().replace("end: war", "end: wor"))
    files = {"list": [], "check": [dubious, wrong], "mechanisms": ["northeast-asia"]}.get(command, [small])
    told = [json.loads(run(command, file, *options, "--json").out) for file in files] or [
        json.loads(run("list", "--json").out)
    ]
    found = {path for each in told for path in paths(each)}
    assert not [
        path
        for path in found
        if not any(matches(path, pattern) for pattern in patterns) and path not in ("errors[]", "worth[]")
    ]
    assert not [pattern for pattern in patterns if not any(matches(path, pattern) for path in found)]


def test_json_is_for_strict_readers(run, small):
    def refuse(constant: str) -> None:
        pytest.fail(f"{constant} is no JSON")

    json.loads(run("assess", small, "--json").out, parse_constant=refuse)


def test_a_parameter_set_for_one_run_changes_the_answer_and_is_recorded(run, small, assessed):
    told = json.loads(run("assess", small, "--set", "slip=1.4", "--json").out)["assessments"][0]
    assert told["settings"] == {"slip": 1.4}
    assert told["starts"]["hot"]["risk"]["war"][-1] > assessed["starts"]["hot"]["risk"]["war"][-1]


def test_a_number_set_outside_its_range_is_remarked_on(run, small):
    assert "pace is set to 9, outside its range from 1 to 6" in run("assess", small, "--set", "pace=9").err
    assert "outside" not in run("assess", small, "--set", "pace=5").err


def test_variants_are_assessed_beside_the_scenario_as_written(run, small, assessed):
    told = json.loads(run("assess", small, "--variant", "no-retreat", "--json").out)["assessments"]
    assert [assessment["variant"] for assessment in told] == [None, "no-retreat"]
    assert told[0] == assessed
    assert told[1]["starts"]["hot"]["frequency"]["yield"] == 0


def test_variants_are_set_side_by_side(run, small):
    said = run("assess", small, "--variant", "no-retreat").out
    side_by_side = said.split("side by side")[1]
    told = json.loads(run("assess", small, "--variant", "no-retreat", "--json").out)["assessments"]
    for assessment in told:
        assert percent(assessment["starts"]["hot"]["risk"]["war"][-1]) in side_by_side


def test_only_the_starts_asked_for_are_assessed(run, small):
    told = json.loads(run("assess", small, "--from", "hot", "--years", "3", "--json").out)["assessments"][0]
    assert list(told["starts"]) == ["hot"]
    assert told["horizon"] == told["times"][-1] == 3


@pytest.mark.parametrize("convention", ["private-shock", "agent-error"])
def test_the_noise_convention_can_be_chosen(run, small, convention):
    told = json.loads(run("assess", small, "--convention", convention, "--json").out)["assessments"][0]
    assert told["convention"]["name"] == told["certificate"]["convention"] == convention


@pytest.mark.parametrize(
    ("options", "wrong", "right"),
    [
        (("--from", "calmm"), "calmm", "calm"),
        (("--variant", "no-retreet"), "no-retreet", "no-retreat"),
        (("--set", "slipp=2"), "slipp", "slip"),
        (("--set", "slip=lots"), "lots", "a number"),
        (("--set", "slip=-1"), "-1", "0 or above"),
        (("--set", "slip=nan"), "nan", "finite"),
        (("--set", "slip"), "slip", "PARAMETER=VALUE"),
        (("--avoiding", "quite"), "quite", "quiet"),
        (("--years", "0"), "0 years", "above 0"),
        (("--years", "nan"), "nan", "above 0"),
    ],
)
def test_a_request_that_makes_no_sense_is_answered_with_what_would(run, small, options, wrong, right):
    said = run("assess", small, *options)
    assert said.code == 1
    assert wrong in said.err
    assert right in said.err
    assert not said.out


@pytest.mark.parametrize(
    "arguments", [("assess",), ("assess", "x.yaml", "--years", "soon"), ("asses", "x"), ("read", "x", "--loud")]
)
def test_a_command_line_that_cannot_be_understood_is_a_usage_error(run, arguments):
    said = run(*arguments)
    assert said.code == 2
    assert "Traceback" not in said.err


def test_a_missing_file_is_named(run):
    said = run("assess", "nowhere.yaml")
    assert said.code == 1
    assert "nowhere.yaml" in said.err


def test_a_folder_holds_pictures_json_and_tables(run, small, tmp_path, assessed):
    said = run("assess", small, "--out", tmp_path / "out")
    assert said.code == 0
    names = {path.name for path in (tmp_path / "out").iterdir()}
    pictures = {
        f"{name}.{form}" for name in ("risk", "conduct", "regimes", "map-calm", "map-hot") for form in ("svg", "png")
    }
    assert names == pictures | {"assessment.json", "risk.csv", "conduct.csv", "regimes.csv", "value.csv"}
    assert json.loads((tmp_path / "out" / "assessment.json").read_text()) == assessed
    for name in pictures:
        head = (tmp_path / "out" / name).read_bytes()[:400]
        assert head.startswith(b"\x89PNG") if name.endswith("png") else b"<svg" in head


def test_a_folder_says_what_stood_there_already_and_leaves_it_alone(run, small, tmp_path):
    (tmp_path / "mine.txt").write_text("precious")
    assert "1 other file stood there already" in run("assess", small, "--out", tmp_path).err
    assert (tmp_path / "mine.txt").read_text() == "precious"


def test_what_was_solved_is_written_before_the_next_variant_is_solved(run, small, tmp_path, monkeypatch):
    def stopped(game, **options):
        if (tmp_path / "assessment.json").exists():
            raise KeyboardInterrupt
        return solve(game, **options)

    monkeypatch.setattr("equipoise.assess.solve", stopped)
    assert run("assess", small, "--variant", "no-retreat", "--out", tmp_path).code == 130
    assert json.loads((tmp_path / "assessment.json").read_text())["variant"] is None
    assert not (tmp_path / "no-retreat").exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_regime_is_reached_less_often_if_another_is_avoided(run, small):
    said = run("assess", small, "--avoiding", "quiet")
    told = json.loads(run("assess", small, "--avoiding", "quiet", "--json").out)["assessments"][0]["starts"]
    reached = {start: prospect["regimes"]["showdown"] for start, prospect in told.items()}
    assert reached["calm"]["avoiding"]["quiet"]["settles"] == 0, "calm is quiet itself"
    assert reached["hot"]["avoiding"]["quiet"] == {"settles": 1, "years": 0}, "hot is a showdown itself"
    assert reached["calm"]["settles"] > 0.5
    assert "without quiet" in said.out


def test_tables_agree_with_the_json(run, small, tmp_path, assessed):
    run("assess", small, "--out", tmp_path)
    with (tmp_path / "risk.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["start"] == "hot" and float(row["years"]) == 10]
    assert float(rows[0]["probability"]) == pytest.approx(assessed["starts"]["hot"]["risk"]["war"][-1], rel=1e-9)


def test_a_folder_that_cannot_be_written_is_named_without_a_traceback(run, small, tmp_path):
    (tmp_path / "file").write_text("")
    said = run("assess", small, "--out", tmp_path / "file" / "out")
    assert said.code == 4
    assert not said.out
    assert "file" in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(("remedy", "said_to_help"), [("more noise", "more noise"), ("", "raise the noise")])
def test_without_a_certificate_no_number_is_shown(run, small, monkeypatch, remedy, said_to_help):
    def uncertain(game, **options):
        found = solve(game, **options)
        return replace(found, certificate=replace(found.certificate, reason="it was made up"), remedy=remedy)

    monkeypatch.setattr("equipoise.assess.solve", uncertain)
    said = run("assess", small)
    assert said.code == 3
    assert not said.out
    assert "it was made up" in said.err
    assert said_to_help in said.err


def test_an_equilibrium_that_is_not_the_principal_one_is_called_so(run, small, monkeypatch):
    def jumped(game, **options):
        return replace(solve(game, **options), branch=Branch.JUMPED, cause="the curve was lost", remedy="more noise")

    monkeypatch.setattr("equipoise.assess.solve", jumped)
    said = run("assess", small)
    assert said.code == 0
    assert "not the principal one (jumped): the curve was lost. What may help: more noise." in said.out


def test_stopping_from_the_keyboard_is_quiet(run, small, monkeypatch):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("equipoise.assess.solve", stopped)
    said = run("assess", small)
    assert said.code == 130
    assert "Traceback" not in said.err


def test_explain_gives_every_option_its_chance_and_what_it_is_worth_against_holding(run, small):
    said = run("explain", small, "--from", "hot")
    told = json.loads(run("explain", small, "--from", "hot", "--json").out)
    assert told["situation"] == {"pressure": "high", "valley": "blue"}
    assert {option["move"] for option in told["conduct"] if option["actor"] == "red"} == {"hold", "relent"}
    for actor in ("red", "blue"):
        assert sum(o["probability"] for o in told["conduct"] if o["actor"] == actor) == pytest.approx(1)
    assert "Blueland decides" in said.out
    assert re.search(r"(better|worse|no different)", said.out)


@pytest.mark.parametrize("command", ["explain", "simulate"])
def test_without_a_start_the_first_is_taken(run, small, command):
    assert run(command, small, "--json").out == run(command, small, "--from", "calm", "--json").out


def test_explain_can_change_the_situation(run, small):
    told = json.loads(run("explain", small, "--from", "hot", "--state", "pressure=none", "--json").out)
    calm = json.loads(run("explain", small, "--from", "calm", "--json").out)
    assert told["situation"] == calm["situation"]
    assert [o["move"] for o in told["conduct"]] == [o["move"] for o in calm["conduct"]]
    assert [o["worth"] for o in told["conduct"]] == pytest.approx([o["worth"] for o in calm["conduct"]])


@pytest.mark.parametrize("state", ["presure=none", "pressure=enormous", "pressure"])
def test_explain_names_a_wrong_factor_or_level(run, small, state):
    said = run("explain", small, "--from", "hot", "--state", state)
    assert said.code == 1
    assert state.split("=")[-1] in said.err or state.split("=")[0] in said.err


def test_explain_refuses_an_impossible_situation(run, small):
    said = run("explain", small, "--from", "hot", "--state", "valley=red")
    assert said.code == 1
    assert "impossible" in said.err


def test_the_same_seed_tells_the_same_history_and_another_a_different_one(run, small):
    def told(seed: int) -> list:
        return json.loads(run("simulate", small, "--from", "hot", "--seed", seed, "--json").out)["history"]

    assert told(1) == told(1)
    assert told(1) != told(2)


def test_a_history_is_in_order_dated_and_each_entry_says_what_changed(run, small):
    arguments = ("simulate", small, "--from", "hot", "--years", "20", "--seed", "3", "--begin", "2018-10-01")
    entries = json.loads(run(*arguments, "--json").out)["history"]
    years = [entry["years"] for entry in entries]
    assert years == sorted(years)
    assert all(re.match(r"\d\d [A-Z][a-z]+ 20\d\d$", entry["date"]) for entry in entries)
    assert all(re.search(r"(Now |Nothing changes|It ends)", entry["text"]) for entry in entries)
    said = run(*arguments)
    assert entries[0]["date"] in said.out


def test_a_history_cannot_outlast_the_calendar(run, small):
    said = run("simulate", small, "--from", "hot", "--years", "900", "--begin", "9999-12-31")
    assert said.code == 1
    assert "calendar" in said.err


def test_a_history_that_ends_says_how(run, small):
    ended = (
        entries
        for seed in range(40)
        if (
            entries := json.loads(
                run("simulate", small, "--from", "hot", "--years", "50", "--seed", seed, "--json").out
            )["history"]
        )
        and entries[-1]["outcome"]
    )
    last = next(ended)[-1]
    assert last["outcome"] == "war"
    assert last["text"].endswith("It ends: War.")


def paths(value: object, path: str = "") -> set[str]:
    """Paths of all leaves, entries of lists as [], names joined by a character that no name has."""
    if isinstance(value, dict):
        return {p for key, item in value.items() for p in paths(item, f"{path}\t{key}" if path else key)}
    if isinstance(value, list):
        return {p for item in value for p in paths(item, f"{path}[]")}
    return {path}


def matches(path: str, pattern: list[str]) -> bool:
    parts = path.split("\t")
    return len(parts) == len(pattern) and all(
        fnmatchcase(part, glob) for part, glob in zip(parts, pattern, strict=True)
    )
