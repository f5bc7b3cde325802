"""The admin pages of groups, places, events, programmes and recaps."""

from events.admin import events, groups, mail_texts, places, recaps, sessions, topics

__all__ = ["events", "groups", "mail_texts", "places", "recaps", "sessions", "topics"]
