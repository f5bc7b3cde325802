"""What the pages of groups read."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from events.models import Event, Group, Membership, SessionResource
from lightning.models import TalkResource
from speakers.models import ResourceBase


@dataclass(frozen=True)
class Organiser:
    """A person who runs a group; `url` leads to the profile of those who speak, too."""

    name: str
    url: str


def with_figures(groups: "QuerySet[Group]", *, now: dt.datetime) -> "QuerySet[Group]":
    """The groups with `members_count` and `meetups_count` (held so far, earlier ones included)."""
    members = Membership.objects.filter(group=OuterRef("pk"), user__is_active=True)
    held = Event.objects.filter(group=OuterRef("pk"), status=Event.Status.PUBLISHED, ends_at__lte=now)
    return groups.annotate(members_count=_count(members), meetups_count=F("earlier_events") + _count(held))


def next_meetups(groups: list[Group], *, now: dt.datetime) -> dict[int, Event]:
    """The next meetup of each group that has one, by group id; a cancelled one is never next. One query."""
    coming = Event.objects.filter(
        group__in=groups, ends_at__gt=now, status__in=(Event.Status.PUBLISHED, Event.Status.POSTPONED)
    )
    return {event.group_id: event for event in coming.order_by("group_id", "starts_at", "id").distinct("group_id")}


def _count(rows: "QuerySet[Any]") -> Coalesce:
    """How many of the rows belong to the group: a subquery each, since joins would multiply one another."""
    return Coalesce(Subquery(rows.order_by().values("group").annotate(n=Count("pk")).values("n")), 0)


def organisers_of(group: Group) -> list[Organiser]:
    """Those who run it, by name; a speaker's profile is linked where it is public."""
    members = (
        Membership.objects.filter(group=group, role=Membership.Role.ORGANISER, user__is_active=True)
        .select_related("user", "user__speaker")
        .order_by("user__name", "id")
    )
    found = []
    for member in members:
        speaker = getattr(member.user, "speaker", None)
        name = (speaker.name if speaker else "") or member.user.name
        if name:  # an e-mail is private: who gave no name is not shown
            found.append(Organiser(name, speaker.get_absolute_url() if speaker and speaker.is_listed else ""))
    return found


def slides_count(group: Group) -> int:
    """Talks and sessions of the group's public events that left slides. Two queries."""
    public = ~Q(session__event__status=Event.Status.DRAFT)
    sessions = SessionResource.objects.filter(
        public, session__event__group=group, kind=ResourceBase.Kind.SLIDES
    ).aggregate(n=Count("session", distinct=True))
    talks = TalkResource.objects.filter(
        ~Q(talk__block__session__event__status=Event.Status.DRAFT),
        talk__block__session__event__group=group,
        kind=ResourceBase.Kind.SLIDES,
    ).aggregate(n=Count("talk", distinct=True))
    return int(sessions["n"]) + int(talks["n"])
