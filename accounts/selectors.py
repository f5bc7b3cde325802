"""Named reads of people."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet

from accounts.models import FeedKey, User


def user_with_email(email: str) -> User | None:
    """Whose address this is: whoever confirmed it, else the account that was made with it.

    An address that somebody merely added to an account, and never confirmed, makes nobody its owner. Compared in
    lower case and nothing looser: “mıke@” must never find “mike@”.
    """
    address = EmailAddress.objects.select_related("user").filter(email=email.lower(), verified=True).first()
    return address.user if address else User.objects.filter(email=email.lower()).first()


def addresses_of(user: User) -> list[str]:
    """The addresses that are known to be this person's, in lower case and in order: what they sign in with."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return sorted({user.email.lower(), *(email.lower() for email in confirmed)})


def feed_key_of(user: User) -> FeedKey | None:
    """When their feed's key was made and last used; the key itself is known to nobody."""
    return FeedKey.objects.filter(user=user).first()


def sign_in_addresses(user: User) -> QuerySet[EmailAddress]:
    """All addresses of the account, confirmed or not; one query."""
    return EmailAddress.objects.filter(user=user).order_by("email")


def sessions_of(user: User) -> QuerySet[UserSession]:
    """Where somebody is signed in, the oldest first; one query."""
    return UserSession.objects.filter(user=user).order_by("created_at", "id")


def second_factors_of(user: User) -> QuerySet[Authenticator]:
    """Passkeys, codes, recovery codes; one query."""
    return Authenticator.objects.filter(user=user).order_by("created_at", "id")
