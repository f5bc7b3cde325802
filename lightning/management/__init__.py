"""Commands of the lightning floor."""
