"""Deleting somebody from everything at once: all of it happens, or nothing does."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import addresses_of
from accounts.services import delete_account
from core.errors import RuleViolation
from events.services.forgetting import forget_invites
from events.services.groups import refuse_to_leave_groups_alone
from inbox.services import forget_mails
from lightning.services.audience import forget_in_rounds
from outbox.selectors import messages_to
from outbox.services import drop_messages
from registrations.services.forgetting import Outrun, forget_person
from speakers.services import release_profile

ATTEMPTS = 5


def delete_person(*, user: User, now: dt.datetime) -> None:
    """Places are given up, what was keeps its numbers and loses its names, mail is dropped, the account goes.

    That an address unsubscribed stays, on purpose, as a digest that names nobody: it keeps us from writing again.
    Raises RuleViolation for the last organiser of a group. What was written about this person while we looked is found
    on the next turn; what is written later is refused, since its person is gone.
    """
    for _turn in range(ATTEMPTS):
        try:
            with transaction.atomic():
                _delete(user, now=now)
        except (IntegrityError, Outrun):
            continue
        return
    raise RuleViolation("busy", _("Something about you is being written at this moment. Try again in a minute."))


def _delete(user: User, *, now: dt.datetime) -> None:
    refuse_to_leave_groups_alone(user)
    addresses = addresses_of(user)
    forget_person(user=user, addresses=addresses, now=now)
    release_profile(user=user, addresses=addresses)
    forget_in_rounds(user=user, addresses=addresses)
    forget_invites(user=user, addresses=addresses)
    forget_mails(addresses=addresses, messages=messages_to(user.pk, addresses).values_list("pk", flat=True))
    drop_messages(recipient_id=user.pk, addresses=addresses)
    delete_account(user=user)
