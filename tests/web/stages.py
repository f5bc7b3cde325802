"""A round that is on stage at the fixed time, for the tests of its pages."""

import datetime as dt

from lightning.models import Block, StageLink, Talk
from lightning.services.stage import command_stage
from lightning.stage_round import Command
from tests.factories import EventFactory, SessionFactory, SpeakerFactory
from tests.factories.lightning import BlockFactory, TalkFactory
from tests.web.conftest import TUESDAY_EVENING

MINUTE = dt.timedelta(minutes=1)
PEOPLE = ("Cy", "Eve", "Flo", "Gil")


def a_round(talks: int = 4, **event: object) -> Block:
    """Ten slots of six minutes since eleven minutes ago, for so many talks, each by a person of its own."""
    begins = TUESDAY_EVENING - 11 * MINUTE
    evening = EventFactory(slug="evening", title="An evening", starts_at=begins - 30 * MINUTE, **event)
    session = SessionFactory(event=evening, kind="lightning", title="Lightning", starts_at=begins, minutes=59)
    block: Block = BlockFactory(session=session)
    for number in range(talks):
        name = PEOPLE[number % len(PEOPLE)]
        TalkFactory(block=block, title=f"On {name}", code=f"code{number}", speakers=[SpeakerFactory(name=name)])
    return block


def press(block: Block, *commands: Command, now: dt.datetime = TUESDAY_EVENING, link: StageLink | None = None) -> None:
    """A host, or the helper with this link, presses all this at one instant."""
    for command in commands:
        stage = getattr(Block.objects.get(pk=block.pk), "stage", None)
        command_stage(block=block, command=command, version=stage.version if stage else 0, now=now, link=link)


def talk_by(block: Block, name: str) -> Talk:
    """The talk of somebody."""
    return Talk.objects.get(block=block, speakers__name=name)
