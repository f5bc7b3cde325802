"""A round that takes proposals, and who proposes."""

import datetime as dt
from typing import Any

from accounts.models import User
from lightning.models import Block, Call, SlotOffer, Talk
from lightning.proposal import Proposal
from lightning.services.proposing import propose
from outbox.models import Message
from tests.factories import BlockFactory, EventFactory, SessionFactory, TalkFactory
from tests.factories.lightning import CallFactory

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def a_call(
    now: dt.datetime,
    *,
    ahead: dt.timedelta = 10 * DAY,
    slots: int = 3,
    taken: int = 0,
    slug: str = "evening",
    **fields: Any,
) -> Call:
    """So far ahead; slots of six minutes, the last without a change, and so many of them taken."""
    begins = now + ahead
    event = EventFactory(slug=slug, starts_at=begins - HOUR, ends_at=begins + 3 * HOUR)
    session = SessionFactory(event=event, kind="lightning", title="Lightning", starts_at=begins, minutes=6 * slots - 1)
    block = BlockFactory(session=session)
    for _slot in range(taken):
        TalkFactory(block=block)
    return CallFactory(block=block, **fields)


def proposed(call: Call, now: dt.datetime, user: User | None = None, **wish: Any) -> Talk:
    """By a stranger, or by somebody who is signed in."""
    given = {"title": "Fast", "name": "Dee", "email": "dee@example.org"} | wish
    return propose(call=call, wish=Proposal(**given), user=user, is_proven=user is not None, now=now)


def standing(block: Block) -> list[tuple[str, str, int | None, int | None]]:
    """Title, state, place, place on stand-by of each talk, as proposed."""
    return list(block.talks.order_by("id").values_list("title", "state", "position", "queue_position"))


def offers(block: Block) -> list[tuple[str, str]]:
    """Whom slots were offered to, and what became of it."""
    return list(SlotOffer.objects.filter(talk__block=block).order_by("id").values_list("talk__title", "state"))


def queued() -> list[tuple[str, str]]:
    """Kind and address of every letter, as queued."""
    return list(Message.objects.order_by("id").values_list("kind", "address"))
