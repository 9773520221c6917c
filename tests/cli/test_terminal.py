from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from equipoise.cli.grid import grid
from equipoise.cli.terminal import Terminal, time_left, write_file, write_files

HEAVY = ("numpy", "scipy", "numba", "pydantic", "yaml", "altair", "vl_convert")


def program(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from equipoise.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ | environment, check=False)


def test_help_takes_less_than_half_a_second():
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert program("--help").returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5


def test_the_command_line_imports_nothing_heavy_before_a_command_needs_it():
    code = "import sys, equipoise.cli; print([name for name in sys.argv[1:] if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code, *HEAVY], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_the_version_is_that_of_the_package():
    from importlib.metadata import version

    assert program("--version").stdout.strip() == f"equipoise {version('equipoise')}"


@pytest.mark.parametrize(("arguments", "environment"), [(("--no-color",), {}), ((), {"NO_COLOR": "1"})])
def test_colour_can_be_declined(arguments, environment, small):
    coloured = program("check", "nowhere.yaml", FORCE_COLOR="1", NO_COLOR="")
    plain = program(*arguments, "check", "nowhere.yaml", FORCE_COLOR="1", **environment)
    assert "\x1b[1;31m" in coloured.stderr
    assert "\x1b[1;31m" not in plain.stderr
    assert "31m" not in plain.stderr


def test_where_a_table_has_no_room_it_is_told_row_by_row(capsys):
    def said(width: int) -> str:
        table = grid("from", "all the roads to war", "calm")
        table.add("autumn", "2.5%\nabout 1 in 41", "1")
        table.print(Terminal(Console(width=width), Console(stderr=True)))
        return capsys.readouterr().out

    assert "all the roads to war   calm" in said(60)
    assert [line.rstrip() for line in said(24).splitlines()] == [
        "autumn", "      all the roads to", "      war: 2.5%, about 1", "      in 41", "      calm: 1"
    ]  # fmt: skip


def test_a_reader_that_stops_early_causes_no_traceback(small):
    command = f"{sys.executable} -c 'from equipoise.cli import main; main()' read {small} | head -n 1"
    said = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in said.stderr


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    file = tmp_path / "result.json"
    file.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_file(file, b"new")
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["result.json"]


def test_files_are_as_readable_as_the_umask_allows(tmp_path):
    mask = os.umask(0o022)
    try:
        written = write_files(tmp_path / "new", {"a": b"1", "b": b"2"})
    finally:
        os.umask(mask)
    assert [path.read_bytes() for path in written] == [b"1", b"2"]
    assert all(path.stat().st_mode & 0o777 == 0o644 for path in written)


def test_progress_is_silent_where_nobody_watches(capsys):
    with Terminal.open().progress() as report:
        report("states", 10)
        report("solving", 0.5)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("spent", "begun", "done", "told"),
    [
        (60, 0.0, 0.25, ", about 3 min left"),
        (60, 0.5, 0.75, ", about 60 s left"),
        (10, 0.0, 0.999, ", about 1 s left"),
        (2, 0.0, 0.5, ""),
        (60, 0.0, 0.0, ""),
        (60, 0.0, 1.0, ""),
    ],
)
def test_the_time_left_is_told_once_it_can_be_known(spent, begun, done, told):
    assert time_left(spent, begun, done) == told
