"""The rows a stage document is made of, and who holds a stage link."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower

from core.tokens import digest
from events.models import Event, Room, Session
from lightning.models import Block, Call, SlotOffer, Stage, StageLink, StageLog, Talk, TalkSpeaker
from lightning.models.talk import TalkQuerySet
from lightning.progress import Facts, Slot
from lightning.round_times import round_ends_at, round_starts_at
from lightning.stage_round import RUNNING, State
from lightning.stage_types import StageSpeaker
from speakers.models import Speaker

Row = dict[str, Any]
BEFORE, AFTER = dt.timedelta(minutes=30), dt.timedelta(minutes=10)  # people look for a round before, and clap after
TALK_COLUMNS = (
    *("id", "title", "state", "position", "started_at", "ended_at", "is_first_talk", "here_at", "code"),
    *("told_state", "has_offer"),
)


@dataclass(frozen=True)
class StageRows:
    """What the database says about one round."""

    block: Block  # with session, event, room and call
    stage: Stage  # a new one, at the beginning, where no command has been given
    lineup: list[Row]
    stand_by: list[Row]
    speakers: dict[int, list[StageSpeaker]]  # by talk


def stage_block(slug: str, pk: int) -> Block:
    """A round of a published event, with session, event and group; raises Block.DoesNotExist. One query."""
    published = Event.objects.published().order_by().values("pk")
    blocks = _blocks().filter(session__event__in=published).alias(slug_in_lower_case=Lower("session__event__slug"))
    return blocks.get(pk=pk, slug_in_lower_case=slug.lower())


def read_stage(pk: int) -> StageRows:
    """Everything the screens of this round show, as it is now; three queries. Raises Block.DoesNotExist."""
    block = _blocks().select_related("session__room", "stage", "call").get(pk=pk)
    talks = list(_ordered(_talks(block)).values(*TALK_COLUMNS))
    return StageRows(
        block=block,
        stage=getattr(block, "stage", None) or Stage(block=block),
        lineup=[talk for talk in talks if talk["position"] is not None],
        stand_by=[talk for talk in talks if talk["position"] is None],
        speakers=_speakers(block),
    )


def rounds_to_follow(event: Event, *, now: dt.datetime) -> list[Block]:
    """Rounds of an event that are on stage, or near their planned time, in the order of the programme; one query."""
    blocks = Block.objects.filter(session__event=event, session__status=Session.Status.PLANNED)
    found = blocks.select_related("session__event__group", "stage").order_by("session__starts_at", "pk")
    return [block for block in found if _is_to_follow(block, now)]


def round_of(slug: str, *, now: dt.datetime) -> Block:
    """The round of a published event that is on stage or nearest to its time; raises Block.DoesNotExist. One query."""
    published = Event.objects.published().order_by().values("pk")
    blocks = Block.objects.filter(session__event__in=published, session__status=Session.Status.PLANNED)
    named = blocks.alias(slug_in_lower_case=Lower("session__event__slug")).filter(slug_in_lower_case=slug.lower())
    found = list(named.select_related("session__event", "stage").order_by("session__starts_at", "pk"))
    if not found:
        raise Block.DoesNotExist
    return min(found, key=lambda block: (not _is_running(block), abs(round_starts_at(block) - now)))


def _is_running(block: Block) -> bool:
    return hasattr(block, "stage") and block.stage.state in RUNNING


def _is_to_follow(block: Block, now: dt.datetime) -> bool:
    return _is_running(block) or round_starts_at(block) - BEFORE <= now < round_ends_at(block) + AFTER


def stage_rows(block: Block) -> tuple[QuerySet[Any], ...]:
    """Every row that the document shows: what its fingerprint is taken over."""
    talks = _talks(block).order_by()
    return (
        Event.objects.filter(sessions__block=block.pk),
        Session.objects.filter(block=block.pk),
        Room.objects.filter(sessions__block=block.pk),
        Block.objects.filter(pk=block.pk),
        Call.objects.filter(block=block.pk),
        Stage.objects.filter(block=block.pk),
        talks,
        TalkSpeaker.objects.filter(talk__in=talks),
        Speaker.objects.filter(talk_speakers__talk__in=talks),
        SlotOffer.objects.filter(talk__in=talks),
    )


def facts_of_stage(stage: Stage, block: Block, lineup: Sequence[Slot]) -> Facts:
    """What of a round's rows says how it goes; reads block and session."""
    return Facts(
        times=block.times,
        starts_at=block.session.starts_at,
        slots=lineup,
        state=State(stage.state),
        talk=stage.talk_id,
        started_at=stage.started_at,
        paused_at=stage.paused_at,
        paused_for=stage.paused_for,
        extra=stage.extra,
    )


def link_of(key: str) -> StageLink | None:
    """The stage link with this key, its block loaded; None when there is none or it was revoked. One query."""
    links = StageLink.objects.filter(revoked_at=None, key_digest=digest(key.strip().upper()))
    return links.select_related("block__session__event").first()


def links_of(block: Block) -> QuerySet[StageLink]:
    """All stage links of a round with who made them, revoked ones too, the newest first; one query.

    `pressed_at` is when its helper last gave a command, or None.
    """
    last = StageLog.objects.filter(link=OuterRef("pk")).order_by("-at").values("at")[:1]
    return StageLink.objects.filter(block=block).select_related("made_by").annotate(pressed_at=Subquery(last))


def _blocks() -> QuerySet[Block]:
    """The online address stays in the database."""
    return Block.objects.select_related("session__event__group").defer("session__event__online_url")


def _talks(block: Block) -> TalkQuerySet:
    """Who has a slot, and who waits for one."""
    return Talk.objects.filter(Q(position__isnull=False) | Q(state=Talk.State.STAND_BY), block=block.pk)


def _ordered(talks: TalkQuerySet) -> TalkQuerySet:
    """The running order, then the queue, with who has been offered a slot that is held for them."""
    offers = SlotOffer.objects.filter(talk=OuterRef("pk"), state=SlotOffer.State.OPEN)
    last = F("queue_position").asc(nulls_last=True)
    return talks.annotate(has_offer=Exists(offers)).order_by(F("position").asc(nulls_last=True), last, "id")


def _speakers(block: Block) -> dict[int, list[StageSpeaker]]:
    """One query; everybody in the order of their parts."""
    parts = TalkSpeaker.objects.filter(talk__in=_talks(block).order_by()).order_by("position", "id")
    found: dict[int, list[StageSpeaker]] = defaultdict(list)
    for talk, name, affiliation in parts.values_list("talk_id", "speaker__name", "affiliation"):
        found[talk].append(StageSpeaker(name=name, affiliation=affiliation))
    return found
