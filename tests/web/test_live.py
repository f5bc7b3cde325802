"""The audience's page without script: rooms, the clock of a round, before, after, called off."""

import re

import pytest
from django.test import Client

from events.models import Event
from lightning.stage_round import Command
from tests.factories import EventFactory, SessionFactory
from tests.factories.events import RoomFactory, VenueFactory
from tests.web.conftest import TUESDAY_EVENING
from tests.web.stages import MINUTE, a_round, press

pytestmark = pytest.mark.django_db
PATH = "/events/evening/live/"
HEAD = "An evening Now and next No network. The clock goes on, news has to wait."


def words(html: str) -> str:
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<(template|script).*?</\1>|<[^>]+>", " ", main, flags=re.DOTALL).split())


def an_evening(**values: object) -> Event:
    """Two rooms, one of them with something on."""
    venue = VenueFactory()
    given = {"starts_at": TUESDAY_EVENING - 10 * MINUTE, "ends_at": TUESDAY_EVENING + 120 * MINUTE} | values
    event = EventFactory(slug="evening", title="An evening", venue=venue, **given)
    hall, lab = RoomFactory(venue=venue, name="Hall"), RoomFactory(venue=venue, name="Lab")
    SessionFactory(event=event, title="Networks", room=hall, starts_at=event.starts_at, minutes=30)
    SessionFactory(event=event, title="Build one", room=lab, starts_at=event.starts_at + 60 * MINUTE, minutes=30)
    return event


def test_each_room_has_its_now_and_next(page):
    an_evening()
    assert words(page(PATH)) == (
        f"{HEAD} Hall Now Networks until 19:20 Lab Nothing at the moment. Next 19:50 Build one Full schedule"
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"starts_at": TUESDAY_EVENING + 60 * MINUTE, "ends_at": TUESDAY_EVENING + 200 * MINUTE},
            "Begins Tuesday 17 March 2026 , 20:00 Singapore time",
        ),
        (
            {"starts_at": TUESDAY_EVENING - 200 * MINUTE, "ends_at": TUESDAY_EVENING - 60 * MINUTE},
            "This event is over. Schedule with slides Full schedule",
        ),
        ({"status": "cancelled"}, "This event is cancelled. Full schedule"),
        ({"status": "postponed"}, "This event is postponed. The new date follows. Full schedule"),
    ],
)
def test_an_event_that_does_not_run_says_why(page, values, said):
    an_evening(**values)
    assert words(page(PATH)).startswith(f"{HEAD} {said}")


def test_a_round_on_stage_shows_its_clock_and_when_others_are_on(page):
    block = a_round()
    press(block, Command.START)
    assert words(page(PATH)) == (
        f"{HEAD} Lightning Running 11 min late On stage until 1 of 10 19:05 Cy On Cy Applause and slides"
        " Coming up 2 Eve On Eve about 19:06 3 Flo On Flo about 19:12 4 Gil On Gil about 19:18"
        " Already on stage: applause, slides, feedback The programme has no more times. Full schedule"
    )


def test_who_has_been_on_is_listed_the_latest_first(page):
    block = a_round(3)
    press(block, Command.START, Command.NEXT, now=TUESDAY_EVENING - 11 * MINUTE)
    press(block, Command.START, Command.NEXT, now=TUESDAY_EVENING - 5 * MINUTE)
    said = words(page(PATH))
    assert "Running 5 min early Next on stage 3 of 10 5:00 Flo On Flo" in said
    assert "feedback 2 Eve On Eve 18:55 1 Cy On Cy 18:49" in said


@pytest.mark.parametrize("talks", [1, 3])
def test_a_round_costs_four_queries_whatever_its_talks(dee: Client, talks, django_assert_num_queries):
    press(a_round(talks), Command.START)
    with django_assert_num_queries(12):
        dee.get(PATH)


def test_a_draft_has_no_live_page(dee: Client):
    an_evening(status=Event.Status.DRAFT)
    assert dee.get(PATH).status_code == 404


def test_a_command_changes_the_page_at_once_though_it_is_kept(dee: Client, page):
    block = a_round()
    etag = dee.get(PATH)["ETag"]
    assert dee.get(PATH, headers={"If-None-Match": etag}).status_code == 304
    press(block, Command.START)
    assert "On stage until 1 of 10 19:05" in words(page(PATH))
