"""Signed addresses and codes by which a person without a session reaches and confirms their registration."""

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from core.tokens import sign, unsign
from registrations.models import Registration

PURPOSE = "registration"
JOIN_PURPOSE = "join"
CODE_SALT = "lectern.registrations.confirmation"


def manage_path(registration: Registration) -> str:
    """The page on which this person confirms, leaves, takes an offer: opening it changes nothing."""
    return reverse("registration", args=[sign(PURPOSE, registration.ticket)])


def join_path(registration: Registration) -> str:
    """The person's own way in for who takes part online; it opens nothing else, so a calendar may hold it."""
    return reverse("join", args=[sign(JOIN_PURPOSE, registration.ticket)])


def registration_to_join(token: str) -> Registration | None:
    """Whose way in this is; None when it was altered or the registration is gone."""
    ticket = unsign(JOIN_PURPOSE, token)
    return Registration.objects.select_related("event__group").filter(ticket=ticket).first() if ticket else None


def registration_of(token: str) -> Registration | None:
    """Whose address this is; None when it was altered or the registration is gone."""
    ticket = unsign(PURPOSE, token)
    registrations = Registration.objects.select_related("event__group", "event__venue", "user")
    return registrations.filter(ticket=ticket).first() if ticket else None


def confirmation_code(registration: Registration) -> str:
    """Six digits for who reads mail on another device; good until the registration changes. Count the wrong guesses."""
    return _code(registration.ticket, registration.version)


def is_confirmation_code(registration: Registration, given: str) -> bool:
    """Whether these are the six digits; blanks do not matter."""
    return constant_time_compare(_digits(given), confirmation_code(registration))


def was_confirmation_code(registration: Registration, given: str) -> bool:
    """Whether these were the six digits until the last change: the second half of a double click."""
    last = max(0, registration.version - 1)
    return constant_time_compare(_digits(given), _code(registration.ticket, last))


def _code(ticket: str, version: int) -> str:
    digest = salted_hmac(CODE_SALT, f"{ticket}:{version}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"


def _digits(given: str) -> str:
    return "".join(given.split())
