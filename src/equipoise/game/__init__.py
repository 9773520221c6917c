"""The game: one finite graph, compiled from a scenario or built from rows."""
