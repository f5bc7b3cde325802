"""When the projector shows the code to sign up: the windows of the round's call, which the clock opens and shuts."""

import datetime as dt

from events.models import Event, Session
from lightning.call_window import Times
from lightning.models import Block
from lightning.round_times import round_ends_at, round_starts_at

Span = tuple[dt.datetime | None, dt.datetime]


def sign_up_spans(block: Block) -> list[Span]:
    """From when (None: since the event is public) until when talks are taken; nothing without a call."""
    call, session = getattr(block, "call", None), block.session
    if call is None or session.event.status != Event.Status.PUBLISHED or session.status == Session.Status.CANCELLED:
        return []
    times = Times(
        begins=round_starts_at(block),
        ends=round_ends_at(block),
        opens_before=call.opens_before,
        closes_before=call.closes_before,
        is_open_on_the_night=call.is_open_on_the_night,
    )
    ahead: Span = (times.opens_at, times.closes_at)
    return [ahead, (times.night_opens_at, times.ends)] if call.is_open_on_the_night else [ahead]
