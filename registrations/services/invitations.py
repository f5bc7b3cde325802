"""Asking people to come: pasted addresses become invitations, one a person, with one mail each."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import RuleViolation
from core.text import clean_line
from events.models import Event
from outbox.services import valid_address
from registrations import notifications
from registrations.models import Invitation, RegistrationPlan

MOST_AT_ONCE = 500
LONGEST = 254


@dataclass(frozen=True)
class Invited:
    """What became of the addresses: invited now, invited before, and what is none."""

    new: list[str]
    known: list[str]
    bad: list[str]


@transaction.atomic
def invite(*, plan: RegistrationPlan, emails: str, by: User, now: dt.datetime) -> Invited:
    """Invite whoever is named in the pasted text: `bo@example.org, Cy Li <cy@example.org>`, or one to a line.

    Raises RuleViolation on the field `emails` when there are none or too many, and before the event is public.
    """
    if plan.event.status != Event.Status.PUBLISHED:
        raise RuleViolation("not_published", _("Publish the event first: an invitation leads to its page."))
    good, bad = read_addresses(emails)
    if not good and not bad:
        raise RuleViolation("no_address", _("Paste at least one email address."), field="emails")
    if len(good) > MOST_AT_ONCE:
        message = _("Invite at most %(most)d people at a time.") % {"most": MOST_AT_ONCE}
        raise RuleViolation("too_many_addresses", message, field="emails")
    RegistrationPlan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    known = {address.lower() for address in plan.invitations.values_list("email", flat=True)}
    new = [address for address in good if address.lower() not in known]
    rows = [Invitation(plan=plan, email=address, invited_at=now, invited_by=by) for address in new]
    for invitation in Invitation.objects.bulk_create(rows):
        notifications.person_invited(invitation, now=now)
    return Invited(new, [address for address in good if address.lower() in known], bad)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation) -> None:
    """They may not register any more; who has a seat keeps it, and a mail that has not left stays here."""
    Invitation.objects.filter(pk=invitation.pk).delete()


def read_addresses(text: str) -> tuple[list[str], list[str]]:
    """Each address once, in the order given; and what looks like one and is none."""
    good: dict[str, str] = {}
    bad: list[str] = []
    for part in _parts(text):
        address = part.rpartition("<")[2].rstrip(">") if "<" in part else part
        try:
            good.setdefault(valid_address(address).lower(), address)
        except RuleViolation:
            bad.append(clean_line(part)[:LONGEST])
    return list(good.values()), list(dict.fromkeys(bad))


def _parts(text: str) -> Iterator[str]:
    """By line, comma and semicolon; names before an address in pointed brackets stay with it, blanks part the rest."""
    for part in re.split(r"[,;\n\r]+", text):
        if re.search(r"<[^<>]*>\s*$", part):
            yield part.strip()
        else:
            yield from part.split()
