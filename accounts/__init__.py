"""Who we know: people, their tokens and their secret feed."""
