"""What every letter about an event says the same way: what, when, where, who hosts it, and what is on.

A writer gives `event_values(event)` and its own values to a template that extends `email/_event.html` and
`email/_event.txt`. Whatever somebody typed is one clean line here, so that it cannot forge lines of the text.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable
from email.utils import parseaddr, quote
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core import phrases, time_words
from core.text import clean_line
from events.calendar_entries import coordinates
from events.letter_basis import Basis, language_tag, time_of_day
from events.mail_texts import OwnWords, in_own_words, mail_kind, paragraphs
from events.models import Event
from events.plain_text import plain_text
from outbox.models import Message
from outbox.rendering import render_letter
from outbox.writers import Letter

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


def event_values(
    event: Event,
    *,
    is_online: bool = False,
    facts: Iterable[Fact] = (),
    buttons: Iterable[Link] = (),
    basis: Basis | None = None,
) -> dict[str, Any]:
    """What the base templates name, in the active language. Reads group and venue: fetch them with the event.

    `is_online` for who takes part from elsewhere; `facts` stand below When and Where. Group line and programme are
    asked for only by templates that show them; of a `basis` for many letters, once for all of them. A letter may add
    `name`, `note`, `footer_links`.
    """
    basis = basis or Basis([event])
    zone, place = event.time_zone, where(event, is_online=is_online)
    return {
        "event": event,
        "basis": basis,
        "title": clean_line(event.title),
        "group": clean_line(event.group.name),
        "language": language_tag(event.language),
        "group_line": SimpleLazyObject(lambda: group_line(event, basis.number(event))),
        "date": time_words.long_date(event.starts_at, zone),
        "starts": time_of_day(event.starts_at, zone),
        "ends": time_of_day(event.ends_at, zone),
        "zone": time_words.zone_name(zone),
        "event_url": settings.SITE_URL + event.get_absolute_url(),
        "facts": [when(event), *place, *facts],
        "has_place": bool(place),
        "buttons": list(buttons),
        "programme": SimpleLazyObject(lambda: basis.programme(event)),
        "preferences_url": settings.SITE_URL + reverse("mail_preferences"),
    }


def event_letter(kind: str, values: dict[str, Any]) -> Letter:
    """The letter of `templates/email/<kind>.*`, which extend `_event`, in the active language, from the group.

    Subject and opening are the group's own where it has written some; facts, buttons and links are always ours.
    """
    safe = with_plain_name(values)
    letter = letter_in_words(kind, safe, _own_words(kind, safe))
    return dataclasses.replace(letter, sender=group_sender(safe["event"].group.name))


def _own_words(kind: str, values: dict[str, Any]) -> OwnWords | None:
    """Words in another language are no stand-in: the reader asked for this one."""
    known = mail_kind(kind)
    language = get_language() or settings.LANGUAGE_CODE
    row = values["basis"].own_text(values["event"], kind, language) if known else None
    return in_own_words(known, row.subject, row.text, values) if known and row else None


def group_sender(name: str, address: str = "") -> str:
    """`"TensorFlow and Deep Learning Singapore" <hello@lectern.example>`: the From of letters that belong to a group.

    The address is the site's own unless another is given. The name stands in quotes as it was typed, for the admin; a
    mail's header encodes it. What looks like an address in it loses its marks: many people see nothing but the name.
    """
    address = address or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    name = plain_name(name) if "@" in name else clean_line(name)
    room = (Message._meta.get_field("sender").max_length or 0) - len(f'"" <{address}>')
    while len(quote(name)) > room:
        name = name[:-1]
    return f'"{quote(name)}" <{address}>' if name else address


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


def group_line(event: Event, number: int | None) -> str:
    """`TensorFlow and Deep Learning Singapore, meetup 22`."""
    group = clean_line(event.group.name)
    return _("%(group)s, meetup %(number)s") % {"group": group, "number": number} if number else group


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


def plain_name(name: str) -> str:
    """A person's name as it may stand in a mail: what mail programs would turn into a link loses its marks."""
    name = clean_line(name)
    return clean_line(_NOT_OF_NAMES.sub(" ", name)) if _LIKE_AN_ADDRESS.search(name) else name


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
