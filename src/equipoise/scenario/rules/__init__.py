"""The rules of the language beyond shape, one short function each, yielding what breaks it."""
