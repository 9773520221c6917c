from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "claims"))

from arguments import claim, quarrel

from equipoise.claims.trial import CONVENTIONS
from equipoise.report import Evidence, gather, to_html
from equipoise.scenario.models import Scenario

HOSTILE = "</script><script>document.title='taken'</script><img src=x onerror=document.title='taken'> & | `code` *"
"""What a scenario must not be able to put into a page."""


def argued() -> Scenario:
    """A scenario with a claim of every verdict, and hostile text wherever text may stand."""
    scenario = quarrel(
        claim({"measure": {"risk": "war"}, "starts": "hot", "below": 0.5}, id="T1", judges=["A1"], source=HOSTILE),
        claim({"measure": {"value": "everyone"}, "higher": "as-written", "than": "meek"}, id="T2", says=HOSTILE),
        claim({"measure": {"exits": "quiet"}, "ranked": {"men": ["press"], "fate": ["border-incident"]}}, id="T3"),
        claim({"measure": {"road": "showdown", "through": "quiet"}, "starts": "hot", "above": 0.5}, id="T4"),
        claim({"measure": {"risk": "war"}, "lower": "no-retreat", "than": "as-written"}, id="T5"),
        {"id": "T6", "says": "It has no test."},
    )
    data = scenario.model_dump(exclude_defaults=True)
    data["title"] = f"A border quarrel {HOSTILE}"
    data["about"] = HOSTILE
    data["variants"]["meek"] = {"about": HOSTILE, "drop": ["press"]}
    data["actors"]["red"]["name"] = f"Redland {HOSTILE}"
    data["outcomes"]["war"]["name"] = f"war {HOSTILE}"
    data["sources"]["survey"]["cite"] = HOSTILE
    return Scenario.model_validate(data)


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
