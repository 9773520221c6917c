"""The scenario language: what an analyst writes, read, checked and written back."""

from equipoise.scenario.checks import check
from equipoise.scenario.files import shipped
from equipoise.scenario.models import Scenario
from equipoise.scenario.reading import load, loads, read, read_string
from equipoise.scenario.writing import dump

__all__ = ["Scenario", "check", "dump", "load", "loads", "read", "read_string", "shipped"]
