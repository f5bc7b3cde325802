"""Signed addresses and codes by which a person without a session reaches and confirms their registration."""

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from core.tokens import sign, unsign
from registrations.models import Registration

PURPOSE = "registration"
CODE_SALT = "lectern.registrations.confirmation"


def manage_path(registration: Registration) -> str:
    """The page on which this person confirms, leaves, takes an offer: opening it changes nothing."""
    return reverse("registration", args=[sign(PURPOSE, registration.ticket)])


def registration_of(token: str) -> Registration | None:
    """Whose address this is; None when it was altered or the registration is gone."""
    ticket = unsign(PURPOSE, token)
    registrations = Registration.objects.select_related("event__group", "event__venue", "user")
    return registrations.filter(ticket=ticket).first() if ticket else None


def confirmation_code(registration: Registration) -> str:
    """Six digits for who reads mail on another device; good until the registration changes. Count the wrong guesses."""
    value = f"{registration.ticket}:{registration.version}"
    digest = salted_hmac(CODE_SALT, value, algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"


def is_confirmation_code(registration: Registration, given: str) -> bool:
    """Whether these are the six digits; blanks do not matter."""
    return constant_time_compare("".join(given.split()), confirmation_code(registration))
