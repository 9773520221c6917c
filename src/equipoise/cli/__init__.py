"""The command line. Heavy libraries are imported by the commands that need them, so that help comes at once."""

from equipoise.cli.app import main

__all__ = ["main"]
