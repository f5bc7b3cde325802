"""Speakers' slots in their calendars: a session with a time, a confirmed talk with a place in the running order.

A programme is made in many small steps, so a slot is told of when nothing has moved in it for a few minutes.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce, Lower
from django.utils import translation

from accounts.models import MailPreferences, User
from events.calendar_entries import session_entry
from events.calendar_values import CalendarEntry, EntryStatus
from events.concerned import Concerned, People
from events.invited import Guest, Wanted, for_mail, takes_invitations
from events.models import CalendarInvite, ChangeNotice, Event, Session, SessionSpeaker
from events.news import PAUSE
from events.services.invites import settle_invites, would_tell
from lightning.calendar_entries import talk_entry
from lightning.models import Talk, TalkSpeaker
from lightning.stage_round import State
from speakers.models import Speaker

EVENTS_AT_ONCE = 100
ROLE = CalendarInvite.Role.SPEAKER
REQUEST = CalendarInvite.Method.REQUEST
ALIVE = (Event.Status.PUBLISHED, Event.Status.POSTPONED)
OF_EVENT = ("event__group", "event__venue", "event__series", "room")
TIMED = Q(status=Session.Status.PLANNED, starts_at__isnull=False, minutes__isnull=False)
ACCOUNT = ("speaker__user__mail_preferences", "speaker__user__feed_key")
BEGUN = Q(block__stage__isnull=False) & ~Q(block__stage__state=State.READY.value)
WITH_A_SLOT = Q(state=Talk.State.CONFIRMED, position__isnull=False)


@dataclass(frozen=True)
class Slot:
    """Somebody's time on stage."""

    event: Event
    speaker: Speaker
    entry: CalendarEntry


def read_talks(uids: Collection[UUID]) -> Callable[[UUID], CalendarEntry | None]:
    """For letters: the talks with these UIDs; what it returns finds one of them, in the active language."""
    found = {talk.ical_uid: talk for talk in _talks(Talk.objects.filter(ical_uid__in=uids))}
    return lambda uid: talk_entry(found[uid], site_url=settings.SITE_URL) if uid in found else None


def settle_speakers(now: dt.datetime) -> bool:
    """Make the slots of all events to come right in their speakers' calendars; ten queries for each hundred events.

    What waits to be told by a notice waits here, too, so that nobody hears it twice.
    """
    waiting = ChangeNotice.objects.filter(event=OuterRef("pk"), finished_at=None)
    held = CalendarInvite.objects.filter(role=ROLE, method=REQUEST, event=OuterRef("pk"))
    events = Event.objects.filter(Q(status__in=ALIVE) | Exists(held), ~Exists(waiting), ends_at__gt=now)
    pks = list(events.filter(revised_at__lte=now - PAUSE).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), EVENTS_AT_ONCE):
        _settle_events(pks[start : start + EVENTS_AT_ONCE], now)
    return False


def _settle_events(pks: Collection[int], now: dt.datetime) -> None:
    held = list(CalendarInvite.objects.filter(role=ROLE, method=REQUEST, event__in=pks).select_related("event"))
    wanted = wanted_of(slots_of(pks), {(one.uid, one.address) for one in held}, now)
    moving = _still_moving(pks, now)
    keys = {wish.key for wish in wanted}
    unwanted = [one for one in held if (one.uid, one.address) not in keys and one.uid not in moving]
    lacking = would_tell([wish for wish in wanted if wish.key[0] not in moving], now=now)
    if lacking or unwanted:
        settle_invites([wish for wish in wanted if wish.key in lacking], unwanted=unwanted, now=now)


def _still_moving(pks: Collection[int], now: dt.datetime) -> set[UUID]:
    """What was changed in the last minutes, for the next change may be a correction; and rounds on stage.

    From the first command on a round is followed on screens and in feeds: its calendar mails stay as planned.
    """
    since = now - PAUSE
    sessions = Session.objects.filter(event__in=pks)
    moved = Q(revised_at__gt=since) | Q(block__session__revised_at__gt=since)
    takes_place = Q(block__session__status=Session.Status.PLANNED, block__session__event__status__in=ALIVE)
    talks = Talk.objects.filter(moved | (BEGUN & takes_place), block__session__event__in=pks)
    fresh = sessions.filter(revised_at__gt=since).values_list("ical_uid", flat=True)
    return {*fresh, *talks.values_list("ical_uid", flat=True)}


def slots_of(pks: Collection[int], *, event: Event | None = None) -> list[Slot]:
    """Who stands when on which stage; six queries. `event` stands in for the one that is stored."""
    sessions = Session.objects.filter(TIMED, event__in=pks, session_speakers__isnull=False).distinct()
    talks = Talk.objects.filter(WITH_A_SLOT, block__session__in=Session.objects.filter(TIMED, event__in=pks))
    slots: list[Slot] = []
    with translation.override(settings.LANGUAGE_CODE):
        for session in _sessions(sessions):
            session.event = event or session.event
            entry = session_entry(session, site_url=settings.SITE_URL)
            slots += _of(session.event, entry, [part.speaker for part in session.session_speakers.all()])
        for talk in _talks(talks):
            owner = talk.block.session
            owner.event = event or owner.event
            entry = talk_entry(talk, site_url=settings.SITE_URL)
            slots += _of(owner.event, entry, [part.speaker for part in talk.talk_speakers.all()])
    return slots


def _sessions(rows: QuerySet[Session]) -> QuerySet[Session]:
    parts = SessionSpeaker.objects.select_related(*ACCOUNT)
    related = rows.select_related(*OF_EVENT).order_by("pk")
    return related.prefetch_related("topics", Prefetch("session_speakers", queryset=parts))


def _talks(rows: QuerySet[Talk]) -> QuerySet[Talk]:
    parts = TalkSpeaker.objects.select_related(*ACCOUNT)
    related = rows.select_related(*(f"block__session__{name}" for name in OF_EVENT)).order_by("pk")
    return related.prefetch_related("topics", Prefetch("talk_speakers", queryset=parts))


def _of(event: Event, entry: CalendarEntry | None, speakers: Iterable[Speaker]) -> list[Slot]:
    """Nothing that is off: it is called off in the calendars that have it."""
    if entry is None or entry.status is EntryStatus.CANCELLED:
        return []
    return [Slot(event, speaker, for_mail(entry, event)) for speaker in speakers]


def wanted_of(slots: Iterable[Slot], shown: Collection[tuple[UUID, str]], now: dt.datetime) -> list[Wanted]:
    """As calendars shall show them: to the account's address, else to the speaker's own. At most one query."""
    slots = list(slots)
    accounts = _accounts(slot.speaker for slot in slots)
    wanted = []
    for slot in slots:
        guest = _guest(slot.speaker, accounts)
        wish = Wanted(slot.event, slot.entry, guest)
        user = slot.speaker.user or accounts.get(guest.address)
        if guest.address and _is_taken(user, slot.event, is_shown=wish.key in shown, now=now):
            wanted.append(wish)
    return wanted


def _accounts(speakers: Iterable[Speaker]) -> dict[str, User]:
    """The accounts that a speaker's private address belongs to: what they chose holds for it."""
    addresses = {speaker.email.lower() for speaker in speakers if speaker.user is None and speaker.email}
    if not addresses:
        return {}
    rows = User.objects.annotate(low=Lower("email")).filter(low__in=addresses)
    return {user.email.lower(): user for user in rows.select_related("mail_preferences", "feed_key")}


def _guest(speaker: Speaker, accounts: dict[str, User]) -> Guest:
    user = speaker.user or accounts.get(speaker.email.lower())
    return Guest(ROLE, (user.email if user else speaker.email).lower(), speaker.name, user.pk if user else None)


def _is_taken(user: User | None, event: Event, *, is_shown: bool, now: dt.datetime) -> bool:
    """A postponed event stays where it is shown, and comes into no other calendar."""
    if is_shown:
        preferences = getattr(user, "mail_preferences", None)
        return preferences is None or preferences.calendar != MailPreferences.Calendar.FEED
    return event.status == Event.Status.PUBLISHED and (user is None or takes_invitations(user, now=now))


def _on_stage(event: Event) -> QuerySet[Speaker]:
    """Everybody in the programme who can be written to; accepted talks are not told of before they are confirmed."""
    in_session = SessionSpeaker.objects.filter(
        speaker=OuterRef("pk"), session__event=event.pk, session__status=Session.Status.PLANNED
    )
    in_talk = TalkSpeaker.objects.filter(
        speaker=OuterRef("pk"), talk__block__session__event=event.pk, talk__state=Talk.State.CONFIRMED
    )
    rows = Speaker.objects.filter(Exists(in_session) | Exists(in_talk.filter(talk__position__isnull=False)))
    return rows.exclude(user=None, email="")


def people_concerned(event: Event, after: int, limit: int, now: dt.datetime) -> list[Concerned]:
    """Speakers in the order of their rows, each with all slots; at most nine queries."""
    speakers = list(_on_stage(event).filter(pk__gt=after).select_related("user").order_by("pk")[:limit])
    if not speakers:
        return []
    held = CalendarInvite.objects.filter(event=event.pk, role=ROLE, method=REQUEST)
    shown = {(uid, address) for uid, address in held.values_list("uid", "address")}
    slots = slots_of([event.pk], event=event)
    wishes = wanted_of(slots, shown, now)
    accounts = _accounts(speakers)
    return [_concerned(speaker, accounts, wishes) for speaker in speakers]


def _concerned(speaker: Speaker, accounts: dict[str, User], wishes: Iterable[Wanted]) -> Concerned:
    guest = _guest(speaker, accounts)
    user = speaker.user or accounts.get(guest.address)
    own = tuple(wish for wish in wishes if wish.guest.address == guest.address)
    return Concerned(speaker.pk, guest.address, speaker.name, guest.user_id, user.language if user else "", own)


def still_concerned(event: Event, addresses: Collection[str]) -> set[str]:
    """Which of these are still in the programme; one query."""
    rows = _on_stage(event).annotate(low=Lower(Coalesce("user__email", "email")))
    return set(rows.filter(low__in=addresses).values_list("low", flat=True))


PEOPLE = People("speakers", ROLE, people_concerned, still_concerned)
