"""Signed webhooks as Standard Webhooks has them: HMAC-SHA256 over `id.timestamp.body`, and a clock."""

import base64
import binascii
import datetime as dt
import hashlib
import hmac

PREFIX = "whsec_"
TOLERANCE = dt.timedelta(minutes=5)


def key_of(secret: str) -> bytes:
    """The key behind `whsec_<base64>`, or any other long text as it is; raises ValueError for what is neither."""
    if not secret.startswith(PREFIX):
        key = secret.encode()
    else:
        try:
            key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except binascii.Error as error:
            raise ValueError("what follows whsec_ is not base64") from error
    if len(key) < 16:
        raise ValueError("it has less than 16 bytes")
    return key


def signature_of(key: bytes, *, message_id: str, timestamp: str, body: bytes) -> str:
    """`v1,<base64>`, as the sender puts it into webhook-signature."""
    digest = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


def is_signed(key: bytes, *, message_id: str, timestamp: str, signatures: str, body: bytes, now: dt.datetime) -> bool:
    """Whether one of the signatures, parted by blanks, is right and not older or newer than five minutes."""
    if not message_id or not timestamp.isascii() or not timestamp.isdecimal() or len(timestamp) > 12:
        return False
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        return False
    expected = signature_of(key, message_id=message_id, timestamp=timestamp, body=body).encode()
    return any(hmac.compare_digest(expected, given.encode()) for given in signatures.split()[:10])
