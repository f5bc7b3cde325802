"""What a link out of a mail unsubscribes from, how that stands, and what its buttons do."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import RuleViolation
from events.mail_scopes import ALL_REMINDERS, group_in
from events.models import Group
from outbox.models import Suppression
from outbox.services import lift_suppression, suppress
from outbox.unsubscribing import Unsubscription

ONE_CLICK = ("List-Unsubscribe", "One-Click")  # RFC 8058 section 3.1


@dataclass(frozen=True)
class Standing:
    """What a link is about: `group` for reminders about one group, neither that nor `is_reminders` for other mails."""

    group: Group | None
    is_reminders: bool
    is_stopped: bool
    is_all_stopped: bool


def standing(asked: Unsubscription) -> Standing:
    """How it stands now; two queries at most. A group that is deleted has no reminders, so it is spoken of as all."""
    stopped = Suppression.objects.filter(digest=asked.digest, scope__in=[asked.scope, ALL_REMINDERS])
    scopes = set(stopped.values_list("scope", flat=True))
    number = group_in(asked.scope)
    return Standing(
        group=Group.objects.filter(pk=number).first() if number is not None else None,
        is_reminders=number is not None or asked.scope == ALL_REMINDERS,
        is_stopped=asked.scope in scopes,
        is_all_stopped=ALL_REMINDERS in scopes,
    )


def press(asked: Unsubscription, action: str, *, now: dt.datetime) -> None:
    """One of the buttons; each says how it shall be, so that pressing it twice is pressing it once."""
    if action in ("stop", "stop_all"):
        scope = asked.scope if action == "stop" else ALL_REMINDERS
        suppress(digest=asked.digest, scope=scope, reason=Suppression.Reason.UNSUBSCRIBED, now=now)
    elif action in ("resume", "resume_all"):
        lift_suppression(digest=asked.digest, scope=asked.scope if action == "resume" else ALL_REMINDERS)
    else:
        raise RuleViolation("unknown_action", _("This button is unknown. Open the page again and choose one."))
