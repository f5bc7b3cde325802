"""Named reads of people."""

from allauth.account.models import EmailAddress

from accounts.models import User


def user_with_email(email: str) -> User | None:
    """Whose address this is: whoever confirmed it, else the account that was made with it.

    An address that somebody merely added to an account, and never confirmed, makes nobody its owner. Compared in
    lower case and nothing looser: “mıke@” must never find “mike@”.
    """
    address = EmailAddress.objects.select_related("user").filter(email=email.lower(), verified=True).first()
    return address.user if address else User.objects.filter(email=email.lower()).first()
