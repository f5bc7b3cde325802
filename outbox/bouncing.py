"""Where mail that cannot be delivered comes back to: an address for each message, which nobody can guess (VERP)."""

import re
from secrets import compare_digest

from django.conf import settings
from django.utils.crypto import salted_hmac

PREFIX = "bounce"
_TOKEN = re.compile(r"(\d{1,19})\.([0-9a-f]{20})", re.ASCII)


def return_address(pk: int) -> str:
    """The envelope's sender (RFC 5321 section 4.4) of the message with this key."""
    return f"{PREFIX}+{pk}.{_signature(pk)}@{settings.REPLY_DOMAIN}"


def message_behind(token: str) -> int | None:
    """The key of the message whose return address has this behind the plus; None for one we never gave."""
    found = _TOKEN.fullmatch(token)
    if not found or not compare_digest(found[2], _signature(int(found[1]))):
        return None
    return int(found[1])


def _signature(pk: int) -> str:
    """Lower case alone: a mail server on the way may change it."""
    return salted_hmac("lectern.bounce", str(pk), algorithm="sha256").hexdigest()[:20]
