"""Whom letters about talks go to: who gives a talk, and who organises its group."""

from typing import Any

from django.db.models import Case, F, Q, QuerySet, When

from accounts.models import User
from events.models import Membership
from events.permissions import ORGANISERS
from events.reminder_slots import Person
from events.selectors.reminder_people import with_accounts
from lightning.models import Talk, TalkSpeaker

# Who has not shown yet that a known speaker's address is theirs stands in the programme without one
UNREACHABLE = Q(speaker__user=None, speaker__email="")
ADDRESS = Case(When(UNREACHABLE, then=F("talk__proposer_email")), default=F("speaker__email"))


def with_address(parts: "QuerySet[TalkSpeaker]") -> "QuerySet[Any]":
    """Parts of who can be written to, with the `address` that counts where they have no account."""
    annotated: QuerySet[Any] = parts.annotate(address=ADDRESS)
    return annotated.exclude(speaker__user=None, address="")


def speakers_of(talk: Talk) -> list[Person]:
    """Who gives it and can be written to; `key` is their part in it. At most two queries.

    An account stands for its address, and one that is not in use gets no mail.
    """
    event_id = talk.block.session.event_id
    parts = with_address(TalkSpeaker.objects.filter(talk=talk.pk)).order_by("position", "id")
    rows = parts.values_list("pk", "speaker__user", "address")
    return with_accounts((event_id, pk, user, address, None) for pk, user, address in rows)


def organisers_of(group_id: int) -> list[User]:
    """Those with an account in use, who joined first comes first. One query."""
    rows = Membership.objects.filter(group=group_id, role__in=ORGANISERS, user__is_active=True)
    return [row.user for row in rows.select_related("user").order_by("id")]
