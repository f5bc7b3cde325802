"""A small IMAP server on the loopback (the part of RFC 3501 that a fetch of unread mail needs), which may misbehave."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import pytest


@dataclass
class StoredMail:
    """A message and its flags."""

    raw: bytes
    flags: set[str] = field(default_factory=set)


class ImapServer:
    """`mails` by UID; `drops_at` is the command at which it hangs up, once; `commands` is what it was asked."""

    user, password, folder = "bo", 'se"cret', "Meet ups"

    def __init__(self) -> None:
        self.mails: dict[int, StoredMail] = {}
        self.uid_validity = 1
        self.drops_at = ""
        self.commands: list[str] = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.url = f"imap://bo:se%22cret@127.0.0.1:{self.port}/Meet%20ups"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def start(self) -> None:
        """Listen, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more connections; doing so twice is doing so once."""
        if self.socket.fileno() == -1:
            return
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self.socket.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        connection.sendall(b"* OK ready\r\n")
        with connection.makefile("rb") as lines:
            for line in lines:
                tag, _blank, command = line.decode("latin-1").strip().partition(" ")
                self.commands.append(command)
                if self.drops_at and self.drops_at in command:
                    self.drops_at = ""
                    return
                connection.sendall(self._answer(command) + f"{tag} {self._word(command)} done\r\n".encode())

    def _word(self, command: str) -> str:
        if command.startswith("LOGIN"):
            return "OK" if command == r'LOGIN bo "se\"cret"' else "NO"
        if command.startswith("SELECT"):
            return "OK" if command == f'SELECT "{self.folder}"' else "NO"
        return "OK"

    def _answer(self, command: str) -> bytes:
        if command == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1\r\n"
        if command.startswith("SELECT"):
            return f"* {len(self.mails)} EXISTS\r\n* OK [UIDVALIDITY {self.uid_validity}] UIDs\r\n".encode()
        if command == "UID SEARCH UNSEEN":
            unread = (str(uid) for uid, mail in self.mails.items() if "\\Seen" not in mail.flags)
            return f"* SEARCH {' '.join(unread)}\r\n".encode()
        if fetched := re.fullmatch(r"UID FETCH (\d+) \((.*)\)", command):
            return self._fetch(int(fetched[1]), fetched[2])
        if stored := re.fullmatch(r"UID STORE (\d+) \+FLAGS.SILENT \((.*)\)", command):
            self.mails[int(stored[1])].flags |= set(stored[2].split())
        return b"* BYE\r\n" if command == "LOGOUT" else b""

    def _fetch(self, uid: int, what: str) -> bytes:
        mail = self.mails.get(uid)
        if mail is None:
            return b""
        if what == "RFC822.SIZE":
            return f"* 1 FETCH (UID {uid} RFC822.SIZE {len(mail.raw)})\r\n".encode()
        return f"* 1 FETCH (UID {uid} BODY[] {{{len(mail.raw)}}}\r\n".encode() + mail.raw + b")\r\n"


@pytest.fixture
def imap_server() -> Iterator[ImapServer]:
    """A mailbox with nothing in it."""
    server = ImapServer()
    server.start()
    yield server
    server.stop()
