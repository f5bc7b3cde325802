"""The web address in a proposal, as people type it: made whole, or a reason why it is none. Pure.

The page's script (static/js/lib/web-address.js) says the same while somebody types.
"""

import re
from enum import StrEnum
from urllib.parse import urlsplit

LONGEST = 500
HOST = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{0,61}[^\W_]", re.ASCII | re.IGNORECASE)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)


class Wrong(StrEnum):
    """What is wrong with an address."""

    COMMA = "comma"
    BLANK = "blank"
    EMAIL = "email"
    SCHEME = "scheme"
    OTHER = "other"
    LONG = "long"


class NotAnAddress(ValueError):
    """Says what is wrong."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(wrong)
        self.wrong = wrong


def whole_address(text: str) -> str:
    """`https://github.com/rayan` for `github.com/rayan`; empty for nothing. Raises NotAnAddress."""
    text = text.strip()
    if not text:
        return ""
    if len(text) > LONGEST - len("https://"):
        raise NotAnAddress(Wrong.LONG)
    if re.search(r"[\s\x00-\x1f\x7f-\x9f]", text):
        raise NotAnAddress(Wrong.BLANK)
    address = text if SCHEME.match(text) else f"https://{text}"
    return _checked(address)


def _checked(address: str) -> str:
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise NotAnAddress(Wrong.OTHER) from error
    if parts.scheme == "mailto" or "@" in parts.netloc:
        raise NotAnAddress(Wrong.EMAIL)
    if parts.scheme not in ("http", "https"):
        raise NotAnAddress(Wrong.SCHEME)
    if "," in parts.netloc:
        raise NotAnAddress(Wrong.COMMA)
    if not HOST.fullmatch(_ascii(host)) or "\\" in address:
        raise NotAnAddress(Wrong.OTHER)
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()


def _ascii(host: str) -> str:
    """Names of other scripts as the network writes them."""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return ""
