"""A scenario that argues, and tries to break out of the page."""

from __future__ import annotations

from arguments import claim, quarrel

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
