"""Makes an event's programme of a pasted agenda: sessions, rounds with their talks, speakers, links and topics."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from core.text import clean_line
from events.agenda_text.result import Agenda, Item, Link, Person
from events.models import Event, Session
from events.services.programme import Appearance, create_session
from events.services.revisions import announced_once
from lightning.agenda_notes import as_markdown
from lightning.agenda_plan import Hours, Placed, block_times, plan, starts_of
from lightning.models import Talk
from lightning.selectors.agenda import every_item
from lightning.services.lineup import add_talk, create_block
from speakers.matching import name_key
from speakers.models import Speaker, Topic
from speakers.resource_kinds import resource_kind
from speakers.services import create_speaker, find_or_create_topic

MAX_ITEMS = 500


@dataclass(frozen=True)
class Imported:
    """What a text gave: how many sessions and talks, people on stage, people nobody knew before, links and topics."""

    sessions: int
    talks: int
    speakers: int
    new_speakers: int
    links: int
    topics: int


@transaction.atomic
def import_agenda(
    *,
    event: Event,
    agenda: Agenda,
    now: dt.datetime,
    same_as: Mapping[str, Speaker] | None = None,
    beside: Sequence[Mapping[str, Any]] = (),
    talk_state: str = Talk.State.ACCEPTED,
) -> Imported:
    """Fill an event's empty programme; all of it, or RuleViolation naming the line and nothing.

    `same_as` says who a name means; every other name becomes a new speaker. `beside` holds, for each session in turn,
    fields that no text has (room, track, level). What neither says stays empty.
    """
    stored = Event.objects.select_for_update().get(pk=event.pk)
    _refuse_unless_ready(stored, agenda)
    cast = Cast(same_as or {}, now)
    with announced_once(stored):
        for position, placed in enumerate(_within_hours(stored, agenda.sessions)):
            fields = {"position": position, **(beside[position] if beside else {})}
            with _naming_the_line(placed.item):
                session = _make_session(stored, placed, fields, cast)
                if session.kind == Session.Kind.LIGHTNING:
                    _make_round(session, placed.item, cast, talk_state)
    return cast.count(agenda)


class Cast:
    """Speakers and topics of one text: a name that comes twice is one speaker, unless the affiliations differ."""

    def __init__(self, same_as: Mapping[str, Speaker], now: dt.datetime) -> None:
        self.now = now
        self._same_as = {name_key(name): speaker for name, speaker in same_as.items()}
        self._met: dict[str, list[tuple[str, Speaker]]] = {}
        self._topics: dict[str, Topic] = {}
        self._new = 0

    def appearances(self, people: Iterable[Person]) -> list[Appearance]:
        """Each speaker once, in the order of the text."""
        parts: dict[int, Appearance] = {}
        for person in people:
            speaker = self._speaker(person)
            parts.setdefault(speaker.pk, Appearance(speaker, clean_line(person.affiliation)))
        return list(parts.values())

    def topics(self, names: Iterable[str]) -> list[Topic]:
        """The topics of those names; new ones are made."""
        for name in names:
            if name not in self._topics:
                self._topics[name] = find_or_create_topic(name=name)
        return [self._topics[name] for name in names]

    def count(self, agenda: Agenda) -> Imported:
        """What has come of the text."""
        return Imported(
            sessions=len(agenda.sessions),
            talks=sum(len(item.talks) for item in agenda.sessions),
            speakers=len({speaker.pk for met in self._met.values() for _, speaker in met}),
            new_speakers=self._new,
            links=sum(len(item.links) for item in every_item(agenda)),
            topics=len({topic.pk for topic in self._topics.values()}),
        )

    def _speaker(self, person: Person) -> Speaker:
        key, affiliation = name_key(person.name), clean_line(person.affiliation)
        met = self._met.setdefault(key, [])
        for known_affiliation, speaker in met:
            if key in self._same_as or affiliation == known_affiliation or not (affiliation and known_affiliation):
                return speaker
        speaker = self._same_as.get(key) or self._new_speaker(person.name, affiliation)
        met.append((affiliation, speaker))
        return speaker

    def _new_speaker(self, name: str, affiliation: str) -> Speaker:
        self._new += 1
        return create_speaker(name=name, affiliation=affiliation)


def _refuse_unless_ready(event: Event, agenda: Agenda) -> None:
    if event.status == Event.Status.CANCELLED:
        raise RuleViolation("cancelled", _("This event is cancelled. Publish it again first."), field="event")
    if event.sessions.exists():
        raise RuleViolation(
            "programme_not_empty",
            _("This event has a programme already. Delete its sessions first, or choose another event."),
            field="event",
        )
    if not agenda.sessions:
        raise RuleViolation("nothing_found", _("The text names no session."), field="text")
    if sum(1 for _item in every_item(agenda)) > MAX_ITEMS:
        raise RuleViolation(
            "too_many_items",
            _("The text names more than %(most)d sessions and talks. Split it into several events.")
            % {"most": MAX_ITEMS},
            field="text",
        )


def _within_hours(event: Event, items: Sequence[Item]) -> tuple[Placed, ...]:
    """Every item at its instant; refused when one cannot be within the event's hours."""
    found = plan(items, Hours(event.starts_at, event.ends_at, event.zone))
    if found.misplaced:
        opens, closes = (f"{at.astimezone(event.zone):%Y-%m-%d %H:%M}" for at in (event.starts_at, event.ends_at))
        named = "; ".join(
            _("line %(line)d: %(starts)s “%(title)s”")
            % {"line": item.line, "starts": starts_of(item), "title": title_of(item)}
            for item in found.misplaced
        )
        raise RuleViolation(
            "outside_event",
            _("The event lasts from %(opens)s to %(closes)s (%(zone)s), and this lies outside: %(items)s.")
            % {"opens": opens, "closes": closes, "zone": event.time_zone, "items": named},
            field="text",
        )
    return found.placed


def title_of(item: Item) -> str:
    """A session's title; where the text names only who speaks, or what kind of thing it is, that."""
    return item.title or ", ".join(person.name for person in item.speakers) or str(Session.Kind(item.kind).label)


def _make_session(event: Event, placed: Placed, fields: Mapping[str, Any], cast: Cast) -> Session:
    item = placed.item
    return create_session(
        event=event,
        now=cast.now,
        kind=Session.Kind.LIGHTNING if item.talks else item.kind,
        title=clean_line(title_of(item)),
        number=clean_line(item.number or ""),
        abstract=as_markdown(item.notes),
        starts_at=placed.starts_at,
        minutes=placed.minutes,
        appearances=cast.appearances(item.speakers),
        topics=cast.topics(item.topics),
        resources=_resources(item.links),
        **fields,
    )


def _make_round(session: Session, item: Item, cast: Cast, state: str) -> None:
    times = block_times(item)
    slots = times.slots(session.minutes)
    if slots is not None and len(item.talks) > slots:
        said = {"line": item.line, "title": session.title, "minutes": session.minutes}
        raise RuleViolation(
            "block_full",
            _("Line %(line)d: “%(title)s” has %(minutes)d minutes, too few for %(talks)d talks of %(length)d minutes.")
            % (said | {"talks": len(item.talks), "length": times.talk_minutes}),
            field="text",
        )
    block = create_block(
        session=session,
        talk_minutes=times.talk_minutes,
        changeover_minutes=times.changeover_minutes,
    )
    for talk in item.talks:
        with _naming_the_line(talk):
            add_talk(
                block=block,
                now=cast.now,
                state=state,
                title=clean_line(talk.title),
                notes=as_markdown(talk.notes),
                appearances=cast.appearances(talk.speakers),
                topics=cast.topics(talk.topics),
                resources=_resources(talk.links),
            )


def _resources(links: Iterable[Link]) -> list[dict[str, str]]:
    return [
        {"kind": resource_kind(link.url, link.title), "title": clean_line(link.title), "url": link.url}
        for link in links
    ]


@contextmanager
def _naming_the_line(item: Item) -> Iterator[None]:
    """Turn what the models refuse (too long, no address) into a refusal that says where in the text it stands."""
    try:
        yield
    except ValidationError as error:
        problem = " ".join(f"{name}: {' '.join(said)}" for name, said in error.message_dict.items())
        raise RuleViolation("bad_value", f"{_('Line')} {item.line}: {problem}", field="text") from error
