"""The programme as plain text."""

import datetime as dt
import unicodedata
from typing import Any

from tests.web.documents import at, block, document, on_stage, session, talk
from web.schedule_text import WIDTH, schedule_text


def text_of(sessions: list[dict[str, Any]], *rooms: str, now: str = "19:10", **event: Any) -> str:
    """The text of this programme."""
    moment = dt.datetime.fromisoformat(str(at(now)))
    return schedule_text(document(sessions, *rooms, **event), url="https://x.example/", now=moment)


def width(line: str) -> int:
    """Columns on a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def test_times_titles_and_rooms_stand_beside_each_other() -> None:
    text = text_of([session(1, "19:00", "19:30", room=1, number="11.")], "Hall")
    assert text.splitlines() == [
        "Evening",
        "=======",
        "Thursday 19 March 2026, 19:00–21:00, Singapore time",
        "",
        "19:00–19:30    11. Session 1",
        "               Talk | Hall",
        "",
        "https://x.example/",
    ]


def test_a_round_lists_its_talks_and_what_is_open() -> None:
    talks = [talk(1, "19:00", "19:05", "Cy", "Cats")]
    text = text_of([session(1, "19:00", "19:20", block=block(talks, slots=4))])
    assert "    1. 19:00   Cy: Cats" in text
    assert "3 slots are open." in text


def test_no_line_is_wider_than_a_terminal_whatever_the_script() -> None:
    chinese = "有价值的应用才是王道！" * 20
    sessions = [
        session(1, "19:00", "19:30", title=chinese, abstract=chinese),
        session(2, None, None, title="word " * 60),
    ]
    assert max(width(line) for line in text_of(sessions).splitlines()) <= WIDTH


def test_cancelled_and_the_next_day_are_named() -> None:
    sessions = [session(1, "23:30", "+00:30", status="cancelled"), session(2, "+01:00", "+01:30")]
    text = text_of(sessions, ends_at=at("+02:00"))
    assert "23:30–00:30 +1" in text
    assert "CANCELLED: Session 1" in text
    assert "Friday 20 March 2026" in text


def test_a_round_on_stage_says_how_late_it_is_and_when_talks_are_expected() -> None:
    talks = [talk(1, "19:00", "19:05", "Cy", "Cats"), talk(2, "19:05", "19:10", "Ed", "Dogs", expected_at=at("19:12"))]
    stage = on_stage(1, "19:07", "19:12", 7)
    sessions = [session(1, "19:00", "19:20", block=block(talks, slots=2, stage=stage))]
    text = text_of(sessions)
    assert "Running 7 min late" in text
    assert "    2. 19:12   Ed: Dogs" in text
    nobody_finished_it = text_of(sessions, now="+19:10")
    assert "Running" not in nobody_finished_it
    assert "    2. 19:05   Ed: Dogs" in nobody_finished_it


def test_who_did_not_come_is_said_and_slides_have_their_whole_address() -> None:
    slides = [{"kind": "slides", "title": "", "url": "/t/abc/slides/"}]
    talks = [
        talk(1, "19:00", "19:05", "Cy", "Cats", state="no_show"),
        talk(2, "19:05", "19:10", "Ed", "Dogs", resources=slides),
    ]
    lines = text_of([session(1, "19:00", "19:20", block=block(talks, slots=2))]).splitlines()
    assert lines[6:9] == [
        "    1. 19:00   Cy: Cats (Did not take place)",
        "    2. 19:05   Ed: Dogs",
        "               https://x.example/t/abc/slides/",
    ]
