"""Equilibria of a compiled game, their certificates and felt values."""

from equipoise.equilibrium.certificate import Certificate, certify
from equipoise.equilibrium.convention import AGENT_ERROR, CONTROL_COST, PRIVATE_SHOCK, Convention
from equipoise.equilibrium.felt import felt_value
from equipoise.equilibrium.solve import Branch, Equilibrium, later_crossings, others, solve

__all__ = [
    "AGENT_ERROR",
    "CONTROL_COST",
    "PRIVATE_SHOCK",
    "Branch",
    "Certificate",
    "Convention",
    "Equilibrium",
    "certify",
    "felt_value",
    "later_crossings",
    "others",
    "solve",
]
