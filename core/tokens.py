"""Secrets that are handed out, and links that prove who they were handed to."""

import base64
import hashlib
import secrets

from django.core import signing


def new_secret(bits: int = 80) -> str:
    """Random letters and digits (base32, upper case), five bits each: unguessable, and readable from a screen."""
    return base64.b32encode(secrets.token_bytes(bits // 8)).decode().rstrip("=")


def digest(secret: str) -> str:
    """SHA-256, hexadecimal: what is kept of a secret with 160 random bits or more, so without salt or slowness."""
    return hashlib.sha256(secret.encode()).hexdigest()


def sign(purpose: str, value: str) -> str:
    """A token that only this purpose accepts: each signs with a salt of its own. The same value has the same token."""
    return _signer(purpose).sign(value)


def unsign(purpose: str, token: str) -> str | None:
    """The value that was signed, or None when the token is altered or of another purpose."""
    try:
        return _signer(purpose).unsign(token)
    except signing.BadSignature:
        return None


def _signer(purpose: str) -> signing.Signer:
    return signing.Signer(salt=f"lectern.{purpose}")
