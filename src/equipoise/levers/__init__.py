"""Levers: how much every measure changes with every parameter, the equilibrium moving along."""
