from __future__ import annotations

import json
import re
from pathlib import Path

import pytest


def test_list_names_every_shipped_scenario_with_its_title_and_starts(run):
    scenarios = json.loads(run("list", "--json").out)["scenarios"]
    assert "northeast-asia" in [scenario["name"] for scenario in scenarios]
    said = run("list")
    assert said.code == 0
    for scenario in scenarios:
        assert scenario["name"] in said.out
        assert scenario["starts"]


def test_what_new_writes_is_a_scenario_without_faults(run, tmp_path):
    file = tmp_path / "mine.yaml"
    assert run("new", file).code == 0
    checked = run("check", file, "--quick")
    assert checked.code == 0
    assert "No errors." in checked.out
    assert run("new").out == file.read_text()


def test_new_names_the_file_that_it_cannot_write(run, tmp_path):
    said = run("new", tmp_path / "no" / "such" / "mine.yaml")
    assert said.code == 4
    assert f"{tmp_path / 'no' / 'such' / 'mine.yaml'}: No such file or directory" in said.err


def test_new_leaves_a_file_alone_that_is_there_already(run, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("precious")
    said = run("new", file)
    assert said.code == 1
    assert "there already" in said.err
    assert file.read_text() == "precious"


def test_check_prints_every_problem_with_file_line_found_and_right(run, small, tmp_path):
    text = small.read_text().replace("discount: patience", "discount: patienc", 1).replace("end: war", "end: wor")
    broken = tmp_path / "broken.yaml"
    broken.write_text(text)
    said = run("check", broken)
    assert said.code == 1
    for line, wrong, right in (
        (_line(text, "discount: patienc\n"), "patienc", "patience"),
        (_line(text, "end: wor"), "wor", "war"),
    ):
        assert f"{broken}:{line}" in said.err
        assert wrong in said.err
        assert f"did you mean '{right}'?" in said.err
    assert "2 errors" in said.err
    assert "Traceback" not in said.err


def test_errors_can_be_had_as_json(run, small, tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text(small.read_text().replace("end: war", "end: wor"))
    said = run("check", broken, "--json")
    assert said.code == 1
    (error,) = [problem for problem in json.loads(said.out)["errors"] if problem["severity"] == "error"]
    assert (error["line"], error["suggestion"]) == (_line(broken.read_text(), "end: wor"), "war")


def test_check_tells_what_each_end_is_worth_and_warns_of_tempting_ones(run, small, tmp_path):
    said = run("check", small)
    assert said.code == 0
    assert "years" in said.out
    tempting = tmp_path / "tempting.yaml"
    tempting.write_text(
        small.read_text().replace("actor: everyone\n        cost: ruin", "actor: red\n        gain: ruin")
    )
    warned = run("check", tempting)
    assert "red would rather have war than go on from calm" in warned.err
    assert f"{tempting}:{_line(tempting.read_text(), '    value:')}" in warned.err
    told = json.loads(run("check", tempting, "--json").out)
    assert {entry["actor"] for entry in told["worth"] if entry["best"] > 0} >= {"red"}
    assert [warning["severity"] for warning in told["warnings"]].count("warning") >= 1


def test_check_quick_does_not_solve(run, small, monkeypatch):
    monkeypatch.setattr("equipoise.cli.checking.solve", lambda *_, **__: pytest.fail("it solved"))
    assert run("check", small, "--quick").code == 0


def test_read_numbers_every_line_and_leaves_no_section_out(run, small):
    said = run("read", small)
    sections = json.loads(run("read", small, "--json").out)["sections"]
    for k, section in enumerate(sections, start=1):
        assert f"{k}  {section['title']}" in said.out
        for j in range(1, len(section["lines"]) + 1):
            assert f"\n{k}.{j} " in said.out


def test_the_schema_is_json_and_can_be_written_to_a_file(run, tmp_path):
    file = tmp_path / "schema.json"
    assert run("schema", file).code == 0
    schema = json.loads(run("schema").out)
    assert schema == json.loads(file.read_text())
    assert "$defs" in schema or "properties" in schema


def _line(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_paths_may_have_spaces_and_letters_of_any_alphabet(run, small, tmp_path):
    folder = tmp_path / "große Lage"
    folder.mkdir()
    file = Path(folder / "страна.yaml")
    file.write_text(small.read_text())
    assert run("check", file, "--quick").code == 0


def test_mechanisms_leads_from_the_argument_to_the_lines_and_back(run):
    told = json.loads(run("mechanisms", "northeast-asia", "--json").out)
    found = {one["id"]: one for one in told["mechanisms"]}
    assert found["C3"]["says"].startswith("An ambiguous pledge")
    assert ["moves", "back-down-behind-pledge"] in [line["path"] for line in found["C3"]["lines"]]
    assert found["G2"]["lines"] == []
    assert found["G2"]["claims"] == ["T8", "T9"]
    pairs = {(one["id"], line["file"], line["line"]) for one in told["mechanisms"] for line in one["lines"]}
    assert pairs == {(name, line["file"], line["line"]) for line in told["lines"] for name in line["ids"]}
    for line in told["lines"]:
        text = Path(line["file"]).read_text().splitlines()[line["line"] - 1 :]
        ids = ", ".join(line["ids"])
        assert re.match(r" +- (\{|id: |actor: |when: )", text[0])
        assert f"implements: [{ids}]" in "".join(text[:40])


def test_mechanisms_in_the_terminal_names_file_and_line(run):
    said = run("mechanisms", "northeast-asia")
    assert said.code == 0
    assert re.search(r"washington\.yaml:\d+ +back down behind pledge: Washington drops its threats", said.out)
    assert "judged by" in said.out


def test_mechanisms_shows_what_nothing_stands_for(run, small, tmp_path):
    file = tmp_path / "bare.yaml"
    file.write_text(re.sub(r"implements: .*", "", small.read_text()))
    said = run("mechanisms", file)
    assert said.code == 0
    assert "Nothing stands for it." in said.out
    file.write_text(re.sub(r"argument:\n(  .*\n)+", "", file.read_text()))
    assert "argues nothing" in run("mechanisms", file).out
