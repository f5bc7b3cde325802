"""The calendar links that pages offer."""

import datetime as dt

import pytest

from events.models import Event
from tests.factories import EventFactory, GroupFactory
from web.calendar_menu import calendar_menu, group_menu, subscribe_links

SITE = "https://meet.example"


@pytest.fixture
def event(db: None) -> Event:
    group = GroupFactory(name="Ada's group", slug="ada")
    start = dt.datetime(2026, 11, 24, 18, tzinfo=dt.UTC)
    return EventFactory(group=group, slug="xla", title="XLA", starts_at=start, ends_at=start + dt.timedelta(hours=2))


def starts(links: list) -> list[tuple[str, str, str]]:  # type: ignore[type-arg]
    return [(link.kind, link.label, link.url.split("?")[0]) for link in links]


def test_an_event_offers_its_groups_feed_first_and_then_copies(event: Event) -> None:
    assert starts(calendar_menu(event, SITE)) == [
        ("subscribe", "Apple, Thunderbird, Outlook", "webcal://meet.example/calendars/groups/ada.ics"),
        ("subscribe", "Google Calendar", "https://calendar.google.com/calendar/r"),
        ("subscribe", "Outlook.com", "https://outlook.live.com/calendar/0/addfromweb"),
        ("subscribe", "Microsoft 365", "https://outlook.office.com/calendar/0/addfromweb"),
        ("subscribe", "Address of the feed", f"{SITE}/calendars/groups/ada.ics"),
        ("add", "Calendar file (.ics)", f"{SITE}/calendars/events/xla.ics"),
        ("add", "Google Calendar", "https://calendar.google.com/calendar/render"),
        ("add", "Outlook.com", "https://outlook.live.com/calendar/deeplink/compose"),
        ("add", "Microsoft 365", "https://outlook.office.com/calendar/deeplink/compose"),
        ("add", "Yahoo", "https://calendar.yahoo.com/"),
    ]


def test_a_cancelled_event_has_nothing_to_add(event: Event) -> None:
    event.status = Event.Status.CANCELLED
    assert {link.kind for link in calendar_menu(event, SITE)} == {"subscribe"}


def test_an_unlisted_groups_event_offers_copies_that_need_no_feed(event: Event) -> None:
    event.group.is_listed = False
    assert [link.label for link in calendar_menu(event, SITE)] == [
        "Google Calendar",
        "Outlook.com",
        "Microsoft 365",
        "Yahoo",
    ]
    assert group_menu(event.group) == []


def test_the_sites_own_address_is_the_default(event: Event, settings) -> None:  # type: ignore[no-untyped-def]
    settings.SITE_URL = "https://other.example"
    assert calendar_menu(event) == calendar_menu(event, "https://other.example")
    assert group_menu(event.group) == subscribe_links("https://other.example/calendars/groups/ada.ics", "Ada's group")
