from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "claims"))

from hostile import HOSTILE, argued

from equipoise.claims.trial import CONVENTIONS
from equipoise.report import Evidence, gather, to_html


@pytest.fixture(scope="session")
def evidence() -> Evidence:
    found = gather(argued(), conventions=CONVENTIONS, command=f"equipoise report {HOSTILE}", ablation="verdicts")
    assert found is not None
    return found


@pytest.fixture(scope="session")
def report(evidence: Evidence, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report as a file."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(to_html(evidence), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's browser, in whatever container this runs."""
    found = shutil.which("chromium")
    if found is None and not os.environ.get("CI"):
        pytest.skip("no chromium: apt-get install chromium")
    return {**browser_type_launch_args, "executable_path": found, "args": ["--no-sandbox"]}
