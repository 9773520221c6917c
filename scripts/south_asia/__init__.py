"""How the numbers of `south-asia` are made: the dated record, and the rules that are applied to it."""
