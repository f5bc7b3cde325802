"""Fetches unread mail out of one IMAP folder (RFC 3501); what is marked as read is in the database.

Nothing is remembered between two looks: unread is what the server says is unread, so a new UIDVALIDITY changes nothing,
and a message whose mark got lost is fetched again and is the row that is there.
"""

import imaplib
import logging
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

log = logging.getLogger(__name__)

PORTS = {"imap": 143, "imaps": 993}
TIMEOUT_SECONDS = 15
AT_ONCE = 100
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxFailed(Exception):
    """The server is not there, says no, or hung up; the next look begins anew."""


@dataclass(frozen=True)
class Mailbox:
    """Where to look."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    is_encrypted: bool


def mailbox_of(url: str) -> Mailbox:
    """`imaps://user:password@host:993/folder`, user, password and folder percent-encoded.

    Raises ValueError that says what is wrong with it, without the password.
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS:
        raise ValueError("it begins with neither imaps:// nor imap://")
    if not parts.hostname or not parts.username or parts.password is None:
        raise ValueError("it lacks a host, a user or a password: imaps://user:password@host/folder")
    return Mailbox(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        is_encrypted=parts.scheme == "imaps",
    )


def fetch_unread(
    mailbox: Mailbox, keep: Callable[[bytes], None], *, largest: int, keep_going: Callable[[], bool]
) -> int:
    """Hand each unread message to `keep` and mark it as read once that has returned; how many.

    A message of more than `largest` bytes is not fetched: it is marked as read, and flagged for a person to look at.
    """
    kept = 0
    with _folder(mailbox) as server:
        for uid in _unread(server):
            if not keep_going():
                break
            raw = _message(server, uid, largest=largest)
            if raw is not None:
                keep(raw)
                kept += 1
            marks = r"(\Seen)" if raw is not None else r"(\Seen \Flagged)"
            _ask(server, "STORE", uid, "+FLAGS.SILENT", marks)
    return kept


@contextmanager
def _folder(mailbox: Mailbox) -> Iterator[imaplib.IMAP4]:
    """Signed in, the folder selected; whatever goes wrong on the wire is a MailboxFailed."""
    server = None
    try:
        server = _connected(mailbox)
        server.login(mailbox.user, mailbox.password)
        _checked(server.select(f'"{_quoted(mailbox.folder)}"'))
        yield server
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxFailed(f"{mailbox.host}: {error}") from error
    finally:
        if server is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                server.logout()
            with suppress(OSError):
                server.shutdown()


def _connected(mailbox: Mailbox) -> imaplib.IMAP4:
    if not mailbox.is_encrypted:
        return imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIMEOUT_SECONDS)
    context = ssl.create_default_context()
    return imaplib.IMAP4_SSL(mailbox.host, mailbox.port, ssl_context=context, timeout=TIMEOUT_SECONDS)


def _unread(server: imaplib.IMAP4) -> list[str]:
    found = _ask(server, "SEARCH", "UNSEEN")
    return [uid.decode() for line in found if isinstance(line, bytes) for uid in line.split()][:AT_ONCE]


def _message(server: imaplib.IMAP4, uid: str, *, largest: int) -> bytes | None:
    """Its bytes, unread as it was; None for one that is too large, or that somebody deleted meanwhile."""
    size = _SIZE.search(
        b" ".join(line for line in _ask(server, "FETCH", uid, "(RFC822.SIZE)") if isinstance(line, bytes))
    )
    if size is None or int(size[1]) > largest:
        log.warning("a message of %s bytes is left in the mailbox: uid %s", size[1].decode() if size else "?", uid)
        return None
    answer = _ask(server, "FETCH", uid, "(BODY.PEEK[])")
    return next((part[1] for part in answer if isinstance(part, tuple)), None)


def _ask(server: imaplib.IMAP4, command: str, *arguments: str) -> Sequence[object]:
    return _checked(server.uid(command, *arguments))


def _checked(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
    word, lines = answer
    if word != "OK":
        raise imaplib.IMAP4.error(f"{word} {lines!r:.200}")
    return lines


def _quoted(folder: str) -> str:
    return folder.replace("\\", r"\\").replace('"', r"\"")
