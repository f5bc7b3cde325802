"""The bytes of a mail (RFC 5322, 2045, 6047), written straight down: the same row gives the same bytes each time.

Python's email package builds a tree of objects and prints it; for a mail with an invitation that takes longer than the
conversation with the mail server. What Lectern sends has one shape, so this writes that shape.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from email.header import Header
from email.utils import formataddr, parseaddr
from functools import lru_cache

from django.utils.crypto import salted_hmac
from django.utils.encoding import punycode

LONGEST_LINE = 998  # RFC 5322 section 2.1.1
SHORT_LINE = 76
PLAIN_ADDRESS = re.compile(r"[\w.%+-]+@[\w.-]+", re.ASCII)
RAW_HEADERS = ("Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "In-Reply-To", "References")  # never folded


def header_lines(headers: Mapping[str, str]) -> bytes:
    """Each header on its line, folded and encoded where it must be; ValueError for one that smuggles in another."""
    return b"".join(_header_line(name, value) for name, value in headers.items())


def _header_line(name: str, value: str) -> bytes:
    if "\n" in value or "\r" in value:
        raise ValueError(f"A header holds newlines: {name}")
    is_plain = value.isascii() and (name in RAW_HEADERS or len(name) + len(value) + 2 <= SHORT_LINE)
    if not is_plain:
        charset = "us-ascii" if value.isascii() else "utf-8"
        value = Header(value, charset, header_name=name, maxlinelen=SHORT_LINE - 1).encode(linesep="\r\n")
    return f"{name}: {value}\r\n".encode("ascii")


@lru_cache(maxsize=1024)
def mailbox(value: str) -> str:
    """`Name <address>` or an address, as it stands in a header; ValueError when it is neither."""
    if PLAIN_ADDRESS.fullmatch(value):
        return value
    if "\n" in value or "\r" in value:
        raise ValueError("An address holds newlines.")
    name, address = parseaddr(value)
    local, _, domain = address.rpartition("@")
    if not local or not local.isascii():
        raise ValueError(f"No mail can be sent to or from this address: {value}")
    address = f"{local}@{punycode(domain)}"
    is_plain = name.isascii() and "=?" not in name  # which a mail program would read as an encoded word
    return formataddr((name, address)) if is_plain else f"{_encoded(name)} <{address}>"


def _encoded(name: str) -> str:
    """As many encoded words as it takes: one has at most 75 characters (RFC 2047 section 2)."""
    return Header(name, "utf-8", maxlinelen=SHORT_LINE - 1).encode(linesep="")


@lru_cache(maxsize=1024)
def envelope_address(value: str) -> str:
    """The address alone, as SMTP has it."""
    return value if PLAIN_ADDRESS.fullmatch(value) else parseaddr(mailbox(value))[1]


def text_part(content_type: str, text: str) -> bytes:
    """A part of UTF-8 text in whatever encoding every server passes on unchanged (RFC 2045 section 6)."""
    body = text.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    if text.isascii() and max(map(len, body.split(b"\r\n")), default=0) <= LONGEST_LINE:
        encoding, encoded = "7bit", body
    elif sum(byte > 127 for byte in body) * 6 < len(body):
        encoding, encoded = "quoted-printable", binascii.b2a_qp(body, istext=True)
    else:
        encoding, encoded = "base64", base64_lines(body)
    return _part({"Content-Type": f"{content_type}; charset=utf-8", "Content-Transfer-Encoding": encoding}, encoded)


def calendar_part(method: str, encoded: bytes) -> bytes:
    """The part that mail programs read (RFC 6047 section 2.4); base64 carries its line ends through every relay."""
    kind = f"text/calendar; charset=UTF-8; method={method}; component=VEVENT"
    return _part({"Content-Type": kind, "Content-Transfer-Encoding": "base64"}, encoded)


def attached_calendar(name: str, encoded: bytes) -> bytes:
    """The same bytes as a file, for mail programs without a calendar."""
    headers = {
        "Content-Type": f'application/ics; name="{name}"',
        "Content-Transfer-Encoding": "base64",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return _part(headers, encoded)


def multipart(subtype: str, parts: Iterable[bytes], *, seed: str) -> bytes:
    """Several parts as one. The boundary follows from the `seed`, so that a second copy has the same."""
    keyed = salted_hmac("lectern.boundary", f"{subtype} {seed}", algorithm="sha256")  # nobody can write it into a text
    boundary = f"=_{keyed.hexdigest()[:32]}"
    line = f"--{boundary}".encode()
    body = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
    return _part({"Content-Type": f'multipart/{subtype}; boundary="{boundary}"'}, body)


def base64_lines(body: bytes) -> bytes:
    """Lines of 76 characters (RFC 2045 section 6.8)."""
    whole = base64.b64encode(body)
    return b"\r\n".join([whole[at : at + SHORT_LINE] for at in range(0, len(whole), SHORT_LINE)]) + b"\r\n"


def _part(headers: Mapping[str, str], body: bytes) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return lines.encode("ascii") + b"\r\n" + body
