"""Pictures of an assessment: `draw` makes them all; `draw_comparison` sets variants side by side."""

from equipoise.pictures.album import draw, draw_comparison

__all__ = ["draw", "draw_comparison"]
