"""Whom reminders go to on this floor: organisers and hosts of the group, and who speaks in a session with a time."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts.models import User
from events.audiences import Facts, Part, Reader, Source
from events.models import Event, Membership, Session, SessionSpeaker
from events.permissions import STAGE_AND_DOOR
from events.reminder_slots import Person, Wishes

WISHES = [f"mail_preferences__{name}" for name in Wishes._fields]
ACCOUNT = ["email", "language", "time_zone", *WISHES]  # what person_of reads of an account


def columns(account: str) -> list[str]:
    """What person_of reads, by the path that leads to the account."""
    return [f"{account}{name}" for name in ACCOUNT]


def person_of(event_id: int, key: int, user_id: int, since: dt.datetime | None, *account: Any) -> Person:
    """From the columns of an account, in the order of ACCOUNT."""
    wishes = None if account[3] is None else Wishes._make(account[3:])
    return Person(event_id, key, user_id, account[0], account[1], account[2], since, None, wishes)


def hosts(
    event_ids: Collection[int],
    *,
    after: int = 0,
    limit: int | None = None,
    changed_since: dt.datetime | None = None,
) -> list[Person]:
    """Who organises the group or runs its door; one query."""
    rows = Membership.objects.filter(group__events__in=event_ids, role__in=STAGE_AND_DOOR, user__is_active=True)
    names = ("group__events", "pk", "user", "joined_at", *columns("user__"))
    return [person_of(*row) for row in rows.order_by("group__events", "pk").values_list(*names)]


def host_facts(event: Event, reader: Reader, now: dt.datetime) -> Facts | None:
    """Their name, if they belong to it; one query."""
    theirs = Membership.objects.filter(group=event.group_id, role__in=STAGE_AND_DOOR, user=reader.user_id)
    name = theirs.filter(user__is_active=True).values_list("user__name", flat=True).first()
    return None if name is None else Facts(name=name)


def hosted_events(reader: Reader, now: dt.datetime, until: dt.datetime) -> Collection[int]:
    """Those of the groups they organise or host; one query."""
    theirs = Membership.objects.filter(user=reader.user_id, role__in=STAGE_AND_DOOR)
    events = Event.objects.filter(group__in=theirs.values("group"), starts_at__gt=now, starts_at__lte=until)
    return list(events.order_by("starts_at").values_list("pk", flat=True))


def speakers(
    event_ids: Collection[int],
    *,
    after: int = 0,
    limit: int | None = None,
    changed_since: dt.datetime | None = None,
) -> list[Person]:
    """Who speaks in a session that takes place, once for each; at most three queries."""
    planned = SessionSpeaker.objects.filter(session__event__in=event_ids, session__status=Session.Status.PLANNED)
    names = ("session__event", "pk", "speaker__user", "speaker__email", "session__starts_at")
    return with_accounts(reachable(planned).order_by("session__event", "pk").values_list(*names))


def reachable(parts: QuerySet[Any]) -> QuerySet[Any]:
    """Parts of speakers that can be written to."""
    return parts.exclude(speaker__user=None, speaker__email="")


def with_accounts(parts: Iterable[tuple[int, int, int | None, str, dt.datetime | None]]) -> list[Person]:
    """People from (event, key, account, address, time of the talk); an address that has an account stands for it."""
    rows = list(parts)
    accounts = _accounts({row[2] for row in rows if row[2]}, {row[3].lower() for row in rows if not row[2]})
    people: list[Person] = []
    for event, key, user, address, talk_at in rows:
        known = accounts.get(user or address.lower())
        if known is None:
            people.append(Person(event, key, None, address, talk_at=talk_at))
        elif known[1]:
            people.append(person_of(event, key, known[0], None, *known[2])._replace(talk_at=talk_at))
    return people


def _accounts(pks: set[int], addresses: set[str]) -> dict[int | str, tuple[int, bool, tuple[Any, ...]]]:
    """Accounts by number and by address: the number, whether it is in use, and its columns."""
    if not pks and not addresses:
        return {}
    rows = User.objects.annotate(low=Lower("email")).filter(Q(pk__in=pks) | Q(low__in=addresses))
    found: dict[int | str, tuple[int, bool, tuple[Any, ...]]] = {}
    for pk, is_active, *account in rows.values_list("pk", "is_active", *ACCOUNT):
        found[pk] = found[account[0].lower()] = (pk, is_active, tuple(account))
    return found


def speaks(path: str, reader: Reader) -> Q:
    """Whether a speaker is this reader."""
    by_account = Q(**{f"{path}__user": reader.user_id}) if reader.user_id else Q()
    return by_account | Q(**{f"{path}__user": None, f"{path}__email__iexact": reader.address})


def speaker_facts(event: Event, reader: Reader, now: dt.datetime) -> Facts | None:
    """The sessions they speak in; one query."""
    planned = SessionSpeaker.objects.filter(session__event=event, session__status=Session.Status.PLANNED)
    theirs = planned.filter(speaks("speaker", reader)).select_related("speaker", "session__room").order_by("pk")
    rows = list(theirs)
    return Facts(name=rows[0].speaker.name, parts=tuple(part_of(row.session) for row in rows)) if rows else None


def part_of(session: Session) -> Part:
    """A session as its speaker is told of it."""
    return Part(session.title, session.starts_at, session.ends_at, str(session.room) if session.room else "")


def spoken_events(reader: Reader, now: dt.datetime, until: dt.datetime) -> Collection[int]:
    """Those with a session they speak in; one query."""
    sessions = Session.objects.filter(event__starts_at__gt=now, event__starts_at__lte=until)
    theirs = sessions.filter(speaks("session_speakers__speaker", reader), status=Session.Status.PLANNED)
    return list(theirs.order_by().values_list("event", flat=True).distinct())


def sample_part(event: Event) -> Facts:
    """The first session of the programme, or an invented one."""
    planned = Session.objects.filter(event_id=event.pk, status=Session.Status.PLANNED)  # it may not be stored
    session = planned.select_related("room").in_order().first()
    invented = Part(_("Your talk"), event.starts_at, event.starts_at + dt.timedelta(minutes=30))
    return Facts(name="Cy", parts=(part_of(session) if session else invented,))


HOSTS = Source(hosts, host_facts, hosted_events, lambda _event: Facts(name="Ada"))
SPEAKERS = Source(speakers, speaker_facts, spoken_events, sample_part)
