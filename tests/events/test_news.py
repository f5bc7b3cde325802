"""Which changes people hear of."""

import datetime as dt

import pytest

from events.news import changed_between, due_after, is_news

NOW = dt.datetime(2026, 11, 17, 18, 0, tzinfo=dt.UTC)
BEFORE = {
    "starts_at": "2026-11-20T11:00:00+00:00",
    "ends_at": "2026-11-20T13:00:00+00:00",
    "time_zone": "Asia/Singapore",
    "venue": 7,
    "venue_name": "Google Singapore",
    "format": "in_person",
    "status": "published",
}


@pytest.mark.parametrize(
    ("after", "changed", "news"),
    [
        ({}, [], False),
        ({"venue_name": "Google, renamed"}, [], False),
        ({"starts_at": "2026-11-20T11:14:59+00:00"}, ["starts_at"], False),
        ({"starts_at": "2026-11-20T11:15:00+00:00"}, ["starts_at"], True),
        ({"starts_at": "2026-11-20T10:45:00+00:00"}, ["starts_at"], True),
        ({"ends_at": "2026-11-20T13:15:00+00:00"}, ["ends_at"], True),
        ({"ends_at": "2026-11-20T13:14:00+00:00"}, ["ends_at"], False),
        ({"time_zone": "Asia/Tokyo"}, ["time_zone"], False),
        ({"venue": None}, ["venue"], True),
        ({"format": "hybrid"}, ["format"], True),
        ({"status": "postponed"}, ["status"], True),
        ({"status": "cancelled", "venue": 8}, ["venue", "status"], True),
    ],
)
def test_a_quarter_of_an_hour_another_place_or_status_is_news(after: dict, changed: list[str], news: bool) -> None:
    now = {**BEFORE, **after}
    assert (changed_between(BEFORE, now), is_news(BEFORE, now)) == (changed, news)


def test_only_what_a_notice_remembers_is_compared() -> None:
    after = {**BEFORE, "venue": 8, "status": "cancelled"}
    assert changed_between({"venue": 7}, after) == ["venue"]
    assert is_news({"time_zone": "Asia/Singapore"}, after) is False


@pytest.mark.parametrize(
    ("changed", "status", "minutes"),
    [
        (["status"], "cancelled", 0),
        (["venue"], "cancelled", 5),
        (["status"], "postponed", 5),
        (["venue"], "published", 5),
    ],
)
def test_that_an_event_is_off_is_said_at_once(changed: list[str], status: str, minutes: int) -> None:
    assert due_after(changed, status, NOW) == NOW + dt.timedelta(minutes=minutes)
