"""Atom feeds of events."""

import datetime as dt
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from events.models import Event
from tests.factories import EventFactory, GroupFactory

pytestmark = pytest.mark.django_db
ALL = "/feeds/events.atom"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
REVISED = dt.datetime(2026, 2, 1, 9, 30, tzinfo=dt.UTC)


def entries(client: Client, address: str = ALL) -> list[dict[str, str | None]]:
    """Each entry's id, title and date."""
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    feed = ET.fromstring(response.content)
    return [
        {name: e.findtext(f"a:{name}", None, ATOM) for name in ("id", "title", "updated")}
        for e in feed.iterfind("a:entry", ATOM)
    ]


def revised(event: Event, at: dt.datetime) -> Event:
    Event.objects.filter(pk=event.pk).update(revised_at=at)
    return event


def test_the_latest_revision_comes_first_and_the_id_is_the_events_own(client: Client) -> None:
    old = revised(EventFactory(title="Old"), REVISED)
    new = revised(EventFactory(title="New"), REVISED + dt.timedelta(hours=1))
    assert entries(client) == [
        {"id": f"urn:uuid:{new.ical_uid}", "title": "New", "updated": "2026-02-01T10:30:00+00:00"},
        {"id": f"urn:uuid:{old.ical_uid}", "title": "Old", "updated": "2026-02-01T09:30:00+00:00"},
    ]


def test_what_was_called_off_says_so_in_its_title(client: Client) -> None:
    EventFactory(title="Evening", status="cancelled")
    assert [entry["title"] for entry in entries(client)] == ["Cancelled: Evening"]


def test_drafts_and_unlisted_groups_are_in_no_feed(client: Client) -> None:
    EventFactory(status="draft")
    hidden = EventFactory(group__is_listed=False).group
    assert entries(client) == []
    assert client.get(f"/groups/{hidden.slug}/events.atom").status_code == 404


def test_a_group_has_a_feed_of_its_own(client: Client) -> None:
    mine = EventFactory(title="Mine")
    EventFactory(title="Another group's")
    assert [entry["title"] for entry in entries(client, f"/groups/{mine.group.slug}/events.atom")] == ["Mine"]


def test_an_empty_feed_is_the_same_bytes_at_any_time_and_answers_304(client: Client) -> None:
    address = f"/groups/{GroupFactory().slug}/events.atom"
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (b"<updated>1970-01-01T00:00:00+00:00</updated>" in first.content, again.status_code) == (True, 304)


def test_a_hostile_title_is_one_entry(client: Client) -> None:
    EventFactory(title="</title><script>\x08\x1b&\u2028")
    assert [entry["title"] for entry in entries(client)] == ["</title><script> &"]


@pytest.mark.parametrize("events", [1, 3])
def test_a_feed_costs_the_same_for_one_event_and_for_three(
    client: Client, events: int, django_assert_num_queries: object
) -> None:
    EventFactory.create_batch(events)
    with django_assert_num_queries(3):  # type: ignore[operator]
        assert len(entries(client)) == events


def test_home_and_group_name_their_feeds_in_the_head(client: Client) -> None:
    group = EventFactory().group
    assert b'type="application/atom+xml"' in client.get("/").content
    assert f"/groups/{group.slug}/events.atom" in client.get(f"/groups/{group.slug}/").content.decode()
