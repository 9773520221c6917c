"""What an assessment holds, and how it is written down."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

from equipoise.equilibrium.solve import Equilibrium
from equipoise.game.game import Floats, Game
from equipoise.game.size import measure
from equipoise.outlook.chain import Chain
from equipoise.outlook.evolve import ERROR
from equipoise.outlook.solve import TOLERANCE
from equipoise.prospect import Prospect, RegimeProspect
from equipoise.scenario.models import Scenario
from equipoise.scenario.phrases import one_in

ELSEWHERE = "elsewhere"
"""Where the system stands while it is in none of the named regimes."""


@dataclass(frozen=True, eq=False)
class Assessment:
    """A solved scenario and what follows from it."""

    scenario: Scenario
    """With all edits made."""
    variant: str | None
    settings: Mapping[str, float]
    game: Game
    equilibrium: Equilibrium
    chain: Chain
    times: Floats
    """(T,) years, the last of them the horizon."""
    prospects: Mapping[str, Prospect]
    """By starting situation."""

    @property
    def title(self) -> str:
        return self.scenario.title

    @property
    def horizon(self) -> float:
        return float(self.times[-1])

    @property
    def actors(self) -> dict[str, str]:
        """Names of the actors by key."""
        return {key: actor.name or key for key, actor in self.scenario.actors.items()}

    @property
    def offices(self) -> dict[str, str]:
        """For every actor, the name of the seat it contends for, or else its own."""
        seats = {who: seat.name or key for key, seat in self.scenario.seats.items() for who in seat.sitters.values()}
        return {key: seats.get(key, name) for key, name in self.actors.items()}

    @property
    def outcomes(self) -> dict[str, str]:
        """Names of the outcomes by key, in the order of `Prospect.risk`."""
        return {key: self.scenario.outcomes[key].name or key for key in self.game.outcomes}

    @property
    def regimes(self) -> tuple[str, ...]:
        return tuple(self.scenario.shown)

    @property
    def groups(self) -> tuple[str, ...]:
        """Regimes, and elsewhere: a partition, in which a state of several regimes counts for the rarest."""
        return (*self.regimes, ELSEWHERE)

    def to_dict(self) -> dict[str, Any]:
        """Everything as plain data; the form is described in docs/json.md."""
        solution = self.equilibrium
        return {
            "equipoise": version("equipoise"),
            "title": self.title,
            "variant": self.variant,
            "settings": dict(self.settings),
            "horizon": self.horizon,
            "size": asdict(measure(self.scenario, self.game)),
            "convention": asdict(solution.convention),
            "certificate": plain(solution.certificate.to_dict()),
            "cause": solution.cause,
            "remedy": solution.remedy,
            "error": {"truncation": ERROR, "relative": TOLERANCE},
            "actors": self.actors,
            "outcomes": self.outcomes,
            "times": self.times.tolist(),
            "starts": {
                start: _prospect(prospect, self, self.game.starts[start]) for start, prospect in self.prospects.items()
            },
        }


def _prospect(prospect: Prospect, assessment: Assessment, state: int) -> dict[str, Any]:
    outcomes = assessment.game.outcomes
    solution = assessment.equilibrium
    account = solution.noise_account[state]
    told: dict[str, Any] = plain(
        {
            "situation": prospect.situation,
            "risk": dict(zip(outcomes, prospect.risk.T, strict=True)),
            "in_words": {o: one_in(float(p)) for o, p in zip(outcomes, prospect.risk[-1], strict=True)},
            "eventually": {
                o: {"probability": p, "years": years}
                for o, p, years in zip(outcomes, prospect.eventually, prospect.eventually_years, strict=True)
            },
            "hazard": dict(zip(outcomes, prospect.hazard, strict=True)),
            "loss": prospect.loss,
            "loss_parts": prospect.loss_parts,
            "frequency": prospect.frequency,
            "triggers": prospect.triggers,
            "regimes": {name: _regime_told(regime, outcomes) for name, regime in prospect.regimes.items()},
            "groups": {
                "names": assessment.groups,
                "years": prospect.years_in,
                "passages": prospect.passages,
            },
            "storylines": [asdict(story) for story in prospect.storylines.stories],
            "storylines_cover": prospect.storylines.covered,
            "storylines_factors": prospect.storylines.factors,
            "conduct": [asdict(option) for option in prospect.options],
            "value": {
                actor: {
                    "felt": prospect.value.total[i],
                    "noise_account": account[i],
                    "parts": [
                        {"name": part.name, "source": part.source, "value": part.value[i]}
                        for part in prospect.value.parts
                        if part.value[i]
                    ],
                }
                for i, actor in enumerate(assessment.game.actors)
            },
        }
    )
    return told


def _regime_told(regime: RegimeProspect, outcomes: Sequence[str]) -> dict[str, Any]:
    return vars(regime) | {
        "hazard": dict(zip(outcomes, regime.hazard.T, strict=True)),
        "lasting": dict(zip(outcomes, regime.lasting, strict=True)),
        "avoiding": {name: {"settles": p, "years": years} for name, (p, years) in regime.avoiding.items()},
    }


def plain(value: Any) -> Any:
    """Plain data for JSON, which knows no nan and no infinity: both become None."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    return None if isinstance(value, float) and not math.isfinite(value) else value
