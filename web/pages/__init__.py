"""The pages: one thin module per family."""
