"""The names of the noise conventions; what they mean is in `equipoise.equilibrium.convention`."""

from __future__ import annotations

from enum import StrEnum


class ConventionName(StrEnum):
    """A noise convention as files, the command line and results call it; the default first."""

    CONTROL_COST = "control-cost"
    PRIVATE_SHOCK = "private-shock"
    AGENT_ERROR = "agent-error"


class Conventions(StrEnum):
    """What may be asked for: one of them, or all."""

    CONTROL_COST = ConventionName.CONTROL_COST.value
    PRIVATE_SHOCK = ConventionName.PRIVATE_SHOCK.value
    AGENT_ERROR = ConventionName.AGENT_ERROR.value
    ALL = "all"
