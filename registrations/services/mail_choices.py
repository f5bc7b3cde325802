"""Choosing one's mails: preferences and unsubscriptions in one transaction, at every address somebody has."""

from collections.abc import Mapping
from datetime import datetime
from typing import Unpack

from django.db import transaction

from accounts.mail_preferences import MailChoices, change_mail_preferences
from accounts.models import User
from accounts.selectors import addresses_of
from events.mail_scopes import ALL_REMINDERS, reminders_of
from outbox.models import Suppression
from outbox.services import lift_suppression, suppress
from outbox.unsubscribing import address_digest


@transaction.atomic
def choose_mails(
    *,
    user: User,
    now: datetime,
    reminders: bool | None = None,
    groups: Mapping[int, bool] | None = None,
    **choices: Unpack[MailChoices],
) -> None:
    """Keep what is given, and leave the rest: all reminders or none, those of each group by its key, preferences.

    Raises what change_mail_preferences raises, and then changes nothing.
    """
    if choices:
        change_mail_preferences(user=user, now=now, **choices)
    wanted = {reminders_of(pk): wants for pk, wants in (groups or {}).items()}
    if reminders is not None:
        wanted[ALL_REMINDERS] = reminders
    for address in addresses_of(user) if wanted else ():
        for scope, wants in wanted.items():
            _set(address_digest(address), scope, wants=wants, now=now)


def write_again(*, user: User, address: str) -> bool:
    """Mails to an address arrive again, says its owner; False when nothing kept us, or it is not theirs."""
    return address in addresses_of(user) and lift_suppression(digest=address_digest(address), scope="")


def _set(digest: str, scope: str, *, wants: bool, now: datetime) -> None:
    if wants:
        lift_suppression(digest=digest, scope=scope)
    else:
        suppress(digest=digest, scope=scope, reason=Suppression.Reason.UNSUBSCRIBED, now=now)
