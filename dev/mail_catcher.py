"""An SMTP server on the loopback that keeps what it is given as files, for the demo's mail page.

`python -m dev.mail_catcher FOLDER DESCRIPTOR`: the descriptor is a listening socket, made by dev/run.py so that the
port is known, and nobody else's, before we are up.
"""

import asyncio
import socket
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

KEPT_MAILS = 500
LARGEST_MAIL_BYTES = 25 * 1024 * 1024


class Folder:
    """Takes each mail as one file `<UTC time>-<number>.eml`, so that names sort as the mails came."""

    def __init__(self, folder: Path, kept: int = KEPT_MAILS) -> None:
        self.folder = folder
        self.kept = kept
        self.numbers = count(1)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Answer after the mail is on disk. Its envelope stands in two header lines: Bcc is nowhere else."""
        content = envelope.original_content or b""
        recipients = ", ".join(envelope.rcpt_tos)
        header = f"X-Envelope-From: {envelope.mail_from}\r\nX-Envelope-To: {recipients}\r\n"
        self.write(header.encode() + content)
        self.forget_the_oldest()
        sys.stdout.write(f"kept a mail to {recipients}\n")
        sys.stdout.flush()
        return "250 OK"

    def write(self, mail: bytes) -> None:
        """Whole or not at all: readers look for *.eml only."""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{next(self.numbers):04}"
        unfinished = self.folder / f"{name}.part"
        unfinished.write_bytes(mail)
        unfinished.rename(self.folder / f"{name}.eml")

    def forget_the_oldest(self) -> None:
        """Keep the latest mails only."""
        for path in sorted(self.folder.glob("*.eml"))[: -self.kept]:
            path.unlink(missing_ok=True)


async def serve(folder: Path, listening: socket.socket) -> None:
    """Take mails until the process is ended."""
    handler = Folder(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="lectern.localhost", enable_SMTPUTF8=True, data_size_limit=LARGEST_MAIL_BYTES),
        sock=listening,
    )
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), socket.socket(fileno=int(sys.argv[2]))))
