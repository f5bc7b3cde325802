"""The demo's lightning rounds: calls with proposals, and one round that is on stage now, all through the services."""

import datetime as dt
import io
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image, ImageDraw, ImageFont

from accounts.models import User
from lightning.clappers import clapper_of_mark
from lightning.models import Block, Call, Stage, StageLog, Talk
from lightning.proposal import Proposal
from lightning.round_times import round_starts_at
from lightning.services.audience import applaud, give_feedback
from lightning.services.calls import create_call
from lightning.services.decks import put_deck
from lightning.services.demo.world import ORGANISER, read_file
from lightning.services.proposing import propose
from lightning.services.stage import command_stage
from lightning.stage_round import Command
from outbox.services import drop_messages
from speakers.models import Topic

SLIDE = (1280, 720)
PAPER, INK, BOLT = "#faf7f0", "#15171c", "#ffd60a"

Spec = Mapping[str, Any]


@transaction.atomic
def load_demo_rounds(*, now: dt.datetime) -> list[str]:
    """Make them, once; later only the round on stage is played again, on its new date. Says which were touched."""
    plan = read_file("rounds.toml")
    specs = [(spec, _block(spec["event"])) for spec in plan["round"]]
    if Call.objects.filter(block__in=[block for _spec, block in specs]).exists():
        specs = [(spec, block) for spec, block in specs if "is_on_stage" in spec and _is_of_another_day(block)]
        for _spec, block in specs:
            _forget_what_was_played(block)
    else:
        for spec, block in specs:
            _open_call(spec, block, now)
    for spec, block in specs:
        if "is_on_stage" in spec:
            _play(spec, block, plan["script"]["steps"], now)
    return [spec["event"] for spec, _block in specs]


def load_demo_slides(*, now: dt.datetime) -> int:
    """Upload slides for talks of the demo that lack them, each in a transaction of its own; how many."""
    titles = {title for spec in read_file("rounds.toml")["round"] for title in spec.get("slides", ())}
    talks = list(Talk.objects.filter(title__in=titles, deck=None).order_by("id"))
    for talk in talks:
        put_deck(talk=talk, upload=slides_of(talk.title), now=now)
    return len(talks)


def _block(slug: str) -> Block:
    return Block.objects.select_related("session__event__group").get(session__event__slug=slug)


def _open_call(spec: Spec, block: Block, now: dt.datetime) -> None:
    fields = dict(spec["call"])
    if "closes_before_hours" in fields:
        fields["closes_before"] = dt.timedelta(hours=fields.pop("closes_before_hours"))
    call = create_call(block=block, **fields)
    topics = {topic.name: topic for topic in Topic.objects.all()}
    for number, row in enumerate(spec.get("proposal", ())):
        email = f"{spec['event']}-{number + 1}@speakers.lectern.example"
        wish = Proposal(
            title=row["title"],
            name=row["name"],
            email=email,
            topics=tuple(topics[name] for name in row.get("topics", ())),
            is_first_talk=row.get("is_first_talk", False),
            language=row.get("language", ""),
        )
        propose(call=call, wish=wish, user=None, is_proven=row.get("proven", False), now=now)
        drop_messages(recipient_id=0, addresses=[email])  # nobody reads what is written to people who were made up


def _is_of_another_day(block: Block) -> bool:
    """Whether the round was played before its event got the date that it has now."""
    played = StageLog.objects.filter(stage__block=block)
    return not played.filter(at__gte=round_starts_at(block)).exists()


def _forget_what_was_played(block: Block) -> None:
    Stage.objects.filter(block=block).delete()
    played = block.talks.filter(state__in=[Talk.State.GIVEN, Talk.State.NO_SHOW])
    played.update(state=Talk.State.CONFIRMED, started_at=None, ended_at=None)
    block.talks.update(started_at=None, ended_at=None)


def _play(spec: Spec, block: Block, steps: list[dict[str, str]], now: dt.datetime) -> None:
    """The host presses what the script says until now, and the audience claps."""
    starts_at = round_starts_at(block)
    if starts_at is None:
        return
    ada = User.objects.get(email=ORGANISER)
    for version, (at, command) in enumerate(_pressed(steps, starts_at, now)):
        command_stage(block=block, command=command, version=version, now=at, by=ada)
    _clap(spec, block, now)


def _pressed(
    steps: list[dict[str, str]], starts_at: dt.datetime, now: dt.datetime
) -> Iterator[tuple[dt.datetime, Command]]:
    for step in steps:
        minutes, seconds = map(int, step["at"].split(":"))
        at = starts_at + dt.timedelta(minutes=minutes, seconds=seconds)
        if at <= now:
            yield at, Command(step["press"])


def _clap(spec: Spec, block: Block, now: dt.datetime) -> None:
    for talk in block.talks.filter(state=Talk.State.GIVEN).select_related("block__session__event"):
        for number in range(spec["applause"].get(talk.title, 0)):
            applaud(talk=talk, clapper=clapper_of_mark(f"demo {number}"), now=now)
        if talk.title in spec["feedback"]:
            words = spec["feedback"][talk.title]
            give_feedback(talk=talk, clapper=clapper_of_mark("demo 0"), name="Bo", text=words, now=now)


def slides_of(title: str) -> SimpleUploadedFile:
    """A small deck of three pages, as somebody would upload it."""
    pages = [_page(title, "1 / 3"), _page("What we tried", "2 / 3"), _page("What is left", "3 / 3")]
    file = io.BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:], resolution=96)
    return SimpleUploadedFile("slides.pdf", file.getvalue(), "application/pdf")


def _page(words: str, foot: str) -> Image.Image:
    page = Image.new("RGB", SLIDE, PAPER)
    pen = ImageDraw.Draw(page)
    pen.rectangle((96, 120, 176, 132), fill=BOLT)
    lines = textwrap.fill(words, 22)
    pen.multiline_text((96, 170), lines, fill=INK, font=ImageFont.load_default(80), spacing=24)
    pen.text((96, 620), foot, fill=INK, font=ImageFont.load_default(32))
    return page
