"""Every write to lightning blocks and talks."""
