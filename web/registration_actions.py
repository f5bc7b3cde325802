"""What the buttons of a registration do: each name posted by a page, and the one service behind it."""

import datetime as dt
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from registrations.models import Registration
from registrations.selectors.plans import plan_of_event
from registrations.services.leaving import leave
from registrations.services.queue import accept_offer
from registrations.services.reconfirming import reconfirm
from registrations.services.registering import confirm_registration, register
from registrations.services.series import join_series, leave_series
from registrations.services.wishes import Wish

Act = Callable[[Registration, dt.datetime], object]


def act(registration: Registration, action: str, *, place: str = "", now: dt.datetime) -> None:
    """Do it for the person whose registration this is; raises RuleViolation, or BadRequest for what no page offers.

    `place` matters to who comes back after leaving.
    """
    if action == "return":
        come_back(registration, place=place or registration.place, now=now)
        return
    try:
        do = ACTIONS[action]
    except KeyError as error:
        raise BadRequest(_("This page has no such button. Load it again.")) from error
    do(registration, now)


def come_back(registration: Registration, *, place: str, now: dt.datetime) -> None:
    """Register again, with the guests and answers of the last time; for who proved their address then."""
    plan, user = plan_of_event(registration.event_id), registration.user
    answers = {answer.question_id: answer.value for answer in registration.answers.all()}
    guests = min(registration.guests, plan.max_guests)
    if user is not None:
        wish = Wish(name=registration.name, place=place, guests=guests, answers=answers)
        register(plan=plan, user=user, wish=wish, is_proven=True, now=now, by=user)


def _confirm(registration: Registration, now: dt.datetime) -> object:
    return confirm_registration(registration=registration, now=now)


def _leave(registration: Registration, now: dt.datetime) -> object:
    return leave(registration=registration, now=now, by=registration.user)


def _accept(registration: Registration, now: dt.datetime) -> object:
    return accept_offer(registration=registration, now=now, by=registration.user)


def _reconfirm(registration: Registration, now: dt.datetime) -> object:
    return reconfirm(registration=registration, now=now, by=registration.user)


def _join_series(registration: Registration, now: dt.datetime) -> object:
    """For proven people only: a pending registration is somebody's word alone."""
    series, user = registration.event.series, registration.user
    if registration.state == Registration.State.PENDING:
        raise RuleViolation("not_confirmed", _("Confirm your RSVP first."))
    name = registration.name
    return series and user and join_series(series=series, user=user, name=name, place=registration.place, now=now)


def _leave_series(registration: Registration, now: dt.datetime) -> object:
    series, user = registration.event.series, registration.user
    return series and user and leave_series(series=series, user=user, now=now)


ACTIONS: dict[str, Act] = {
    "confirm": _confirm,
    "leave": _leave,
    "accept": _accept,
    "reconfirm": _reconfirm,
    "join_series": _join_series,
    "leave_series": _leave_series,
}
