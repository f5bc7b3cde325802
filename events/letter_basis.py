"""What letters about events say that does not stand in the event's own row: number, programme, a group's own words.

Delivery writes letters in batches, most of them about one event, so each of these is read once for a batch.
"""

import dataclasses
import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from core import phrases, time_words
from core.text import clean_line
from events.mail_texts import texts_of
from events.models import Event, MailText, Session, SessionSpeaker
from events.models.event import COUNTED

MOST_ITEMS = 12


@dataclasses.dataclass(frozen=True)
class ProgrammeItem:
    """A row of the programme; `note` stands behind the title, such as `23 talks × 5 min`."""

    label: str
    title: str
    note: str = ""
    speakers: str = ""
    language: str = ""
    is_pause: bool = False

    @property
    def lines(self) -> tuple[str, ...]:
        """Title with note, speakers, in text."""
        first = phrases.joined((self.title, self.note))
        return (first, self.speakers) if self.speakers else (first,)


@dataclasses.dataclass(frozen=True)
class Programme:
    """The first items, and how many more there are."""

    items: tuple[ProgrammeItem, ...]
    more: int

    def __bool__(self) -> bool:
        return bool(self.items)


SessionNotes = Callable[[list[int]], dict[int, str]]
_session_notes: list[SessionNotes] = []


def register_session_notes(notes: SessionNotes) -> None:
    """From now on `notes(session ids)` says what stands behind the titles of lightning sessions, in one query.

    Its words are lazy: letters in several languages are written from one reading.
    """
    _session_notes.append(notes)


class Basis:
    """Of some events: what the first letter names is read then, for all of them in one go.

    Each takes as many queries for one event as for many.
    """

    def __init__(self, events: Iterable[Event]) -> None:
        self._events = {event.pk: event for event in events}

    def number(self, event: Event) -> int | None:
        """Which meetup of its group it is, as EventQuerySet.with_number says. One query, if any has a number."""
        return self._numbers.get(event.pk)

    def own_text(self, event: Event, kind: str, language: str) -> MailText | None:
        """What the group has written for mails of this kind and language. One query."""
        return self._texts.get((event.group_id, kind, language))

    def programme(self, event: Event) -> Programme:
        """The sessions with a time, in order, those called off left out, in the active language.

        Two queries, one more with lightning talks.
        """
        rows = self._sessions.get(event.pk, [])
        items = tuple(self._item(row, event.time_zone) for row in rows[:MOST_ITEMS])
        return Programme(items, len(rows) - len(items))

    def _item(self, row: Any, zone: str) -> ProgrammeItem:
        return ProgrammeItem(
            label=time_of_day(row.starts_at, zone),
            title=clean_line(f"{row.number} {row.title}"),
            note=str(self._notes.get(row.pk, "")),
            speakers=phrases.set_apart(map(_spoken_by, self._speakers.get(row.pk, ()))),
            language=language_tag(row.language),
            is_pause=row.kind in (Session.Kind.BREAK, Session.Kind.SOCIAL),
        )

    @cached_property
    def _numbers(self) -> dict[int, int | None]:
        counted = [pk for pk, event in self._events.items() if event.is_numbered and event.status in COUNTED]
        rows: Any = Event.objects.filter(pk__in=counted).order_by().with_number()
        return dict(rows.values_list("pk", "number"))

    @cached_property
    def _texts(self) -> dict[tuple[int, str, str], MailText]:
        return texts_of({event.group_id for event in self._events.values()})

    @cached_property
    def _sessions(self) -> dict[int, list[Any]]:
        """Rows in order, by event."""
        timed = Session.objects.filter(
            event__in=list(self._events), status=Session.Status.PLANNED, starts_at__isnull=False
        )
        names = ("event_id", "pk", "kind", "number", "title", "starts_at", "language")
        found: dict[int, list[Any]] = defaultdict(list)
        for row in timed.in_order().values_list(*names, named=True):
            found[row.event_id].append(row)
        return dict(found)

    @cached_property
    def _shown(self) -> list[Any]:
        return [row for rows in self._sessions.values() for row in rows[:MOST_ITEMS]]

    @cached_property
    def _speakers(self) -> dict[int, list[tuple[str, str]]]:
        """Name and affiliation, by session."""
        parts = SessionSpeaker.objects.filter(session__in=[row.pk for row in self._shown]).order_by("position", "id")
        found: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for session, *who in parts.values_list("session", "speaker__name", "affiliation"):
            found[session].append((who[0], who[1]))
        return dict(found)

    @cached_property
    def _notes(self) -> dict[int, str]:
        pks = [row.pk for row in self._shown if row.kind == Session.Kind.LIGHTNING]
        return {pk: note for notes in _session_notes for pk, note in notes(pks).items()} if pks else {}


def _spoken_by(who: tuple[str, str]) -> str:
    return clean_line(phrases.joined(who))


def time_of_day(instant: dt.datetime, zone: str) -> str:
    """`19:00` on the wall clock of the zone."""
    return f"{time_words.local(instant, zone):%H:%M}"


def language_tag(language: str) -> str:
    """What `lang=""` takes, empty for what is none."""
    return language if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language) else ""
