"""RSVP: asking for a seat, with an address that is proven first; the same person twice is one registration."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected

from accounts.models import User
from accounts.names import clean_name
from accounts.services import name_account
from core.errors import RuleViolation
from outbox.services import ring_after_commit
from registrations import notifications
from registrations.models import Registration, RegistrationPlan
from registrations.selectors.plans import plan_of_event
from registrations.services.admission_sql import Admitted, admit, admit_newcomer
from registrations.services.answers import checked_answers, store_answers
from registrations.services.queue import promote_queue
from registrations.services.rings import announce_seats
from registrations.services.seating import lock_seats
from registrations.services.wishes import Wish, refuse_party, refuse_strangers, refuse_when_closed
from registrations.states import State

MAY_BE_ADMITTED = (State.PENDING, State.DECLINED, State.CANCELLED)
ATTEMPTS = 5


@dataclass(frozen=True)
class Outcome:
    """The registration, and whether this request made or changed it."""

    registration: Registration
    is_new: bool


@contextmanager
def refused_ghosts() -> Iterator[None]:
    """Who deletes their account in this very moment does not come: the database wants the person of each row."""
    try:
        yield
    except IntegrityError as error:
        if "_fk_accounts_user" not in str(error):
            raise
        raise RuleViolation("person_gone", _("This account was deleted in the meantime.")) from error


@refused_ghosts()
def register(
    *, plan: RegistrationPlan, user: User, wish: Wish, is_proven: bool, now: dt.datetime, by: User | None = None
) -> Outcome:
    """Ask for a seat. `is_proven` says the e-mail is known to be the person's; else they get a mail to confirm first.

    Raises RuleViolation, naming the field, for a closed window, too many guests, a wrong answer. Asking again while
    registered returns the registration unchanged; to an unproven address a mail then says where its owner stands, so
    that nobody learns from the answer who is coming.
    """
    refuse_when_closed(plan, now=now)
    wish = replace(wish, name=clean_name(wish.name))
    refuse_party(plan, wish)
    refuse_strangers(plan, user)
    answers = checked_answers(plan, wish.answers)
    if is_proven and by == user:
        name_account(user=user, name=wish.name)  # so that the next event takes one click
    if is_proven and not answers and (newcomer := _seat_newcomer(plan, user, wish, now=now, by=by)):
        return newcomer

    def attempt() -> Outcome:
        registration, is_new = _find_or_add(plan, user, wish, now)
        if registration.state not in MAY_BE_ADMITTED:
            if not is_proven:
                notifications.confirmation_asked(registration, now=now)
            return Outcome(registration, is_new=False)
        store_answers(registration, answers)
        if not is_proven:
            return _ask_to_confirm(registration, wish, is_new=is_new, now=now)
        registration.name, registration.place, registration.guests = wish.name, wish.place, wish.guests
        return _admit(plan, registration, now=now, by=by)

    return _again_when_outrun(attempt)


@refused_ghosts()
def confirm_registration(*, registration: Registration, now: dt.datetime) -> Outcome:
    """The e-mail is theirs: now the seat is decided. Confirming twice is confirming once."""
    plan = plan_of_event(registration.event_id)
    refuse_when_closed(plan, now=now)

    def attempt() -> Outcome:
        fresh = Registration.objects.select_related("event", "user").get(pk=registration.pk)
        if fresh.state != State.PENDING:
            return Outcome(fresh, is_new=False)
        return _admit(plan, fresh, now=now, by=fresh.user)

    return _again_when_outrun(attempt)


def approve(*, registration: Registration, by: User, now: dt.datetime) -> Outcome:
    """An organiser says yes: a seat, or a place in the queue since the day of asking."""
    plan = plan_of_event(registration.event_id)

    def attempt() -> Outcome:
        fresh = Registration.objects.select_related("event", "user").get(pk=registration.pk)
        if fresh.state != State.REQUESTED:
            return Outcome(fresh, is_new=False)
        return _admit(plan, fresh, now=now, by=by, is_approved=True)

    return _again_when_outrun(attempt)


class _Outrun(Exception):
    """Somebody changed the same registration between our look at it and the lock."""


def _again_when_outrun(attempt: Callable[[], Outcome]) -> Outcome:
    """Run in a transaction that leaves nothing behind when it lost a race; then look again.

    A person who asks twice at once, with answers and without, may wait for themselves: PostgreSQL ends one of the two.
    """
    for _turn in range(ATTEMPTS):
        with suppress(_Outrun), deadlock_is_a_lost_race(), transaction.atomic():
            return attempt()
    raise RuleViolation("busy", _("This registration is being changed elsewhere. Try again."))


def _seat_newcomer(
    plan: RegistrationPlan, user: User, wish: Wish, *, now: dt.datetime, by: User | None
) -> Outcome | None:
    """Who was never here and has nothing to answer: everything in one statement. None for everybody else."""
    registration, admitted = _new_row(plan, user, wish, now, version=1), None
    with suppress(_Outrun), deadlock_is_a_lost_race():
        admitted = admit_newcomer(
            registration,
            notifications.newcomer_admitted(registration, user, now=now),
            plan_id=plan.pk,
            needs_approval=plan.admission == RegistrationPlan.Admission.APPROVAL,
            by_id=by.pk if by else None,
            now=now,
        )
    if admitted is None:
        return None
    ring_after_commit()
    registration.pk = admitted.id
    return _settle(plan, registration, admitted, now=now)


def _new_row(plan: RegistrationPlan, user: User, wish: Wish, now: dt.datetime, *, version: int = 0) -> Registration:
    return Registration(
        event=plan.event,
        user=user,
        name=wish.name,
        place=wish.place,
        guests=wish.guests,
        source=wish.source,
        version=version,
        joined_at=now,
        created_at=now,
        changed_at=now,
    )


def _find_or_add(plan: RegistrationPlan, user: User, wish: Wish, now: dt.datetime) -> tuple[Registration, bool]:
    """The person's row for this event; two requests at once make one row, the second waits for the first."""
    found = Registration.objects.filter(event=plan.event, user=user).first()
    is_new = found is None
    if found is None:
        found = _new_row(plan, user, wish, now)
        with refused_duplicates():
            Registration.objects.bulk_create([found])
    found.event, found.user = plan.event, user
    return found, is_new


@contextmanager
def deadlock_is_a_lost_race() -> Iterator[None]:
    """Inside a larger transaction it stays an error: PostgreSQL has undone all of it."""
    try:
        yield
    except OperationalError as error:
        if connection.in_atomic_block or not isinstance(error.__cause__, DeadlockDetected):
            raise
        raise _Outrun from error


@contextmanager
def refused_duplicates() -> Iterator[None]:
    """The database refuses a second row for the same person; who lost that race looks again."""
    try:
        yield
    except IntegrityError as error:
        if "person_registers_for_an_event_once" not in str(error):
            raise
        raise _Outrun from error


def _ask_to_confirm(registration: Registration, wish: Wish, *, is_new: bool, now: dt.datetime) -> Outcome:
    """Nothing is held until the mail is answered; who was here before proves it again."""
    again = Registration.objects.filter(pk=registration.pk, state__in=MAY_BE_ADMITTED)
    again.update(state=State.PENDING, name=wish.name, place=wish.place, guests=wish.guests, changed_at=now)
    registration.state = State.PENDING
    notifications.confirmation_asked(registration, now=now)
    return Outcome(registration, is_new=is_new)


def _admit(
    plan: RegistrationPlan, registration: Registration, *, now: dt.datetime, by: User | None, is_approved: bool = False
) -> Outcome:
    """The letter is queued before the seats are locked: what it says is found out when it is sent."""
    notifications.registration_admitted(registration, version=registration.version + 1, now=now)
    admitted = admit(
        registration,
        plan_id=plan.pk,
        needs_approval=plan.admission == RegistrationPlan.Admission.APPROVAL and not is_approved,
        by_id=by.pk if by else None,
        now=now,
    )
    if admitted is None:
        raise _Outrun
    registration.version += 1
    registration.changed_at = now
    if registration.state != State.REQUESTED:
        registration.joined_at = now
    return _settle(plan, registration, admitted, now=now)


def _settle(plan: RegistrationPlan, registration: Registration, admitted: Admitted, *, now: dt.datetime) -> Outcome:
    announce_seats(plan.event)
    registration.state = admitted.state
    if admitted.state == State.WAITING and admitted.seats_were_free:
        _pass_who_does_not_fit(registration, now=now)
    return Outcome(registration, is_new=True)


@transaction.atomic
def _pass_who_does_not_fit(registration: Registration, *, now: dt.datetime) -> None:
    """Seats are free and everybody before is too large a party for them: a smaller one need not wait."""
    promote_queue(lock_seats(event_id=registration.event_id, place=registration.place), now=now)
    registration.refresh_from_db(fields=["state", "version", "offer_until"])
