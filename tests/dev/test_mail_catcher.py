"""The demo's SMTP server, spoken to by a real client."""

import os
import smtplib
import socket
import sys
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from dev.mail_catcher import Folder
from dev.processes import start

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[int]:
    """The port of a mail catcher that keeps mail in tmp_path."""
    with socket.create_server(("127.0.0.1", 0)) as listening, open(os.devnull, "wb") as nowhere:
        port = int(listening.getsockname()[1])
        command = [sys.executable, "-m", "dev.mail_catcher", tmp_path, listening.fileno()]
        process = start("mail", command, env=os.environ, cwd=ROOT, output=nowhere, pass_fds=[listening.fileno()])
    yield port
    process.stop()


def mail(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "hello@lectern.example", "bo@example.org", subject
    message.set_content("Your code: 123456\n.\n..a line that begins with dots\n")
    return message


def test_each_mail_becomes_a_file_in_the_order_in_which_they_came(catcher: int, tmp_path: Path) -> None:
    with smtplib.SMTP("127.0.0.1", catcher, timeout=15) as client:
        for subject in ("First", "Zweite Nachricht für Bo", "第三"):
            client.send_message(mail(subject), to_addrs=["bo@example.org", "hidden@example.org"])

    paths = sorted(tmp_path.iterdir())
    kept = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
    assert [path.suffix for path in paths] == [".eml"] * 3
    assert [message["Subject"] for message in kept] == ["First", "Zweite Nachricht für Bo", "第三"]
    assert {message["X-Envelope-To"] for message in kept} == {"bo@example.org, hidden@example.org"}
    assert kept[0].get_content().splitlines() == ["Your code: 123456", ".", "..a line that begins with dots"]


def test_the_latest_mails_are_kept_and_no_more(tmp_path: Path) -> None:
    folder = Folder(tmp_path, kept=3)
    for number in range(5):
        folder.write(b"Subject: %d\r\n\r\n" % number)
        folder.forget_the_oldest()

    assert [path.read_bytes()[9:10] for path in sorted(tmp_path.glob("*.eml"))] == [b"2", b"3", b"4"]
