"""The record that the scenario `northeast-asia` is held against: what happened, how often, and what the model says."""
