"""Free slots for who stands by: held for one after the other, for a limited time. Callers may hold the round's lock."""

import datetime as dt
import logging
from collections import Counter

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from events.models import Event, Session
from events.services.revisions import announce_schedule, revise
from lightning import notifications
from lightning.drawing_document import organisation_key
from lightning.models import Block, Call, SlotOffer, Talk
from lightning.round_times import round_ends_at, round_starts_at
from lightning.rules import HOUR, SIGNIFICANT_FOR_TALKS, Move, offer_until
from lightning.selectors import slots
from lightning.services.proposers import prove_proposer
from lightning.services.speaker_moves import leave_round, lock_talk, refuse_move

AT_ONCE = 100

log = logging.getLogger(__name__)


@transaction.atomic
def offer_free_slots(*, block: Block, now: dt.datetime) -> list[SlotOffer]:
    """Hold each free slot for the next in the queue; nothing where organisers still decide, or nothing is on."""
    locked = lock_block(block.pk)
    begins, ends = round_starts_at(locked), round_ends_at(locked)
    until = offer_until(begins=begins, ends=ends, now=now)
    if until is None or not _is_on(locked) or slots.is_being_decided(locked, is_night=now >= begins - HOUR):
        return []
    free = slots.free_slots(locked)
    waiting = _within_limit(locked, list(slots.queue(locked)))
    return [_offer(locked, talk, until, now) for talk in waiting[:free]]


def lock_block(pk: int) -> Block:
    """The round, for whoever gives or frees slots of it."""
    related = ("session__event__group", "session__room")
    return Block.objects.select_for_update(of=("self",)).select_related(*related).get(pk=pk)


def _is_on(block: Block) -> bool:
    session = block.session
    return session.status == Session.Status.PLANNED and session.event.status == Event.Status.PUBLISHED


def _within_limit(block: Block, waiting: list[Talk]) -> list[Talk]:
    """Without those whose organisation has as many slots as the call allows."""
    call = Call.objects.filter(block=block.pk).first()
    most = call.most_per_organisation if call else None
    if most is None:
        return waiting
    given = Counter(slots.organisations_with_slots(block))
    named = slots.with_organisation(block.talks.filter(pk__in=[talk.pk for talk in waiting]))
    organisation_of = dict(named.values_list("pk", "organisation"))
    kept = []
    for talk in waiting:
        organisation = organisation_key(organisation_of[talk.pk])
        if not organisation or given[organisation] < most:
            given[organisation] += 1
            kept.append(talk)
    return kept


def _offer(block: Block, talk: Talk, until: dt.datetime, now: dt.datetime) -> SlotOffer:
    talk.block = block
    offer = SlotOffer.objects.create(talk=talk, offered_at=now, expires_at=until)
    notifications.slot_offered(offer, now=now)
    return offer


@transaction.atomic
def take_offer(*, offer: SlotOffer, is_proven: bool, now: dt.datetime) -> Talk:
    """The held slot is theirs; saying so twice is saying so once. Raises RuleViolation when the time is over."""
    block, talk = lock_talk(offer.talk)
    stored = SlotOffer.objects.get(pk=offer.pk)
    if stored.state == SlotOffer.State.TAKEN:
        return talk
    _refuse_what_is_over(stored, now)
    refuse_move(talk, Move.TAKE)
    if slots.is_full(block):
        raise RuleViolation("block_full", _("The round was shortened, and this slot with it. Ask the organisers."))
    _answer(stored, SlotOffer.State.TAKEN, now)
    if is_proven:
        prove_proposer(talk)
    state = Talk.State.CONFIRMED if is_proven else Talk.State.ACCEPTED
    values = {"state": state, "position": slots.slot_ahead(block), "queue_position": None}
    revise(
        talk,
        values | {"told_state": state, "told_at": now, "chases": 0},
        significant=SIGNIFICANT_FOR_TALKS,
        was_public=True,
        now=now,
    )
    announce_schedule(block.session.event)
    return talk


@transaction.atomic
def decline_offer(*, offer: SlotOffer, now: dt.datetime) -> Talk:
    """They cannot give it after all: the talk is withdrawn and the slot goes on. Twice is once."""
    block, talk = lock_talk(offer.talk)
    stored = SlotOffer.objects.get(pk=offer.pk)
    if stored.state == SlotOffer.State.DECLINED:
        return talk
    _refuse_what_is_over(stored, now)
    refuse_move(talk, Move.REFUSE)
    _answer(stored, SlotOffer.State.DECLINED, now)
    leave_round(talk, now=now)
    offer_free_slots(block=block, now=now)
    return talk


@transaction.atomic
def stand_by_again(*, talk: Talk, now: dt.datetime) -> Talk:
    """Who let an offer run out is asked again, after everybody else."""
    block, stored = lock_talk(talk)
    refuse_move(stored, Move.REJOIN)
    if stored.queue_position is None:
        over = SlotOffer.objects.filter(talk=stored.pk, state=SlotOffer.State.OPEN, expires_at__lte=now)
        over.update(state=SlotOffer.State.EXPIRED, answered_at=now)  # nobody has settled it yet
        stored.queue_position = slots.end_of_queue(block)
        stored.save(update_fields=["queue_position"])
        offer_free_slots(block=block, now=now)
    return stored


def _refuse_what_is_over(offer: SlotOffer, now: dt.datetime) -> None:
    if offer.state != SlotOffer.State.OPEN or offer.expires_at <= now:
        raise RuleViolation("offer_expired", _("The time to answer is over. The slot went to the next in line."))


def _answer(offer: SlotOffer, state: str, now: dt.datetime) -> None:
    offer.state, offer.answered_at = state, now
    offer.save(update_fields=["state", "answered_at"])


def settle_offers(now: dt.datetime) -> bool:
    """A feeder: who did not answer is not asked again, the next is; two queries when nothing is due."""
    due = SlotOffer.objects.filter(state=SlotOffer.State.OPEN, expires_at__lte=now)
    expired = list(due.order_by("expires_at", "pk").values_list("talk__block", flat=True)[:AT_ONCE])
    waiting = list(_blocks_with_queue(now).values_list("pk", flat=True)[:AT_ONCE])
    for pk in dict.fromkeys([*expired, *waiting]):
        try:
            _settle_block(pk, now)
        except Exception:
            log.exception("offers of block %s were not settled; they are looked at again in a minute", pk)
    return len(expired) == AT_ONCE


def _blocks_with_queue(now: dt.datetime) -> "QuerySet[Block]":
    """Rounds to come where somebody may be asked: a session was lengthened, or an organiser freed a slot."""
    asked = SlotOffer.objects.filter(talk=OuterRef("pk"), state=SlotOffer.State.OPEN)
    stands_by = Talk.objects.filter(~Exists(asked), state=Talk.State.STAND_BY, queue_position__isnull=False)
    on = Q(session__event__status=Event.Status.PUBLISHED, session__event__ends_at__gt=now)
    return Block.objects.filter(on, Exists(stands_by.filter(block=OuterRef("pk")))).order_by("pk")


@transaction.atomic
def _settle_block(pk: int, now: dt.datetime) -> None:
    block = lock_block(pk)
    due = SlotOffer.objects.filter(talk__block=pk, state=SlotOffer.State.OPEN, expires_at__lte=now)
    for offer in due.select_related("talk").order_by("expires_at", "pk"):
        offer.talk.block = block
        _expire(offer, now)
    offer_free_slots(block=block, now=now)


def _expire(offer: SlotOffer, now: dt.datetime) -> None:
    """Also of who got a slot in another way meanwhile: they need not hear of it."""
    if offer.talk.state != Talk.State.STAND_BY:
        _answer(offer, SlotOffer.State.WITHDRAWN, now)
        return
    _answer(offer, SlotOffer.State.EXPIRED, now)
    Talk.objects.filter(pk=offer.talk_id).update(queue_position=None)
    notifications.offer_expired(offer, now=now)
