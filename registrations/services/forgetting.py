"""Deleting a person: what is to come is given up, what was stays as a number without a name."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Lower

from accounts.models import User
from core.tokens import new_secret
from registrations.models import Answer, Invitation, Registration, RegistrationChange, SeriesRegistration
from registrations.services.leaving import leave
from registrations.states import IS_OVER, State


class Outrun(Exception):
    """They registered for something while we looked: roll everything back and begin anew."""


@transaction.atomic
def forget_person(*, user: User, addresses: Iterable[str], now: dt.datetime) -> int:
    """Give up what is to come (the queue moves up), then take name, answers and reasons off every registration.

    Seats and states of what is over stay: how many came does not change. Each row gets a new ticket, so that codes
    and links in old mails open nothing. Returns how many places were given up. The account itself goes elsewhere, in
    the same transaction; Outrun says that it has to be tried again.
    """
    SeriesRegistration.objects.filter(user=user).delete()
    leaving = list(_to_come(user, now).order_by("event__starts_at", "event_id"))  # everybody locks seats in this order
    for registration in leaving:
        leave(registration=registration, now=now, by=user)
    _erase(_locked(user, now))
    invited = Invitation.objects.annotate(low=Lower("email"))
    invited.filter(low__in=[address.lower() for address in addresses]).delete()
    return len(leaving)


def _to_come(user: User, now: dt.datetime) -> QuerySet[Registration]:
    """What can still be given up; who is inside already has come."""
    mine = Registration.objects.filter(user=user, event__ends_at__gt=now)
    return mine.exclude(state__in=[*IS_OVER, State.CHECKED_IN, State.NO_SHOW])


def _locked(user: User, now: dt.datetime) -> list[Registration]:
    """All their rows, and that there will be no more: seats, rows, person are locked in this order.

    Whoever writes a row for this person meanwhile needs the person's row to commit, and is refused after us.
    """
    rows = list(Registration.objects.select_for_update(of=("self",)).filter(user=user).order_by("pk"))
    list(User.objects.select_for_update().filter(pk=user.pk))
    unseen = Registration.objects.filter(user=user).exclude(pk__in=[row.pk for row in rows])
    if _to_come(user, now).exists() or unseen.exists():
        raise Outrun
    return rows


def _erase(rows: list[Registration]) -> None:
    """Whatever says who it was."""
    Answer.objects.filter(registration__in=rows).delete()
    RegistrationChange.objects.filter(registration__in=rows).exclude(reason="").update(reason="")
    for row in rows:
        row.user, row.name, row.ticket = None, "", new_secret()
    Registration.objects.bulk_update(rows, ["user", "name", "ticket"])
