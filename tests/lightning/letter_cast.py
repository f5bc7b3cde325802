"""A round in ten days, who gives talks in it, and what they were written."""

import datetime as dt
from typing import Any

from events.models import Event
from lightning.models import Block, Call, Deck, SlotOffer, Talk
from outbox.models import Message
from outbox.writers import Letter, words_of
from tests.factories import (
    BlockFactory,
    EventFactory,
    MembershipFactory,
    SessionFactory,
    SpeakerFactory,
    TalkFactory,
    UserFactory,
)

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def round_in(ahead: dt.timedelta, now: dt.datetime, **fields: Any) -> Block:
    """So far ahead, an hour after its event begins in Singapore; Ada organises."""
    begins = now + ahead
    zone = {"time_zone": fields.pop("time_zone", "Asia/Singapore")}
    event = EventFactory(title="XLA night", starts_at=begins - HOUR, ends_at=begins + 2 * HOUR, **zone)
    MembershipFactory(group=event.group, user=UserFactory(name="Ada", email="ada@example.org"), role="organiser")
    session = SessionFactory(event=event, kind="lightning", title="Lightning", starts_at=begins, minutes=60)
    return BlockFactory(session=session, **fields)


def talk_by(name: str, block: Block, **fields: Any) -> Talk:
    """Somebody's, without an account unless `user` is given."""
    user = fields.pop("user", None)
    speaker = SpeakerFactory(name=name, user=user, email="" if user else f"{name.lower()}@example.org")
    return TalkFactory(block=block, speakers=[speaker], **{"title": f"{name}’s talk", **fields})


def accepted(name: str, block: Block, told_at: dt.datetime, **fields: Any) -> Talk:
    """Told so, and not confirmed."""
    return talk_by(name, block, state="accepted", told_state="accepted", told_at=told_at, **fields)


def offer_for(talk: Talk, now: dt.datetime, **fields: Any) -> SlotOffer:
    """Held for a day."""
    return SlotOffer.objects.create(talk=talk, **{"offered_at": now, "expires_at": now + DAY, **fields})


def deck_of(talk: Talk, now: dt.datetime) -> Deck:
    """A page of PDF, as a row."""
    return Deck.objects.create(talk=talk, kind="application/pdf", file="1/a.pdf", size=1, pages=1, uploaded_at=now)


def call_for(block: Block, policy: str) -> Call:
    """With everything else as it is by default."""
    return Call.objects.create(block=block, policy=policy)


def queued() -> list[tuple[str, str]]:
    """Kind and address of everything that was queued, in order."""
    return list(Message.objects.order_by("pk").values_list("kind", "address"))


def written(now: dt.datetime) -> list[str]:
    """What leaves now: subjects, and reasons for what does not."""
    words = [words_of(message, now=now) for message in Message.objects.order_by("pk")]
    return [one.subject if isinstance(one, Letter) else f"skipped: {one.reason}" for one in words]


def move_round(block: Block, to: dt.datetime) -> None:
    """The event with its round."""
    session = block.session
    type(session).objects.filter(pk=session.pk).update(starts_at=to)
    Event.objects.filter(pk=session.event_id).update(starts_at=to - HOUR, ends_at=to + 2 * HOUR)
