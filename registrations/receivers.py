"""What registrations make of news from below."""

import datetime as dt
from typing import Any

from django.dispatch import receiver

from events.models import CalendarInvite
from events.signals import invite_answered
from registrations.services.calendar_answers import apply_answer


@receiver(invite_answered, dispatch_uid="registrations.apply_the_calendars_answer")
def apply_the_calendars_answer(
    invite: CalendarInvite, partstat: str, stamped_at: dt.datetime, now: dt.datetime, **_kwargs: Any
) -> str:
    """An attendee's answer is about their seat; a speaker's is not."""
    if invite.role != CalendarInvite.Role.ATTENDEE:
        return ""
    return apply_answer(invite=invite, partstat=partstat, stamped_at=stamped_at, now=now)
