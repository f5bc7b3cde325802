"""The outbox's door for a caller whose whole change is one statement: the same INSERT, as a part of theirs."""

from typing import Any

from django.db import connection

from outbox.models import Message

_FIELDS = [field for field in Message._meta.concrete_fields if not field.primary_key]


def insert_message_for_each(source: str) -> str:
    """SQL that writes one message for each row of `source`, a name in the caller's statement.

    Its placeholders get their values from `message_values`. A message with the same key stays as it is.
    """
    columns = ", ".join(str(field.column) for field in _FIELDS)
    values = ", ".join(f"%(message_{field.name})s" for field in _FIELDS)
    return (
        f"INSERT INTO outbox_message ({columns}) SELECT {values} FROM {source}"  # noqa: S608 - names of columns
        " ON CONFLICT (dedupe_key) DO NOTHING"
    )


def message_values(message: Message) -> dict[str, Any]:
    """What the placeholders stand for; make the message with outbox.services.new_message, and ring after the commit."""
    return {
        f"message_{field.name}": field.get_db_prep_save(getattr(message, field.attname), connection)
        for field in _FIELDS
    }
