"""A stage's clock as scripts read it: light and digits at every second that matters, lateness as the server says it."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from lightning.models import Block
from lightning.progress import progress_at
from lightning.selectors.stage import read_stage
from lightning.stage_document import build_stage_document, facts_of
from lightning.stage_round import Command
from lightning.stage_types import StageDocument
from tests.web.conftest import TUESDAY_EVENING
from tests.web.stages import MINUTE, a_round, press
from web.stage_view import see_stage

pytestmark = pytest.mark.django_db(transaction=True)

READ = """async (looks) => {
  const clock = await import("/static/js/lib/stage-clock.js"), view = await import("/static/js/lib/stage-view.js");
  return looks.map(([stage, now]) => {
    const left = clock.countedLeft(stage, now);
    const expected = view.comingOf(stage).map((talk) => view.expectedAt(stage, talk, now));
    return [clock.lightOf(stage, now), left === null ? "" : clock.countdown(left), view.lateMinutes(stage, now),
      expected, view.cellsOf(stage)];
  });
}"""
LIGHTS = [  # seconds after the start of five minutes with one for questions
    (0, "green", "5:00"),
    (239.999, "green", "1:01"),
    (240, "amber", "1:00"),
    (284.999, "amber", "0:16"),
    (285, "red", "0:15"),
    (300.999, "red", "0:00"),
    (301, "questions", "0:59"),
    (360.999, "questions", "0:00"),
    (361, "over", "+0:01"),
    (900, "over", "+9:00"),
]


def milliseconds(instant: dt.datetime) -> float:
    return instant.timestamp() * 1000


def expected(block: Block, stage: StageDocument, now: dt.datetime) -> list[Any]:
    """What the server says of the same moment."""
    view, went = see_stage(stage), progress_at(facts_of(read_stage(block.pk)), now)
    late = 0 if went.late is None else (went.late + MINUTE / 2) // MINUTE
    return [late, [milliseconds(went.expected[talk["id"]]) for talk in view.coming], view.cells]


def test_scripts_read_light_digits_and_lateness_as_the_server_does(screen: Page) -> None:
    block = a_round()
    Block.objects.filter(pk=block.pk).update(question_minutes=1)
    looks, told, lights = [], [], []

    def look(light: str, digits: str, seconds: float) -> None:
        now, stage = TUESDAY_EVENING + dt.timedelta(seconds=seconds), build_stage_document(block)
        looks.append([stage, milliseconds(now)])
        told.append(expected(block, stage, now))
        lights.append([light, digits])

    look("ready", "", -3600)
    look("ready", "", 0)
    press(block, Command.START)
    for seconds, light, digits in LIGHTS:
        look(light, digits, seconds)
    press(block, Command.MORE, Command.PAUSE, now=TUESDAY_EVENING + MINUTE)
    look("paused", "5:00", 90)
    look("paused", "5:00", 1800)
    press(block, Command.RESUME, now=TUESDAY_EVENING + 2 * MINUTE)
    look("green", "4:00", 180)
    press(block, Command.NEXT, now=TUESDAY_EVENING + 4 * MINUTE)
    look("between", "1:00", 240)
    look("between", "0:01", 299.5)
    look("between", "", 300)
    press(block, Command.SKIP, Command.START, now=TUESDAY_EVENING + 6 * MINUTE)
    look("amber", "1:00", 600)
    press(block, Command.FINISH, now=TUESDAY_EVENING + 7 * MINUTE)
    look("finished", "", 600)

    screen.goto(reverse("stage_clock", args=["evening", block.pk]))
    read = screen.evaluate(READ, looks)
    assert [one[:2] for one in read] == lights
    assert [one[2:] for one in read] == told
