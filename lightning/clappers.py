"""Who applauds, as a digest: the same person gives the same one, and nobody reads a person out of it."""

from django.utils.crypto import salted_hmac

from accounts.models import User

SALT = "lectern.lightning.clapper"


def clapper_of(user: User) -> str:
    """Of somebody who is signed in."""
    return _digest(f"user:{user.pk}")


def clapper_of_mark(mark: str) -> str:
    """Of a browser that keeps a random mark."""
    return _digest(f"mark:{mark}")


def _digest(text: str) -> str:
    return salted_hmac(SALT, text, algorithm="sha256").hexdigest()
