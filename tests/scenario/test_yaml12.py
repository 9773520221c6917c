"""What unquoted text stands for: the core schema of YAML 1.2 (section 10.3.2 of its specification)."""

from __future__ import annotations

import math

import pytest

from equipoise.scenario.nodes import Place, find, parse, scalar

TEXT = ["yes", "no", "on", "off", "Yes", "NO", "y", "n", "1_000", "0b11", "2018-01-01", "12:30", "1.2.3", "+", "-", "."]
TEXT += ["e3", ".e3", "0o8", "0xg", "tRUE", "nULL", "Inf", "nan", "NaN", "+.nan", "--1", "1e", "1e+", "10 years"]


@pytest.mark.parametrize("text", TEXT)
def test_text_stays_text(text: str) -> None:
    assert scalar(text) == text


NUMBERS = {"0": 0, "-0": 0, "+7": 7, "007": 7, "0o17": 15, "0xfF": 255, "1.": 1.0, ".5": 0.5, "-.5": -0.5}
NUMBERS |= {"1e3": 1000.0, "1e-3": 0.001, "12E+2": 1200.0, "+1.5e2": 150.0, "0.1e1": 1.0}


@pytest.mark.parametrize(("text", "value"), NUMBERS.items())
def test_numbers_are_numbers(text: str, value: float) -> None:
    assert scalar(text) == value
    assert type(scalar(text)) is type(value)


def test_words_with_a_meaning() -> None:
    assert [scalar(word) for word in ("true", "True", "TRUE")] == [True] * 3
    assert [scalar(word) for word in ("false", "False", "FALSE")] == [False] * 3
    assert [scalar(word) for word in ("null", "Null", "NULL", "~", "")] == [None] * 5
    assert [scalar(word) for word in (".inf", "+.Inf", "-.INF")] == [math.inf, math.inf, -math.inf]
    assert math.isnan(float(scalar(".NaN") or 0))


def test_quotes_and_blocks_make_text_and_keys_are_always_text() -> None:
    root, problems = parse("1: '2'\ntrue: \"null\"\nx: |\n  3\nnull: [no, 0x10]\n", "a.yaml")
    assert problems == []
    assert root.plain() == {"1": "2", "true": "null", "x": "3\n", "null": ["no", 16]}


def test_every_value_knows_its_place() -> None:
    root, _ = parse("# comment\na:\n  - {id: x, b: [1, 2]}\n  - c:  éé\n", "a.yaml")
    assert find(root, ("a", 0, "b", 1)) == (Place("a.yaml", 3, 20), ("a", "x", "b", 1))
    assert find(root, ("a", "x", "b")) == (Place("a.yaml", 3, 13), ("a", "x", "b"))
    assert find(root, ("a", 1, "c")) == (Place("a.yaml", 4, 9), ("a", 1, "c"))
    assert find(root, ("a", 1, "c"), of_key=True) == (Place("a.yaml", 4, 5), ("a", 1, "c"))
    assert find(root, ("a", 1, "d", "e"), of_key=True) == (Place("a.yaml", 4, 5), ("a", 1))
    assert find(root, ("z",)) == (Place("a.yaml", 2, 1), ())
