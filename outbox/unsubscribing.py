"""Unsubscribing without signing in: digests that stand for addresses, and links that hold such a digest."""

import base64
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from core.tokens import sign, unsign

PURPOSE = "unsubscribe"


@dataclass(frozen=True)
class Unsubscription:
    """What a link asks for: no more mails of `scope` to the address behind `digest`."""

    digest: str
    scope: str


def address_digest(address: str) -> str:
    """What stands for an address in any case; without the site's key nobody can tell whose it is."""
    keyed = salted_hmac("lectern.address", address.strip().lower(), algorithm="sha256")
    return base64.urlsafe_b64encode(keyed.digest()).decode().rstrip("=")


def unsubscribe_token(address: str, scope: str) -> str:
    """The same for the same address and scope, so that an old mail's link works for ever."""
    return sign(PURPOSE, f"{address_digest(address)}:{scope}")


def unsubscribe_url(address: str, scope: str) -> str:
    """Where one click (RFC 8058), or a person on a page, ends the mails of this scope."""
    return settings.SITE_URL + reverse("unsubscribe", args=[unsubscribe_token(address, scope)])


def read_token(token: str) -> Unsubscription | None:
    """What a link asks for, or None when it is not one of ours."""
    digest, colon, scope = (unsign(PURPOSE, token) or "").partition(":")
    return Unsubscription(digest, scope) if colon else None
