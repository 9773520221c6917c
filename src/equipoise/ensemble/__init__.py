"""Many draws."""
