"""What an organiser reads before people are told: how many, how, when, and of what."""

import copy
import datetime as dt
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import phrases
from events.admin.words import local_time
from events.models import ChangeNotice, Event
from events.news import changed_between, due_after
from events.notice_letters import change_words, snapshot
from events.services.notices import Reach, reach_of


def telling_of(event: Event, before: dict[str, Any], now: dt.datetime) -> list[str]:
    """The sentences for an event as it would become in memory; none when nobody hears of it."""
    after = snapshot(event)
    changed = changed_between(before, after)
    if not changed:
        return []
    return [reach_words(reach_of(event=event, before=before, now=now), due_after(changed, event.status, now), event)]


def with_status(event: Event, status: str) -> Event:
    """The event as a button would make it, in memory."""
    event = copy.copy(event)
    event.status = status
    return event


def reach_words(reach: Reach, due: dt.datetime, event: Event) -> str:
    """Such as “42 people are told: 30 by an update of their calendar, 12 by mail. It goes out at 18:05.”."""
    if not reach.people:
        return _("Nobody has to be told.")
    people = ngettext("%d person is told", "%d people are told", reach.people) % reach.people
    words = _("%(people)s: %(calendars)d by an update of their calendar, %(mails)d by mail. It goes out at %(time)s.")
    time = date_format(due.astimezone(event.zone), "H:i")
    return words % {"people": people, "calendars": reach.by_calendar, "mails": reach.by_mail, "time": time}


def differences(before: Event, after: Event, changed: list[str]) -> list[str]:
    """“starts: Thu 19 Mar 2026, 19:00 → Thu 19 Mar 2026, 19:30”, each by the clock it is on."""
    pairs = ((shown(before, name), shown(after, name)) for name in changed)
    return [
        phrases.labelled(label, f"{old} → {new}")
        for label, (old, new) in zip(change_words(changed), pairs, strict=True)
    ]


def shown(event: Event, name: str) -> str:
    """A field as an organiser reads it."""
    if name in ("starts_at", "ends_at"):
        return local_time(getattr(event, name), event.zone) or "–"
    if name in ("format", "status"):
        return str(getattr(event, f"get_{name}_display")())
    return str(getattr(event, name) or "–")


def notice_words(notice: ChangeNotice, event: Event) -> str:
    """“starts, ends: goes out at 18:05”."""
    time = date_format(notice.due_at.astimezone(event.zone), "H:i")
    return _("%(changed)s: goes out at %(time)s") % {
        "changed": phrases.listed(change_words(notice.changed)),
        "time": time,
    }
