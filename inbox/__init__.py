"""Mail that comes back: answers of calendars, and invitations to a group; kept first, understood later."""
