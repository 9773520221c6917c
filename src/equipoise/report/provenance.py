"""Where a report comes from: program, file, commit of its ranges, command."""

from __future__ import annotations

import hashlib
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from equipoise.scenario.models import Scenario
from equipoise.scenario.writing import dump


@dataclass(frozen=True)
class Provenance:
    """What somebody else needs to get the same numbers."""

    version: str
    scenario: str
    """SHA-256 of the scenario as the program writes it, with all it extends."""
    file: str
    commit: str
    """Last commit that changed the file, whose ranges and priors it fixes; empty outside version control."""
    committed: str
    """When that was, as the commit says."""
    changed: bool
    """Whether the file differs from that commit, so that its ranges are not fixed by it."""
    command: str
    seed: int


def provenance(scenario: Scenario, path: Path | None, *, command: str, seed: int) -> Provenance:
    """The provenance of a scenario read from a file; what git does not know is left empty."""
    digest = hashlib.sha256(dump(scenario).encode()).hexdigest()
    commit, _, committed = _git(path, "log", "-1", "--format=%H %cs").partition(" ")
    changed = bool(commit) and bool(_git(path, "status", "--porcelain"))
    name = path.name if path is not None else ""
    return Provenance(version("equipoise"), digest, name, commit, committed, changed, command, seed)


def _git(path: Path | None, *arguments: str) -> str:
    """What git says about a file; empty if there is no git, or the file is in no repository."""
    if path is None:
        return ""
    asked = ["git", "-C", str(path.resolve().parent), *arguments, "--", path.resolve().name]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told.stdout.strip() if told.returncode == 0 else ""
