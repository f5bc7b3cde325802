"""The webhook that takes mail: signed, small, and kept before it answers."""

import base64
import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from inbox.models import InboundMail
from inbox.signatures import key_of, signature_of

pytestmark = pytest.mark.django_db

SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()
RAW = b"From: bo@example.org\nTo: rsvp+abc@meet.example\nSubject: Accepted\n\nYes\n"


@pytest.fixture
def hook(settings: Settings, now: dt.datetime) -> Any:
    """Posts as a provider does, with these things different."""
    settings.INBOUND_WEBHOOK_SECRET = SECRET

    def post(body: bytes = RAW, *, query: str = "", age: int = 0, signed: bytes | None = None, **headers: str) -> Any:
        stamp = str(int(now.timestamp()) - age)
        signature = signature_of(
            key_of(SECRET), message_id="m1", timestamp=stamp, body=body if signed is None else signed
        )
        given = {"webhook-id": "m1", "webhook-timestamp": stamp, "webhook-signature": signature}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        with time_machine.travel(now, tick=False):
            client = Client(enforce_csrf_checks=True)
            return client.post(f"/hooks/mail/{query}", body, content_type="message/rfc822", headers=given)

    return post


def kept() -> list[tuple[str, str]]:
    return list(InboundMail.objects.values_list("recipient", "source"))


@pytest.mark.parametrize(
    ("given", "recipient"),
    [
        ({}, "rsvp+abc@meet.example"),
        ({"query": "?recipient=RSVP%2Bxyz@meet.example"}, "rsvp+xyz@meet.example"),
        ({"x_recipient": "rsvp+xyz@meet.example", "query": "?recipient=other@meet.example"}, "rsvp+xyz@meet.example"),
    ],
)
def test_a_signed_message_is_kept(hook: Any, given: dict[str, str], recipient: str) -> None:
    answer = hook(**given)

    assert (answer.status_code, answer.content, kept()) == (202, b"Kept.\n", [(recipient, "webhook")])
    assert "Set-Cookie" not in answer.headers


def test_the_same_message_again_is_accepted_and_kept_once(hook: Any) -> None:
    assert [hook().status_code, hook(age=60).status_code, len(kept())] == [202, 202, 1]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"signed": b"another"}, 401),
        ({"age": 301}, 401),
        ({"age": -301}, 401),
        ({"webhook_signature": ""}, 401),
        ({"webhook_id": ""}, 401),
        ({"content_type": "application/json"}, 415),
        ({"body": b" "}, 400),
        ({"body": b"x" * 1_000_001}, 413),
    ],
)
def test_anything_else_is_refused_and_not_kept(hook: Any, given: dict[str, Any], status: int) -> None:
    answer = hook(**given)

    assert (answer.status_code, kept()) == (status, [])
    assert answer.content.endswith(b".\n")


def test_without_a_secret_there_is_no_such_address(hook: Any, settings: Settings) -> None:
    settings.INBOUND_WEBHOOK_SECRET = ""

    assert (hook().status_code, kept()) == (404, [])


def test_nothing_can_be_read_there(hook: Any, client: Client) -> None:
    assert client.get("/hooks/mail/").status_code == 405


def test_what_follows_the_path_stays_out_of_the_logs(settings: Settings) -> None:
    from core.logs import SecretAddresses  # noqa: PLC0415

    line = "202 POST /hooks/mail/?recipient=rsvp+abc@meet.example 3 ms"

    assert SecretAddresses(settings.SECRET_ADDRESSES).masked(line) == "202 POST /hooks/mail/?… 3 ms"
