"""The one place where names of the scenario meet names of the record.

When a factor, move or event of the scenario is renamed, this file changes and nothing else. Whatever names a thing that
the scenario no longer has is reported by `unknown_names`, never passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from equipoise.errors import nearest
from equipoise.scenario.models import Scenario


@dataclass(frozen=True)
class Aspect:
    """A dimension of the coded record and the factor of the scenario that is the same thing."""

    dimension: str
    factor: str
    levels: Mapping[str, str] = field(default_factory=dict)
    """Level of the record -> level of the factor, where they differ."""

    def level(self, recorded: str) -> str:
        """The factor's level for a recorded one."""
        return self.levels.get(recorded, recorded)


ASPECTS = (
    Aspect("arsenal", "arsenal"),
    Aspect("conduct", "conduct"),
    Aspect("pledge", "pledge"),
    Aspect("credit", "credit"),
    Aspect("line", "line"),
    Aspect("threat", "threat"),
    Aspect("office", "office"),
    Aspect("talks", "talks"),
    Aspect("squeeze", "squeeze"),
    Aspect("rok-stance", "seoul"),
    Aspect("crisis", "crisis"),
)


def aspects() -> tuple[Aspect, ...]:
    """Aspects that the scenario has a factor for."""
    return ASPECTS
