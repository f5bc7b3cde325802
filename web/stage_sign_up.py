"""When and where the projector has people sign up: the windows of the round's call, which the clock opens and shuts."""

import datetime as dt

from django.urls import reverse

from events.models import Event, Session
from lightning.models import Block, Call
from lightning.selectors.calls import times_of

Span = tuple[dt.datetime | None, dt.datetime]


def sign_up_spans(block: Block) -> list[Span]:
    """From when (None: since the event is public) until when talks are taken; nothing without a call."""
    call, session = getattr(block, "call", None), block.session
    if call is None or session.event.status != Event.Status.PUBLISHED or session.status == Session.Status.CANCELLED:
        return []
    call.block = block
    times = times_of(call)
    ahead: Span = (times.opens_at, times.closes_at)
    return [ahead, (times.night_opens_at, times.ends)] if call.is_open_on_the_night else [ahead]


def sign_up_path(block: Block) -> str:
    """Where a talk is proposed for this round, as short as can be: it is typed off the wall. One query."""
    event = block.session.event
    path = reverse("propose", args=[event.slug])
    is_only_one = not Call.objects.filter(block__session__event=event).exclude(block=block.pk).exists()
    return path if is_only_one else f"{path}?block={block.pk}"
