"""What somebody's own page says about each of their registrations: the state in words, and what to do next."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from core.time_words import moment
from events.models import Event
from registrations.links import manage_path
from registrations.models import Place, Registration
from registrations.states import IS_OVER, State
from registrations.tickets import ticket_code
from web.ways_in import way_in
from web.wording import place_in_line

SHAPES = {State.GOING: "ok", State.CHECKED_IN: "ok", State.WAITING: "wait", State.REQUESTED: "wait"}


@dataclass(frozen=True)
class Row:
    """One registration; `action` is the one thing to do next (confirm, accept, reconfirm), if there is one."""

    registration: Registration
    words: str
    shape: str  # ok, wait, ask, off: which shape stands before the words
    action: str = ""
    is_first_to_act: bool = False  # the page has one yellow button
    manage_path: str = ""
    ticket: str = ""
    join_url: str = ""

    @property
    def event(self) -> Event:
        """What it is about."""
        return self.registration.event


@dataclass(frozen=True)
class MyEvents:
    """Three lists: what comes (the nearest first), what was given up of it, what is over (the latest first)."""

    upcoming: list[Row]
    given_up: list[Row]
    past: list[Row]


def my_events(registrations: list[Any], *, now: dt.datetime) -> MyEvents:
    """Sorts registrations, the latest event first as they come; each carries `queue_position`."""
    ahead = [row for row in reversed(registrations) if not row.event.is_over(now=now)]
    behind = [row for row in registrations if row.event.is_over(now=now)]
    upcoming = [_ahead(row, now=now) for row in ahead if row.state not in IS_OVER]
    first = next((row for row in upcoming if row.action in ("accept", "reconfirm")), None)
    return MyEvents(
        upcoming=[replace(row, is_first_to_act=row is first) for row in upcoming],
        given_up=[Row(row, given_up_words(row), "off") for row in ahead if row.state in IS_OVER],
        past=[Row(row, past_words(row), "ok" if row.state == State.CHECKED_IN else "off") for row in behind],
    )


def _ahead(registration: Any, *, now: dt.datetime) -> Row:
    event = registration.event
    if event.status in (Event.Status.CANCELLED, Event.Status.POSTPONED):
        words = _("This event is cancelled.") if event.status == Event.Status.CANCELLED else _("The new date follows.")
        return Row(registration, words, "off", manage_path=manage_path(registration))
    state = State(registration.state)
    is_online = registration.place == Place.ONLINE or event.format == Event.Format.ONLINE
    has_ticket = state in (State.GOING, State.CHECKED_IN) and not is_online
    return Row(
        registration,
        words=words_ahead(registration, now=now),
        shape=SHAPES.get(state, "ask"),
        action=next_action(registration, now=now),
        manage_path=manage_path(registration),
        ticket=ticket_code(registration) if has_ticket else "",
        join_url=way_in(registration),
    )


def next_action(registration: Registration, *, now: dt.datetime) -> str:
    """What the person should do now: confirm, accept or reconfirm; empty when nothing waits for them."""
    if registration.state == State.PENDING:
        return "confirm"
    if registration.state == State.OFFERED and registration.offer_until and registration.offer_until > now:
        return "accept"
    asked = registration.reconfirm_asked_at and not registration.reconfirmed_at
    return "reconfirm" if registration.state == State.GOING and asked else ""


def words_ahead(registration: Any, *, now: dt.datetime) -> str:
    """Where somebody stands with what is to come, `queue_position` included."""
    zone = registration.event.time_zone
    if registration.state == State.OFFERED:
        if registration.offer_until <= now:
            return _("The place that was held for you goes to the next in line.")
        return _("A place is held for you until %(moment)s.") % {"moment": moment(registration.offer_until, zone)}
    if registration.state == State.WAITING:
        return _("You are on the waitlist. %(place)s") % {"place": place_in_line(registration.queue_position)}
    return {
        State.PENDING: _("Not confirmed yet: no place is held for you."),
        State.REQUESTED: _("You asked to come. The organisers will answer."),
        State.GOING: going_words(registration),
        State.CHECKED_IN: _("You are checked in."),
        State.NO_SHOW: _("You had a place."),
    }[State(registration.state)]


def going_words(registration: Registration) -> str:
    """You’re going, and how."""
    if registration.place == Place.ONLINE and registration.event.format == Event.Format.HYBRID:
        return _("You’re going, online.")
    return _("You’re going.")


def given_up_words(registration: Registration) -> str:
    """Out, whoever said so."""
    return _("You gave up your place.") if registration.state == State.CANCELLED else _("You are not going.")


def past_words(registration: Registration) -> str:
    """Nobody is shamed for a seat that stayed empty."""
    if registration.event.status == Event.Status.CANCELLED:
        return _("It was cancelled.")
    return {
        State.CHECKED_IN: _("You were there."),
        State.GOING: _("You had a place."),
        State.NO_SHOW: _("You had a place."),
        State.WAITING: _("You were on the waitlist."),
        State.OFFERED: _("You were on the waitlist."),
        State.CANCELLED: _("You gave up your place."),
        State.DECLINED: _("You did not go."),
    }.get(State(registration.state), _("You had asked to come."))
