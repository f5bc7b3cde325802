"""Every write to registrations: the seats' row is locked late, once, and before any registration."""
