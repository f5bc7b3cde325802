"""What the code on the projector is for, by the clock and the stage."""

import datetime as dt

import pytest

from tests.web.test_stage_view import document, talk
from web.stage_sign_up import WayIn, way_in
from web.stage_view import see_stage

NOW = dt.datetime(2026, 3, 17, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
SIGN_UP = WayIn("sign-up", "/propose/", "2 slots open.", "Five minutes, your turn?")
THIS_TALK = WayIn("1", "/t/x/", "Slides and feedback", "of this talk are here.")
ALL_TALKS = WayIn("live", "/events/evening/live/", "Slides and feedback", "of all talks are here.")


@pytest.mark.parametrize(
    ("spans", "values", "way"),
    [
        ([(None, NOW + HOUR)], {}, SIGN_UP),
        ([(NOW, NOW + HOUR)], {}, SIGN_UP),
        ([(None, NOW - HOUR), (NOW - HOUR, NOW + HOUR)], {}, SIGN_UP),
        ([(None, NOW + HOUR)], {"state": "between"}, SIGN_UP),
        ([(None, NOW)], {}, THIS_TALK),
        ([(NOW + HOUR, NOW + 2 * HOUR)], {}, THIS_TALK),
        ([(None, NOW + HOUR)], {"open_slots": 0}, THIS_TALK),
        ([(None, NOW + HOUR)], {"open_slots": None}, THIS_TALK),
        ([], {"state": "paused"}, THIS_TALK),
        ([], {"state": "ready"}, ALL_TALKS),
        ([], {"state": "between"}, ALL_TALKS),
        ([(None, NOW + HOUR)], {"state": "finished", "talk": None}, ALL_TALKS),
    ],
)
def test_people_sign_up_while_they_can_and_else_find_slides(spans, values, way):
    stage = document("on", 1, talk(1, url="/t/x/"), event="evening", open_slots=2)
    assert way_in(see_stage(stage | values), spans, "/propose/", now=NOW) == way


def test_the_last_slot_is_one_and_a_talk_may_have_another_length():
    stage = document("ready", 1, talk(1), event="evening", open_slots=1, length_ms=420_000)
    way = way_in(see_stage(stage), [(None, NOW + HOUR)], "/propose/", now=NOW)
    assert (way.head, way.text) == ("1 slot open.", "Your turn?")
