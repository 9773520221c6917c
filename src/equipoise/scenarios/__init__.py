"""Shipped scenarios, as files."""
