"""What the directory and the profiles read: who carries which facet values, and who spoke where."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse

from core.queries import ids_below
from events.models import Event, SessionSpeaker
from lightning.models import Talk, TalkSpeaker
from speakers.models import Affiliation, Speaker, Topic
from speakers.selectors import search_speakers
from web.facets import Person

MAX_WORDS = 8


@dataclass(frozen=True)
class Appearance:
    """One time somebody was on stage: in a session, or with a lightning talk."""

    speaker_id: int
    event: Event
    kind: str
    title: str
    anchor: str
    starts_at: dt.datetime
    slot: int | None = None
    thing_id: int = 0
    code: str = ""

    @property
    def url(self) -> str:
        """A lightning talk's own page; where a session stands in the schedule."""
        if self.code:
            return reverse("talk", args=[self.code])
        return f"{self.event.get_absolute_url()}schedule/#{self.anchor}"


def directory(text: str) -> "QuerySet[Speaker]":
    """Listed speakers who match every word: by name, words, town, affiliation or the title of a talk."""
    found: QuerySet[Speaker] = Speaker.objects.listed()
    for word in text.split()[:MAX_WORDS]:
        own = search_speakers(Speaker.objects.all(), [word]).order_by().values("pk")
        sessions = _public_parts().filter(session__title__icontains=word).values("speaker")
        talks = _public_talks().filter(talk__title__icontains=word).values("speaker")
        found = found.filter(Q(pk__in=own) | Q(pk__in=sessions) | Q(pk__in=talks))
    return found


def people_of(speakers: "QuerySet[Speaker]", topics: dict[int, Topic]) -> list[Person]:
    """The speakers as facets see them, by name. Five queries of a few columns, however many speakers."""
    rows = list(speakers.values_list("pk", "name", "town", "languages", "takes_remote"))
    rows.sort(key=lambda row: (row[1].casefold(), row[0]))
    named, employed, spoke = _topics_of(topics), _affiliations(), _appearance_counts()
    return [
        Person(
            pk,
            {
                "topic": frozenset(named.get(pk, ())),
                "language": frozenset(languages),
                "town": frozenset([town] if town else []),
                "affiliation": frozenset(employed.get(pk, ())),
                "remote": frozenset(["1"] if remote else []),
                "first": frozenset(["1"] if spoke.get(pk, 0) <= 1 else []),
            },
        )
        for pk, _name, town, languages, remote in rows
    ]


def _topics_of(topics: dict[int, Topic]) -> dict[int, set[str]]:
    """Short names of the topics of each speaker, and of all they are part of."""
    parents = {pk: topic.parent_id for pk, topic in topics.items()}
    above: dict[int, set[int]] = {pk: set() for pk in topics}
    for pk in topics:
        for below in ids_below(parents, {pk}):
            above[below].add(pk)
    found: dict[int, set[str]] = {}
    for speaker_id, topic_id in Speaker.topics.through.objects.values_list("speaker_id", "topic_id"):
        found.setdefault(speaker_id, set()).update(topics[one].slug for one in above.get(topic_id, ()))
    return found


def _affiliations() -> dict[int, set[str]]:
    """Where speakers are now."""
    found: dict[int, set[str]] = {}
    for speaker_id, organisation in Affiliation.objects.filter(until_date=None).values_list("speaker", "organisation"):
        found.setdefault(speaker_id, set()).add(organisation)
    return found


def _appearance_counts() -> dict[int, int]:
    found: dict[int, int] = {}
    for rows in (_public_parts(), _public_talks()):
        for speaker_id in rows.values_list("speaker_id", flat=True):
            found[speaker_id] = found.get(speaker_id, 0) + 1
    return found


def _public_parts() -> "QuerySet[SessionSpeaker]":
    events = Event.objects.published().listed()
    return SessionSpeaker.objects.filter(session__event__in=events).order_by()


def _public_talks() -> "QuerySet[TalkSpeaker]":
    events = Event.objects.published().listed()
    placed = TalkSpeaker.objects.filter(talk__block__session__event__in=events, talk__position__isnull=False)
    known = placed.filter(talk__in=Talk.objects.announced().order_by())
    return known.exclude(talk__state=Talk.State.NO_SHOW).order_by()


def appearances_of(speakers: Iterable[int]) -> dict[int, list[Appearance]]:
    """The public appearances of each speaker, the latest first. Two queries."""
    ids = list(speakers)
    parts = _public_parts().filter(speaker__in=ids).select_related("session__event__group")
    talks = _public_talks().filter(speaker__in=ids).select_related("talk__block__session__event__group")
    found: dict[int, list[Appearance]] = {}
    for one in [*map(_session_appearance, parts), *map(_talk_appearance, talks)]:
        found.setdefault(one.speaker_id, []).append(one)
    for rows in found.values():
        rows.sort(key=lambda one: (one.starts_at, one.thing_id), reverse=True)
    return found


def _session_appearance(part: SessionSpeaker) -> Appearance:
    session = part.session
    starts_at = session.starts_at or session.event.starts_at
    anchor = f"session-{session.pk}"
    return Appearance(
        part.speaker_id, session.event, session.kind, session.title, anchor, starts_at, thing_id=session.pk
    )


def _talk_appearance(part: TalkSpeaker) -> Appearance:
    talk, session = part.talk, part.talk.block.session
    position = talk.position or 0
    starts_at = talk.started_at or session.event.starts_at
    if session.starts_at and not talk.started_at:
        starts_at = talk.block.times.planned_start(session.starts_at, position)
    return Appearance(
        part.speaker_id,
        session.event,
        "lightning",
        talk.title,
        f"talk-{talk.pk}",
        starts_at,
        slot=position + 1,
        thing_id=talk.pk,
        code=talk.code,
    )
