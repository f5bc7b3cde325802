"""The one writer of calendar invites: whoever calls says what calendars shall show, here it is said what they lack.

All are idempotent: asking twice for the same says it once. Invites of one event are written one after the other, and
each message is queued in the transaction that counts it, so SEQUENCE and DTSTAMP of a calendar only rise.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from accounts.models import User
from core.tokens import new_secret
from events.calendar_values import EntryStatus
from events.imip import NEEDS_ACTION, Method
from events.invite_steps import Change, Facts, Held, Step, next_stamp, next_step
from events.invited import Wanted
from events.models import CalendarInvite, Event, ReplyAddress
from events.notifications import invite_fields
from outbox.models import Priority
from outbox.services import enqueue_messages

Key = tuple[UUID, str]
LOCK_OF_INVITES = 74_001  # the class of this app's advisory locks; the second number is the event
UPDATE = """
UPDATE events_calendarinvite AS invite
   SET method = new.method, sequence = new.sequence, revision = new.revision, stamped_at = new.stamped_at,
       told = new.told::jsonb, partstat = new.partstat, name = new.name, user_id = new.user_id
  FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::int[], %s::timestamptz[], %s::text[], %s::text[], %s::text[],
              %s::bigint[])
       AS new (id, method, sequence, revision, stamped_at, told, partstat, name, user_id)
 WHERE invite.id = new.id
"""


@transaction.atomic
def settle_invites(
    wanted: Iterable[Wanted],
    *,
    unwanted: Iterable[CalendarInvite] = (),
    now: dt.datetime,
    texts_too: bool = False,
    priority: Priority = Priority.NORMAL,
) -> set[Key]:
    """Tell each calendar what it lacks, and which entries go; whom anything was said to.

    A few statements for all of them. `texts_too` also tells calendars whose dates and places are right.
    """
    wishes, gone = list(wanted), list(unwanted)
    _lock_events({wish.event.pk for wish in wishes} | {invite.event_id for invite in gone})
    locked = _rows(wishes, gone).select_for_update(of=("self",)).order_by("pk")
    rows = {(row.uid, row.address): row for row in locked}
    told = [_told(rows.get(wish.key), wish, now=now, texts_too=texts_too) for wish in _once(wishes)]
    told += [_called_off(rows[invite.uid, invite.address], now=now) for invite in gone]
    steps = [pair for pair in told if pair is not None]
    _write([row for row, _step in steps], wishes, now)
    said = [(row, step) for row, step in steps if step.change is not Change.CLOSED]
    _queue(said, now=now, priority=priority)
    return {(row.uid, row.address) for row, _step in said}


def would_tell(
    wanted: Iterable[Wanted], *, unwanted: Iterable[CalendarInvite] = (), now: dt.datetime, texts_too: bool = False
) -> set[Key]:
    """Whom settle_invites would say something to; nothing is written. One query."""
    wishes, gone = list(wanted), list(unwanted)
    rows = {(row.uid, row.address): row for row in _rows(wishes, gone)}
    told = [_told(rows.get(wish.key), wish, now=now, texts_too=texts_too) for wish in _once(wishes)]
    told += [_called_off(rows[invite.uid, invite.address], now=now) for invite in gone]
    return {(row.uid, row.address) for row, step in filter(None, told) if step.change is not Change.CLOSED}


@transaction.atomic
def send_again(*, invite: CalendarInvite, now: dt.datetime) -> bool:
    """Ask once more with the same SEQUENCE, for a calendar that answered an old message or lost ours."""
    _lock_events({invite.event_id})
    row = CalendarInvite.objects.select_for_update().select_related("event").get(pk=invite.pk)
    facts = Facts.from_json(row.told)
    if row.method != Method.REQUEST or facts.ends_at <= now:
        return False
    step = Step(Change.DATE, Method.REQUEST, row.sequence, NEEDS_ACTION)
    _put(row, step, facts, now)
    _update([row])
    _queue([(row, step)], now=now, priority=Priority.NORMAL)
    return True


def locked_invite(*, reply_address: ReplyAddress, uid: UUID) -> CalendarInvite | None:
    """The row that an answer is about, locked in the order of all who write invites; None when there is none."""
    rows = CalendarInvite.objects.filter(reply_address=reply_address, uid=uid)
    event = rows.values_list("event_id", flat=True).first()
    if event is None:
        return None
    _lock_events({event})
    return rows.select_for_update(of=("self",)).select_related("event", "user").first()


def record_answer(
    *, invite: CalendarInvite, partstat: str, sequence: int, stamped_at: dt.datetime, now: dt.datetime
) -> None:
    """What a calendar replied; the caller holds the row's lock and has judged the order of answers."""
    invite.partstat, invite.answered_at = partstat, now
    invite.answer_sequence, invite.answer_stamped_at = sequence, stamped_at
    invite.save(update_fields=["partstat", "answered_at", "answer_sequence", "answer_stamped_at"])


def reply_addresses(people: Collection[tuple[int, str]], *, now: dt.datetime) -> dict[tuple[int, str], ReplyAddress]:
    """Where each (group id, address) answers, made when there is none; three statements at most."""
    found = _reply_addresses(people)
    missing = set(people) - found.keys()
    if not missing:
        return found
    ReplyAddress.objects.bulk_create(
        [
            ReplyAddress(group_id=group, address=address, token=new_secret().lower(), created_at=now)
            for group, address in sorted(missing)
        ],
        ignore_conflicts=True,
    )
    return _reply_addresses(people)


def _reply_addresses(people: Collection[tuple[int, str]]) -> dict[tuple[int, str], ReplyAddress]:
    rows = ReplyAddress.objects.filter(
        group__in={group for group, _address in people}, address__in={address for _group, address in people}
    )
    return {(row.group_id, row.address): row for row in rows}


def organizer_address(reply_address: ReplyAddress) -> str:
    """From, Reply-To and ORGANIZER of what is sent to this person for this group."""
    return f"rsvp+{reply_address.token}@{settings.REPLY_DOMAIN}"


def _lock_events(pks: Iterable[int]) -> None:
    """Until the transaction ends; not the events' rows, which people who register and edit need."""
    with connection.cursor() as cursor:
        for pk in sorted(pks):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_OF_INVITES, pk % 2**31])


def _rows(wishes: Sequence[Wanted], gone: Sequence[CalendarInvite]) -> QuerySet[CalendarInvite]:
    uids, addresses = {wish.key[0] for wish in wishes}, {wish.key[1] for wish in wishes}
    asked = Q(uid__in=uids, address__in=addresses) | Q(pk__in=[invite.pk for invite in gone])
    return CalendarInvite.objects.filter(asked).select_related("event")


def _once(wishes: Iterable[Wanted]) -> list[Wanted]:
    return list({wish.key: wish for wish in wishes}.values())


Told = tuple[CalendarInvite, Step] | None


def _told(row: CalendarInvite | None, wish: Wanted, *, now: dt.datetime, texts_too: bool) -> Told:
    """The row with its next message on it, in memory."""
    step = next_step(
        _held(row) if row else None,
        wish.facts,
        sequence=wish.entry.sequence,
        said_yes=wish.said_yes_at is not None,
        said_yes_since=_is_newer(wish.said_yes_at, row),
        texts_too=texts_too,
        now=now,
    )
    if step is None:
        return None
    row = row or CalendarInvite(uid=wish.key[0], event=wish.event, address=wish.guest.address, created_at=now)
    row.role, row.user_id, row.name = wish.guest.role, wish.guest.user_id, wish.guest.name
    _put(row, step, wish.facts, now)
    return row, step


def _called_off(row: CalendarInvite, *, now: dt.datetime) -> Told:
    step = next_step(_held(row), None, sequence=_own_sequence(row), said_yes=False, now=now)
    if step is None:
        return None
    facts = Facts.from_json(row.told)
    is_off = row.event.status == Event.Status.CANCELLED
    _put(row, step, replace(facts, status=EntryStatus.CANCELLED) if is_off else facts, now)
    return row, step


def _held(row: CalendarInvite) -> Held:
    return Held(row.method, row.sequence, row.partstat, Facts.from_json(row.told))


def _is_newer(said_yes_at: dt.datetime | None, row: CalendarInvite | None) -> bool:
    """Whether they said yes on the web after the last message to their calendar, and after its last answer."""
    if said_yes_at is None or row is None:
        return False
    return said_yes_at > max(row.stamped_at, row.answered_at or row.stamped_at)


def _own_sequence(row: CalendarInvite) -> int:
    """The event's, for an invite to the event; a session's or talk's is not looked up, since ours is above it."""
    return row.event.sequence if row.uid == row.event.ical_uid else 0


def _put(row: CalendarInvite, step: Step, facts: Facts, now: dt.datetime) -> None:
    """The message becomes the last one. A CLOSED entry said nothing, so its stamp and revision stay."""
    row.method, row.sequence, row.partstat = step.method, step.sequence, step.partstat
    if step.change is Change.CLOSED:
        return
    row.before = row.told or None  # type: ignore[attr-defined]  # for the letter, which says what it was
    row.told = facts.as_json()
    row.revision += 1
    row.stamped_at = next_stamp(row.stamped_at, now)


def _write(rows: list[CalendarInvite], wishes: Sequence[Wanted], now: dt.datetime) -> None:
    new = [row for row in rows if row._state.adding]
    old = [row for row in rows if not row._state.adding]
    if new:
        groups = {wish.event.pk: wish.event.group_id for wish in wishes}
        addresses = reply_addresses({(groups[row.event_id], row.address) for row in new}, now=now)
        for row in new:
            row.reply_address = addresses[groups[row.event_id], row.address]
            row.organizer = organizer_address(row.reply_address)
        CalendarInvite.objects.bulk_create(new)
    if old:
        _update(old)


def _update(rows: list[CalendarInvite]) -> None:
    """One statement whose size is that of its values: bulk_update writes a CASE a row and column, seconds for 500."""
    values = [
        (
            row.pk,
            row.method,
            row.sequence,
            row.revision,
            row.stamped_at,
            json.dumps(row.told),
            row.partstat,
            row.name,
            row.user_id,
        )
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.execute(UPDATE, [list(column) for column in zip(*values, strict=True)])


def _queue(said: list[tuple[CalendarInvite, Step]], *, now: dt.datetime, priority: Priority) -> None:
    if not said:
        return
    users = {row.user_id for row, _step in said if row.user_id}
    languages: dict[Any, str] = dict(User.objects.filter(pk__in=users).values_list("pk", "language"))
    names = dict(Event.objects.filter(pk__in={row.event_id for row, _ in said}).values_list("pk", "group__name"))
    enqueue_messages(
        invite_fields(
            row,
            step.change,
            group=names[row.event_id],
            language=languages.get(row.user_id, row.event.language),
            priority=priority,
            now=now,
        )
        for row, step in said
    )
