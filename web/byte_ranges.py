"""One part of a file, as viewers of large PDFs ask for it (RFC 9110 section 14): `Range: bytes=0-65535`."""

import re

SINGLE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")


class NotSatisfiable(Exception):
    """The part lies behind the end."""


def asked_range(header: str, size: int) -> range | None:
    """The bytes that are asked for; None for all of them, also where several parts or other units are asked for.

    >>> asked_range("bytes=-2", 10)
    range(8, 10)
    """
    found = SINGLE.fullmatch(header.strip())
    if found is None or found[0] == "bytes=-":
        return None
    first, last = found[1], found[2]
    if not first:
        part = range(max(0, size - int(last)), size)
    elif last and int(last) < int(first):
        return None
    else:
        part = range(int(first), min(size, int(last) + 1) if last else size)
    if not part:
        raise NotSatisfiable
    return part
