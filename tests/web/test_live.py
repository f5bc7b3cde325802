"""The audience's page without script: rooms, the clock of a round, before, after, called off; and what leads there."""

import re

import pytest
import time_machine
from django.test import Client

from events.models import Event, Session
from lightning.stage_round import Command
from tests.factories import EventFactory, RecapFactory, SessionFactory
from tests.factories.events import RoomFactory, VenueFactory
from tests.factories.lightning import DeckFactory
from tests.web.conftest import TUESDAY_EVENING
from tests.web.stages import MINUTE, a_round, press, talk_by

pytestmark = pytest.mark.django_db
PATH = "/events/evening/live/"
HEAD = "An evening Now and next"
BEGINS = "Begins in about 1 hour Tuesday 17 March 2026 , 20:00 Singapore time"


def words(html: str) -> str:
    main = html[html.index("<main") : html.index("</main>")]
    unseen = r"<(template|script|svg)\b.*?</\1>|<(\w+)[^>]*\shidden[^>]*>.*?</\2>"
    shown = re.sub(unseen, " ", main, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", shown).split())


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
        f"{HEAD} Hall Now until 19:20 Networks Lab Nothing at the moment. Next 19:50 Build one Full schedule"
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            {"starts_at": TUESDAY_EVENING + 60 * MINUTE, "ends_at": TUESDAY_EVENING + 200 * MINUTE},
            BEGINS + " Hall Next 20:00 Networks Lab Next 21:00 Build one Full schedule",
        ),
        (
            {"starts_at": TUESDAY_EVENING - 200 * MINUTE, "ends_at": TUESDAY_EVENING - 60 * MINUTE},
            "This event is over. Slides and links Full schedule",
        ),
        ({"status": "cancelled"}, "This event is cancelled. Full schedule"),
        ({"status": "postponed"}, "This event is postponed. The new date follows. Full schedule"),
    ],
)
def test_an_event_that_does_not_run_says_why(page, values, said):
    an_evening(**values)
    assert words(page(PATH)) == f"{HEAD} {said}"


def test_after_the_event_the_recap_is_the_first_to_read(page):
    event = an_evening(starts_at=TUESDAY_EVENING - 200 * MINUTE, ends_at=TUESDAY_EVENING - 60 * MINUTE)
    RecapFactory(event=event, published_at=TUESDAY_EVENING)
    assert words(page(PATH)) == f"{HEAD} This event is over. Recap Slides and links Full schedule"


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_an_event_that_is_called_off_shows_no_clock(page, status):
    press(a_round(status=status), Command.START)
    assert "data-stage" not in page(PATH)


def test_a_round_on_stage_shows_its_clock_and_when_others_are_on(page):
    block = a_round()
    press(block, Command.START)
    assert words(page(PATH)) == (
        f"{HEAD} Lightning Running 11 min late On stage until 1 of 10 19:05 Cy On Cy Applaud Cy The talk of Cy"
        " Coming up 2 Eve On Eve about 19:06 3 Flo On Flo about 19:12 4 Gil On Gil about 19:18"
        " Full schedule"
    )


def test_what_is_on_another_day_says_which(page, clock: time_machine.Traveller):
    event = an_evening(ends_at=TUESDAY_EVENING + 1500 * MINUTE)
    SessionFactory(event=event, title="Breakfast", starts_at=TUESDAY_EVENING + 780 * MINUTE, minutes=30)
    clock.move_to(TUESDAY_EVENING + 200 * MINUTE)
    assert words(page(PATH)) == f"{HEAD} Next Wednesday 08:00 Breakfast Full schedule"


def test_who_has_been_on_is_listed_the_latest_first(page):
    block = a_round(3)
    press(block, Command.START, Command.NEXT, now=TUESDAY_EVENING - 11 * MINUTE)
    press(block, Command.START, Command.NEXT, now=TUESDAY_EVENING - 5 * MINUTE)
    said = words(page(PATH))
    assert "Running 5 min early Next on stage 3 of 10 5:00 Flo On Flo" in said
    assert "applause and slides 2 Eve On Eve Applause 18:55 1 Cy On Cy Applause 18:49" in said
    assert "Applaud Eve The talk of Eve" in said


def test_slides_are_there_once_they_are_out_and_applause_is_one_tap(dee: Client, page):
    block = a_round(3)
    for name in ("Cy", "Eve"):
        DeckFactory(talk=talk_by(block, name))
    press(block, Command.START)
    html = page(PATH)
    assert html.count("/slides/") == 2  # the link and the scripts' table: Eve has not begun
    assert "Applaud Cy The talk of Cy Slides" in words(html)
    form = re.search(r'method="post" data-clap action="([^"]+)"', html)
    assert form
    assert form[1] == "/t/code0/applause/"
    answer = dee.post(form[1], headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer["Location"]) == (303, "/t/code0/#thanks")


def test_what_follows_a_round_in_its_room_waits_for_its_end(page, clock: time_machine.Traveller):
    block = a_round(1)
    room = RoomFactory(name="Hall")
    Session.objects.filter(block=block).update(room=room)
    press(block, Command.START)
    event = block.session.event
    SessionFactory(event=event, title="Closing", room=room, starts_at=TUESDAY_EVENING + 48 * MINUTE, minutes=30)
    assert words(page(PATH)).endswith("The talk of Cy Hall Next 19:48 Closing Full schedule")
    clock.move_to(TUESDAY_EVENING + 50 * MINUTE)
    assert words(page(PATH)).endswith("The talk of Cy Hall Next, after the round Closing Full schedule")


@pytest.mark.parametrize("talks", [1, 3])
def test_a_round_costs_four_queries_whatever_its_talks(dee: Client, talks, django_assert_num_queries):
    press(a_round(talks), Command.START)
    with django_assert_num_queries(13):
        dee.get(PATH)


def test_a_round_that_outlasts_its_event_stays_and_a_forgotten_one_goes(page, clock: time_machine.Traveller):
    block = a_round(2)
    press(block, Command.START)
    ends_at = block.session.event.ends_at
    clock.move_to(ends_at + 5 * MINUTE)
    assert words(page(PATH)).startswith(f"{HEAD} Lightning Running 11 min late On stage until")
    clock.move_to(ends_at + 361 * MINUTE)
    assert words(page(PATH)) == f"{HEAD} This event is over. Slides and links Full schedule"


def test_a_draft_has_no_live_page(dee: Client):
    an_evening(status=Event.Status.DRAFT)
    assert dee.get(PATH).status_code == 404


def test_a_command_changes_the_page_at_once_though_it_is_kept(dee: Client, page):
    block = a_round()
    etag = dee.get(PATH)["ETag"]
    assert dee.get(PATH, headers={"If-None-Match": etag}).status_code == 304
    press(block, Command.START)
    assert "On stage until 1 of 10 19:05" in words(page(PATH))


@pytest.mark.parametrize(
    ("minutes", "status", "count"),
    [
        (-31, "published", 0),
        (-30, "published", 1),
        (0, "published", 1),
        (129, "published", 1),
        (130, "published", 0),
        (0, "cancelled", 0),
    ],
)
def test_pages_about_the_event_lead_there_from_half_an_hour_before(
    page, clock: time_machine.Traveller, minutes, status, count
):
    event = an_evening(status=status)
    clock.move_to(event.starts_at + minutes * MINUTE)
    paths = ["/events/evening/", "/events/evening/schedule/", "/", event.group.get_absolute_url()]
    assert [page(path).count(f'href="{PATH}"') for path in paths] == [count] * 4


def test_lists_name_the_event_that_runs_beside_the_next_ones(page):
    event = an_evening()
    earlier = {"starts_at": event.starts_at - MINUTE, "ends_at": event.ends_at}
    EventFactory(group=event.group, title="Another", slug="another", **earlier)
    html = page(event.group.get_absolute_url())
    assert [html.count(f'href="/events/{slug}/live/"') for slug in ("another", "evening")] == [1, 1]


def test_a_round_that_runs_late_is_still_announced(page, clock: time_machine.Traveller):
    block = a_round(2)
    press(block, Command.START)
    clock.move_to(block.session.event.ends_at + 5 * MINUTE)
    paths = ["/events/evening/", "/events/evening/schedule/"]
    assert [page(path).count(f'href="{PATH}"') for path in paths] == [1, 1]
