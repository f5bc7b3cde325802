"""What is written back to people whose calendars answered: one letter of a kind a day and entry.

All go to the address that was invited, whoever the answer came from.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from core.text import clean_line
from events.letters import Link, event_letter, event_values, plain_name
from events.models import CalendarInvite, Event
from outbox.models import Message, Priority
from outbox.services import enqueue_message
from outbox.writers import Letter, Skip

CONFIRM = "reply_confirm"
CLOSED = "reply_closed"
COUNTER = "reply_counter"
TEXT = "reply_text"
MAYBE = "reply_maybe"
DELEGATED = "reply_delegated"
SPEAKER_DECLINED = "reply_speaker_declined"
KINDS = (CONFIRM, CLOSED, COUNTER, TEXT, MAYBE, DELEGATED, SPEAKER_DECLINED)
A_DAY = dt.timedelta(days=1)


def queue_reply(kind: str, invite: CalendarInvite, *, now: dt.datetime, step: str = "", **payload: Any) -> None:
    """Write to who was invited; `step` tells letters of one kind apart that may both go on one day."""
    enqueue_message(
        kind=kind,
        dedupe_key=f"{kind}:{invite.pk}:{step or 'any'}:{now:%Y-%m-%d}",
        address=invite.address,
        recipient_id=invite.user_id,
        payload={"invite": invite.pk, **payload},
        language=language_of(invite),
        is_secret=kind == CONFIRM,  # its link answers in their name
        priority=Priority.NOW,
        now=now,
        expires_at=max(invite.event.ends_at, now + A_DAY),
    )


def speaker_declined(invite: CalendarInvite, *, organisers: list[User], comment: str, now: dt.datetime) -> None:
    """Tell each organiser of the group once for each invitation that was declined."""
    for organiser in organisers:
        enqueue_message(
            kind=SPEAKER_DECLINED,
            dedupe_key=f"{SPEAKER_DECLINED}:{invite.pk}:{invite.sequence}:{organiser.pk}",
            address=organiser.email,
            recipient_id=organiser.pk,
            payload={"invite": invite.pk, "comment": comment},
            language=organiser.language,
            priority=Priority.NOW,
            now=now,
            expires_at=max(invite.event.ends_at, now + A_DAY),
        )


def write_reply(message: Message, now: dt.datetime) -> Letter | Skip:
    """The words, with the facts of today."""
    rows = CalendarInvite.objects.select_related("event__group", "event__venue", "user")
    invite = rows.filter(pk=message.payload["invite"]).first()
    if invite is None:
        return Skip("the invite is gone")
    if invite.event.status == Event.Status.DRAFT:
        return Skip("the event is withdrawn")
    with translation.override(message.language or settings.LANGUAGE_CODE):
        return event_letter(message.kind, _values(message, invite))


def _values(message: Message, invite: CalendarInvite) -> dict[str, Any]:
    said: dict[str, Any] = message.payload
    return {
        **event_values(invite.event, buttons=[_button(message, invite)]),
        "group": plain_name(invite.event.group.name),
        "answer": answer_words(said.get("partstat", "")),
        "refusal": said.get("refusal", ""),
        "speaker": plain_name(invite.name or invite.address),
        "slot": clean_line(invite.told.get("summary", "") or invite.event.title),
        "note": clean_line(said.get("comment", "")),
        "name": "" if message.kind == SPEAKER_DECLINED else plain_name(invite.name),
    }


def _button(message: Message, invite: CalendarInvite) -> Link:
    if message.kind == CONFIRM:
        return Link(_("It was me"), message.payload["url"])
    if message.kind == SPEAKER_DECLINED:
        page = reverse("admin:events_event_change", args=[invite.event_id])
        return Link(_("Open the event in the admin"), settings.SITE_URL + page)
    return Link(_("My registration"), settings.SITE_URL + reverse("my_registration", args=[invite.event.slug]))


def answer_words(partstat: str) -> str:
    """An answer as people say it."""
    words = {
        "ACCEPTED": pgettext("answer", "yes, I come"),
        "DECLINED": pgettext("answer", "no, I cannot come"),
        "TENTATIVE": pgettext("answer", "maybe"),
        "DELEGATED": pgettext("answer", "somebody else comes instead of me"),
    }
    return words.get(partstat, "")


def language_of(invite: CalendarInvite) -> str:
    """The person's, else the event's, if letters are written in it."""
    language = (invite.user.language if invite.user else "") or invite.event.language
    return language if language in dict(settings.LANGUAGES) else ""
