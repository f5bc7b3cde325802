"""Mail that came in."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from inbox.models import InboundMail


class InboundMailFactory(DjangoModelFactory[InboundMail]):
    """A note from Bo that waits to be read since the fixed clock's noon."""

    class Meta:
        model = InboundMail

    received_at = dt.datetime(2026, 11, 17, 12, 0, tzinfo=dt.UTC)
    source = InboundMail.Source.PIPE
    recipient = "test+abc@lectern.example"
    sender = "bo@example.org"
    subject = "Hello"
    digest = factory.Sequence(lambda n: f"{n:064}")
    raw = b"From: bo@example.org\nTo: test+abc@lectern.example\nSubject: Hello\n\nHello, Ada.\n"
