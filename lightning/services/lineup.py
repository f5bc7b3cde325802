"""Blocks and the running order of their talks."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from core.changes import changed_fields, write_fields
from core.errors import RuleViolation
from events.models import Event, Session
from events.services.programme import Appearance
from events.services.revisions import revise, touch_session_feeds
from lightning.models import Block, Talk, TalkResource, TalkSpeaker
from lightning.rules import SIGNIFICANT_FOR_TALKS
from speakers.models import Speaker, Topic


@transaction.atomic
def create_block(*, session: Session, now: dt.datetime, **minutes: int) -> Block:
    """Cut a session of kind lightning into slots."""
    if session.kind != Session.Kind.LIGHTNING:
        raise RuleViolation("not_lightning", _("Only a session of kind lightning has a block."), field="session")
    block = Block(session=session)
    write_fields(block, minutes)
    touch_session_feeds(session, now=now)
    return block


@transaction.atomic
def revise_block(*, block: Block, now: dt.datetime, **minutes: int) -> Block:
    """Cut the block anew; every talk's time moves with it, which its session's SEQUENCE says."""
    stored = Block.objects.select_for_update().select_related("session__event").get(pk=block.pk)
    session = stored.session
    if not changed_fields(stored, minutes):
        return stored
    write_fields(stored, minutes)
    if session.event.status != Event.Status.DRAFT:
        Session.objects.filter(pk=session.pk).update(sequence=F("sequence") + 1, revised_at=now.replace(microsecond=0))
    touch_session_feeds(session, now=now)
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
    position = next_position(block) if state in Talk.IN_LINEUP else None
    talk = Talk(block=block, revised_at=now.replace(microsecond=0))
    write_fields(talk, fields | {"state": state, "position": position})
    TalkSpeaker.objects.bulk_create(
        TalkSpeaker(talk=talk, speaker=a.speaker, affiliation=a.affiliation, position=i)
        for i, a in enumerate(appearances)
    )
    talk.topics.set(topics)
    TalkResource.objects.bulk_create(
        TalkResource(talk=talk, position=i, **resource) for i, resource in enumerate(resources)
    )
    touch_talk_feeds(talk, now=now)
    return talk


def next_position(block: Block) -> int:
    """The first free place after the last talk; the block's row is locked by the caller."""
    last = block.talks.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else int(last) + 1
    if block.slots is not None and position >= block.slots:
        raise RuleViolation(
            "block_full",
            _("All %(slots)d slots are taken. Lengthen the block or shorten its talks.") % {"slots": block.slots},
            field="block",
        )
    return position


@transaction.atomic
def revise_talk(*, talk: Talk, now: dt.datetime, **fields: Any) -> Talk:
    """Change a talk; SEQUENCE rises when its place in the running order does."""
    block = Block.objects.select_for_update().select_related("session__event").get(pk=talk.block_id)
    stored = Talk.objects.select_for_update().get(pk=talk.pk)
    was_public = block.session.event.status != Event.Status.DRAFT
    if revise(stored, fields, significant=SIGNIFICANT_FOR_TALKS, was_public=was_public, now=now):
        touch_talk_feeds(stored, now=now)
    return stored


@transaction.atomic
def reorder_lineup(*, block: Block, talks: Sequence[Talk], now: dt.datetime) -> None:
    """Put the block's talks into this order; it must name each talk of the line-up exactly once."""
    block = Block.objects.select_for_update().select_related("session__event").get(pk=block.pk)
    if {talk.pk for talk in talks} != set(block.talks.in_lineup().values_list("pk", flat=True)):
        raise RuleViolation("not_the_lineup", _("The line-up has changed meanwhile. Load the page again."))
    was_public = block.session.event.status != Event.Status.DRAFT
    for position, talk in enumerate(talks):
        if talk.position != position:
            _move(talk, position, was_public=was_public, now=now)
    touch_session_feeds(block.session, now=now)


@transaction.atomic
def delete_talk(*, talk: Talk, now: dt.datetime) -> None:
    """Remove a talk that should never have been there; the others keep their places."""
    stored = Talk.objects.select_for_update().get(pk=talk.pk)
    touch_talk_feeds(stored, now=now)
    stored.delete()


def touch_talk_feeds(talk: Talk, *, now: dt.datetime) -> None:
    """Move the date of every feed that shows this talk."""
    Speaker.objects.filter(talks=talk).update(touched_at=now)
    Topic.objects.filter(talks=talk).update(touched_at=now)
    touch_session_feeds(talk.block.session, now=now)


def _move(talk: Talk, position: int, *, was_public: bool, now: dt.datetime) -> None:
    """Write one place without asking whether it is free: the database asks at the end of the transaction."""
    talk.position = position
    talk.sequence += was_public
    talk.revised_at = now.replace(microsecond=0)
    talk.save(update_fields=["position", "sequence", "revised_at"])
