"""What reminders ask of lightning rounds: who has a slot, and who stands by in case one comes free."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from events.audiences import Asked, Facts, Part, Reader, Source, Tell, register_source
from events.models import Event, Session
from events.reminder_slots import Person
from events.selectors.reminder_people import of_readers, reachable, spoken_by, tell_parts, with_accounts
from lightning.models import Talk, TalkSpeaker
from lightning.round_times import slot_ends_at, slot_starts_at

# Organisers decide now and tell later: an accepted talk is not confirmed to its speaker yet, so nothing is said of it
WITH_A_SLOT = Q(talk__state=Talk.State.CONFIRMED, talk__position__isnull=False)
ON_STAND_BY = Q(talk__state=Talk.State.STAND_BY)


class OfTalks:
    """The audience of those who give talks of one sort."""

    def __init__(self, talks: Q) -> None:
        self.talks = talks

    def _parts(self, **of: Any) -> QuerySet[TalkSpeaker]:
        planned = TalkSpeaker.objects.filter(self.talks, talk__block__session__status=Session.Status.PLANNED, **of)
        return planned.select_related("speaker", "talk__block__session__room").order_by("pk")

    def people(
        self,
        event_ids: Collection[int],
        *,
        after: int = 0,
        limit: int | None = None,
        changed_since: dt.datetime | None = None,
    ) -> list[Person]:
        """Once for each talk; at most two queries."""
        event = "talk__block__session__event"
        rows = reachable(self._parts(**{f"{event}__in": event_ids})).order_by(event, "pk")
        return with_accounts(_row(part) for part in rows)

    def facts(self, asked: Collection[Asked]) -> Tell:
        """Their talks; one query."""
        rows = self._parts(talk__block__session__event__in={one.event.pk for one in asked})
        theirs = of_readers(rows, (one.reader for one in asked))
        return tell_parts((row.talk.block.session.event_id, row.speaker, part_of(row.talk)) for row in theirs)

    def events_of(
        self, readers: Collection[Reader], now: dt.datetime, until: dt.datetime
    ) -> Collection[tuple[Reader, int]]:
        """Those with a talk of theirs; one query."""
        event = "talk__block__session__event"
        soon = self._parts(**{f"{event}__starts_at__gt": now, f"{event}__starts_at__lte": until})
        theirs = of_readers(soon, readers).order_by()
        return spoken_by(theirs.values_list("speaker__user", "speaker__email", event).distinct(), readers)

    def sample(self, event: Event) -> Facts:
        """An invented talk."""
        return Facts("Cy", parts=(Part(_("Your talk"), event.starts_at, event.starts_at + dt.timedelta(minutes=5)),))

    def source(self) -> Source:
        """As events.audiences wants it."""
        return Source(self.people, self.facts, self.events_of, self.sample)


def _row(part: TalkSpeaker) -> tuple[int, int, int | None, str, dt.datetime | None]:
    talk, speaker = part.talk, part.speaker
    return talk.block.session.event_id, part.pk, speaker.user_id, speaker.email, slot_starts_at(talk)


def part_of(talk: Talk) -> Part:
    """A talk as its speaker is told of it."""
    session = talk.block.session
    begins = slot_starts_at(talk) or session.starts_at
    room = str(session.room) if session.room else ""
    return Part(talk.title or session.title, begins, slot_ends_at(talk), room)


def register_audiences() -> None:
    """Tell the floor below; apps call it when ready."""
    register_source("speakers", OfTalks(WITH_A_SLOT).source())
    register_source("stand_by", OfTalks(ON_STAND_BY).source())
