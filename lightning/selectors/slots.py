"""How many slots of a round are free, and which is given next. Who writes by it has locked the block's row."""

from typing import Any

from django.db.models import Count, Exists, IntegerField, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lightning.drawing_document import organisation_key
from lightning.models import Block, Call, SlotOffer, Talk, TalkSpeaker
from lightning.models.talk import TalkQuerySet
from lightning.selectors.recipients import with_address

WAS_ON = Q(state__in=(Talk.State.GIVEN, Talk.State.NO_SHOW)) | Q(started_at__isnull=False)


def free_slots(block: Block) -> int | None:
    """Slots nobody has and that are held for nobody; None while the round's length is not known. Two queries."""
    if block.slots is None:
        return None
    taken = block.talks.filter(position__isnull=False).count()
    return max(0, block.slots - taken - open_offers(block).count())


def is_full(block: Block) -> bool:
    """Whether every slot has its talk, whatever is offered. One query."""
    return block.slots is not None and block.talks.filter(position__isnull=False).count() >= block.slots


def open_offers(block: Block) -> "QuerySet[SlotOffer]":
    """Offers that hold a slot: whoever stands by no longer needs none."""
    return SlotOffer.objects.filter(talk__block=block.pk, talk__state=Talk.State.STAND_BY, state=SlotOffer.State.OPEN)


def held_slots(block: str) -> Coalesce:
    """How many slots of the block that a query names so are held by an offer."""
    offers = SlotOffer.objects.filter(
        talk__block=OuterRef(block), talk__state=Talk.State.STAND_BY, state=SlotOffer.State.OPEN
    )
    count = offers.order_by().values("talk__block").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(count, output_field=IntegerField()), 0)


def slot_ahead(block: Block) -> int:
    """The place after the last talk, or the first gap when that is past the end.

    A gap that the stage has passed took no time, so nobody is put there: the round ends with one more instead.
    """
    positions = block.talks.values_list("position", flat=True)
    taken = {position for position in positions if position is not None}
    last, slots = max(taken, default=-1), block.slots
    if slots is None or last + 1 < slots:
        return last + 1
    passed: int | None = block.talks.filter(WAS_ON).aggregate(last=Max("position"))["last"]
    first = 0 if passed is None else passed + 1
    return next((place for place in range(first, slots) if place not in taken), last + 1)


def end_of_queue(block: Block) -> int:
    """The place on stand-by after everybody's."""
    last: int | None = block.talks.aggregate(last=Max("queue_position"))["last"]
    return 1 if last is None else last + 1


def queue(block: Block) -> TalkQuerySet:
    """Who is asked when a slot comes free, in order: who knows of standing by, and can be written to."""
    waiting = block.talks.filter(
        Exists(with_address(TalkSpeaker.objects.filter(talk=OuterRef("pk")))),
        state=Talk.State.STAND_BY,
        queue_position__isnull=False,
        told_state__in=("", Talk.State.STAND_BY),
    )
    asked = SlotOffer.objects.filter(talk=OuterRef("pk"), state=SlotOffer.State.OPEN)
    return waiting.exclude(Exists(asked)).order_by("queue_position", "id")


def place_in_queue(talk: Talk) -> int | None:
    """1 for who is asked next; None for who is not asked. One query."""
    if talk.queue_position is None:
        return None
    before = Talk.objects.filter(block=talk.block_id, queue_position__lt=talk.queue_position)
    return before.count() + 1


def is_being_decided(block: Block, *, is_night: bool) -> bool:
    """Whether free slots are still the organisers' to give: proposals wait for their decision, or for the draw."""
    call = Call.objects.filter(block=block.pk).exclude(policy=Call.Policy.FIRST_COME).first()
    return call is not None and not is_night and block.talks.filter(state=Talk.State.SUBMITTED).exists()


def with_organisation(talks: "QuerySet[Talk]") -> "QuerySet[Any]":
    """With `organisation`: where its first speaker comes from, empty when that is not known."""
    first = TalkSpeaker.objects.filter(talk=OuterRef("pk")).order_by("position", "id")
    return talks.annotate(organisation=Subquery(first.values("affiliation")[:1]))


def organisations_with_slots(block: Block) -> list[str]:
    """Of who has a slot or is offered one, once for each talk. One query."""
    has_one = Q(position__isnull=False) | Q(pk__in=open_offers(block).values("talk"))
    talks = with_organisation(block.talks.filter(has_one))
    return [organisation_key(name) for name in talks.values_list("organisation", flat=True)]
