"""The admin pages of groups, places, events, programmes and recaps."""

from events.admin import events, groups, imported, mail_texts, outbox, places, recaps, sessions, topics

__all__ = ["events", "groups", "imported", "mail_texts", "outbox", "places", "recaps", "sessions", "topics"]
