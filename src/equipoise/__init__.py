"""From an argument about a regional security system to a model, its equilibrium and its war risk.

The main path is `equipoise.assess`; a scenario is read by `equipoise.scenario.reading.load`.
"""
