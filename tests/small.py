"""A two-actor scenario built in Python, for tests of what is said about scenarios."""

from __future__ import annotations

from equipoise.scenario.models import Scenario

JUDGED = "analyst's judgement"


def small_scenario() -> Scenario:
    """A challenger may press or relent, a defender may yield; pressure can end in war."""
    return Scenario.model_validate(
        {
            "title": "A border quarrel",
            "horizon": "10 years",
            "argument": {"A1": "Pressure breeds accidents."},
            "sources": {"survey": {"cite": "A survey of quarrels, 2016"}},
            "actors": {
                "red": {
                    "name": "Redland",
                    "about": "wants the valley",
                    "discount": "patience",
                    "tempo": "pace",
                    "noise": "care",
                },
                "blue": {
                    "name": "Blueland",
                    "discount": "patience",
                    "tempo": {"rate": "pace", "times": [{"when": {"pressure": "high"}, "by": "hurry"}]},
                    "noise": "care",
                },
            },
            "factors": {
                "pressure": {
                    "levels": ["none", "some", "high"],
                    "ordered": True,
                    "of": "red",
                    "about": "How hard Redland presses",
                },
                "valley": {"levels": ["blue", "red"], "meaning": {"red": "Redland holds the valley"}},
            },
            "impossible": [{"pressure": "high", "valley": "red"}],
            "outcomes": {"war": {"name": "war", "value": [{"actor": "everyone", "cost": "ruin"}]}},
            "parameters": {
                "patience": {"value": 0.1, "unit": "1/year", "source": JUDGED},
                "pace": {"value": 3, "unit": "1/year", "range": [1, 6], "source": JUDGED},
                "hurry": {"value": 2, "unit": "ratio", "source": JUDGED},
                "care": {"value": 0.3, "unit": "util", "source": JUDGED},
                "ruin": {"value": 40, "unit": "util", "about": "What a war costs", "source": JUDGED},
                "effort": {"value": 0.2, "unit": "util", "source": JUDGED},
                "shame": {"value": 1.5, "unit": "util", "source": JUDGED},
                "slip": {
                    "value": 0.14,
                    "unit": "1/year",
                    "prior": {"gamma": {"events": 8, "years": 57}},
                    "source": "survey",
                },
                "tension": {"value": 3, "unit": "ratio", "source": JUDGED},
                "ends_badly": {"value": 0.25, "unit": "weight", "source": JUDGED},
                "ends_well": {"value": 0.75, "unit": "weight", "source": JUDGED},
                "harvest": {"value": 0.8, "unit": "util/year", "source": JUDGED},
                "fear": {"value": 0.3, "unit": "util/year", "source": JUDGED},
            },
            "moves": [
                {
                    "id": "press",
                    "actor": "red",
                    "about": "moves troops to the border",
                    "when": {"valley": "blue", "pressure": ["none", "some"]},
                    "cost": "effort",
                    "set": {"pressure": "up"},
                },
                {"id": "relent", "actor": "red", "when": {"pressure": ["some", "high"]}, "set": {"pressure": "down"}},
                {
                    "id": "yield",
                    "actor": "blue",
                    "when": {"pressure": ["some", "high"], "valley": "blue"},
                    "cost": "shame",
                    "set": {"valley": "red", "pressure": "none"},
                },
            ],
            "events": [
                {
                    "id": "border-incident",
                    "when": {"pressure": ["some", "high"]},
                    "rate": "slip",
                    "times": [{"when": {"pressure": "high"}, "by": "tension"}],
                    "then": [
                        {"weight": "ends_badly", "end": "war"},
                        {"weight": "ends_well", "set": {"pressure": "down"}},
                    ],
                    "implements": ["A1"],
                }
            ],
            "payoffs": [
                {"actor": "red", "when": {"valley": "red"}, "gain": "harvest"},
                {"actor": "blue", "when": {"valley": "blue"}, "gain": "harvest"},
                {
                    "actor": "blue",
                    "when": {"pressure": ["some", "high"]},
                    "cost": "fear",
                    "times": [{"when": {"pressure": "high"}, "by": "hurry"}],
                },
            ],
            "regimes": {
                "quiet": {"about": "nobody presses", "when": {"pressure": "none"}},
                "showdown": {"about": "troops stand at the border", "when": {"pressure": ["some", "high"]}},
            },
            "initial": {
                "calm": {"state": {"pressure": "none", "valley": "blue"}},
                "hot": {
                    "about": "after the harvest failed",
                    "state": {"pressure": "high", "valley": "blue"},
                    "because": {"pressure": {"says": "three divisions at the border", "source": "survey"}},
                },
            },
            "variants": {"no-retreat": {"about": "Blueland cannot yield", "drop": ["yield"], "set": {"shame": 9}}},
            "claims": [{"id": "K1", "says": "Yielding lowers the risk of war."}],
        }
    )
