"""Pictures of an assessment: `draw` makes them all."""

from equipoise.pictures.album import draw

__all__ = ["draw"]
