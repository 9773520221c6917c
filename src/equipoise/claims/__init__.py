"""The argument on trial: what each claim comes to in the solved scenario, and what carries it."""
