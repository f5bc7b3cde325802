"""Who comes: registrations, the waiting list, the door."""
