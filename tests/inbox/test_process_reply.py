"""The mail pipe, as a mail server starts it: a process of its own, standard input, an exit code."""

import base64
import io
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from inbox.models import InboundMail
from tests.events.inbound_cast import ADDRESS, CORPUS, evening
from tests.mail_server import MailServer

ROOT = Path(__file__).parents[2]
RAW = b"From: bo@example.org\nTo: rsvp+abc@lectern.example\nSubject: Accepted\n\nYes\n"


def pipe(raw: bytes, *arguments: str, database: str = "") -> "subprocess.CompletedProcess[bytes]":
    """What a mail server does with a message."""
    name = connection.settings_dict["NAME"]
    address = database or urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    command = [sys.executable, "manage.py", "process_reply", *arguments]
    return subprocess.run(
        command, cwd=ROOT, input=raw, env=os.environ | {"DATABASE_URL": address}, capture_output=True, check=False
    )


def told(raw: bytes, monkeypatch: pytest.MonkeyPatch, **options: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    call_command("process_reply", **options)


@pytest.mark.django_db(transaction=True)
def test_a_message_is_kept_and_the_mail_server_may_forget_it() -> None:
    ended = pipe(RAW, "--recipient", "RSVP+xyz@lectern.example")

    assert (ended.returncode, ended.stderr) == (0, b"")
    assert list(InboundMail.objects.values_list("recipient", "source")) == [("rsvp+xyz@lectern.example", "pipe")]


@pytest.mark.django_db(transaction=True)
def test_a_no_through_the_pipe_frees_the_seat_in_the_next_round_of_delivery(mail_server: MailServer) -> None:
    now = timezone.now()
    bos = evening(now)
    stamp = f"{now:%Y%m%dT%H%M%SZ}".encode()
    raw = (CORPUS / "exchange-declined.eml").read_bytes()
    start = raw.index(b"QkVHSU46VkNBTEVOREFS")
    end = raw.index(b"\r\n--", start)
    calendar = base64.b64decode(raw[start:end]).replace(b"20261117T175500Z", stamp)

    assert pipe(raw[:start] + base64.encodebytes(calendar) + raw[end:], "--recipient", ADDRESS).returncode == 0
    call_command("run_outbox", "--once")

    assert bos.states == ("declined", "going")
    told = sorted((str(mail["To"]), str(mail["Subject"]).partition(",")[0]) for mail in mail_server.mails)
    assert told == [
        ("bo@example.org", "You’re not going: Lightning talks"),
        ("cy@example.org", "A place for you: Lightning talks"),
        ("cy@example.org", "Invitation: Lightning talks"),
    ]


def test_without_a_database_the_mail_server_tries_again() -> None:
    ended = pipe(RAW, database="postgresql://nobody@127.0.0.1:1/away")

    assert ended.returncode == os.EX_TEMPFAIL
    assert ended.stderr.startswith(b"CommandError: The database is away: ")


@pytest.mark.django_db
def test_the_header_says_for_whom(monkeypatch: pytest.MonkeyPatch) -> None:
    told(RAW, monkeypatch)

    assert InboundMail.objects.get().recipient == "rsvp+abc@lectern.example"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"", "There is no message here. Send one as RFC 5322 has it."),
        (b"x" * 2_000_000, "The message has 1000001 bytes; 1000000 are the most that is read."),
    ],
)
def test_what_is_no_mail_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch, raw: bytes, line: str) -> None:
    with pytest.raises(CommandError, match=line) as refusal:
        told(raw, monkeypatch)

    assert (refusal.value.returncode, InboundMail.objects.count()) == (os.EX_DATAERR, 0)


def test_any_trouble_of_the_database_is_temporary(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_given: object) -> None:
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr("inbox.management.commands.process_reply.receive", fail)
    with pytest.raises(CommandError) as refusal:
        told(RAW, monkeypatch)

    assert refusal.value.returncode == os.EX_TEMPFAIL
