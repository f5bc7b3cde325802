"""The document as the page sees it: states, slots, now and next, filters."""

import datetime as dt

import pytest

from tests.web.documents import at, block, document, on_stage, session, talk
from web.schedule_choices import choices
from web.schedule_view import Programme, see


def clock(text: str) -> dt.datetime:
    """HH:MM of the day."""
    return dt.datetime.fromisoformat(str(at(text)))


def states(programme: Programme) -> list[str]:
    """The states of all sessions."""
    return [entry.state for entry in programme.entries]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("18:59", ["", ""]),
        ("19:00", ["now", ""]),
        ("19:29", ["now", ""]),
        ("19:30", ["past", "now"]),
        ("21:00", ["past", "past"]),
    ],
)
def test_sessions_are_ahead_on_and_past(now: str, expected: list[str]) -> None:
    programme = see(document([session(1, "19:00", "19:30"), session(2, "19:30", "20:00")]), now=clock(now))
    assert states(programme) == expected


def test_a_cancelled_session_is_never_on() -> None:
    programme = see(document([session(1, "19:00", "19:30", status="cancelled")]), now=clock("19:10"))
    assert states(programme) == [""]
    assert programme.entries[0].is_cancelled


def test_sessions_without_a_time_stand_at_the_end() -> None:
    programme = see(document([session(1, "19:00", "19:30"), session(2, None, None)]), now=clock("18:00"))
    assert [entry.key for entry in programme.untimed] == ["session-2"]
    assert [entry.key for entry in programme.entries] == ["session-1", "session-2"]


def test_a_session_without_a_length_stands_until_the_next_start() -> None:
    programme = see(document([session(1, "19:00", None), session(2, "19:45", None)]), now=clock("18:00"))
    assert [view.band.marks for view in programme.bands] == [(0, 45), (45, 120)]


def test_a_programme_without_times_has_no_grid() -> None:
    programme = see(document([session(1, None, None)]), now=clock("18:00"))
    assert (programme.grid, programme.bands, programme.rules) == (None, [], "")


def test_an_empty_programme_is_empty() -> None:
    assert see(document([]), now=clock("18:00")).entries == []


def test_a_round_has_its_talks_and_then_its_open_slots() -> None:
    talks = [talk(1, "19:00", "19:05"), talk(2, "19:05", "19:10")]
    programme = see(document([session(1, "19:00", "19:20", block=block(talks, slots=4))]), now=clock("18:00"))
    slots = programme.entries[0].slots
    assert [(slot.number, slot.talk is None) for slot in slots] == [(1, False), (2, False), (3, True), (4, True)]
    assert [slot.starts_at and slot.starts_at.strftime("%H:%M") for slot in slots] == [
        "19:00",
        "19:05",
        "19:10",
        "19:15",
    ]
    assert "#session-1 .strip__list { --rows2: 2; --rows3: 2; }" in programme.rules


def test_only_so_many_open_slots_get_a_row() -> None:
    programme = see(document([session(1, "19:00", "20:00", block=block([], slots=12))]), now=clock("18:00"))
    assert len(programme.entries[0].slots) == 6


def test_a_round_that_is_over_shows_no_open_slots() -> None:
    programme = see(document([session(1, "19:00", "19:20", block=block([], slots=4))]), now=clock("19:20"))
    assert programme.entries[0].slots == []


def test_a_slot_is_on_until_the_next_one_begins() -> None:
    talks = [talk(1, "19:00", "19:05"), talk(2, "19:06", "19:11")]
    programme = see(document([session(1, "19:00", "19:20", block=block(talks, slots=2))]), now=clock("19:05"))
    assert [slot.state for slot in programme.entries[0].slots] == ["now", ""]


def test_now_and_next_names_the_talk_of_a_round() -> None:
    talks = [talk(1, "19:00", "19:05", "Cy", "Cats"), talk(2, "19:05", "19:10", "Ada", "Dogs")]
    sessions = [session(1, "19:00", "19:20", room=1, block=block(talks, slots=2)), session(2, "19:00", "19:20", room=2)]
    programme = see(document(sessions, "Hall", "Lab"), now=clock("19:02"))
    hall, lab = programme.now_and_next
    assert (hall.name, hall.now_title, hall.next_title) == ("Hall", "Cy: Cats", "Ada: Dogs")
    assert (lab.name, lab.now_title, lab.next_title) == ("Lab", "Session 2", "")
    assert programme.is_running


def test_while_speakers_change_the_talk_before_is_still_named() -> None:
    talks = [talk(1, "19:00", "19:05", "Cy", "Cats"), talk(2, "19:06", "19:11", "Ada", "Dogs")]
    programme = see(document([session(1, "19:00", "19:20", block=block(talks, slots=2))]), now=clock("19:05"))
    (card,) = programme.now_and_next
    assert (card.now_title, card.until, card.next_title) == ("Cy: Cats", clock("19:06"), "Ada: Dogs")


def test_a_day_that_goes_on_after_midnight_says_when_the_date_changes() -> None:
    sessions = [session(1, "23:00", "23:30"), session(2, "+00:30", "+01:00")]
    programme = see(document(sessions, ends_at=at("+02:00")), now=clock("18:00"))
    assert [view.new_day for view in programme.bands] == [False, True]


def test_a_time_near_the_line_hides() -> None:
    sessions = [session(1, "19:00", "20:00", room=1), session(2, "19:30", "20:00", room=2)]
    programme = see(document(sessions, "Hall", "Lab"), now=clock("19:25"))
    assert [tick.state for tick in programme.bands[0].ticks] == ["past", "under"]


def test_a_version_changes_with_time_room_and_status_and_with_nothing_else() -> None:
    def version(**changes: object) -> str:
        return see(document([session(1, "19:00", "19:30") | changes]), now=clock("18:00")).entries[0].version

    same = version()
    assert version(abstract="Other words") == same
    assert len({same, version(starts_at=at("19:10")), version(room=1), version(status="cancelled")}) == 4


def test_filters_offer_only_what_is_a_choice() -> None:
    topics = [{"slug": "xla", "name": "XLA"}]
    sessions = [
        session(1, "19:00", "19:30", room=1, topics=topics),
        session(2, "19:00", "19:30", room=2, kind="codelab"),
    ]
    offered = choices(
        see(document([*sessions, session(3, "20:00", "20:10", kind="break")], "Hall", "Lab"), now=clock("18:00"))
    )
    assert offered == {
        "kind": [("talk", "talk"), ("codelab", "codelab")],
        "topic": [("xla", "XLA")],
        "level": [],
        "room": [("Hall", "Hall"), ("Lab", "Lab")],
        "language": [],
    }


def a_late_round(state: str = "on", now: str = "19:21") -> Programme:
    """Four talks from 19:00 on, then another session; the second talk is on, seven minutes late."""
    talks = [
        talk(1, "19:01", "19:11", state="given"),
        talk(2, "19:05", "19:10", expected_at=at("19:12") if state == "between" else None),
        talk(3, "19:10", "19:15", expected_at=at("19:17")),
        talk(4, "19:15", "19:20", expected_at=at("19:22")),
    ]
    on = on_stage(2, "19:12", "19:17", 7, state) if state == "on" else on_stage(2, None, None, 7, state)
    lightning = session(1, "19:00", "19:20", kind="lightning", block=block(talks, slots=4, stage=on))
    return see(document([lightning, session(2, "19:20", "19:50")]), now=clock(now))


@pytest.mark.parametrize("now", ["18:59", "19:14", "19:21", "20:30"])
def test_while_a_round_is_on_stage_the_host_says_what_is_on_and_not_the_clock(now: str) -> None:
    programme = a_late_round(now=now)
    entry, [card] = programme.entries[0], programme.now_and_next
    assert [slot.state for slot in entry.slots if slot.talk] == ["past", "now", "next", ""]
    assert entry.slots[1].starts_at == clock("19:12")
    assert [slot.expected_at for slot in entry.slots if slot.talk] == [None, None, clock("19:17"), clock("19:22")]
    assert (entry.state, entry.lateness, programme.is_running) == ("now", "Running 7 min late", True)
    until = clock("19:17") if now < "19:17" else None
    assert (card.now_title, card.until, card.next_title) == ("Cy: Talk 2", until, "Cy: Talk 3")
    assert card.next_at == max(clock("19:17"), clock(now))


def test_between_two_talks_the_round_is_on() -> None:
    programme = a_late_round("between")
    [card] = programme.now_and_next
    assert [slot.state for slot in programme.entries[0].slots] == ["past", "next", "", ""]
    assert (card.now_title, card.until, card.next_title) == ("Session 1", None, "Cy: Talk 2")


def test_what_was_planned_for_now_waits_until_the_round_is_over() -> None:
    talks = [talk(1, "19:00", "19:05")]
    lightning = session(1, "19:00", "19:20", block=block(talks, slots=1, stage=on_stage(1, "19:18", "19:23", 18)))
    [card] = see(document([lightning, session(2, "19:20", "19:50")]), now=clock("19:21")).now_and_next
    assert (card.now_title, card.next_title, card.next_at) == ("Cy: Talk 1", "Session 2", clock("19:21"))


def test_that_a_talk_was_given_at_another_time_is_no_change_of_the_programme() -> None:
    planned = session(1, "19:00", "19:20", block=block([talk(1, "19:00", "19:05")], slots=1))
    given = session(1, "19:00", "19:20", block=block([talk(1, "19:02", "19:09", state="given")], slots=1))
    before, after = (see(document([one]), now=clock("18:00")).entries[0].slots[0] for one in (planned, given))
    assert before.version == after.version


def test_after_the_round_the_clock_says_what_is_on_again() -> None:
    entry = a_late_round("finished").entries[0]
    assert ([slot.state for slot in entry.slots], entry.lateness) == (["past"] * 4, "")


def test_a_round_that_nobody_finished_has_no_say_the_day_after() -> None:
    programme = a_late_round(now="+19:21")
    assert (programme.entries[0].stage, programme.is_running) == (None, False)
