"""Every write to groups, events and programmes: one change, one function, one transaction."""
