from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from equipoise.cli import main
from equipoise.scenario.writing import dump
from small import small_scenario


class Said(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Run the program in this process: exit code, standard output, standard error."""

    def said(*arguments: object) -> Said:
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        code = left.value.code
        return Said(0 if code is None else int(code), *capsys.readouterr())

    return said


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small scenario in a file."""
    path = tmp_path_factory.mktemp("scenario") / "small.yaml"
    path.write_text(dump(small_scenario()))
    return path
