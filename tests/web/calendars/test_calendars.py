"""What the calendar feeds hold, and who may see it."""

import icalendar
import pytest
import recurring_ical_events
import time_machine
from django.conf import settings
from django.test import Client

from events.models import Event, Group
from events.services.events import cancel_event
from tests.factories import (
    BlockFactory,
    GroupFactory,
    SeriesFactory,
    SessionFactory,
    SpeakerFactory,
    TalkFactory,
    TopicFactory,
    VenueFactory,
)
from tests.web.calendars.reading import ALL, DAY, HOUR, MINUTE, NOW, entries, meetup, titles


def test_a_group_feed_shows_its_events_with_all_that_calendars_can_use(client: Client, group: Group) -> None:
    venue = VenueFactory(name="Hub", latitude="1.276600", longitude="103.799300")
    series = SeriesFactory(group=group)
    event = meetup(
        group,
        title="XLA night",
        slug="xla",
        summary="Compilers for all.",
        description="**Doors** open at [seven](https://doors.example).\n\n- talks\n- pizza",
        venue=venue,
        series=series,
        topics=[TopicFactory(name="XLA"), TopicFactory(name="Compilers, JIT")],
        sequence=3,
        online_url="https://video.example/secret",
    )
    response = client.get("/calendars/groups/ada.ics")
    (entry,) = entries(response.content)
    assert b"secret" not in response.content
    assert {
        name: str(entry[name]) for name in ("UID", "SUMMARY", "STATUS", "TRANSP", "LOCATION", "CONTACT", "URL")
    } == {
        "UID": str(event.ical_uid),
        "SUMMARY": "XLA night",
        "STATUS": "CONFIRMED",
        "TRANSP": "TRANSPARENT",
        "LOCATION": "Hub, 1 Example Street, 117371 Singapore",
        "CONTACT": "Ada's group",
        "URL": f"{settings.SITE_URL}/events/xla/",
    }
    assert str(entry["DESCRIPTION"]) == (
        "Compilers for all.\n\nDoors open at seven (https://doors.example).\n\n- talks\n- pizza"
        f"\n\n{settings.SITE_URL}/events/xla/"
    )
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (event.starts_at, event.ends_at)
    assert entry["DTSTART"].params["TZID"] == "Asia/Singapore"
    assert (entry["SEQUENCE"], entry["DTSTAMP"].dt, entry["LAST-MODIFIED"].dt) == (3, NOW, NOW)
    assert entry["CATEGORIES"].cats == ["Compilers, JIT", "XLA"]
    assert entry["GEO"].to_ical() == "1.2766;103.7993"
    assert (str(entry["RELATED-TO"]), entry["RELATED-TO"].params["RELTYPE"]) == (str(series.ical_uid), "SIBLING")


def test_the_label_of_a_group_feed_says_what_it_is_and_where(client: Client, group: Group) -> None:
    calendar = icalendar.Calendar.from_ical(client.get("/calendars/groups/ada.ics").content)
    assert [str(calendar[name]) for name in ("X-WR-CALNAME", "X-WR-TIMEZONE", "SOURCE", "URL", "X-WR-CALDESC")] == [
        "Ada's group",
        "Asia/Singapore",
        f"{settings.SITE_URL}/calendars/groups/ada.ics",
        f"{settings.SITE_URL}/groups/ada/",
        "Talks\\; pizza",  # icalendar reads X- names as they stand
    ]
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Singapore"]


def test_an_online_event_says_so_and_has_no_map(client: Client, group: Group) -> None:
    venue = VenueFactory(latitude="1.2", longitude="103.7")
    meetup(group, format=Event.Format.ONLINE, venue=venue)
    (entry,) = entries(client.get(ALL).content)
    assert (str(entry["LOCATION"]), "GEO" in entry) == ("Online", False)


def test_cancelled_and_postponed_events_stay_and_say_so(client: Client, group: Group) -> None:
    meetup(group, 1, title="A", status=Event.Status.CANCELLED)
    meetup(group, 2, title="B", status=Event.Status.POSTPONED)
    found = [(str(e["SUMMARY"]), str(e["STATUS"]), str(e["TRANSP"])) for e in entries(client.get(ALL).content)]
    assert found == [("Cancelled: A", "CANCELLED", "TRANSPARENT"), ("Postponed: B", "TENTATIVE", "TRANSPARENT")]


def test_drafts_and_unlisted_groups_are_in_no_feed(client: Client, group: Group) -> None:
    topic, speaker = TopicFactory(slug="xla"), SpeakerFactory(slug="cy")
    unlisted = GroupFactory(slug="hidden", is_listed=False)
    series = SeriesFactory(group=unlisted, slug="hidden")
    hidden = meetup(unlisted, slug="hidden", topics=[topic], series=series)
    draft = meetup(group, slug="draft", status=Event.Status.DRAFT, topics=[topic])
    for event in (hidden, draft):
        session = SessionFactory(event=event, speakers=[speaker], topics=[topic])
        TalkFactory(block=BlockFactory(session=session), speakers=[speaker])
    for feed in ("all", "search", "groups/ada", "topics/xla", "speakers/cy"):
        assert titles(client.get(f"/calendars/{feed}.ics").content) == []
    for feed in ("groups/hidden", "series/hidden", "events/hidden", "events/draft"):
        assert client.get(f"/calendars/{feed}.ics").status_code == 404


def test_a_feed_reaches_sixty_days_back_and_four_hundred_ahead(client: Client, group: Group) -> None:
    for days in (-62, -59, 399, 401):
        meetup(group, days, title=f"{days}")
    meetup(group, -6, title="off", status=Event.Status.CANCELLED)
    meetup(group, -8, title="long off", status=Event.Status.CANCELLED)
    meetup(group, -1, title="late", status=Event.Status.POSTPONED)
    assert titles(client.get(ALL).content) == ["-59", "Cancelled: off", "399"]


def test_a_series_feed_holds_its_events_only(client: Client, group: Group) -> None:
    series = SeriesFactory(group=group, slug="thursdays", title="Third Thursdays")
    meetup(group, 1, title="in", series=series)
    meetup(group, 2, title="out")
    response = client.get("/calendars/series/thursdays.ics")
    assert titles(response.content) == ["in"]
    assert icalendar.Calendar.from_ical(response.content)["NAME"] == "Third Thursdays"


def test_a_topic_feed_holds_events_and_events_with_sessions_about_it_or_a_part_of_it(
    client: Client, group: Group
) -> None:
    topic = TopicFactory(slug="ml")
    part = TopicFactory(parent=topic)
    meetup(group, 1, title="about", topics=[topic])
    meetup(group, 2, title="about a part", topics=[part, topic])
    SessionFactory(event=meetup(group, 3, title="with a session"), topics=[part])
    meetup(group, 4, title="else", topics=[TopicFactory()])
    expected = ["about", "about a part", "with a session"]
    assert titles(client.get("/calendars/topics/ml.ics").content) == expected


def test_an_event_feed_holds_the_event_alone_and_with_its_programme_when_asked(client: Client, evening: Event) -> None:
    assert titles(client.get("/calendars/events/evening.ics").content) == ["Evening"]
    found = entries(client.get("/calendars/events/evening.ics?sessions=1").content)
    start = evening.starts_at
    assert sorted((str(e["SUMMARY"]), e["DTSTART"].dt - start, e["DTEND"].dt - start) for e in found) == [
        ("Cy", HOUR + 6 * MINUTE, HOUR + 11 * MINUTE),
        ("Evening", 0 * HOUR, 2 * HOUR),
        ("First", HOUR, HOUR + 5 * MINUTE),
        ("Keynote", 0 * HOUR, 30 * MINUTE),
        ("Round", HOUR, 90 * MINUTE),
    ]
    assert {str(e.get("RELATED-TO", "")) for e in found} == {"", str(evening.ical_uid)}
    assert {str(e["TRANSP"]) for e in found} == {"TRANSPARENT"}


def test_an_old_event_can_still_be_downloaded(client: Client, group: Group) -> None:
    meetup(group, -900, title="Long ago", slug="old")
    assert titles(client.get("/calendars/events/old.ics").content) == ["Long ago"]


def test_a_speaker_feed_holds_sessions_and_talks_that_block_time(client: Client, evening: Event) -> None:
    found = entries(client.get("/calendars/speakers/cy.ics").content)
    place = "Hall, " + f"{evening.venue.name}, {evening.venue.address}"
    keynote, talk = found
    assert [str(keynote[name]) for name in ("SUMMARY", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "LOCATION")] == [
        "Keynote",
        "OPAQUE",
        "BUSY",
        place,
    ]
    assert str(keynote["DESCRIPTION"]).startswith("Cy (Labs)\n\nEvening\n\n")
    assert (str(talk["SUMMARY"]), str(talk["TRANSP"])) == ("Cy", "OPAQUE")


def test_sessions_and_talks_are_called_off_with_their_event_and_calendars_notice(
    client: Client, evening: Event, clock: time_machine.Traveller
) -> None:
    address = "/calendars/events/evening.ics?sessions=1"
    before = {str(e["UID"]): e["SEQUENCE"] for e in entries(client.get(address).content)}
    clock.shift(HOUR)
    cancel_event(event=evening, now=NOW + HOUR)
    after = entries(client.get(address).content)
    assert {str(e["STATUS"]) for e in after} == {"CANCELLED"}
    assert {str(e["UID"]): e["SEQUENCE"] - 1 for e in after} == before
    assert {e["DTSTAMP"].dt for e in after} == {NOW + HOUR}


def test_independent_expansion_finds_every_event_where_the_database_has_it(client: Client, group: Group) -> None:
    made = [meetup(group, days, time_zone=zone) for days, zone in ((1, "Europe/Berlin"), (9, "America/Santiago"))]
    calendar = icalendar.Calendar.from_ical(client.get(ALL).content)
    found = recurring_ical_events.of(calendar).between(NOW - DAY, NOW + 30 * DAY)
    assert sorted((e.start, e.end) for e in found) == [(e.starts_at, e.ends_at) for e in made]


def test_the_nearest_five_hundred_are_kept(client: Client, group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.calendars.MAX_ENTRIES", 2)
    for days in (300, 10, -20, 30):
        meetup(group, days, title=f"{days}")
    assert titles(client.get(ALL).content) == ["-20", "10"]


@pytest.mark.parametrize("title", ["a\r\nBEGIN:VEVENT", "C:\\New", "🎉" * 200, "\x07bell", "<script>", '"', " "])
def test_a_hostile_title_is_one_event(client: Client, group: Group, title: str) -> None:
    meetup(group, title=title)
    response = client.get(ALL)
    assert (response.status_code, len(entries(response.content))) == (200, 1)
