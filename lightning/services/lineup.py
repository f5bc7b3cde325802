"""Blocks and the running order of their talks."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core.changes import RowChange, change_rows, changed_fields, insert_rows, naming_the_row, write_fields
from core.errors import RuleViolation
from events.models import Event, Session
from events.services.programme import Appearance, set_speakers
from events.services.revisions import announce_schedule, date_revision, revise
from lightning.models import Block, Talk, TalkResource, TalkSpeaker
from lightning.rules import SIGNIFICANT_FOR_TALKS
from lightning.selectors.slots import end_of_queue, free_slots, open_offers, slot_ahead
from lightning.services.speaker_moves import close_offers
from lightning.services.stand_by import offer_free_slots
from speakers.models import Speaker, Topic


@transaction.atomic
def create_block(*, session: Session, **minutes: int) -> Block:
    """Cut a session of kind lightning into slots."""
    if session.kind != Session.Kind.LIGHTNING:
        raise RuleViolation("not_lightning", _("Only a session of kind lightning has a block."), field="session")
    block = Block(session=session)
    write_fields(block, minutes)
    announce_schedule(session.event)
    return block


@transaction.atomic
def delete_block(*, block: Block) -> None:
    """Cut a session into slots no more; refused while talks are in it."""
    stored = Block.objects.select_for_update().select_related("session__event").get(pk=block.pk)
    if stored.talks.exists():
        raise RuleViolation("block_has_talks", _("Talks are in this block. Delete or move them first."))
    stored.delete()
    announce_schedule(stored.session.event)


@transaction.atomic
def revise_block(*, block: Block, now: dt.datetime, **minutes: int) -> Block:
    """Cut the block anew; every talk's time moves with it, which its session's SEQUENCE says.

    Slots that come of it are offered to who stands by.
    """
    stored = Block.objects.select_for_update().select_related("session__event").get(pk=block.pk)
    session = stored.session
    if not changed_fields(stored, minutes):
        return stored
    write_fields(stored, minutes)
    if session.event.status != Event.Status.DRAFT:
        Session.objects.filter(pk=session.pk).update(sequence=F("sequence") + 1, revised_at=now.replace(microsecond=0))
    announce_schedule(session.event)
    offer_free_slots(block=stored, now=now)
    return stored


@transaction.atomic
def add_talk(
    *,
    block: Block,
    now: dt.datetime,
    appearances: Iterable[Appearance] = (),
    topics: Iterable[Topic] = (),
    resources: Iterable[dict[str, str]] = (),
    state: str = Talk.State.ACCEPTED,
    **fields: Any,
) -> Talk:
    """A talk at the end of the running order; refused when every slot is taken. `resources` are {kind, title, url}."""
    block = Block.objects.select_for_update().select_related("session__event").get(pk=block.pk)
    talk = Talk(block=block, revised_at=now.replace(microsecond=0), state="")
    write_fields(talk, {"state": state, **_place_after(block, talk, {"state": state}), **fields})
    insert_rows(
        TalkSpeaker(talk=talk, speaker=a.speaker, affiliation=a.affiliation, position=i)
        for i, a in enumerate(appearances)
    )
    talk.topics.set(topics)
    insert_rows(TalkResource(talk=talk, position=i, **resource) for i, resource in enumerate(resources))
    announce_schedule(talk.block.session.event)
    return talk


def next_position(block: Block) -> int:
    """The place that is given next. Raises RuleViolation when every slot is taken, or held for who stands by.

    The block's row is locked by the caller.
    """
    if free_slots(block) != 0:
        return slot_ahead(block)
    held = open_offers(block).count()
    if held:
        said = _("All %(slots)d slots are taken, %(held)d of them by offers to stand-by. Wait for the answers.")
    else:
        said = _("All %(slots)d slots are taken. Lengthen the block or shorten its talks.")
    raise RuleViolation("block_full", said % {"slots": block.slots, "held": held}, field="state")


@transaction.atomic
def revise_talk(
    *,
    talk: Talk,
    now: dt.datetime,
    topics: Iterable[Topic] | None = None,
    speakers: Iterable[Speaker] | None = None,
    **fields: Any,
) -> Talk:
    """Change a talk; SEQUENCE rises when its place in the running order does.

    A new state brings its place: at the end for who comes in (refused when every slot is taken), none for who leaves,
    the last in the queue for who stands by.
    `speakers` are who gives it from now on: who stays keeps affiliation and place, who is new comes last.
    """
    block = Block.objects.select_for_update().select_related("session__event").get(pk=talk.block_id)
    stored = Talk.objects.select_for_update().get(pk=talk.pk)
    was_public = block.session.event.status != Event.Status.DRAFT
    if fields.get("state", Talk.State.STAND_BY) != Talk.State.STAND_BY:
        close_offers(stored, now=now)
    changed = revise(
        stored,
        _place_after(block, stored, fields) | fields,
        significant=SIGNIFICANT_FOR_TALKS,
        was_public=was_public,
        now=now,
        topics=topics,
    )
    if set_speakers(stored.talk_speakers, speakers):
        date_revision(stored, now=now)
    elif not changed:
        return stored
    announce_schedule(stored.block.session.event)
    return stored


def _place_after(block: Block, talk: Talk, fields: Mapping[str, Any]) -> dict[str, int | None]:
    """The places in the running order and on stand-by that go with a new state in `fields`."""
    state = fields.get("state", talk.state)
    if state == talk.state:
        return {}
    places: dict[str, int | None] = {}
    is_in, was_in = state in Talk.IN_LINEUP, talk.position is not None
    if is_in != was_in:
        places["position"] = next_position(block) if is_in else None
    stands_by, stood_by = state == Talk.State.STAND_BY, talk.queue_position is not None
    if stands_by != stood_by:
        places["queue_position"] = end_of_queue(block) if stands_by else None
    return places


@transaction.atomic
def change_lineup(*, block: Block, changes: Iterable[RowChange], now: dt.datetime) -> None:
    """Everything a form says about a block's talks in one go; RowRefused says which one cannot be.

    Values are a talk's fields, `speakers`, and as `position` any number that says where it comes among the others.
    """
    block = Block.objects.select_for_update().select_related("session__event").get(pk=block.pk)
    ranks: dict[int, int] = {}
    for change in sorted(changes, key=_who_leaves_comes_first):
        with naming_the_row(change):
            talk, rank = _apply(block, change, now)
        if talk and rank is not None:
            ranks[talk.pk] = rank
    lineup = list(block.talks.in_lineup())
    wanted = sorted(lineup, key=lambda talk: (ranks.get(talk.pk, talk.position), talk.position))
    if ranks and [talk.position for talk in wanted] != list(range(len(wanted))):
        reorder_lineup(block=block, talks=wanted, now=now)


def _who_leaves_comes_first(change: RowChange) -> tuple[bool, bool, bool]:
    """So that a slot is free before somebody else asks for it."""
    values = change.values
    if values is None:
        return (False, False, False)
    return (True, values.get("state", Talk.State.SUBMITTED) in Talk.IN_LINEUP, change.row is None)


def _apply(block: Block, change: RowChange, now: dt.datetime) -> tuple[Talk | None, int | None]:
    fields = dict(change.values or {})
    rank, speakers = fields.pop("position", None), fields.pop("speakers", None)
    if change.row is None:
        appearances = [Appearance(speaker) for speaker in speakers or ()]
        return add_talk(block=block, now=now, appearances=appearances, **fields), rank
    talk = block.talks.filter(pk=change.row.pk).first()
    if talk is None:
        raise RuleViolation("not_in_block", _("This talk is not part of the block any more."))
    if change.values is None:
        delete_talk(talk=talk)
        return None, None
    return revise_talk(talk=talk, now=now, speakers=speakers, **fields), rank


@transaction.atomic
def change_talk_rows(
    *, talk: Talk, model: type[TalkSpeaker] | type[TalkResource], changes: Iterable[RowChange], now: dt.datetime
) -> None:
    """Add, change and take away a talk's speakers or resources; RowRefused says which one cannot be."""
    stored = Talk.objects.select_for_update().get(pk=talk.pk)
    if change_rows(model, changes, talk=stored):
        date_revision(stored, now=now)
        announce_schedule(stored.block.session.event)


@transaction.atomic
def reorder_lineup(*, block: Block, talks: Sequence[Talk], now: dt.datetime) -> None:
    """Put the block's talks into this order, without gaps; it must name each talk of the line-up exactly once."""
    place_talks(block=block, places={talk.pk: position for position, talk in enumerate(talks)}, now=now)


@transaction.atomic
def place_talks(*, block: Block, places: Mapping[int, int], now: dt.datetime) -> None:
    """Give each talk of the line-up, by id, a place of its own; it must name all of them. Who stays is not written."""
    block = Block.objects.select_for_update().select_related("session__event").get(pk=block.pk)
    lineup = list(block.talks.in_lineup())
    if {talk.pk for talk in lineup} != set(places):
        raise RuleViolation("not_the_lineup", _("The line-up has changed meanwhile. Load the page again."))
    was_public = block.session.event.status != Event.Status.DRAFT
    for talk in lineup:
        if talk.position != places[talk.pk]:
            _move(talk, places[talk.pk], was_public=was_public, now=now)
    announce_schedule(block.session.event)


@transaction.atomic
def delete_talk(*, talk: Talk) -> None:
    """Remove a talk that should never have been there; the others keep their places."""
    stored = Talk.objects.select_for_update().get(pk=talk.pk)
    announce_schedule(stored.block.session.event)
    stored.delete()


def _move(talk: Talk, position: int, *, was_public: bool, now: dt.datetime) -> None:
    """Write one place without asking whether it is free: the database asks at the end of the transaction."""
    talk.position = position
    talk.sequence += was_public
    talk.revised_at = now.replace(microsecond=0)
    talk.save(update_fields=["position", "sequence", "revised_at"])
