"""Letters to organisers about talks: who does not come, who has not said that they do."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Prefetch
from django.utils import translation
from django.utils.translation import gettext as _

from core import phrases
from core.text import clean_line
from events.letter_basis import Basis
from events.letters import Fact, event_letter, event_values, plain_name
from lightning import notifications as kinds
from lightning.models import Block, Talk, TalkSpeaker
from lightning.talk_letters import lineup_button
from lightning.talk_writers import why_not
from outbox.models import Message
from outbox.writers import Letter, Skip


class Reading(NamedTuple):
    """What the letters of one batch are written from, read at most two seconds before."""

    blocks: dict[int, Block]
    talks: dict[int, Talk]
    basis: Basis


def prepare_letters(messages: list[Message], now: dt.datetime) -> None:
    """Read for all of them at once."""
    reading = read_letters(messages)
    for message in messages:
        message.at_hand = reading


def read_letters(messages: Iterable[Message]) -> Reading:
    """What their writers need; three queries, each for as many letters as there are."""
    messages = list(messages)
    event = "session__event"
    rows = Block.objects.select_related("session__room", f"{event}__group", f"{event}__venue")
    blocks = rows.in_bulk({message.payload["block"] for message in messages})
    parts = TalkSpeaker.objects.select_related("speaker").order_by("position", "id")
    talks = Talk.objects.prefetch_related(Prefetch("talk_speakers", queryset=parts))
    asked = {pk for message in messages for pk in _talks_in(message)}
    return Reading(blocks, talks.in_bulk(asked), Basis(block.session.event for block in blocks.values()))


def _talks_in(message: Message) -> list[int]:
    return list(message.payload.get("talks") or [message.payload["talk"]])


def write_letter(message: Message, now: dt.datetime) -> Letter | Skip:
    """The words, about those talks of which it is still true."""
    reading = message.at_hand or read_letters([message])
    block = reading.blocks.get(message.payload["block"])
    if block is None:
        return Skip("the round is gone")
    reason = why_not(block.session, message.kind, now)
    if reason:
        return Skip(reason)
    state = Talk.State.WITHDRAWN if message.kind == kinds.WITHDRAWN else Talk.State.ACCEPTED
    found = (reading.talks.get(pk) for pk in _talks_in(message))
    talks = [talk for talk in found if talk and talk.state == state]
    if not talks:
        return Skip("the talk is decided otherwise since" if state == Talk.State.WITHDRAWN else "all are confirmed")
    with translation.override(message.language or settings.LANGUAGE_CODE):
        return event_letter(message.kind, _values(block, talks, reading.basis))


def _values(block: Block, talks: list[Talk], basis: Basis) -> dict[str, Any]:
    event = block.session.event
    facts = [_row(talk, clean_line(block.session.title)) for talk in talks]
    values = event_values(event, facts=facts, buttons=[lineup_button(block)], basis=basis)
    own = {"speaker": _speakers(talks[0]), "talk_title": clean_line(talks[0].title), "count": len(talks)}
    return values | own | {"group": plain_name(event.group.name), "preferences_url": ""}


def _row(talk: Talk, round_title: str) -> Fact:
    """Behind the number of its slot: who, what, and in which round."""
    label = _("Talk") if talk.position is None else _("Number %(number)d") % {"number": talk.position + 1}
    details = (clean_line(talk.title), round_title)
    return Fact(label, _speakers(talk) or _("nobody yet"), tuple(part for part in details if part))


def _speakers(talk: Talk) -> str:
    return phrases.listed(plain_name(part.speaker.name) for part in talk.talk_speakers.all())
