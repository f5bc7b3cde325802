"""People who sign in."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import User


class UserFactory(DjangoModelFactory[User]):
    """Somebody with an account and no password; `password="…"` gives one."""

    class Meta:
        model = User

    name = "Bo"
    email = factory.Sequence(lambda n: f"bo{n}@example.org")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        """Through the manager, so that a password is stored as a digest."""
        return model_class.objects.create_user(*args, **kwargs)
