"""The ordinal lens: stability of states given only who can move where and who prefers what."""
