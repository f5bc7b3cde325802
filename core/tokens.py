"""Secrets that are handed out, and links that prove who they were handed to."""

import base64
import secrets

from django.core import signing


def new_secret(bits: int = 80) -> str:
    """Random letters and digits (base32, upper case), five bits each: unguessable, and readable from a screen."""
    return base64.b32encode(secrets.token_bytes(bits // 8)).decode().rstrip("=")


def sign(purpose: str, value: str) -> str:
    """A token that only this purpose accepts; each purpose signs with a salt of its own."""
    return signing.dumps(value, salt=f"lectern.{purpose}")


def unsign(purpose: str, token: str, *, max_age: int | None = None) -> str | None:
    """The value that was signed, or None when the token is altered, of another purpose, or older than `max_age` s."""
    try:
        value = signing.loads(token, salt=f"lectern.{purpose}", max_age=max_age)
    except signing.BadSignature:
        return None
    return value if isinstance(value, str) else None
