"""A round as its organisers arrange it: everybody who proposed, what may be worth changing, who has not been told."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Prefetch, Q
from django.db.models.functions import Lower

from events.models import Session, SessionSpeaker
from events.selectors.reminder_people import with_accounts
from lightning.lineup_warnings import Engagement, Finding, Item, Round, find_warnings
from lightning.models import Block, SlotOffer, Talk, TalkResource, TalkSpeaker
from lightning.models.talk import TalkQuerySet
from lightning.round_times import round_ends_at, round_starts_at, slot_ends_at, slot_starts_at
from lightning.running_order import Order, order_of
from lightning.selectors.recipients import with_address
from lightning.selectors.slots import WAS_ON
from speakers.models import ResourceBase

TOLD = (Talk.State.ACCEPTED, Talk.State.CONFIRMED, Talk.State.DECLINED, Talk.State.STAND_BY)


@dataclass(frozen=True)
class Lineup:
    """All talks of a round with speakers and topics, as they stand at one instant."""

    block: Block
    talks: list[Any]  # with `has_slides`, `has_offer` and `was_on`
    fixed: frozenset[int]

    @cached_property
    def order(self) -> Order:
        """Slot by slot."""
        places = {talk.pk: talk.position for talk in self.talks if talk.position is not None}
        return order_of(places, self.block.slots)

    @cached_property
    def by_id(self) -> dict[int, Any]:
        """Every talk."""
        return {talk.pk: talk for talk in self.talks}

    def in_state(self, *states: str) -> list[Any]:
        """Those without a slot in one of these states: who stands by in the order of the queue, others as proposed."""
        return [talk for talk in self.talks if talk.position is None and talk.state in states]


def arranged_block(slug: str, pk: int) -> Block:
    """A round of any event, drafts too, with session, room, event and group; raises Block.DoesNotExist. One query."""
    related = ("session__event__group", "session__event__venue", "session__room", "call")
    blocks = Block.objects.select_related(*related).alias(slug_in_lower_case=Lower("session__event__slug"))
    return blocks.get(pk=pk, slug_in_lower_case=slug.lower())


def read_lineup(block: Block) -> Lineup:
    """Three queries."""
    slides = TalkResource.objects.filter(talk=OuterRef("pk"), kind=ResourceBase.Kind.SLIDES)
    offers = SlotOffer.objects.filter(talk=OuterRef("pk"), state=SlotOffer.State.OPEN)
    parts = TalkSpeaker.objects.select_related("speaker").order_by("position", "id")
    talks = block.talks.annotate(
        has_slides=Q(Exists(slides)) | Q(deck__isnull=False),
        has_offer=Exists(offers),
        was_on=ExpressionWrapper(WAS_ON, BooleanField()),
    ).prefetch_related("topics", Prefetch("talk_speakers", queryset=parts))
    last = {"nulls_last": True}
    rows: list[Any] = list(
        talks.order_by(F("position").asc(**last), F("queue_position").asc(**last), "created_at", "id")
    )
    for talk in rows:
        talk.block = block
    return Lineup(block, rows, frozenset(talk.pk for talk in rows if talk.was_on))


def fixed_talks(block: Block) -> frozenset[int]:
    """Whose slots are history: who was on stage, or is; one query."""
    return frozenset(Talk.objects.filter(WAS_ON, block=block.pk).values_list("pk", flat=True))


def untold_talks(block: Block) -> TalkQuerySet:
    """Decisions that the speakers have not heard of; who was accepted and has confirmed since knows it."""
    known = Q(told_state=F("state")) | Q(told_state=Talk.State.ACCEPTED, state=Talk.State.CONFIRMED)
    return Talk.objects.filter(block=block.pk, state__in=TOLD).exclude(known).order_by("position", "id")


def reachable_talks(talks: Collection[int]) -> set[int]:
    """Those with a speaker who can be written to; two queries."""
    parts = with_address(TalkSpeaker.objects.filter(talk__in=talks)).order_by("id")
    rows = list(parts.values_list("pk", "speaker__user", "address", "talk"))
    talk_of = {pk: talk for pk, _user, _address, talk in rows}
    return {talk_of[one.key] for one in with_accounts((0, pk, user, mail, None) for pk, user, mail, _talk in rows)}


def lineup_findings(lineup: Lineup, *, now: dt.datetime) -> list[Finding]:
    """What may be worth changing about talks that are still to come; nothing once the round is over. Three queries."""
    block = lineup.block
    talks = [lineup.by_id[pk] for pk in lineup.order if pk and pk not in lineup.fixed]
    if not talks or round_ends_at(block) <= now:
        return []
    return find_warnings([_item(talk) for talk in talks], _round(block, talks), now=now)


def _item(talk: Any) -> Item:
    parts = list(talk.talk_speakers.all())
    return Item(
        slot=talk.position + 1,
        speakers={part.speaker_id: part.speaker.name for part in parts},
        title=talk.title,
        organisations=tuple({part.affiliation: None for part in parts if part.affiliation}),
        topics=tuple(topic.name for topic in talk.topics.all()),
        language=talk.language,
        is_first=talk.is_first_talk,
        is_confirmed=talk.state == Talk.State.CONFIRMED,
        has_slides=talk.has_slides,
        starts_at=slot_starts_at(talk),
        ends_at=slot_ends_at(talk),
    )


def _round(block: Block, talks: Iterable[Talk]) -> Round:
    begins = round_starts_at(block)
    hours = block.slides_due_hours
    return Round(
        starts_at=begins,
        slots=block.slots,
        slides_due_at=begins - dt.timedelta(hours=hours) if hours else None,
        next_in_room=_next_in_room(block.session),
        elsewhere=_elsewhere(block, {part.speaker_id for talk in talks for part in talk.talk_speakers.all()}),
    )


def _next_in_room(session: Session) -> tuple[str, dt.datetime] | None:
    """What follows in the same room; one query."""
    if session.room_id is None or session.starts_at is None:
        return None
    planned = Session.objects.filter(event=session.event_id, room=session.room_id, status=Session.Status.PLANNED)
    after = planned.filter(starts_at__gt=session.starts_at).order_by("starts_at", "id").first()
    return (after.title, after.starts_at) if after and after.starts_at else None


def _elsewhere(block: Block, speakers: Collection[int]) -> tuple[Engagement, ...]:
    """Other sessions and slots of these speakers on the same programme; two queries."""
    event = block.session.event_id
    parts = SessionSpeaker.objects.filter(session__event=event, speaker__in=speakers)
    planned = parts.filter(session__status=Session.Status.PLANNED, session__starts_at__isnull=False)
    sessions = [
        Engagement(part.speaker_id, part.session.title, part.session.starts_at, part.session.ends_at)
        for part in planned.exclude(session=block.session_id).select_related("session")
        if part.session.starts_at and part.session.ends_at
    ]
    return (*sessions, *_other_rounds(block, speakers))


def _other_rounds(block: Block, speakers: Collection[int]) -> Iterable[Engagement]:
    slots = TalkSpeaker.objects.filter(talk__block__session__event=block.session.event_id, speaker__in=speakers)
    others = slots.filter(talk__position__isnull=False).exclude(talk__block=block.pk)
    for part in others.select_related("talk__block__session__event"):
        starts_at, ends_at = slot_starts_at(part.talk), slot_ends_at(part.talk)
        if starts_at and ends_at:
            yield Engagement(part.speaker_id, part.talk.title or str(part.talk.block), starts_at, ends_at)
