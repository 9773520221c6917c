"""Outlook: what the Markov chain that policies induce says about the future."""
