"""What the analyst does not know, drawn: distributions, designs of draws, orderings and correlations."""

from equipoise.draws.design import METHODS, Design, Points, design
from equipoise.draws.distribution import Distribution, distribution

__all__ = ["METHODS", "Design", "Distribution", "Points", "design", "distribution"]
