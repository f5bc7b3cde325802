"""Links into people's own calendars, as the vendors read them."""

import datetime as dt
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from events.calendar_links import (
    LINK_LIMIT,
    google_add,
    google_subscribe,
    office_add,
    office_subscribe,
    outlook_add,
    outlook_subscribe,
    webcal,
    yahoo_add,
)
from tests.events.calendar_samples import MEETUP

FEED = "https://meet.example/calendars/groups/tfdl.ics"
SHORT = replace(MEETUP, description="Bring & share: 100%", summary="XLA night", location="Hub, 1 Road")


def asked(link: str) -> tuple[str, dict[str, str]]:
    parts = urlsplit(link)
    return f"{parts.scheme}://{parts.netloc}{parts.path}", {name: v for name, (v,) in parse_qs(parts.query).items()}


def test_subscribe_links_name_the_feed_as_each_client_wants_it() -> None:
    assert webcal(FEED) == "webcal://meet.example/calendars/groups/tfdl.ics"
    assert webcal("http://127.0.0.1:8000/calendars/all.ics") == "webcal://127.0.0.1:8000/calendars/all.ics"
    assert google_subscribe(FEED) == (
        "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Fmeet.example%2Fcalendars%2Fgroups%2Ftfdl.ics"
    )
    query = "url=https%3A%2F%2Fmeet.example%2Fcalendars%2Fgroups%2Ftfdl.ics&name=TF%20%26%20DL"
    assert outlook_subscribe(FEED, "TF & DL") == f"https://outlook.live.com/calendar/0/addfromweb?{query}"
    assert office_subscribe(FEED, "TF & DL") == f"https://outlook.office.com/calendar/0/addfromweb?{query}"


def test_google_takes_basic_utc_times() -> None:
    assert asked(google_add(SHORT)) == (
        "https://calendar.google.com/calendar/render",
        {
            "action": "TEMPLATE",
            "text": "XLA night",
            "dates": "20260616T110000Z/20260616T140000Z",
            "details": "Bring & share: 100%\n\nhttps://meet.example/events/xla-night/",
            "location": "Hub, 1 Road",
        },
    )


@pytest.mark.parametrize(("add", "host"), [(outlook_add, "outlook.live.com"), (office_add, "outlook.office.com")])
def test_outlook_takes_extended_utc_times(add, host) -> None:  # type: ignore[no-untyped-def]
    assert asked(add(SHORT)) == (
        f"https://{host}/calendar/deeplink/compose",
        {
            "path": "/calendar/action/compose",
            "rru": "addevent",
            "subject": "XLA night",
            "startdt": "2026-06-16T11:00:00Z",
            "enddt": "2026-06-16T14:00:00Z",
            "body": "Bring & share: 100%\n\nhttps://meet.example/events/xla-night/",
            "location": "Hub, 1 Road",
        },
    )


def test_yahoo_takes_a_start_and_a_length() -> None:
    link = yahoo_add(replace(SHORT, ends_at=SHORT.starts_at + dt.timedelta(hours=11, minutes=5)))
    assert link is not None
    assert asked(link) == (
        "https://calendar.yahoo.com/",
        {
            "v": "60",
            "title": "XLA night",
            "st": "20260616T110000Z",
            "dur": "1105",
            "desc": "Bring & share: 100%\n\nhttps://meet.example/events/xla-night/",
            "in_loc": "Hub, 1 Road",
        },
    )


def test_yahoo_cannot_take_a_whole_day() -> None:
    assert yahoo_add(replace(SHORT, ends_at=SHORT.starts_at + dt.timedelta(days=1))) is None


def test_blanks_are_percent_encoded_and_empty_parts_left_out() -> None:
    link = google_add(replace(SHORT, location="", description="", url=""))
    assert link == (
        "https://calendar.google.com/calendar/render?action=TEMPLATE&text=XLA%20night"
        "&dates=20260616T110000Z%2F20260616T140000Z"
    )


@pytest.mark.parametrize("text", ["天津" * 2000, "🎉" * 5000, "a b" * 3000, "\r\n\x00\ud800" * 100])
def test_no_link_is_longer_than_browsers_and_vendors_take(text: str) -> None:
    entry = replace(MEETUP, summary=text, description=text, location=text)
    links = [google_add(entry), outlook_add(entry), office_add(entry), yahoo_add(entry)]
    assert all(link and len(link) <= LINK_LIMIT for link in links)


def test_the_page_stays_in_the_link_when_the_text_has_to_go() -> None:
    assert MEETUP.url in asked(google_add(replace(MEETUP, description="天津" * 2000)))[1]["details"]


def test_a_page_address_that_is_too_long_is_left_out() -> None:
    link = google_add(replace(SHORT, url="https://meet.example/" + "x" * LINK_LIMIT))
    assert "details" not in asked(link)[1]
