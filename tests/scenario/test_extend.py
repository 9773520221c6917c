"""Files that extend others: what is merged, what is taken out, what is refused, and where problems are reported."""

from __future__ import annotations

from pathlib import Path

import pytest
from specimen import GOOD

from equipoise.errors import Problem, ScenarioError
from equipoise.scenario import Scenario, load, loads, shipped


def extended(folder: Path, text: str, base: str = GOOD) -> Scenario:
    (folder / "base.yaml").write_text(base)
    (folder / "child.yaml").write_text(f"extend: base.yaml\n{text}")
    return load(folder / "child.yaml")


def refused(folder: Path, text: str, base: str = GOOD) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as raised:
        extended(folder, text, base)
    return raised.value.problems


def test_a_file_that_changes_nothing_is_the_base(tmp_path: Path) -> None:
    assert extended(tmp_path, "") == loads(GOOD)


def test_a_field_given_anew_leaves_the_others(tmp_path: Path) -> None:
    parameter = extended(tmp_path, "parameters: {face: {value: 1.5}}").parameters["face"]
    assert parameter == loads(GOOD).parameters["face"].model_copy(update={"value": 1.5})


def test_new_entries_stand_after_the_old(tmp_path: Path) -> None:
    scenario = extended(
        tmp_path,
        "title: Two\nregimes: {storm: {when: {crisis: acute}}}\n"
        "events:\n  - {id: thunder, rate: spark, when: {crisis: mild}, set: {crisis: up}}\n"
        "payoffs:\n  - {actor: Borland, gain: pride, when: {talks: yes}}\n",
    )
    assert scenario.title == "Two"
    assert list(scenario.regimes) == ["peace", "storm"]
    assert [event.id for event in scenario.events] == ["spark", "cool", "election", "thunder"]
    assert len(scenario.payoffs) == 3


def test_an_entry_with_a_known_id_is_changed_in_its_place(tmp_path: Path) -> None:
    scenario = extended(
        tmp_path,
        "moves:\n  - {id: strike, when: {crisis: acute, talks: no}}\n"
        "payoffs:\n  - {id: fear, gain: pride}\n"
        "outcomes: {war: {value: [{id: loss, when: {}}, {actor: Doves, gain: face}]}}\n",
    )
    assert [move.id for move in scenario.moves] == ["bluff", "strike", "talk", "boast"]
    strike = scenario.moves[1]
    assert strike.when == ({"crisis": ("acute",), "talks": ("no",)},)
    assert strike.then == loads(GOOD).moves[1].then
    assert (scenario.payoffs[0].gain, scenario.payoffs[0].cost) == ("pride", None)
    terms = scenario.outcomes["war"].value
    assert len(terms) == 3
    assert terms[1].when == ({},)


def test_a_new_effect_takes_the_place_of_the_old(tmp_path: Path) -> None:
    strike = extended(tmp_path, "moves:\n  - {id: strike, end: war}\n").moves[1]
    assert (strike.end, strike.then) == ("war", ())


def test_tables_merge_row_by_row(tmp_path: Path) -> None:
    scenario = extended(
        tmp_path,
        "factors: {talks: {levels: [no, yes, stuck]}, crisis: {meaning: {mild: words fly}}}\n"
        "initial: {spring: {state: {talks: stuck}, because: {talks: {says: they walked out, source: paper}}}}\n",
    )
    assert scenario.initial["spring"].state == {"office": "dove", "crisis": "none", "talks": "stuck", "year": "2001"}
    assert list(scenario.initial["spring"].because) == ["office", "talks"]
    assert set(scenario.factors["crisis"].meaning) == {"none", "mild", "acute"}


def test_impossible_combinations_add_up(tmp_path: Path) -> None:
    assert len(extended(tmp_path, "impossible: {talks: yes, year: 2001, office: hawk}").impossible) == 2


def test_what_is_removed_is_gone_and_can_be_written_anew(tmp_path: Path) -> None:
    scenario = extended(
        tmp_path,
        "remove: {moves: [bluff], variants: no-bluff, payoffs: fear, parameters: [rest]}\n"
        "moves:\n  - {id: bluff, actor: Hawks, when: {crisis: none}, set: {crisis: up}}\n"
        "parameters: {rest: {value: 2, unit: weight, source: book}}\n",
    )
    assert [move.id for move in scenario.moves] == ["strike", "talk", "boast", "bluff"]
    assert scenario.moves[-1].times == ()
    assert scenario.parameters["rest"].about is None
    assert len(scenario.payoffs) == 1
    assert not scenario.variants


def test_a_chain_of_files_in_folders_below(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "base.yaml").write_text(GOOD)
    (tmp_path / "old" / "first.yaml").write_text("extend: base.yaml\ntitle: First\nhorizon: 5 years")
    (tmp_path / "second.yaml").write_text("extend: old/first.yaml\ntitle: Second\n")
    scenario = load(tmp_path / "second.yaml")
    assert (scenario.title, scenario.horizon) == ("Second", 5)


def test_shipped_scenarios_can_be_extended_from_files_and_texts(tmp_path: Path) -> None:
    for name in shipped():
        (tmp_path / "mine.yaml").write_text(f"extend: {name}\ntitle: Mine\n")
        mine = load(tmp_path / "mine.yaml")
        assert mine == loads(f"extend: {name}\ntitle: Mine\n") == load(name).model_copy(update={"title": "Mine"})


def test_problems_are_reported_in_the_file_they_stand_in(tmp_path: Path) -> None:
    base = GOOD.replace("cost: face\n    times", "cost: fase\n    times")
    problems = refused(tmp_path, "parameters:\n  ruin: {value: 99}\nmoves:\n  - {id: talk, wen: {}}\n", base)
    assert [(Path(problem.file or "").name, problem.line, problem.column) for problem in problems] == [
        ("base.yaml", 82, 11),
        ("child.yaml", 3, 17),
        ("child.yaml", 5, 16),
    ]


@pytest.mark.parametrize(
    ("text", "found", "line"),
    [
        ("remove: [moves]", "a list under remove", 2),
        ("remove: {move: [bluff]}", "unknown section 'move'", 2),
        ("remove: {moves: [bluf]}", "'bluf'", 2),
        ("remove: {moves: [{id: bluff}]}", "a mapping", 2),
        ("remove: {claims: [T2]}", "'T2'", 2),
        ("moves:\n  - {id: x, actor: Hawks, end: war}\n  - {id: x, actor: Hawks, end: war}", "second move", 4),
        ("parameters: {new: {value: 1}}", "no `unit`", 2),
        ("moves: {talk: {cost: face}}", "a mapping", 2),
        ("extend: base.yaml", "'extend' for the second time", 2),
    ],
)
def test_a_bad_change_is_located(tmp_path: Path, text: str, found: str, line: int) -> None:
    problems = [problem for problem in refused(tmp_path, text) if found in problem.found]
    assert problems, "not found"
    assert problems[0].line == line
    assert Path(problems[0].file or "").name == "child.yaml"


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ("missing.yaml", "no such file"),
        ("../outside.yaml", "out of the folder"),
        ("below/../../outside.yaml", "out of the folder"),
        ("/etc/passwd", "an absolute path"),
        ("~/outside.yaml", "an absolute path"),
        ("link.yaml", "out of the folder"),
        ("circle.yaml", "circle"),
        ("below", "not a file"),
        (".", "not a file"),
        ("child.yaml", "a circle"),
        ("'\\0'", "null character"),
        ("nowhere", "no such file"),
        ("''", "the text ''"),
        ("[]", "a list"),
        ("[[child.yaml]]", "a list"),
        ("[child.yaml]", "a circle"),
        ("7", "the number 7"),
        ("a" * 3000, "too long"),
    ],
)
def test_what_cannot_be_extended(tmp_path: Path, target: str, found: str) -> None:
    folder = tmp_path / "scenarios"
    (folder / "below").mkdir(parents=True)
    (tmp_path / "outside.yaml").write_text(GOOD)
    (folder / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (folder / "circle.yaml").symlink_to(folder / "circle.yaml")
    (folder / "child.yaml").write_text(f"extend: {target}\n".replace("'\\0'", '"\\0"'))
    with pytest.raises(ScenarioError) as raised:
        load(folder / "child.yaml")
    (problem,) = raised.value.problems
    assert found in problem.found
    assert (Path(problem.file or "").name, problem.line, problem.path) == ("child.yaml", 1, ("extend",))


def test_files_that_extend_one_another_in_a_circle(tmp_path: Path) -> None:
    for here, there in ("ab", "bc", "ca"):
        (tmp_path / f"{here}.yaml").write_text(f"title: {here}\nextend: {there}.yaml\n")
    with pytest.raises(ScenarioError, match=r"c\.yaml:2:9: extend: A circle"):
        load(tmp_path / "a.yaml")


def test_a_chain_can_be_too_long(tmp_path: Path) -> None:
    (tmp_path / "f0.yaml").write_text(GOOD)
    for i in range(12):
        (tmp_path / f"f{i + 1}.yaml").write_text(f"extend: f{i}.yaml\n")
    assert load(tmp_path / "f9.yaml") == loads(GOOD)
    with pytest.raises(ScenarioError, match="More than 10 files"):
        load(tmp_path / "f12.yaml")


def split(folder: Path) -> None:
    """The specimen as three files by theme and one that holds the rest."""
    parts: dict[str, list[str]] = {"head": []}
    theme = "head"
    for line in GOOD.splitlines(keepends=True):
        if line[0] not in " \n#":
            section = line.split(":")[0]
            theme = section if section in ("moves", "events", "parameters") else "head"
        parts.setdefault(theme, []).append(line)
    (folder / "themes").mkdir()
    for theme, lines in parts.items():
        (folder / "themes" / f"{theme}.yaml").write_text("".join(lines))


def test_a_scenario_may_be_written_by_theme(tmp_path: Path) -> None:
    split(tmp_path)
    names = ["head", "moves", "events", "parameters"]
    listed = ", ".join(f"themes/{name}.yaml" for name in names)
    (tmp_path / "whole.yaml").write_text(f"extend: [{listed}]\n")
    assert load(tmp_path / "whole.yaml") == loads(GOOD)


def test_a_fault_in_a_theme_is_told_with_its_file(tmp_path: Path) -> None:
    split(tmp_path)
    moves = tmp_path / "themes" / "moves.yaml"
    moves.write_text(moves.read_text().replace("actor: capital", "actor: capitol", 1))
    assert "capitol" in moves.read_text()
    (tmp_path / "whole.yaml").write_text(
        "extend: [themes/head.yaml, themes/moves.yaml, themes/events.yaml, themes/parameters.yaml]\n"
    )
    with pytest.raises(ScenarioError, match=r"themes/moves\.yaml:\d+"):
        load(tmp_path / "whole.yaml")


def test_the_last_of_a_list_has_the_last_word(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "slow.yaml").write_text("parameters: {pace: {value: 1}}\n")
    (tmp_path / "fast.yaml").write_text("parameters: {pace: {value: 9}}\n")
    (tmp_path / "a.yaml").write_text("extend: [good.yaml, slow.yaml, fast.yaml]\n")
    assert load(tmp_path / "a.yaml").parameters["pace"].value == 9


def test_no_file_is_extended_twice(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "b.yaml").write_text("extend: good.yaml\n")
    (tmp_path / "a.yaml").write_text("extend:\n  - good.yaml\n  - b.yaml\n")
    with pytest.raises(ScenarioError, match=r"b\.yaml:1:9: extend: 'good\.yaml', which is extended already"):
        load(tmp_path / "a.yaml")


def test_a_scenario_has_a_limit_of_files(tmp_path: Path) -> None:
    names = [f"f{i}.yaml" for i in range(60)]
    for name in names:
        (tmp_path / name).write_text("title: A part\n")
    (tmp_path / "a.yaml").write_text(f"extend: [{', '.join(names)}]\n")
    with pytest.raises(ScenarioError, match="More than 50 files"):
        load(tmp_path / "a.yaml")


def test_a_text_extends_shipped_scenarios_only() -> None:
    with pytest.raises(ScenarioError, match=r"No shipped scenario 'base\.yaml'"):
        loads("extend: base.yaml\n")
