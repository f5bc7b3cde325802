"""Whose calendar shall show an event: who has a seat, unless they prefer their feed. Nothing here locks a seat.

The letter of each change makes its own calendar right before it is written; what got lost on the way, a round once a
minute finds, whatever crashed.
"""

import datetime as dt
import logging
from collections.abc import Collection, Iterable
from dataclasses import replace

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import MailPreferences
from events.calendar_values import CalendarEntry
from events.concerned import Concerned, People
from events.invite_steps import SAID_NO
from events.invited import FEED_IS_READ, Guest, Wanted, attendee_entry, takes_invitations
from events.models import CalendarInvite, ChangeNotice, Event
from events.services.invites import Key, settle_invites
from outbox.models import Message, Priority
from outbox.writers import Preparer, Words, Writer
from registrations.models import Place, Registration
from registrations.states import State

log = logging.getLogger(__name__)

IN_CALENDAR = (State.GOING, State.CHECKED_IN)
CONCERNED = (*IN_CALENDAR, State.WAITING, State.OFFERED, State.REQUESTED)
AT_ONCE = 500
ROLE = CalendarInvite.Role.ATTENDEE
REQUEST = CalendarInvite.Method.REQUEST
ALIVE = (Event.Status.PUBLISHED, Event.Status.POSTPONED)
WITH_ALL = ("event__group", "event__venue", "event__series", "user__mail_preferences", "user__feed_key")


def inviting_all_first(prepare: Preparer) -> Preparer:
    """What prepares letters about registrations, which first makes these people's calendars right.

    Should that fail, nothing is at hand, and each letter does it for itself.
    """

    def prepare_after_invites(messages: list[Message], now: dt.datetime) -> None:
        settle_people({(message.payload["event"], message.payload["user"]) for message in messages}, now=now)
        prepare(messages, now)

    return prepare_after_invites


def inviting_first(write: Writer) -> Writer:
    """The writer of a letter about a registration, which first makes that person's calendar right.

    For a letter of a batch that was done a moment ago; whatever changed since has a letter of its own.
    """

    def write_after_invite(message: Message, now: dt.datetime) -> Words:
        if message.at_hand:
            return write(message, now)
        event_id, user_id = message.payload["event"], message.payload["user"]
        try:
            settle_people({(event_id, user_id)}, now=now)
        except Exception:
            log.exception("the calendar of person %d waits for the next round", user_id)
        return write(message, now)

    return write_after_invite


def settle_people(people: Collection[tuple[int, int]], *, now: dt.datetime) -> None:
    """Invite each (event, user), or call it off; a few statements for all of them, three when all is right."""
    events, users = {event for event, _user in people}, {user for _event, user in people}
    rows = Registration.objects.filter(event__in=events, user__in=users, state__in=IN_CALENDAR)
    rows = rows.select_related(*WITH_ALL).prefetch_related("event__topics").order_by("pk")
    held = CalendarInvite.objects.filter(event__in=events, user__in=users, role=ROLE).select_related("event")
    _settle(
        [row for row in rows if (row.event_id, row.user_id) in people],
        [invite for invite in held.order_by("pk") if (invite.event_id, invite.user_id) in people],
        now,
    )


def settle_registrations(now: dt.datetime) -> bool:
    """Everybody whose calendar differs, of events to come; a bounded part of them. Whether more may be left."""
    missing = list(_missing(now).values_list("pk", flat=True)[:AT_ONCE])
    surplus = list(_surplus(now).select_related("event")[:AT_ONCE])
    rows = Registration.objects.filter(pk__in=missing).select_related(*WITH_ALL).order_by("pk")
    _settle(list(rows), surplus, now, priority=Priority.BULK)  # nobody waits for what was missed until now
    return AT_ONCE in (len(missing), len(surplus))


def _settle(
    registrations: Collection[Registration],
    held: Collection[CalendarInvite],
    now: dt.datetime,
    *,
    priority: Priority = Priority.NORMAL,
) -> None:
    shown = {(invite.event_id, invite.address) for invite in held if invite.method == REQUEST}
    wanted = _wanted(registrations, shown, now)
    keys = {wish.key for wish in wanted}
    unwanted = [invite for invite in held if invite.method == REQUEST and (invite.uid, invite.address) not in keys]
    if wanted or unwanted:
        settle_invites(_unchanged(wanted, shown), unwanted=unwanted, now=now, priority=priority)


def _unchanged(wanted: Iterable[Wanted], shown: Collection[tuple[int, str]]) -> list[Wanted]:
    """Without those who hold the event: what moved in it is told by its notice, a few minutes later and once."""
    held = [wish for wish in wanted if (wish.event.pk, wish.guest.address) in shown]
    holding = {wish.key for wish in held} - _came_back(held)
    return [wish for wish in wanted if wish.key not in holding]


def _came_back(wanted: Collection[Wanted]) -> set[Key]:
    """Who said no in their calendar, and yes on the web after that."""
    uids, addresses = {wish.key[0] for wish in wanted}, {wish.key[1] for wish in wanted}
    said_no = CalendarInvite.objects.filter(uid__in=uids, address__in=addresses, partstat__in=SAID_NO)
    answered = {(uid, address): at for uid, address, at in said_no.values_list("uid", "address", "answered_at")}
    return {wish.key for wish in wanted if _is_later(wish.said_yes_at, answered.get(wish.key))}


def _is_later(said_yes_at: dt.datetime | None, said_no_at: dt.datetime | None) -> bool:
    return said_yes_at is not None and said_no_at is not None and said_no_at < said_yes_at


def _wanted(
    registrations: Iterable[Registration], shown: Collection[tuple[int, str]], now: dt.datetime
) -> list[Wanted]:
    """What calendars shall show; a postponed event stays where it is shown, and comes into no other."""
    entries = Entries()
    wanted = []
    for registration in registrations:
        event, user = registration.event, registration.user
        if user is None or event.status not in ALIVE or not takes_them(registration, shown, now):
            continue
        guest = Guest(ROLE, user.email.lower(), registration.name or user.name, user.pk)
        wanted.append(Wanted(event, entries.of(registration), guest, registration.changed_at))
    return wanted


def takes_them(registration: Registration, shown: Collection[tuple[int, str]], now: dt.datetime) -> bool:
    """Who chose the feed has no invites; who merely reads it keeps those they have."""
    user = registration.user
    if user is None:
        return False
    preferences = getattr(user, "mail_preferences", None)
    if (registration.event_id, user.email.lower()) in shown:
        return preferences is None or preferences.calendar != MailPreferences.Calendar.FEED
    return registration.event.status == Event.Status.PUBLISHED and takes_invitations(user, now=now)


class Entries:
    """One entry for each event and place: the topics of an event are asked for once."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, bool], CalendarEntry] = {}

    def of(self, registration: Registration) -> CalendarEntry:
        """For who is in the room, or takes part from elsewhere."""
        is_online = registration.place == Place.ONLINE
        key = (registration.event_id, is_online)
        if key not in self._made:
            entry = attendee_entry(registration.event)
            self._made[key] = _online(entry) if is_online else entry
        return self._made[key]


def _online(entry: CalendarEntry) -> CalendarEntry:
    with translation.override(settings.LANGUAGE_CODE):
        return replace(entry, location=_("Online"), geo=None)


def _missing(now: dt.datetime) -> QuerySet[Registration]:
    """Who has a seat and no live invite, where nothing waits to be told.

    By UID and address, which an index knows together: by event and person, one large event would be read for each of
    its people. A no that was said in the calendar before they came back on the web does not count as an invite.
    """
    no = Q(partstat__in=SAID_NO, answered_at__lt=OuterRef("changed_at"))
    live = CalendarInvite.objects.filter(
        ~no, uid=OuterRef("event__ical_uid"), address=Lower(OuterRef("user__email")), method=REQUEST
    )
    waiting = ChangeNotice.objects.filter(event=OuterRef("event"), finished_at=None)
    going = Registration.objects.filter(state__in=IN_CALENDAR, user__isnull=False)
    upcoming = going.filter(event__ends_at__gt=now, event__status=Event.Status.PUBLISHED)
    return upcoming.filter(_takes_them("user__", now), ~Exists(live), ~Exists(waiting)).order_by("pk")


def _takes_them(user: str, now: dt.datetime) -> Q:
    """takes_invitations, for the database."""
    choice, read = f"{user}mail_preferences__calendar", f"{user}feed_key__last_fetched_at"
    unread = Q(**{f"{read}__isnull": True}) | Q(**{f"{read}__lte": now - FEED_IS_READ})
    is_auto = Q(**{f"{choice}__isnull": True}) | Q(**{choice: MailPreferences.Calendar.AUTO})
    return Q(**{choice: MailPreferences.Calendar.MAIL}) | (is_auto & unread)


def _surplus(now: dt.datetime) -> QuerySet[CalendarInvite]:
    """Live invites of who has no seat (any more), has another address now, or chose the feed; and of what is off."""
    seats = Registration.objects.filter(event=OuterRef("event"), user=OuterRef("user"), state__in=IN_CALENDAR)
    held = CalendarInvite.objects.filter(role=ROLE, method=REQUEST, event__ends_at__gt=now)
    moved = ~Q(address=Lower("user__email"))
    feed = Q(user__mail_preferences__calendar=MailPreferences.Calendar.FEED)
    off = ~Q(event__status__in=ALIVE)
    return held.filter(off | moved | feed | ~Exists(seats)).order_by("pk")


def people_concerned(event: Event, after: int, limit: int, now: dt.datetime) -> list[Concerned]:
    """Who comes, waits, or is being asked, in the order of their rows; three queries."""
    rows = Registration.objects.filter(event=event.pk, pk__gt=after, state__in=CONCERNED, user__isnull=False)
    rows = rows.select_related("user__mail_preferences", "user__feed_key").order_by("pk")
    registrations = list(rows[:limit])
    for registration in registrations:
        registration.event = event
    addresses = [registration.user.email.lower() for registration in registrations if registration.user]
    held = CalendarInvite.objects.filter(uid=event.ical_uid, address__in=addresses, method=REQUEST)
    shown = {(event.pk, address) for address in held.values_list("address", flat=True)}
    seated = [registration for registration in registrations if registration.state in IN_CALENDAR]
    wishes = {wish.guest.user_id: wish for wish in _wanted(seated, shown, now)}
    return [_concerned(registration, wishes.get(registration.user_id)) for registration in registrations]


def _concerned(registration: Registration, wish: Wanted | None) -> Concerned:
    user = registration.user
    assert user is not None  # noqa: S101 - people_concerned reads no others
    return Concerned(
        registration.pk,
        user.email.lower(),
        registration.name or user.name,
        user.pk,
        user.language,
        (wish,) if wish else (),
    )


def still_concerned(event: Event, addresses: Collection[str]) -> set[str]:
    """Which of these still come, wait or are being asked; one query."""
    rows = Registration.objects.filter(event=event, state__in=CONCERNED).annotate(low=Lower("user__email"))
    return set(rows.filter(low__in=addresses).values_list("low", flat=True))


PEOPLE = People("attendees", ROLE, people_concerned, still_concerned)
