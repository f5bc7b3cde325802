"""Ticket codes: 80 random bits that stand in the row, and a signature: no guess succeeds, and a typo is told."""

import base64

from django.utils.crypto import constant_time_compare, salted_hmac

from registrations.models import Registration

TICKET_LENGTH = 16
SIGNATURE_LENGTH = 8
SALT = "lectern.registrations.tickets"


def ticket_code(registration: Registration) -> str:
    """What is printed, and in the QR code: six groups of four letters and digits."""
    code = registration.ticket + _signature(registration.ticket)
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_ticket(code: str) -> str | None:
    """The ticket in the row; None when the code was made up. Blanks, dashes and small letters do not matter."""
    plain = "".join(letter for letter in code.upper() if letter.isascii() and letter.isalnum())
    ticket, signature = plain[:TICKET_LENGTH], plain[TICKET_LENGTH:]
    return ticket if constant_time_compare(signature, _signature(ticket)) else None


def _signature(ticket: str) -> str:
    digest = salted_hmac(SALT, ticket, algorithm="sha256").digest()
    return base64.b32encode(digest).decode()[:SIGNATURE_LENGTH]
