"""Whom reminders go to on this floor: organisers and hosts of the group, and who speaks in a session with a time."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts.models import User
from events.audiences import Asked, Facts, Part, Reader, Source, Tell
from events.models import Event, Membership, Session, SessionSpeaker
from events.permissions import STAGE_AND_DOOR
from events.reminder_slots import Person, Wishes
from speakers.models import Speaker

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


def host_facts(asked: Collection[Asked]) -> Tell:
    """Their names, where they belong to it; one query."""
    theirs = Membership.objects.filter(
        group__in={one.event.group_id for one in asked},
        user__in=accounts_of(one.reader for one in asked),
        role__in=STAGE_AND_DOOR,
        user__is_active=True,
    )
    names = {(group, user): name for group, user, name in theirs.values_list("group", "user", "user__name")}

    def tell(event: Event, reader: Reader) -> Facts | None:
        name = names.get((event.group_id, reader.user_id or 0))
        return None if name is None else Facts(name=name)

    return tell


def hosted_events(readers: Collection[Reader], now: dt.datetime, until: dt.datetime) -> Collection[tuple[Reader, int]]:
    """Those of the groups they organise or host; one query."""
    rows = Membership.objects.filter(
        user__in=accounts_of(readers),
        role__in=STAGE_AND_DOOR,
        group__events__starts_at__gt=now,
        group__events__starts_at__lte=until,
    )
    return paired(rows.values_list("user", "group__events"), readers)


def accounts_of(readers: Iterable[Reader]) -> set[int]:
    """Their numbers, of those who have one."""
    return {reader.user_id for reader in readers if reader.user_id}


def paired(rows: Iterable[tuple[int | None, int]], readers: Iterable[Reader]) -> list[tuple[Reader, int]]:
    """From (account, event) to whose it is."""
    found = list(rows)
    return [(reader, event) for reader in readers for user, event in found if user == reader.user_id]


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


def of_readers(parts: QuerySet[Any], readers: Iterable[Reader]) -> QuerySet[Any]:
    """Parts of speakers who are one of these readers; which one says is_reader."""
    readers = list(readers)
    by_account = Q(speaker__user__in=accounts_of(readers))
    by_address = Q(speaker__user=None, speakers_email__in={reader.address.lower() for reader in readers})
    return parts.annotate(speakers_email=Lower("speaker__email")).filter(by_account | by_address)


def is_reader(user_id: int | None, email: str, reader: Reader) -> bool:
    """Whether a speaker is this reader: an account stands for itself, an address for who has none."""
    return user_id == reader.user_id if user_id else email.lower() == reader.address.lower()


def tell_parts(parts: Iterable[tuple[int, Speaker, Part]]) -> Tell:
    """To each reader their own, from (event, speaker, part)."""
    by_event: dict[int, list[tuple[Speaker, Part]]] = {}
    for event_id, speaker, part in parts:
        by_event.setdefault(event_id, []).append((speaker, part))

    def tell(event: Event, reader: Reader) -> Facts | None:
        theirs = [
            (speaker.name, part)
            for speaker, part in by_event.get(event.pk, ())
            if is_reader(speaker.user_id, speaker.email, reader)
        ]
        return Facts(name=theirs[0][0], parts=tuple(part for _name, part in theirs)) if theirs else None

    return tell


def speaker_facts(asked: Collection[Asked]) -> Tell:
    """The sessions they speak in; one query."""
    events = {one.event.pk for one in asked}
    planned = SessionSpeaker.objects.filter(session__event__in=events, session__status=Session.Status.PLANNED)
    rows = of_readers(planned, (one.reader for one in asked)).select_related("speaker", "session__room").order_by("pk")
    return tell_parts((row.session.event_id, row.speaker, part_of(row.session)) for row in rows)


def part_of(session: Session) -> Part:
    """A session as its speaker is told of it."""
    return Part(session.title, session.starts_at, session.ends_at, str(session.room) if session.room else "")


def spoken_events(readers: Collection[Reader], now: dt.datetime, until: dt.datetime) -> Collection[tuple[Reader, int]]:
    """Those with a session they speak in; one query."""
    soon = SessionSpeaker.objects.filter(session__event__starts_at__gt=now, session__event__starts_at__lte=until)
    theirs = of_readers(soon.filter(session__status=Session.Status.PLANNED), readers).order_by()
    return spoken_by(theirs.values_list("speaker__user", "speaker__email", "session__event").distinct(), readers)


def spoken_by(
    rows: Iterable[tuple[int | None, str, int]], readers: Collection[Reader]
) -> Collection[tuple[Reader, int]]:
    """Readers and their events, from (account, address, event) of speakers."""
    found = list(rows)
    return {(reader, event) for reader in readers for user, email, event in found if is_reader(user, email, reader)}


def sample_part(event: Event) -> Facts:
    """The first session of the programme, or an invented one."""
    planned = Session.objects.filter(event_id=event.pk, status=Session.Status.PLANNED)  # it may not be stored
    session = planned.select_related("room").in_order().first()
    invented = Part(_("Your talk"), event.starts_at, event.starts_at + dt.timedelta(minutes=30))
    return Facts(name="Cy", parts=(part_of(session) if session else invented,))


HOSTS = Source(hosts, host_facts, hosted_events, lambda _event: Facts(name="Ada"))
SPEAKERS = Source(speakers, speaker_facts, spoken_events, sample_part)
