"""The border quarrel of `small` with an argument about it, and a world without decisions whose numbers are closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from equipoise.scenario.models import Scenario
from small import JUDGED, small_scenario

RATE, BRAKE, RELEASE = 0.2, 0.25, 0.5


def with_claims(scenario: Scenario, *claims: Mapping[str, Any], **changes: Any) -> Scenario:
    """The scenario with other claims, and other sections."""
    data = scenario.model_dump(exclude_defaults=True) | changes
    return Scenario.model_validate(data | {"claims": list(claims)})


def claim(test: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    return {"id": "K", "says": "It is so.", "test": test} | fields


def fateful() -> Scenario:
    """Nobody decides: war comes at `RATE` a year, a brake slows it by `BRAKE`, and is taken off at rate `RELEASE`."""
    return Scenario.model_validate(
        {
            "title": "Fate",
            "argument": {"M1": "The brake slows the war.", "M2": "Nothing of the kind."},
            "actors": {"a": {"discount": "patience", "tempo": "pace", "noise": "care"}},
            "factors": {"brake": {"levels": ["off", "on"], "ordered": True}},
            "outcomes": {
                "war": {"value": [{"actor": "a", "cost": "ruin"}]},
                "flood": {"value": [{"actor": "a", "cost": "ruin"}]},
            },
            "parameters": {
                "patience": {"value": 0.1, "unit": "1/year", "source": JUDGED},
                "pace": {"value": 3, "unit": "1/year", "source": JUDGED},
                "care": {"value": 0.3, "unit": "util", "source": JUDGED},
                "ruin": {"value": 10, "unit": "util", "source": JUDGED},
                "slip": {"value": RATE, "range": [0.1, 0.4], "unit": "1/year", "source": JUDGED},
                "wave": {"value": 0.05, "unit": "1/year", "source": JUDGED},
                "slow": {"value": BRAKE, "unit": "ratio", "source": JUDGED},
                "release": {"value": RELEASE, "unit": "1/year", "source": JUDGED},
            },
            "events": [
                {
                    "id": "slip",
                    "rate": "slip",
                    "times": [{"when": {"brake": "on"}, "by": "slow", "implements": ["M1"]}],
                    "end": "war",
                },
                {"id": "wave", "rate": "wave", "end": "flood", "when": {"brake": "off"}},
                {"id": "release", "rate": "release", "when": {"brake": "on"}, "set": {"brake": "off"}},
            ],
            "regimes": {"braked": {"when": {"brake": "on"}}, "loose": {"when": {"brake": "off"}}},
            "initial": {"slow": {"state": {"brake": "on"}}, "fast": {"state": {"brake": "off"}}},
            "variants": {
                "held": {"about": "the brake stays on", "pin": {"brake": "on"}},
                "no-wave": {"about": "no floods", "drop": ["wave"]},
                "sloppy": {"about": "more slips", "set": {"slip": 0.4}},
            },
        }
    )


def quarrel(*claims: Mapping[str, Any]) -> Scenario:
    """The border quarrel with some claims."""
    return with_claims(small_scenario(), *claims)
