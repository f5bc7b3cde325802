"""What somebody marked for themselves, kept with their account so that it follows them to every device."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Star, User
from core.errors import RuleViolation

MOST = 500  # of one person: years of evenings


@transaction.atomic
def change_stars(*, user: User, add: Iterable[UUID] = (), remove: Iterable[UUID] = (), now: datetime) -> None:
    """Mark some things and take the mark off others; what is so already stays as it is.

    Callers have asked whether what is added exists. Raises RuleViolation beyond 500 marks.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    Star.objects.filter(user=user, uid__in=list(remove)).delete()
    marked = set(Star.objects.filter(user=user).values_list("uid", flat=True))
    wanted = [uid for uid in dict.fromkeys(add) if uid not in marked]
    if wanted and len(marked) + len(wanted) > MOST:
        words = _("You have %(most)s stars at most. Take the star off something that is over.") % {"most": MOST}
        raise RuleViolation("too_many_stars", words, field="add")
    Star.objects.bulk_create([Star(user=user, uid=uid, created_at=now) for uid in wanted])


def stars_of(user: User) -> QuerySet[Star]:
    """Everything somebody marked, the oldest first; one query."""
    return Star.objects.filter(user=user).order_by("id")
