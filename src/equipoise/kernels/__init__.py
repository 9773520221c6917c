"""Compiled loops: arrays in, arrays and a status out, no domain words."""
