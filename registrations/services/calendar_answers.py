"""What an answer of somebody's calendar does to their registration: the same as if they had said it on the page."""

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import RuleViolation
from events import reply_letters
from events.models import CalendarInvite
from registrations.models import Registration
from registrations.selectors.plans import plan_of_event
from registrations.services.leaving import leave
from registrations.services.queue import accept_offer
from registrations.services.registering import confirm_registration, register
from registrations.services.wishes import Wish
from registrations.states import IS_OVER, Command, State

CLOCKS_DIFFER = dt.timedelta(minutes=5)
BY_CALENDAR = "by calendar"
STAYS = frozenset({State.GOING, State.WAITING, State.REQUESTED, State.CHECKED_IN, State.NO_SHOW})


@transaction.atomic
def apply_answer(*, invite: CalendarInvite, partstat: str, stamped_at: dt.datetime, now: dt.datetime) -> str:
    """Do what the answer says, in a few words for the log; `invite` still holds the answer before this one.

    Raises RuleViolation for what is closed or over, and `answered_since` when the person has said something newer on
    the web. Saying the same twice is saying it once.
    """
    rows = Registration.objects.select_related("event", "user").filter(event=invite.event_id, user=invite.user_id)
    registration = rows.first() if invite.user_id else None
    if registration is None or registration.user is None:
        return "there is no registration"
    _refuse_the_outdated(registration, registration.user, invite, stamped_at)
    return ANSWERS[partstat](registration, registration.user, invite, now)


def _refuse_the_outdated(
    registration: Registration, user: User, invite: CalendarInvite, stamped_at: dt.datetime
) -> None:
    """What they did on a page after the calendar's answer counts more, and so does an organiser's refusal.

    Changes up to the last answer were weighed against that one already.
    """
    since = max(stamped_at + CLOCKS_DIFFER, invite.answered_at or stamped_at)
    later = registration.changes.filter(at__gt=since)
    if later.filter(by=user).exists() or later.filter(command=Command.REFUSE).exists():
        raise RuleViolation("answered_since", _("You have answered on the page of the event since."))


def _accept(registration: Registration, user: User, invite: CalendarInvite, now: dt.datetime) -> str:
    """A seat they have stays theirs; without one they stand in line as everybody does."""
    state = State(registration.state)
    if state in STAYS:
        return f"stays {state}"
    if state is State.OFFERED:
        return f"is {accept_offer(registration=registration, now=now, by=user).state}"
    if state is State.PENDING:
        return f"is {confirm_registration(registration=registration, now=now).registration.state}"
    return f"is {_register_again(registration, user, now)}"


def _register_again(registration: Registration, user: User, now: dt.datetime) -> str:
    """With the place, guests and answers of the last time."""
    plan = plan_of_event(registration.event_id)
    wish = Wish(
        name=registration.name,
        place=registration.place,
        guests=min(registration.guests, plan.max_guests),
        answers={answer.question_id: answer.value for answer in registration.answers.all()},
    )
    return register(plan=plan, user=user, wish=wish, is_proven=True, now=now, by=user).registration.state


def _decline(registration: Registration, user: User, invite: CalendarInvite, now: dt.datetime) -> str:
    """The seat is free, and the queue moves up."""
    return _give_up(registration, user, now, reason=BY_CALENDAR, tells=True)


def _delegate(registration: Registration, user: User, invite: CalendarInvite, now: dt.datetime) -> str:
    """Seats are not passed on; they are told how to invite somebody."""
    done = _give_up(registration, user, now, reason=f"{BY_CALENDAR}: delegated", tells=False)
    if State(registration.state) not in IS_OVER:
        reply_letters.queue_reply(reply_letters.DELEGATED, invite, now=now)
    return done


def _doubt(registration: Registration, user: User, invite: CalendarInvite, now: dt.datetime) -> str:
    """A maybe holds no seat; whoever waits or has an offer loses nothing by it."""
    if registration.state != State.GOING:
        return f"stays {registration.state}"
    done = _give_up(registration, user, now, reason=f"{BY_CALENDAR}: maybe", tells=False)
    reply_letters.queue_reply(reply_letters.MAYBE, invite, now=now)
    return done


def _give_up(registration: Registration, user: User, now: dt.datetime, *, reason: str, tells: bool) -> str:
    if State(registration.state) in IS_OVER:
        return f"stays {registration.state}"
    left = leave(registration=registration, now=now, by=user, command=Command.DECLINE, reason=reason, tells=tells)
    return f"is {left.state}"


Answer = Callable[[Registration, User, CalendarInvite, dt.datetime], str]
ANSWERS: dict[str, Answer] = {
    "ACCEPTED": _accept,
    "DECLINED": _decline,
    "TENTATIVE": _doubt,
    "DELEGATED": _delegate,
}
