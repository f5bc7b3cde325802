"""Reads of slides: whether they are out, which a round has, and what a downloaded file is called."""

import datetime as dt

from django.db.models import Prefetch, QuerySet
from django.utils.text import slugify

from events.models import Event, Session
from lightning.models import Deck, Talk, TalkSpeaker
from lightning.models.block import Block
from lightning.round_times import round_ends_at, slot_starts_at

LONGEST_PART = 40  # letters of the name and of the title in a file's name
GIVEN = (Talk.State.CONFIRMED, Talk.State.GIVEN)


def began_at(talk: Talk, *, now: dt.datetime) -> dt.datetime | None:
    """When the talk began, as recorded on stage; where nobody ran the stage as planned, once the round is over.

    None before that, and for a talk that is not given. Reads the block with stage, session and event.
    """
    if talk.position is None or talk.state not in GIVEN:
        return None
    began = talk.started_at or (slot_starts_at(talk) if _went_by_the_clock(talk.block, now=now) else None)
    return began if began and began <= now else None


def _went_by_the_clock(block: Block, *, now: dt.datetime) -> bool:
    """While a round waits for its start, its talks have not begun, whatever the plan says."""
    session, stage = block.session, getattr(block, "stage", None)
    is_on = session.status == Session.Status.PLANNED and session.event.status == Event.Status.PUBLISHED
    return is_on and round_ends_at(block) <= now and (stage is None or stage.version == 0)


def is_deck_out(talk: Talk, *, now: dt.datetime) -> bool:
    """Whether everybody may have the slides: the speaker lets them, and the talk has begun."""
    return talk.is_deck_public and began_at(talk, now=now) is not None


def is_deck_out_by_record(talk: Talk) -> bool:
    """As is_deck_out, for answers that know no clock; False without slides. Reads the deck."""
    return hasattr(talk, "deck") and talk.is_deck_public and talk.started_at is not None and talk.state in GIVEN


def slides_out(block: Block, *, now: dt.datetime) -> set[int]:
    """The talks of a round whose slides everybody may have; one query. Reads what `began_at` reads."""
    talks = Talk.objects.filter(block=block, is_deck_public=True, position__isnull=False, deck__isnull=False)
    found = set()
    for talk in talks:
        talk.block = block
        if is_deck_out(talk, now=now):
            found.add(talk.pk)
    return found


def decks_of(block: Block) -> "QuerySet[Deck]":
    """The slides of everybody who has a slot, in running order, with talk and speakers; two queries."""
    parts = TalkSpeaker.objects.select_related("speaker").order_by("position", "id")
    decks = Deck.objects.filter(talk__block=block, talk__position__isnull=False).select_related("talk")
    return decks.prefetch_related(Prefetch("talk__talk_speakers", queryset=parts)).order_by("talk__position")


def deck_name(deck: Deck) -> str:
    """01-ada-lovelace-what-xla-does.pdf: letters of every script, digits and hyphens, at most 90."""
    talk = deck.talk
    number = f"{talk.position + 1:02}" if talk.position is not None else ""
    names = [part.speaker.name for part in talk.talk_speakers.all()][:1]
    parts = [number, *(slugify(text, allow_unicode=True)[:LONGEST_PART].strip("-_") for text in [*names, talk.title])]
    stem = "-".join(part for part in parts if part) or "slides"
    return f"{stem}.{Deck.EXTENSIONS[Deck.Kind(deck.kind)]}"
