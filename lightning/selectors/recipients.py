"""Whom letters about talks go to: who gives a talk, and who organises its group."""

from accounts.models import User
from events.models import Membership
from events.permissions import ORGANISERS
from events.reminder_slots import Person
from events.selectors.reminder_people import reachable, with_accounts
from lightning.models import Talk


def speakers_of(talk: Talk) -> list[Person]:
    """Who gives it and can be written to; `key` is their part in it. At most two queries.

    An account stands for its address, and one that is not in use gets no mail.
    """
    event_id = talk.block.session.event_id
    parts = reachable(talk.talk_speakers.order_by("position", "id"))
    rows = parts.values_list("pk", "speaker__user", "speaker__email")
    return with_accounts((event_id, pk, user, address, None) for pk, user, address in rows)


def organisers_of(group_id: int) -> list[User]:
    """Those with an account in use, who joined first comes first. One query."""
    rows = Membership.objects.filter(group=group_id, role__in=ORGANISERS, user__is_active=True)
    return [row.user for row in rows.select_related("user").order_by("id")]
