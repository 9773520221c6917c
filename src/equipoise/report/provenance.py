"""Where a report comes from: program, files, commit of their ranges, command."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from equipoise.scenario.models import Scenario
from equipoise.scenario.reading import files
from equipoise.scenario.writing import dump


@dataclass(frozen=True)
class Provenance:
    """What somebody else needs to get the same numbers."""

    version: str
    scenario: str
    """SHA-256 of the scenario as the program writes it, with all it extends."""
    file: str
    """Name of the scenario's own file."""
    commit: str
    """Last commit that changed one of the scenario's files, whose ranges and priors it fixes; empty outside version
    control."""
    committed: str
    """When that was, as the commit says."""
    changed: bool
    """Whether one of the files differs from that commit, so that its ranges are not fixed by it."""
    command: str
    seed: int


def provenance(scenario: Scenario, path: Path | None, *, command: str, seed: int) -> Provenance:
    """The provenance of a scenario read from a file and those that it extends; what git does not know is left empty."""
    digest = hashlib.sha256(dump(scenario).encode()).hexdigest()
    read = files(path) if path is not None else ()
    commit, _, committed = _git(read, "log", "-1", "--format=%H %cs").partition(" ")
    changed = bool(commit) and bool(_git(read, "status", "--porcelain"))
    name = path.name if path is not None else ""
    return Provenance(version("equipoise"), digest, name, commit, committed, changed, command, seed)


def _git(paths: Sequence[Path], *arguments: str) -> str:
    """What git says about files; empty if there is no git, or the first of them is in no repository."""
    if not paths:
        return ""
    folder = paths[0].parent
    known = [str(path) for path in paths if path.is_relative_to(folder)]  # what is shipped may lie elsewhere
    asked = ["git", "-C", str(folder), *arguments, "--", *known]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return told.stdout.strip() if told.returncode == 0 else ""
