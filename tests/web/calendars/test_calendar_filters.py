"""Any filtered list of events is a feed; what cannot be obeyed is named."""

import icalendar
import pytest
from django.conf import settings
from django.test import Client

from events.models import Event, Group
from tests.factories import (
    GroupFactory,
    TopicFactory,
    VenueFactory,
)
from tests.web.calendars.reading import ALL, meetup, titles


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["XLA night", "Old town", "Far away"]),
        ("q=xla", ["XLA night"]),
        ("search=NIGHT%20xla", ["XLA night"]),
        ("q=nothing", []),
        ("group=ada", ["XLA night", "Old town"]),
        ("group=ADA&city=singapore", ["XLA night"]),
        ("city=Tianjin", ["Old town"]),
        ("topic=xla", ["XLA night"]),
        ("group=ada&city=tianjin&city=berlin", ["Old town"]),
        ("format=online", ["Far away"]),
        ("status=cancelled", []),
        ("starts_after=2026-11-20", ["Old town", "Far away"]),
        ("starts_after=2026-11-20&starts_before=2026-11-25T12:00:00%2B08:00", ["Old town"]),
        ("starts_before=2026-11-20T00:00:00Z&lang=en&q=", ["XLA night"]),
    ],
)
def test_any_filtered_list_is_a_feed(client: Client, group: Group, query: str, expected: list[str]) -> None:
    meetup(group, 1, title="XLA night", topics=[TopicFactory(slug="xla")])
    meetup(group, 5, title="Old town", venue=VenueFactory(town="Tianjin"))
    meetup(GroupFactory(town="Berlin"), 9, title="Far away", format=Event.Format.ONLINE, venue=None)
    assert titles(client.get(f"/calendars/search.ics?{query}").content) == expected


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("group=nobody", "group: There is no such group."),
        ("topic=nothing", "topic: There is no such topic."),
        ("format=hologram", "format: Use one of: in_person, online, hybrid."),
        ("status=draft", "status: Use one of: published, postponed, cancelled."),
        ("starts_after=2026-02-30", "starts_after: Write a date like 2026-03-19, or a time with an offset"),
        ("starts_before=0001-01-01T00:00:00%2B14:00", "starts_before: Write a date like"),
        ("colour=red", "colour: There is no such filter. Use city, format, group, search, starts_after, "),
        ("x" * 99, "x" * 59 + "…: There is no such filter."),
        ("q=a&search=b", "search: Give this once."),
        ("q=" + "a" * 201, "search: "),
        ("city=%00", "city: Leave out the NUL character."),
        ("lang=xx", "lang: Use one of: en, zh-hans."),
    ],
)
def test_a_filter_that_cannot_be_obeyed_is_named(client: Client, group: Group, query: str, complaint: str) -> None:
    response = client.get(f"/calendars/search.ics?{query}")
    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert response.content.decode().startswith(complaint)


@pytest.mark.parametrize("address", [ALL + "?lang=%00", "/calendars/search.ics?q=%00", "/calendars/search.ics?%00=1"])
def test_nul_characters_are_refused(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.parametrize(
    "query", ["q=%ff%fe", "q=%F0%9F%8E%89", "city=%E5%A4%A9%E6%B4%A5", "q=%27%22%5C%25_", "q=\ud7ff"]
)
def test_odd_characters_are_just_not_found(client: Client, query: str) -> None:
    assert titles(client.get(f"/calendars/search.ics?{query}").content) == []


def test_a_search_names_itself_and_its_own_address_in_a_fixed_order(client: Client, group: Group) -> None:
    one = client.get("/calendars/search.ics?search=pizza%20night&group=ada&city=")
    other = client.get("/calendars/search.ics?group=ada&q=pizza+night")
    calendar = icalendar.Calendar.from_ical(one.content)
    assert one.content == other.content
    assert calendar["SOURCE"] == f"{settings.SITE_URL}/calendars/search.ics?group=ada&search=pizza+night"
    assert b"\r\nNAME:Events: ada\\, pizza night\r\n" in one.content
