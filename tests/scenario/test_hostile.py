"""No input whatever gives anything but a scenario or a `ScenarioError`, in bounded time and memory."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from specimen import GOOD, KNOWN

from equipoise.errors import ScenarioError
from equipoise.scenario import load, loads
from equipoise.scenario.nodes import MAX_NODES

MB = 1_000_000
SECONDS = 10.0
"""Far more than any of these takes alone, since other work may share the machine."""


def harmless(source: str | bytes) -> str:
    """What is said about an input, "" if it is in order; anything but a `ScenarioError` passes through."""
    started = time.process_time()
    try:
        loads(source)
        told = ""
    except ScenarioError as error:
        told = str(error) or "no problem named"
    assert time.process_time() - started < SECONDS
    return told


def bomb() -> str:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    return "\n".join(rows) + "\n"


HUGE = {
    "alias bomb": (bomb(), "anchor &a0"),
    "recursive alias": ("a: &a [*a]\n", "alias *a"),
    "many aliases": ("a: &a x\nb: [" + "*a," * MB, "alias *a"),
    "deep brackets": ("[" * 100_000, "30 levels"),
    "deep mappings": ("{a: " * 100_000, "30 levels"),
    "deep blocks": ("- " * 100_000, "30 levels"),
    "deep indentation": ("\n".join(" " * i + "a:" for i in range(2000)), "30 levels"),
    "deep in a scenario": (GOOD + "about2: " + "[" * 100_000, "30 levels"),
    "keys in keys": ("? " * 100_000, "itself a mapping"),
    "many entries": ("a: [" + "b," * (2 * MB), f"{MAX_NODES:,} entries"),
    "many keys": ("".join(f"k{i}: 1\n" for i in range(350_000)), f"{MAX_NODES:,} entries"),
    "one key often": ("a: 1\n" * 800_000, "second time"),
    "many documents": ("---\n" * MB, "second document"),
    "many tags": ("[" + "!x y," * 800_000, "a tag"),
    "one long word": ("x" * (4 * MB), "instead of a scenario"),
    "one long number": (GOOD.replace("value: 30", "value: " + "9" * (4 * MB)), "value"),
    "one long title": (GOOD.replace("A specimen", "x" * (4 * MB)), "4,000,000 characters"),
    "one long name": (GOOD.replace("actor: Borland", "actor: " + "x" * 1000), "characters"),
    "open quote": ('title: "' + "x" * (4 * MB), "not YAML"),
    "blank": (" \n" * (2 * MB), "empty"),
    "comments": ("#\n" * (2 * MB), "empty"),
    "null bytes": ("\0" * MB, "U+0000"),
    "half a surrogate": ("title: \ud800\n", "not UTF-8"),
    "escaped surrogate": ('title: "\\ud800"\n', "not YAML"),
    "too much text": ("#" * (6 * MB), "5 MB"),
    "many unknown names": (
        GOOD.replace("payoffs:\n", "payoffs:\n" + "  - {actor: nobody, cost: nothing}\n" * 30_000),
        "no actor or seat is called 'nobody'",
    ),
    "many near names": (
        GOOD.replace(
            "parameters:\n",
            "parameters:\n"
            + "".join(f"  parameter-{i}: {{value: 1, unit: util, source: book}}\n" for i in range(20_000)),
        ).replace("payoffs:\n", "payoffs:\n" + "  - {actor: Doves, cost: paremeter-1}\n" * 5_000),
        "no parameter is called 'paremeter-1'",
    ),
    "many unknown keys": (GOOD + "".join(f"unknown-{i}: {{a: b}}\n" for i in range(30_000)), "unknown key 'unknown-0'"),
    "many starts and impossible combinations": (
        GOOD.replace("impossible:\n", "impossible:\n" + "  - {office: dove, crisis: acute}\n" * 20_000).replace(
            "initial:\n",
            "initial:\n"
            + "".join(
                f"  s{i}: {{state: {{office: dove, crisis: none, talks: no, year: 2001}}}}\n" for i in range(5000)
            ),
        ),
        "5,001 starts and 20,001 impossible combinations",
    ),
}


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_input_is_answered_soon(name: str) -> None:
    text, found = HUGE[name]
    assert found.lower() in harmless(text).lower()


def test_ten_to_the_twelve_states_are_no_matter_for_reading() -> None:
    factors = "".join(f"  f{i}: {{levels: [a, b, c, d]}}\n" for i in range(20))
    state = "".join(f", f{i}: a" for i in range(20))
    change = "".join(f"  - {{id: m{i}, actor: Doves, when: {{f{i}: a}}, set: {{f{i}: b}}}}\n" for i in range(20))
    text = GOOD.replace("  office:\n    levels", factors + "  office:\n    levels").replace(
        "moves:\n", "moves:\n" + change
    )
    assert harmless(text.replace("year: 2001}\n", f"year: 2001{state}}}\n")) == ""


def test_three_thousand_lines_load_within_a_second() -> None:
    event = (
        "  - id: event-{i}\n    when: {{crisis: [none, mild], talks: no}}\n    rate: spark\n    set: {{crisis: up}}\n"
    )
    text = GOOD.replace("events:\n", "events:\n" + "".join(event.format(i=i) for i in range(720)))
    assert text.count("\n") > 3000
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        loads(text)
        best = min(best, time.process_time() - started)
    assert best < 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_of_unicode_with_a_mark_are_read(tmp_path: Path, encoding: str) -> None:
    text = GOOD.replace("A specimen", "Ein Muster für 東京 ☂")
    (tmp_path / "a.yaml").write_bytes(text.encode(encoding))
    assert load(tmp_path / "a.yaml").title == "Ein Muster für 東京 ☂"
    assert load(tmp_path / "a.yaml") == loads(text.replace("\n", "\r\n"))


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (GOOD.replace("A specimen", "Müster").encode("latin-1"), "0xFC, which is not UTF-8"),
        (GOOD.encode("utf-16-le"), "U+0000"),
        (GOOD.encode("utf-16")[:-1], "not UTF-16"),
        (GOOD.encode("utf-32"), "U+0000"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not UTF-8"),
        (b"PK\x03\x04", "U+0003"),
        (b"", "empty"),
    ],
)
def test_other_bytes_are_refused_with_their_place(tmp_path: Path, data: bytes, found: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(data)
    with pytest.raises(ScenarioError) as raised:
        load(path)
    assert found in raised.value.problems[0].found
    assert raised.value.problems[0].file == str(path)
    assert raised.value.problems[0].line is not None


def test_a_byte_that_is_no_text_is_found_in_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(GOOD.replace("A specimen", "A sp\xe9cimen").encode("latin-1"))
    with pytest.raises(ScenarioError, match=r"a\.yaml:2:12: The byte 0xE9"):
        load(tmp_path / "a.yaml")


def test_what_is_no_readable_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    with (tmp_path / "big.yaml").open("wb") as big:
        big.truncate(50 * MB)
    cases = {
        tmp_path: "not a file",
        tmp_path / "pipe.yaml": "not a file",
        tmp_path / "loop.yaml": "too many levels of symbolic links",
        tmp_path / "big.yaml": "more than 5 MB",
        tmp_path / "none.yaml": "no such file",
        tmp_path / "big.yaml" / "x": "not a directory",
        Path("/dev/zero"): "not a file",
        Path("a\0b.yaml"): "null",
        Path("x" * 5000): "too long",
    }
    for path, found in cases.items():
        with pytest.raises(ScenarioError) as raised:
            load(path)
        assert found in raised.value.problems[0].found, path


def test_an_unknown_name_is_met_with_the_nearest_shipped_one() -> None:
    with pytest.raises(ScenarioError, match=r"No scenario 'northeast-asai'.*'northeast-asia'"):
        load("northeast-asai")
    for name in ("", "\0", "~", "x" * 5000, "\ud800"):
        with pytest.raises(ScenarioError):
            load(name)


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_random_bytes(data: bytes) -> None:
    harmless(data)


@given(st.text(max_size=200) | st.text("ab:-,[]{}#&*!|>'\"%@`?~ \n\t0.1e", max_size=200))
@settings(max_examples=250, deadline=None)
def test_random_text(text: str) -> None:
    harmless(text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(KNOWN.split()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_random_values_in_random_places(data: st.DataObject) -> None:
    lines = KNOWN.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        row = data.draw(st.integers(0, len(lines) - 1))
        key, colon, _ = lines[row].partition(":")
        if colon:
            lines[row] = f"{key}: {flow(data.draw(VALUES))}"
    harmless("\n".join(lines))


@given(st.data())
@settings(max_examples=250, deadline=None)
def test_random_mutations_of_a_good_file(data: st.DataObject) -> None:
    text = KNOWN
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        stop = min(len(text), start + data.draw(st.integers(0, 60)))
        other = data.draw(st.integers(0, len(KNOWN) - 1))
        piece = data.draw(
            st.sampled_from(["", KNOWN[other : other + 30], "x", "{", "[", "&a ", "*a", "- ", ": ", "\n", "1"])
        )
        text = text[:start] + piece + text[stop:]
    harmless(text)


def flow(value: object) -> str:
    """A value as YAML in one line, good enough for bad examples."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return "" if value is None else str(value)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_random_extensions_of_a_good_file(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("extend")
    (folder / "base.yaml").write_text(GOOD)
    sections = ["moves", "payoffs", "parameters", "factors", "outcomes", "initial", "impossible", "remove", "title"]
    child = data.draw(st.dictionaries(st.sampled_from(sections), VALUES, max_size=4))
    (folder / "child.yaml").write_text(
        "extend: base.yaml\n" + "".join(f"{key}: {flow(value)}\n" for key, value in child.items()),
        encoding="utf-8",
        errors="replace",
    )
    with contextlib.suppress(ScenarioError):
        load(folder / "child.yaml")
