"""A setting that could never work is said at the start, not when the first mail is lost."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from inbox.apps import refuse_broken_settings
from inbox.services import handle_waiting
from outbox.feeders import feeders


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "INBOUND_WEBHOOK_SECRET",
            "whsec_?",
            "INBOUND_WEBHOOK_SECRET cannot be used: what follows whsec_ is not base64.",
        ),
        (
            "INBOUND_IMAP_URL",
            "pop3://x",
            "INBOUND_IMAP_URL cannot be used: it begins with neither imaps:// nor imap://.",
        ),
    ],
)
def test_a_broken_setting_is_named_with_its_reason(settings: Settings, name: str, value: str, sentence: str) -> None:
    setattr(settings, name, value)

    with pytest.raises(ImproperlyConfigured) as refusal:
        refuse_broken_settings()

    assert str(refusal.value) == sentence


def test_without_them_there_is_nothing_to_refuse(settings: Settings) -> None:
    settings.INBOUND_WEBHOOK_SECRET = settings.INBOUND_IMAP_URL = ""

    refuse_broken_settings()


def test_every_round_of_delivery_reads_what_came_in() -> None:
    assert feeders()["inbox"] is handle_waiting
