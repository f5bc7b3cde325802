"""What all that speakers do about their talks has in common: locking, refusing, leaving the round."""

import datetime as dt

from django.utils.translation import gettext as _

from core.errors import RuleViolation
from events.services.revisions import announce_schedule, revise
from lightning import notifications
from lightning.models import Block, SlotOffer, Stage, Talk
from lightning.rules import SIGNIFICANT_FOR_TALKS, Move, may_move
from lightning.stage_round import RUNNING


def lock_talk(talk: Talk) -> tuple[Block, Talk]:
    """The round's row first, then the talk's: everybody locks in this order."""
    related = ("session__event__group", "session__room")
    block = Block.objects.select_for_update(of=("self",)).select_related(*related).get(pk=talk.block_id)
    stored = Talk.objects.select_for_update().get(pk=talk.pk)
    stored.block = block
    return block, stored


def refuse_move(talk: Talk, move: Move) -> None:
    """Raise when the talk's state does not allow it."""
    if not may_move(talk.state, move):
        said = _("This talk is: %(state)s. That is not possible any more.")
        raise RuleViolation("wrong_state", said % {"state": talk.get_state_display()})


def refuse_on_stage(talk: Talk) -> None:
    """Raise for who is on stage or comes next while the round runs: the host must hear of it."""
    if Stage.objects.filter(block=talk.block_id, talk=talk.pk, state__in=RUNNING).exists():
        raise RuleViolation("on_stage", _("You are on, or next. Tell the host that you do not give the talk."))


def close_offers(talk: Talk, *, now: dt.datetime) -> None:
    """Nothing is held any more for who does not stand by."""
    offers = SlotOffer.objects.filter(talk=talk.pk, state=SlotOffer.State.OPEN)
    offers.update(state=SlotOffer.State.WITHDRAWN, answered_at=now)


def leave_round(talk: Talk, *, now: dt.datetime) -> None:
    """The locked talk is withdrawn by its speaker; organisers hear of it when a slot was theirs, or held for them."""
    had_slot = talk.position is not None
    close_offers(talk, now=now)
    state = Talk.State.WITHDRAWN
    values = {"state": state, "position": None, "queue_position": None, "told_state": state, "told_at": now}
    revise(talk, values, significant=SIGNIFICANT_FOR_TALKS, was_public=True, now=now)
    if had_slot:
        announce_schedule(talk.block.session.event)
        notifications.talk_withdrawn(talk, now=now)
