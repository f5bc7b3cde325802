"""Messages that wait in the outbox."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from outbox.models import Message


class MessageFactory(DjangoModelFactory[Message]):
    """A mail to Bo that has been due since noon of the fixed clock's day."""

    class Meta:
        model = Message

    kind = "note"
    dedupe_key = factory.Sequence(lambda n: f"note:{n}")
    message_id = factory.LazyAttribute(lambda message: f"<{message.dedupe_key.replace(':', '-')}@lectern.example>")
    address = "bo@example.org"
    subject = "Doors open at seven"
    text = "Come early.\n"
    created_at = dt.datetime(2026, 11, 17, 12, 0, tzinfo=dt.UTC)
    available_at = factory.SelfAttribute("created_at")
