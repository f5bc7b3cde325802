"""Decide now, tell later: who is in, and when everybody hears of it."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from events.models import Event
from lightning.decisions import decisions_on
from lightning.models import Block, Talk, TalkSpeaker
from lightning.notifications import decision_told
from lightning.round_times import round_ends_at
from lightning.selectors.lineup import fixed_talks, reachable_talks, untold_talks
from lightning.services.lineup import revise_talk

BATCH = 50  # letters a transaction: speakers' own answers wait for the round's row no longer than that


@transaction.atomic
def decide(*, talk: Talk, state: str, now: dt.datetime, saw: str | None = None) -> Talk:
    """Accept, decline, put on stand-by, or open the question again; nobody is told.

    `saw` is the state somebody was looking at. Refused when every slot is taken, and for who has been on stage.
    """
    block = Block.objects.select_for_update().get(pk=talk.block_id)
    stored = Talk.objects.select_for_update().get(pk=talk.pk)
    if stored.state == state:
        return stored
    if saw is not None and saw != stored.state:
        said = _("Meanwhile this talk is: %(state)s. Look again, then decide.")
        raise RuleViolation("stale_state", said % {"state": stored.get_state_display()})
    if stored.pk in fixed_talks(block):
        raise RuleViolation("on_stage", _("This talk has been on stage. The remote says what became of it."))
    if state not in decisions_on(stored.state):
        said = _("This talk is: %(state)s. It cannot become that at once.")
        raise RuleViolation("not_possible", said % {"state": stored.get_state_display()})
    return revise_talk(talk=stored, now=now, state=state)


def inform_speakers(*, block: Block, now: dt.datetime, talks: Collection[int] | None = None) -> int:
    """Tell everybody what was decided and they do not know; how many talks that was. Pressed twice, once told.

    `talks` says about which ones only. Who cannot be written to stays among those that were not told.
    """
    event = Event.objects.get(sessions__block=block.pk)
    if event.status == Event.Status.DRAFT:
        raise RuleViolation("draft", _("Publish the event first: the links in the mails lead to it."))
    if round_ends_at(block) <= now:
        raise RuleViolation("over", _("The round is over: nobody has to be told any more."))
    told = 0
    while batch := _inform_batch(block, now=now, talks=talks):
        told += batch
    return told


@transaction.atomic
def _inform_batch(block: Block, *, now: dt.datetime, talks: Collection[int] | None) -> int:
    Block.objects.select_for_update().get(pk=block.pk)
    waiting = untold_talks(block)
    waiting = waiting if talks is None else waiting.filter(pk__in=talks)
    due = waiting.filter(pk__in=reachable_talks(list(waiting.values_list("pk", flat=True))))
    parts = TalkSpeaker.objects.select_related("speaker__user").order_by("position", "id")
    batch = due.select_related("block__session__event__group").prefetch_related(Prefetch("talk_speakers", parts))
    rows = list(batch.select_for_update(of=("self",))[:BATCH])
    for talk in rows:
        decision_told(talk, now=now)
        talk.told_state, talk.told_at, talk.chases = talk.state, now, 0
        talk.save(update_fields=["told_state", "told_at", "chases"])
    return len(rows)
