from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.ensemble import Plan, run
from equipoise.scenario.models import Scenario
from equipoise.scenario.reading import load
from strait import DRAWS, write


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("scenario"))


@pytest.fixture(scope="session")
def scenario(file: Path) -> Scenario:
    return load(str(file))


@pytest.fixture(scope="session")
def plan(scenario: Scenario) -> Plan:
    return Plan(scenario, cold=0.2)


@pytest.fixture(scope="session")
def whole(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one process makes of the plan when nothing comes between."""
    folder = tmp_path_factory.mktemp("whole") / "ensemble"
    run(plan, folder, DRAWS, unit=8)
    return folder
