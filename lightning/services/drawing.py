"""Holding the draw of a round, once, and writing down all that anybody needs to hold it again."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import time_words
from core.errors import RuleViolation
from events.services.revisions import announced_once
from lightning.draw import draw, first_timer_slots
from lightning.drawing_document import entries_of
from lightning.models import Block, Call, Draw, Talk
from lightning.selectors import slots
from lightning.selectors.calls import draw_of, times_of
from lightning.services.lineup import revise_talk
from lightning.services.stand_by import lock_block


@transaction.atomic
def hold_draw(*, block: Block, by: User | None, now: dt.datetime) -> Draw:
    """Give the free slots to proposals by lot; the others stand by in the order of the draw. Nobody is told yet.

    Raises RuleViolation before the call has closed, without proposals, and when it was held already.
    """
    locked = lock_block(block.pk)
    call = _call_to_draw(locked, now)
    talks = list(
        slots.with_organisation(locked.talks.select_for_update(of=("self",)).filter(state=Talk.State.SUBMITTED))
    )
    if not talks:
        raise RuleViolation("no_proposals", _("Nobody has proposed a talk, so there is nothing to draw."))
    free = slots.free_slots(locked)
    count = len(talks) if free is None else free
    entries = entries_of((str(talk.ical_uid), talk.is_first_talk, talk.organisation) for talk in talks)
    quota = first_timer_slots(count, call.first_timer_percent)
    most = call.most_per_organisation
    result = draw(entries, seed=call.seed, slots=count, first_timer_slots=quota, most_per_organisation=most)
    _give(locked, {str(talk.ical_uid): talk for talk in talks}, result.winners, result.stand_by, now)
    return Draw.objects.create(
        block=locked,
        drawn_at=now,
        drawn_by=by,
        seed=call.seed,
        slots=count,
        first_timer_slots=quota,
        most_per_organisation=most,
        entries=[{"id": one.id, "first": one.is_first, "organisation": one.organisation} for one in entries],
        result=list(result.order),
    )


def _call_to_draw(block: Block, now: dt.datetime) -> Call:
    call = Call.objects.filter(block=block.pk).first()
    if call is None or call.policy != Call.Policy.DRAW:
        raise RuleViolation("not_drawn", _("The slots of this round are not drawn by lot. Its call says how."))
    if draw_of(block) is not None:
        raise RuleViolation("already_drawn", _("The draw was held already. It is held once."))
    call.block = block
    closes_at = times_of(call).closes_at
    if now < closes_at:
        moment = time_words.moment(closes_at, block.session.event.time_zone)
        said = _("Proposals are taken until %(moment)s. Hold the draw after that.")
        raise RuleViolation("call_is_open", said % {"moment": moment})
    return call


def _give(
    block: Block, talks: dict[str, Talk], winners: tuple[str, ...], others: tuple[str, ...], now: dt.datetime
) -> None:
    """Slots in the order of the draw, then the queue: who signed up on the night stands behind who was in the draw."""
    with announced_once(block.session.event):
        for uid in winners:
            revise_talk(talk=talks[uid], now=now, state=Talk.State.ACCEPTED)
        later = list(block.talks.filter(queue_position__isnull=False).order_by("queue_position", "id"))
        for place, uid in enumerate(others, 1):
            revise_talk(talk=talks[uid], now=now, state=Talk.State.STAND_BY, queue_position=place)
        for place, talk in enumerate(later, len(others) + 1):
            Talk.objects.filter(pk=talk.pk).update(queue_position=place)
