"""Writing a scenario and reading it again gives the same scenario, whatever is in it."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from specimen import ARGUED, GOOD, KNOWN

from equipoise.scenario import Scenario, dump, load, loads, shipped
from equipoise.scenario.models import Actor, Claim, Event, Factor, Outcome, Parameter, Situation, Source, Term
from equipoise.scenario.starter import STARTER

PROSE = st.one_of(
    st.text(max_size=200),
    st.text("ab .:#-'\"\n{}[],&*!|>%@`?~", max_size=60),
    st.lists(st.sampled_from(["no", "yes", "a:", "# b", "-", "true", "1e3", "word", "it's", "é", "\t", "\u2028"])).map(
        " ".join
    ),
    st.sampled_from(
        ["null", "~", "1", "0x1", "1e3", "---", "...", "- a", "? a", "a: b", "a #b", " a", "a\n", "a\n\n b"]
    ),
)
TEXT = PROSE.filter(lambda text: text.strip() != "")
NAME = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,12}", fullmatch=True)
LEVEL = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,12}", fullmatch=True).filter(lambda name: name not in ("up", "down"))
NUMBER = st.floats(1e-12, 1e12)


def built(**changes: Any) -> Scenario:
    """A small scenario built in Python, not read from a file."""
    parts: dict[str, Any] = {
        "title": "Built",
        "actors": {"A": Actor(discount="rho", tempo="rho", noise="tau")},
        "factors": {"f": Factor(levels=("low", "high"), ordered=True)},
        "outcomes": {"end": Outcome(value=(Term(actor="A", cost="tau"),))},
        "parameters": {
            "rho": Parameter(value=0.1, unit="1/year", source="analyst's judgement"),
            "tau": Parameter(value=1, unit="util", source="analyst's judgement"),
        },
        "events": (
            Event(id="rise", rate="rho", when={"f": "low"}, set={"f": "up"}),
            Event(id="finish", rate="rho", when=[{"f": ["low", "high"]}], end="end"),
        ),
        "initial": {"now": Situation(state={"f": "low"})},
    }
    return Scenario.model_validate(parts | changes)


@pytest.mark.parametrize("text", [GOOD, ARGUED, KNOWN, STARTER, *(dump(load(name)) for name in shipped())])
def test_a_file_survives_writing_and_reading(text: str) -> None:
    scenario = loads(text)
    written = dump(scenario)
    assert loads(written) == scenario
    assert dump(loads(written)) == written


def test_a_scenario_built_in_python_survives() -> None:
    assert loads(dump(built())) == built()


def test_a_scenario_survives_pickling() -> None:
    assert pickle.loads(pickle.dumps(loads(GOOD))) == loads(GOOD)


@given(title=TEXT, about=PROSE, says=TEXT, cite=TEXT, url=PROSE, meaning=PROSE)
@settings(max_examples=100, deadline=None)
def test_any_prose_survives(title: str, about: str, says: str, cite: str, url: str, meaning: str) -> None:
    scenario = built(
        title=title,
        about=about,
        sources={"a": Source(cite=cite, url=url)},
        factors={"f": Factor(levels=("low", "high"), ordered=True, meaning={"low": meaning})},
        claims=(Claim(id="c", says=says, source=says),),
    )
    assert loads(dump(scenario)) == scenario


@given(value=NUMBER, horizon=st.floats(1e-3, 1000), levels=st.lists(LEVEL, min_size=1, unique=True), name=NAME)
@settings(max_examples=60, deadline=None)
def test_any_number_and_name_survives(value: float, horizon: float, levels: list[str], name: str) -> None:
    factor = {"f": Factor(levels=("low", "high"), ordered=True), f"x{name}": Factor(levels=levels)}
    parameters = dict(built().parameters) | {
        name + "1": Parameter(value=value, range=(0, value), unit="util", source="analyst's judgement")
    }
    start = {"f": "low", f"x{name}": levels[0]}
    scenario = built(horizon=horizon, factors=factor, parameters=parameters, initial={name: Situation(state=start)})
    assert loads(dump(scenario)) == scenario


def test_what_is_written_means_the_same_to_a_plain_yaml_reader_but_for_yes_and_no() -> None:
    written = yaml.safe_load(dump(loads(GOOD)))
    assert written["factors"]["talks"]["levels"] == [False, True], "a reader of YAML 1.1 takes no and yes for truth"
    assert written["parameters"]["rho"]["unit"] == "1/year"
    assert written["factors"]["year"]["levels"] == ["2001", "2002"]
    assert written["about"] == "Nobody is meant by it; every part of the language stands in it once."


def test_the_layout_is_for_readers() -> None:
    written = dump(loads(GOOD))
    assert max(map(len, written.splitlines())) <= 100
    assert "    when: {crisis: [none, mild], talks: no}\n" in written
    assert "  - id: bluff\n    about: bluffs\n    actor: capital\n" in written
    assert "tempo: pace" in written
    assert "dropped" not in written


def test_a_scenario_is_frozen_all_the_way_down() -> None:
    scenario = loads(GOOD)
    with pytest.raises(ValidationError):
        scenario.title = "x"  # type: ignore[misc]
    for refused in (
        lambda: scenario.actors.update({}),  # type: ignore[attr-defined]
        lambda: scenario.initial["spring"].state.pop("talks"),  # type: ignore[attr-defined]
        lambda: loads(ARGUED).claims[5].test.ranked.clear(),
        lambda: scenario.moves[0].when[0].__setitem__("talks", ("yes",)),  # type: ignore[index]
    ):
        with pytest.raises(TypeError, match="frozen"):
            refused()


def test_shipped_scenarios_load_by_name() -> None:
    for name, path in shipped().items():
        assert load(name) == load(path) == load(str(path))
