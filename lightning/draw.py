"""A fair draw that anybody can hold again: same entries, same seed, same order."""
