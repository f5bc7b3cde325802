"""The admin pages of who comes: attendees, invitations, series, and the RSVP tabs of an event's page."""

from registrations.admin import attendees, event_page, group_page, invitations, series

__all__ = ["attendees", "event_page", "group_page", "invitations", "series"]
