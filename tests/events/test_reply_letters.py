"""The letters about answers of calendars, as their readers get them."""

import datetime as dt

import pytest

from events import reply_letters
from events.models import Event
from outbox.models import Message
from outbox.writers import Letter, Skip, words_of
from tests.events.inbound_cast import Evening, evening

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(now: dt.datetime) -> Evening:
    """Bo, whose calendar answers."""
    asked = evening(now)
    Event.objects.update(slug="lightning-talks")
    return asked


def letter(kind: str, now: dt.datetime) -> Letter:
    words = words_of(Message.objects.get(kind=kind), now=now)
    assert isinstance(words, Letter)
    return words


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("reply_closed", {"refusal": "RSVP is closed. The room is locked."}),
        ("reply_counter", {}),
        ("reply_text", {}),
        ("reply_maybe", {}),
        ("reply_delegated", {}),
    ],
)
def test_each_letter_can_be_written_in_both_languages(
    asked: Evening, now: dt.datetime, kind: str, said: dict[str, str], language: str
) -> None:
    asked.bo.language = language
    asked.bo.save()
    asked.invite.refresh_from_db()

    reply_letters.queue_reply(kind, asked.invite, now=now, **said)
    written = letter(kind, now)

    assert "Lightning talks" in written.subject
    assert all(
        words in written.text and words in written.html for words in ["/events/lightning-talks/registration/", "Bo"]
    )
    assert said.get("refusal", "") in " ".join(written.text.split())
    assert (Message.objects.get().language, Message.objects.get().is_secret) == (language, False)


def test_the_question_has_its_link_and_is_a_secret(asked: Evening, now: dt.datetime) -> None:
    asked.answer("alias-unknown")
    message, written = Message.objects.get(kind="reply_confirm"), letter("reply_confirm", now)

    assert message.is_secret
    assert written.subject == "Did you answer “Lightning talks”?"
    assert message.payload["url"] in written.text
    assert "no, I cannot come" in written.text
    assert "alias.example" not in written.text + written.html


def test_names_and_comments_of_speakers_forge_nothing(now: dt.datetime) -> None:
    asked = evening(now, role="speaker", name="[Bo](https://evil.example)")
    asked.answer("gmail-declined", {"TRANSP:OPAQUE": "COMMENT:<b>Sorry</b>\\nFrom: x"})
    written = letter("reply_speaker_declined", now)

    assert written.subject == "Bo https evil example cannot speak: Lightning talks"
    assert "<b>Sorry</b> From: x" in written.text
    assert "&lt;b&gt;Sorry&lt;/b&gt;" in written.html
    assert f"/admin/events/event/{asked.event.pk}/change/" in written.text


def test_a_letter_without_an_entry_is_not_sent(asked: Evening, now: dt.datetime) -> None:
    asked.answer("counter")
    message = Message.objects.get(kind="reply_counter")
    Event.objects.update(status="draft")
    assert words_of(message, now=now) == Skip("the event is withdrawn")

    asked.invite.delete()
    assert words_of(message, now=now) == Skip("the invite is gone")
