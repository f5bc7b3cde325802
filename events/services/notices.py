"""Change notices: written with the change or not at all, told a little later, each person once.

A notice that waits takes in the next change; one that is undone in time is taken away. When it is due, a feeder tells
people in pieces, each a transaction with the cursor inside, so that who comes next goes on where somebody was killed.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import RuleViolation
from events.concerned import Concerned, People, sources
from events.models import CalendarInvite, ChangeNotice, Event
from events.news import TEXTS, changed_between, due_after, is_news
from events.notice_letters import notice_fields, snapshot
from events.services.invites import settle_invites, would_tell
from outbox.models import Priority
from outbox.services import enqueue_messages

CHUNK = 500
CHUNKS_AT_ONCE = 4


@dataclass(frozen=True)
class Reach:
    """How many people a change reaches: by an update of their calendar, by a letter, and all together."""

    by_calendar: int
    by_mail: int

    @property
    def people(self) -> int:
        """Nobody hears twice."""
        return self.by_calendar + self.by_mail


def note_change(
    *, event: Event, before: dict[str, Any], now: dt.datetime, by: User | None = None, texts_too: bool = False
) -> ChangeNotice | None:
    """Have people told what this change, in the caller's transaction, made of the event; its row is locked.

    `before` is its snapshot before. Raises RuleViolation when nothing can be written, so that nothing is changed.
    """
    try:
        with transaction.atomic():
            return _note(event, before, now, by, texts_too=texts_too)
    except DatabaseError as error:
        message = _("Nobody could have been told of this, so nothing was changed. Try again in a moment.")
        raise RuleViolation("notice_not_written", message) from error


def _note(
    event: Event, before: dict[str, Any], now: dt.datetime, by: User | None, *, texts_too: bool
) -> ChangeNotice | None:
    if not _concerns_anybody(event, before, now):
        return None
    after = snapshot(event)
    waiting = _waiting(event)
    before = before | waiting.before if waiting else before
    changed = changed_between(before, after)
    texts_too = texts_too or (waiting is not None and TEXTS in waiting.changed)
    if not changed and not texts_too:
        return _taken_back(waiting, event, now) if waiting else None
    notice = waiting or ChangeNotice(event=event)
    notice.changed = [*changed, TEXTS] if texts_too else changed
    notice.before = {name: before[name] for name in (*changed, *(["venue_name"] if "venue" in changed else []))}
    notice.is_said = is_news(before, after)
    notice.by, notice.made_at, notice.due_at = by, now, due_after(changed, event.status, now)
    notice.save()
    return notice


def _taken_back(waiting: ChangeNotice, event: Event, now: dt.datetime) -> ChangeNotice | None:
    """Nobody has heard but who registered meanwhile, and was told what is not true any more: their calendars hear."""
    if not _somebody_was_told_otherwise(event, now):
        waiting.delete()
        return None
    waiting.is_said, waiting.made_at, waiting.due_at = False, now, now
    waiting.save(update_fields=["is_said", "made_at", "due_at"])
    return waiting


def _somebody_was_told_otherwise(event: Event, now: dt.datetime) -> bool:
    """Whether a calendar holds the event as it is not."""
    for source in sources():
        for people in _chunks(source, event, now):
            wishes = [wish for one in people for wish in one.wanted]
            live = CalendarInvite.objects.filter(event=event, role=source.role, method=CalendarInvite.Method.REQUEST)
            held = set(live.filter(address__in=[one.address for one in people]).values_list("uid", "address"))
            if would_tell([wish for wish in wishes if wish.key in held], now=now):
                return True
    return False


def _concerns_anybody(event: Event, before: dict[str, Any], now: dt.datetime) -> bool:
    """Nobody has seen a draft, and nobody waits for what is over."""
    was_over = dt.datetime.fromisoformat(before["ends_at"]) <= now
    return Event.Status.DRAFT not in (event.status, before["status"]) and not was_over and event.ends_at > now


def _waiting(event: Event) -> ChangeNotice | None:
    """The one that nobody has heard of yet; whoever is telling it now is waited for, and then it is none."""
    rows = ChangeNotice.objects.select_for_update(of=("self",)).filter(event=event, finished_at=None)
    return rows.filter(stage="", after_pk=0).first()


@transaction.atomic
def stop_notice(*, notice: ChangeNotice, by: User, now: dt.datetime) -> None:
    """Nobody is told; calendars are put right by the next update. Twice is once."""
    stored = ChangeNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if stored.stopped_by_id:
        return
    if stored.finished_at or stored.stage or stored.after_pk:
        raise RuleViolation("notice_is_out", _("People are being told already, so this cannot be stopped any more."))
    stored.stopped_by, stored.finished_at = by, now
    stored.save(update_fields=["stopped_by", "finished_at"])


def expand_notices(now: dt.datetime) -> bool:
    """Tell the next people what is due; whether more are left. Two at once take different notices, or none."""
    return all(_expand_next(now) for _turn in range(CHUNKS_AT_ONCE))


@transaction.atomic
def _expand_next(now: dt.datetime) -> bool:
    rows = ChangeNotice.objects.select_for_update(of=("self",), skip_locked=True)
    rows = rows.select_related("event__group", "event__venue", "event__series")
    notice = rows.filter(finished_at=None, due_at__lte=now).order_by("due_at", "id").first()
    if notice is None:
        return False
    todo = [people for people in sources() if people.name >= notice.stage]
    if not todo or notice.event.ends_at <= now:
        notice.finished_at = now
    else:
        _expand(notice, todo, now)
    notice.save(update_fields=["stage", "after_pk", "finished_at"])
    return True


def _expand(notice: ChangeNotice, todo: list[People], now: dt.datetime) -> None:
    people = todo[0].chunk(notice.event, notice.after_pk, CHUNK, now)
    _tell(notice, todo[0], people, now)
    if len(people) == CHUNK:
        notice.stage, notice.after_pk = todo[0].name, people[-1].pk
    elif len(todo) > 1:
        notice.stage, notice.after_pk = todo[1].name, 0
    else:
        notice.finished_at = now


def _tell(notice: ChangeNotice, source: People, people: list[Concerned], now: dt.datetime) -> None:
    """Calendars first: who hears it there gets no letter."""
    event = notice.event
    told = settle_invites(
        [wish for one in people for wish in one.wanted],
        unwanted=_to_call_off(event, source, people),
        now=now,
        texts_too=TEXTS in notice.changed,
        priority=Priority.BULK,
    )
    if not notice.is_said:
        return
    heard = {address for _uid, address in told} | _know_already(notice, people)
    enqueue_messages(
        notice_fields(notice, one, stage=source.name, person=_digest(one.address), now=now)
        for one in people
        if one.address not in heard
    )


def _to_call_off(event: Event, source: People, people: Iterable[Concerned]) -> list[CalendarInvite]:
    """What these people hold of an event that is off."""
    if event.status != Event.Status.CANCELLED:
        return []
    held = CalendarInvite.objects.filter(event=event, role=source.role, method=CalendarInvite.Method.REQUEST)
    return list(held.filter(address__in=[one.address for one in people]))


def _know_already(notice: ChangeNotice, people: Iterable[Concerned]) -> set[str]:
    """Whose calendar was told since the change: a speaker who also attends, or who registered in these minutes."""
    told = CalendarInvite.objects.filter(
        event=notice.event,
        role=CalendarInvite.Role.ATTENDEE,
        stamped_at__gte=notice.made_at.replace(microsecond=0),
        address__in=[one.address for one in people],
    )
    return set(told.values_list("address", flat=True))


def _digest(address: str) -> str:
    """An address as a part of a key: keys are short, and name nobody."""
    return hashlib.sha256(address.encode()).hexdigest()[:32]


def reach_of(*, event: Event, before: dict[str, Any], now: dt.datetime, texts_too: bool = False) -> Reach:
    """Whom it would reach if the event became what `event` says in memory; nothing is written.

    What waits to be told goes out with it, or is taken back by it.
    """
    if not _concerns_anybody(event, before, now):
        return Reach(0, 0)
    waiting = ChangeNotice.objects.filter(event=event, finished_at=None, stage="", after_pk=0).first()
    if waiting:
        before = before | waiting.before
        texts_too = texts_too or TEXTS in waiting.changed
    by_calendar: set[str] = set()
    others: set[str] = set()
    for source in sources():
        for people in _chunks(source, event, now):
            wishes = [wish for one in people for wish in one.wanted]
            gone = _to_call_off(event, source, people)
            told = would_tell(wishes, unwanted=gone, now=now, texts_too=texts_too)
            by_calendar |= {address for _uid, address in told}
            others |= {one.address for one in people}
    is_said = is_news(before, snapshot(event))
    return Reach(len(by_calendar), len(others - by_calendar) if is_said else 0)


def _chunks(source: People, event: Event, now: dt.datetime) -> Iterable[list[Concerned]]:
    after = 0
    while people := source.chunk(event, after, CHUNK, now):
        yield people
        after = people[-1].pk
