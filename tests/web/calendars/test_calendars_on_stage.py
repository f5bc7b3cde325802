"""Feeds while a round is on stage: the same times in each, new tags, and bytes of a golden file."""

import os
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.feed_keys import make_feed_key
from events.models import Event, Session, Venue
from lightning.models import Block, Talk
from lightning.services.stage import command_stage
from lightning.stage_round import Command
from speakers.models import Speaker
from tests.factories import TalkFactory, UserFactory
from tests.web.calendars.reading import DAY, HOUR, MINUTE, NOW, entries

GOLDEN = Path(__file__).parents[2] / "golden" / "calendars" / "on_stage.ics"
PROGRAMME = "/calendars/events/evening.ics?sessions=1"
START, NEXT = Command.START, Command.NEXT


@pytest.fixture
def feeds(evening: Event) -> list[str]:
    """Of the programme, of the speaker of the second talk, and that person's own; all is long planned."""
    Event.objects.update(starts_at=NOW, ends_at=NOW + 2 * HOUR)
    for model in (Event, Session, Talk):
        model.objects.update(revised_at=NOW - DAY, created_at=NOW - 2 * DAY)
    Session.objects.filter(title="Round").update(starts_at=NOW)
    cy = UserFactory(time_zone="Asia/Singapore")
    Speaker.objects.filter(slug="cy").update(user=cy)
    personal = f"/calendars/personal/{make_feed_key(user=cy, now=NOW - DAY)}.ics?roles=speaking"
    return [PROGRAMME, "/calendars/speakers/cy.ics", personal]


def press(command: Command, minutes: float, clock: time_machine.Traveller) -> None:
    block, now = Block.objects.get(), NOW + minutes * MINUTE
    stage = getattr(block, "stage", None)
    command_stage(block=block, command=command, version=stage.version if stage else 0, now=now)
    clock.move_to(now)


def test_every_feed_follows_the_stage_and_its_tag_moves(
    client: Client, feeds: list[str], clock: time_machine.Traveller
) -> None:
    uid, times, tags = str(Talk.objects.get(title="").ical_uid), [], []
    for minutes, command in ((0, None), (7.4, START), (14, NEXT), (15, START), (21.5, NEXT)):
        if command:
            press(command, minutes, clock)
        answers = [client.get(feed) for feed in feeds]
        tags.append([answer["ETag"] for answer in answers])
        found = [next(one for one in entries(answer.content) if str(one["UID"]) == uid) for answer in answers]
        times.append({((one["DTSTART"].dt - NOW) / MINUTE, (one["DTEND"].dt - NOW) / MINUTE) for one in found})
    assert times == [{(6, 11)}, {(13, 18)}, {(15, 20)}, {(15, 20)}, {(15, 21.5)}]
    assert [len(set(of_one)) for of_one in zip(*tags, strict=True)] == [5, 5, 5]


def test_the_same_round_gives_the_bytes_of_the_golden_file(
    client: Client, feeds: list[str], clock: time_machine.Traveller
) -> None:
    """Run with UPDATE_GOLDEN=1 to accept new bytes."""
    for number, row in enumerate([*Event.objects.all(), *Session.objects.order_by("pk"), *Talk.objects.order_by("pk")]):
        row.ical_uid = f"0f8b7c1e-3f7a-4f0e-9f58-6d2c5d0c7b0{number}"
        row.save(update_fields=["ical_uid"])
    Venue.objects.update(name="Hub")
    press(START, 7.4, clock)
    body = client.get(PROGRAMME).content
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_bytes(body)
    assert body == GOLDEN.read_bytes()


@pytest.mark.parametrize("more", [1, 3])
def test_a_fetch_costs_the_same_however_many_talks_are_on_stage(
    client: Client, feeds: list[str], clock: time_machine.Traveller, more: int
) -> None:
    TalkFactory.create_batch(more, block=Block.objects.get())
    press(START, 7.4, clock)
    with CaptureQueriesContext(connection) as captured:
        client.get(PROGRAMME)
    assert len(captured) == 11
