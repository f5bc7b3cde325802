"""A letter to nobody: how a mail will look in a group's own words, saved or not."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from events.letters import event_values, letter_in_words, with_plain_name
from events.mail_texts import MailKind, in_own_words
from events.models import Event, Group
from outbox.writers import Letter


def preview(kind: MailKind, group: Group, *, language: str, subject: str, text: str, now: dt.datetime) -> Letter:
    """The letter about the group's latest event, or about an invented one."""
    with translation.override(language):
        event = sample_event(group, now=now)
        values = with_plain_name(kind.sample(event) if kind.sample else event_values(event))
        return letter_in_words(kind.name, values, in_own_words(kind, subject, text, values))


def sample_event(group: Group, *, now: dt.datetime) -> Event:
    """The group's latest event that is not a draft; one that is not stored while there is none."""
    latest = group.events.published().select_related("group", "venue").order_by("-starts_at", "-id").first()
    return latest or _invented(group, now)


def _invented(group: Group, now: dt.datetime) -> Event:
    starts_at = (now + dt.timedelta(days=7)).astimezone(ZoneInfo(group.time_zone)).replace(hour=19, minute=0, second=0)
    return Event(
        pk=0,  # no row has it: whatever is asked about this event is answered with nothing
        group=group,
        title=_("Our next meetup"),
        slug="our-next-meetup",
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(hours=2),
        time_zone=group.time_zone,
    )
