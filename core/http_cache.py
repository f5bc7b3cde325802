"""Conditional requests: strong ETags that are known before rendering (RFC 9110 section 13)."""

import hashlib


def strong_etag(*parts: object) -> str:
    """A quoted strong entity tag over the parts; the same parts give the same tag in every process."""
    text = "\x1f".join(str(part) for part in parts)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'
