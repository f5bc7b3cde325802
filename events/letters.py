"""What every letter about an event says the same way: what, when, where, who hosts it, and what is on.

A writer gives `event_values(event)` and its own values to a template that extends `email/_event.html` and
`email/_event.txt`. Whatever somebody typed is one clean line here, so that it cannot forge lines of the text.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import phrases, time_words
from core.text import clean_line
from events.calendar_entries import coordinates
from events.mail_texts import OwnWords, own_words, paragraphs
from events.models import Event, Session, SessionSpeaker
from events.models.event import COUNTED
from events.plain_text import plain_text
from outbox.rendering import render_letter
from outbox.writers import Letter

MOST_ITEMS = 12
LONGEST_DIRECTIONS = 300
_LIKE_AN_ADDRESS = re.compile(r"://|www\.|@|\w\w\.\w\w")
_NOT_OF_NAMES = re.compile(r"[^\w\s'’-]+")


@dataclasses.dataclass(frozen=True)
class Link:
    """A button or a link."""

    words: str
    href: str

    @property
    def label(self) -> str:
        """In front of the address, in text."""
        return self.words

    @property
    def lines(self) -> tuple[str, ...]:
        """The address, in text."""
        return (self.href,)


@dataclasses.dataclass(frozen=True)
class Fact:
    """A row of the table under the lead: `Where`, the place in bold, its address, a map."""

    label: str
    headline: str
    details: tuple[str, ...] = ()
    link: Link | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """Headline, details and link, in text."""
        link = (phrases.labelled(self.link.words, self.link.href),) if self.link else ()
        return (self.headline, *self.details, *link)


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
    """From now on `notes(session ids)` says what stands behind the titles of lightning sessions, in one query."""
    _session_notes.append(notes)


def event_values(
    event: Event, *, is_online: bool = False, facts: Iterable[Fact] = (), buttons: Iterable[Link] = ()
) -> dict[str, Any]:
    """What the base templates name, in the active language. Reads group and venue: fetch them with the event.

    `is_online` for who takes part from elsewhere; `facts` stand below When and Where. Group line and programme are
    asked for only by templates that show them. A letter may add `name`, `note`, `footer_links`.
    """
    zone, place = event.time_zone, where(event, is_online=is_online)
    return {
        "event": event,
        "title": clean_line(event.title),
        "group": clean_line(event.group.name),
        "language": language_tag(event.language),
        "group_line": SimpleLazyObject(lambda: group_line(event)),
        "date": time_words.long_date(event.starts_at, zone),
        "starts": time_of_day(event.starts_at, zone),
        "ends": time_of_day(event.ends_at, zone),
        "zone": time_words.zone_name(zone),
        "event_url": settings.SITE_URL + event.get_absolute_url(),
        "facts": [when(event), *place, *facts],
        "has_place": bool(place),
        "buttons": list(buttons),
        "programme": SimpleLazyObject(lambda: programme(event)),
        "preferences_url": settings.SITE_URL + reverse("mail_preferences"),
    }


def event_letter(kind: str, values: dict[str, Any]) -> Letter:
    """The letter of `templates/email/<kind>.*`, which extend `_event`, in the active language.

    Subject and opening are the group's own where it has written some; facts, buttons and links are always ours.
    """
    safe = with_plain_name(values)
    language = get_language() or settings.LANGUAGE_CODE
    return letter_in_words(kind, safe, own_words(safe["event"].group_id, kind, language, safe))


def with_plain_name(values: dict[str, Any]) -> dict[str, Any]:
    """Whoever fills them in: a name is never a link."""
    return values | {"name": plain_name(values.get("name") or "")}


def letter_in_words(kind: str, values: dict[str, Any], own: OwnWords | None) -> Letter:
    """The letter in these words; what is empty, or all of it for None, is built in."""
    if own is None:
        return render_letter(kind, values)
    parts = paragraphs(own.text)
    words = {
        "subject": own.subject,
        "own_text": "\n\n".join(parts),
        "own_paragraphs": parts,
        "before_news": own.before_news,
    }
    return render_letter(kind, values | words)


def group_line(event: Event) -> str:
    """`TensorFlow and Deep Learning Singapore, meetup 22`. One query."""
    group, number = clean_line(event.group.name), _number(event)
    return _("%(group)s, meetup %(number)s") % {"group": group, "number": number} if number else group


def _number(event: Event) -> int | None:
    """What EventQuerySet.with_number says, asked more cheaply: ten thousand readers get ten thousand letters."""
    if not event.is_numbered or event.status not in COUNTED:
        return None
    up_to_it = Q(starts_at__lt=event.starts_at) | Q(starts_at=event.starts_at, id__lte=event.pk)
    return event.group.earlier_events + Event.objects.counted().filter(up_to_it, group=event.group_id).count()


def when(event: Event) -> Fact:
    """On the event's own clock, which is named; over midnight both days."""
    zone = event.time_zone
    starts, ends = time_words.local(event.starts_at, zone), time_words.local(event.ends_at, zone)
    if starts.date() == ends.date():
        words = _("%(date)s, %(starts)s to %(ends)s")
    else:
        words = _("%(date)s, %(starts)s, to %(last_date)s, %(ends)s")
    headline = words % {
        "date": time_words.long_date(event.starts_at, zone),
        "starts": time_of_day(event.starts_at, zone),
        "last_date": time_words.long_date(event.ends_at, zone),
        "ends": time_of_day(event.ends_at, zone),
    }
    return Fact(_("When"), headline, (zone_line(event.starts_at, zone),))


def zone_line(instant: dt.datetime, zone: str) -> str:
    """`Singapore time (UTC+8)`."""
    name, letters = time_words.zone_name(zone), time_words.zone_abbreviation(instant, zone)
    return name if name == letters else phrases.with_aside(name, letters)


def where(event: Event, *, is_online: bool) -> list[Fact]:
    """The venue with address, directions and map; the word for online; nothing while nobody knows.

    The online address itself stays out: the reader's own link to join is a button of letters to who has a seat.
    """
    venue = None if event.format == Event.Format.ONLINE else event.venue
    if is_online or event.format == Event.Format.ONLINE:
        return [Fact(_("Where"), _("Online"))]
    also = (_("Also online"),) if event.format == Event.Format.HYBRID else ()
    if venue is None:
        return [Fact(_("Where"), also[0])] if also else []
    details = [clean_line(part) for part in (venue.address, _directions(venue.directions)) if part]
    return [Fact(_("Where"), clean_line(venue.name), (*details, *also), _map(event))]


def programme(event: Event) -> Programme:
    """The sessions with a time, in order, those called off left out. Two queries, one more with lightning talks."""
    timed = Session.objects.filter(event_id=event.pk, status=Session.Status.PLANNED, starts_at__isnull=False)
    rows: list[Any] = list(
        timed.in_order().values_list("pk", "kind", "number", "title", "starts_at", "language", named=True)
    )
    shown = rows[:MOST_ITEMS]
    speakers = _speakers([row.pk for row in shown])
    notes = _notes([row.pk for row in shown if row.kind == Session.Kind.LIGHTNING])
    items = tuple(
        ProgrammeItem(
            label=time_of_day(row.starts_at, event.time_zone),
            title=clean_line(f"{row.number} {row.title}"),
            note=notes.get(row.pk, ""),
            speakers=phrases.set_apart(speakers.get(row.pk, ())),
            language=language_tag(row.language),
            is_pause=row.kind in (Session.Kind.BREAK, Session.Kind.SOCIAL),
        )
        for row in shown
    )
    return Programme(items, len(rows) - len(shown))


def time_of_day(instant: dt.datetime, zone: str) -> str:
    """`19:00` on the wall clock of the zone."""
    return f"{time_words.local(instant, zone):%H:%M}"


def plain_name(name: str) -> str:
    """A person's name as it may stand in a mail: what mail programs would turn into a link loses its marks."""
    name = clean_line(name)
    return clean_line(_NOT_OF_NAMES.sub(" ", name)) if _LIKE_AN_ADDRESS.search(name) else name


def language_tag(language: str) -> str:
    """What `lang=""` takes, empty for what is none."""
    return language if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language) else ""


def _directions(markdown: str) -> str:
    """Their beginning: the event's page has all of it."""
    text = clean_line(plain_text(markdown))
    return text if len(text) <= LONGEST_DIRECTIONS else text[:LONGEST_DIRECTIONS].rsplit(" ", 1)[0] + " …"


def _map(event: Event) -> Link | None:
    place = coordinates(event)
    if place is None:
        return None
    latitude, longitude = place
    spot = f"mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
    return Link(_("Map"), f"https://www.openstreetmap.org/?{spot}")


def _speakers(session_ids: list[int]) -> dict[int, list[str]]:
    parts = SessionSpeaker.objects.filter(session__in=session_ids).order_by("position", "id")
    found: dict[int, list[str]] = {}
    for session, *who in parts.values_list("session", "speaker__name", "affiliation") if session_ids else ():
        found.setdefault(session, []).append(clean_line(phrases.joined(who)))
    return found


def _notes(pks: list[int]) -> dict[int, str]:
    return {pk: note for notes in _session_notes for pk, note in notes(pks).items()} if pks else {}
