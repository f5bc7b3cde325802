"""Mails whose words are written when their turn comes."""

import datetime as dt

import pytest

from outbox import writers
from outbox.delivery import drain
from outbox.models import Attempt, Message, State
from outbox.services import enqueue_message
from outbox.writers import Letter, Skip, register_writer
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _writers_of_this_test_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "_writers", dict(writers._writers))


def queue(now: dt.datetime, **fields: object) -> Message:
    values = {"kind": "weather", "dedupe_key": "weather:today", "address": "bo@example.org", "now": now} | fields
    enqueue_message(**values)
    return Message.objects.get(dedupe_key=values["dedupe_key"])


def send(now: dt.datetime) -> None:
    drain(clock=lambda: now, keep_going=lambda: True)


def test_the_words_are_those_of_the_moment_it_is_sent_and_stay_in_the_row(mail_server: MailServer, now: dt.datetime):
    seen: list[dict[str, str]] = []

    def weather(message: Message, at: dt.datetime) -> Letter:
        seen.append(message.payload)
        return Letter("Sun\r\nBcc: all@example.org", f"Since {at:%H:%M}\n")

    register_writer("weather", weather)
    message = queue(now, payload={"town": "Singapore"})
    later = now + dt.timedelta(hours=2)
    send(later)
    message.refresh_from_db()
    [mail] = mail_server.mails
    assert seen == [{"town": "Singapore"}]
    assert (message.state, message.subject, message.text) == (
        State.SENT,
        "Sun Bcc: all@example.org",
        f"Since {later:%H:%M}\n",
    )
    assert (mail["Subject"], mail["Bcc"]) == ("Sun Bcc: all@example.org", None)


def test_a_writer_may_say_who_writes_and_the_row_keeps_it(mail_server: MailServer, now: dt.datetime):
    ours, theirs = '"TFDL" <hello@lectern.example>', '"Ada" <ada@lectern.example>'
    register_writer("weather", lambda message, at: Letter("Rain", "Rain\n", sender=message.payload.get("by", "")))
    for number, (sender, by) in enumerate((("", ours), (theirs, ours), (theirs, ""), ("", ""))):
        queue(now, dedupe_key=f"{number}", sender=sender, payload={"by": by})
    send(now)
    stored = Message.objects.order_by("pk").values_list("sender", flat=True)
    assert list(stored) == [ours, ours, theirs, ""]
    assert [mail["From"] for mail in mail_server.mails] == [
        "TFDL <hello@lectern.example>",
        "TFDL <hello@lectern.example>",
        "Ada <ada@lectern.example>",
        "Lectern <hello@lectern.example>",
    ]


def test_what_is_no_longer_true_is_skipped_with_its_reason(mail_server: MailServer, now: dt.datetime):
    register_writer("weather", lambda message, at: Skip("the sun has set"))
    message = queue(now)
    send(now)
    message.refresh_from_db()
    assert (message.state, message.last_error, message.attempts) == (State.SKIPPED, "the sun has set", 0)
    assert mail_server.mails == []


def test_a_writer_that_breaks_holds_up_nobody_else_and_is_asked_again(mail_server: MailServer, now: dt.datetime):
    def broken(message: Message, at: dt.datetime) -> Letter:
        raise KeyError("town")

    register_writer("weather", broken)
    message = queue(now)
    queue(now, kind="plain", dedupe_key="plain", letter=Letter("Plain", "Plain\n"))
    send(now)
    message.refresh_from_db()
    assert [mail["Subject"] for mail in mail_server.mails] == ["Plain"]
    assert (message.state, message.attempts, message.last_error) == (
        State.PENDING,
        1,
        "Could not be written. KeyError: 'town'",
    )
    assert message.tries.get().outcome == Attempt.Outcome.TEMPORARY
    register_writer("weather", lambda message, at: Letter("Rain", "Rain\n"))
    send(message.available_at)
    assert [mail["Subject"] for mail in mail_server.mails] == ["Plain", "Rain"]


def test_a_secret_is_written_sent_and_never_stored(mail_server: MailServer, now: dt.datetime):
    register_writer("weather", lambda message, at: Letter("Key", "Key: 1234\n"))
    message = queue(now, is_secret=True, payload={"town": "Singapore"})
    send(now)
    message.refresh_from_db()
    [mail] = mail_server.mails
    assert "Key: 1234" in mail.get_content()
    assert (message.subject, message.text, message.payload) == ("Key", "", {"town": "Singapore"})


def test_a_mail_nobody_would_write_is_refused_when_it_is_queued(now: dt.datetime):
    with pytest.raises(LookupError, match="nobody writes weather"):
        queue(now)
    assert Message.objects.count() == 0
