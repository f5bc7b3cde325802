"""Who may do what with accounts."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from accounts.models import User


def may_have_tokens(person: AbstractBaseUser | AnonymousUser) -> bool:
    """Whoever may open the admin may make tokens for themselves."""
    return isinstance(person, User) and person.is_active and person.is_staff
