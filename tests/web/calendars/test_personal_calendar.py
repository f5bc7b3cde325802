"""Somebody's own feed: what stands in it, and that nobody else ever gets it."""

import datetime as dt
import logging
import os
from pathlib import Path

import icalendar
import pytest
import recurring_ical_events
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.feed_keys import make_feed_key
from accounts.models import FeedKey, User
from accounts.services import delete_account
from accounts.stars import change_stars
from events.models import Event, Group, Session
from registrations.links import join_path
from registrations.models import Place, Registration
from registrations.states import State
from tests.factories import (
    BlockFactory,
    GroupFactory,
    MembershipFactory,
    SessionFactory,
    SpeakerFactory,
    TalkFactory,
    UserFactory,
    VenueFactory,
)
from tests.factories.registrations import RegistrationFactory
from tests.web.calendars.reading import DAY, HOUR, MINUTE, NOW, entries, meetup, titles

GOLDEN = Path(__file__).parents[2] / "golden" / "calendars" / "personal.ics"
SHUT = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
HAS_NO_SEAT = {State.WAITING: "Waitlist: A", State.OFFERED: "Waitlist: A", State.REQUESTED: "Maybe: A"}


@pytest.fixture
def bo(db: None) -> User:
    return UserFactory(name="Bo", email="bo@example.org", time_zone="Asia/Singapore")


@pytest.fixture
def feed(bo: User) -> str:
    return f"/calendars/personal/{make_feed_key(user=bo, now=NOW - DAY)}.ics"


def rsvp(event: Event, user: User, state: str = "going", **facts: object) -> Registration:
    until = NOW + DAY if state == State.OFFERED else None
    return RegistrationFactory(event=event, user=user, state=state, offer_until=until, **facts)


def only(client: Client, address: str) -> icalendar.Event:
    (entry,) = entries(client.get(address).content)
    return entry


def test_what_i_go_to_blocks_my_time(client: Client, bo: User, feed: str, group: Group) -> None:
    event = meetup(group, title="A")
    rsvp(event, bo)
    entry = only(client, feed)
    assert [str(entry[name]) for name in ("UID", "SUMMARY", "STATUS", "TRANSP", "CLASS")] == [
        str(event.ical_uid),
        "A",
        "CONFIRMED",
        "OPAQUE",
        "PUBLIC",
    ]


@pytest.mark.parametrize("state", HAS_NO_SEAT)
def test_what_is_not_certain_is_tentative_says_so_and_blocks_nothing(
    client: Client, bo: User, feed: str, group: Group, state: State
) -> None:
    rsvp(meetup(group, title="A"), bo, state)
    entry = only(client, f"{feed}?alarm=30")
    assert [str(entry[name]) for name in ("SUMMARY", "STATUS", "TRANSP")] == [
        HAS_NO_SEAT[state],
        "TENTATIVE",
        "TRANSPARENT",
    ]
    assert entry.walk("VALARM") == []


@pytest.mark.parametrize("state", [State.PENDING, State.CANCELLED, State.DECLINED])
def test_what_i_am_not_part_of_is_not_there(client: Client, bo: User, feed: str, group: Group, state: State) -> None:
    rsvp(meetup(group), bo, state)
    assert titles(client.get(feed).content) == []


def test_only_my_own(client: Client, bo: User, feed: str, group: Group) -> None:
    rsvp(meetup(group, title="Dee's"), UserFactory())
    meetup(group, title="Nobody's")
    assert titles(client.get(feed).content) == []


def test_roles_choose(client: Client, bo: User, feed: str, group: Group) -> None:
    rsvp(meetup(group, 1, title="A"), bo)
    rsvp(meetup(group, 2, title="B"), bo, "waiting")
    MembershipFactory(user=bo, group=group, role="organiser")
    meetup(group, 3, title="C")
    expected = {
        "": ["A", "Waitlist: B"],
        "?roles=going,waiting": ["A", "Waitlist: B"],
        "?roles=waiting": ["Waitlist: B"],
        "?roles=going": ["A"],
        "?roles=organising": ["A", "B", "C"],
        "?roles=organising&roles=going": ["A", "B", "C"],
        "?roles=organising,going,waiting": ["A", "Waitlist: B", "C"],
        "?roles=speaking": [],
        "?roles=": ["A", "Waitlist: B"],
    }
    assert {query: titles(client.get(feed + query).content) for query in expected} == expected


def test_an_address_that_names_no_role_has_the_own_slots_too(client: Client, bo: User, feed: str, group: Group) -> None:
    SessionFactory(event=meetup(group), title="Keynote", speakers=[SpeakerFactory(user=bo)])
    assert [titles(client.get(feed + query).content) for query in ("", "?roles=going,waiting")] == [["Keynote"], []]


def test_hosts_and_members_organise_nothing(client: Client, bo: User, feed: str, group: Group) -> None:
    MembershipFactory(user=bo, group=group, role="host")
    meetup(group)
    assert titles(client.get(f"{feed}?roles=organising").content) == []


def test_when_i_speak_stands_in_it_also_in_unlisted_groups(client: Client, bo: User, feed: str) -> None:
    hidden = GroupFactory(is_listed=False)
    speaker = SpeakerFactory(user=bo)
    event = meetup(hidden)
    SessionFactory(event=event, title="Keynote", speakers=[speaker])
    block = BlockFactory(session__event=event, session__kind=Session.Kind.LIGHTNING)
    TalkFactory(block=block, title="Five minutes", speakers=[speaker])
    SessionFactory(event=meetup(hidden, status="draft"), title="Draft", speakers=[speaker])
    found = [
        (str(e["SUMMARY"]), e["TRANSP"], e["CLASS"]) for e in entries(client.get(f"{feed}?roles=speaking").content)
    ]
    assert sorted(found) == [("Five minutes", "OPAQUE", "PRIVATE"), ("Keynote", "OPAQUE", "PRIVATE")]


def test_what_i_starred_stands_in_it_for_as_long_as_it_is_published(
    client: Client, bo: User, feed: str, group: Group
) -> None:
    event, hidden = meetup(group), meetup(GroupFactory(is_listed=False))
    block = BlockFactory(session__event=event, session__kind=Session.Kind.LIGHTNING)
    marked = [
        SessionFactory(event=event, title="Keynote"),
        SessionFactory(event=hidden, title="Behind the scenes"),
        SessionFactory(event=event, title="Some day", starts_at=None, minutes=None),
        SessionFactory(event=meetup(group, status="draft"), title="Draft"),
        TalkFactory(block=block, title="Five minutes"),
        TalkFactory(block=block, title="Not yet", state="submitted"),
    ]
    SessionFactory(event=event, title="Not mine")
    change_stars(user=bo, add=[one.ical_uid for one in marked], now=NOW)
    found = entries(client.get(f"{feed}?roles=starred&alarm=10").content)
    assert sorted((str(e["SUMMARY"]), str(e["TRANSP"]), str(e["CLASS"]), len(e.walk("VALARM"))) for e in found) == [
        ("Behind the scenes", "OPAQUE", "PRIVATE", 1),
        ("Five minutes", "OPAQUE", "PUBLIC", 1),
        ("Keynote", "OPAQUE", "PUBLIC", 1),
    ]


def test_an_alarm_rings_because_its_reader_asked(client: Client, bo: User, feed: str, group: Group) -> None:
    rsvp(meetup(group, title="A"), bo)
    assert only(client, feed).walk("VALARM") == []
    (alarm,) = only(client, f"{feed}?alarm=30").walk("VALARM")
    assert (alarm["ACTION"], alarm["TRIGGER"].dt, str(alarm["DESCRIPTION"])) == ("DISPLAY", -30 * MINUTE, "A")


@pytest.mark.parametrize(
    "query",
    ["alarm=0", "alarm=-5", "alarm=abc", "alarm=99999", "alarm=%D9%A3", "roles=marked", "roles=a,b", "lang=xx"],
)
def test_what_there_is_not_is_refused_in_words(client: Client, feed: str, query: str) -> None:
    response = client.get(f"{feed}?{query}")
    assert (response.status_code, response["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert response.content.decode().startswith(query.partition("=")[0] + ":")


def test_cancelled_and_postponed_events_say_so_and_ring_nobody(
    client: Client, bo: User, feed: str, group: Group
) -> None:
    rsvp(meetup(group, 1, title="A", status="cancelled"), bo)
    rsvp(meetup(group, 2, title="B", status="postponed"), bo, "waiting")
    rsvp(meetup(group, -8, title="long off", status="cancelled"), bo)
    rsvp(meetup(group, 3, title="taken back", status="draft"), bo)
    found = entries(client.get(f"{feed}?alarm=30").content)
    assert [(str(e["SUMMARY"]), str(e["STATUS"]), str(e["TRANSP"]), e.walk("VALARM")) for e in found] == [
        ("Cancelled: A", "CANCELLED", "TRANSPARENT", []),
        ("Postponed: B", "TENTATIVE", "TRANSPARENT", []),
    ]


def test_the_stamp_is_the_later_of_the_events_revision_and_my_own_change(
    client: Client, bo: User, feed: str, group: Group
) -> None:
    event = meetup(group, sequence=3)
    mine = rsvp(event, bo)
    stamps = []
    for revised, changed in ((2, 1), (1, 2)):
        Event.objects.update(revised_at=NOW - revised * HOUR)
        Registration.objects.filter(pk=mine.pk).update(changed_at=NOW - changed * HOUR)
        entry = only(client, feed)
        stamps.append((entry["DTSTAMP"].dt, entry["LAST-MODIFIED"].dt, entry["SEQUENCE"]))
    assert stamps == [(NOW - HOUR, NOW - HOUR, 3)] * 2


def test_my_way_in_stands_there_and_the_online_address_never(client: Client, bo: User, feed: str, group: Group) -> None:
    event = meetup(
        group,
        format="hybrid",
        online_url="https://video.example/secret",
        venue=VenueFactory(latitude="1.2", longitude="103.7"),
    )
    mine = rsvp(event, bo, place=Place.ONLINE)
    body = client.get(feed).content
    (entry,) = entries(body)
    link = settings.SITE_URL + join_path(mine)
    assert (str(entry["CONFERENCE"]), str(entry["LOCATION"]), b"secret" in body) == (link, "Online", False)
    assert str(entry["DESCRIPTION"]).startswith(f"Join online: {link}")
    assert entry["CONFERENCE"].params["LABEL"] == "Join online"


@pytest.mark.parametrize(("state", "place"), [("waiting", "online"), ("requested", "online"), ("going", "room")])
def test_who_is_not_confirmed_or_comes_in_person_has_no_way_in(
    client: Client, bo: User, feed: str, group: Group, state: str, place: str
) -> None:
    rsvp(meetup(group, format="hybrid", online_url="https://video.example/secret"), bo, state, place=place)
    body = client.get(feed).content
    assert ("CONFERENCE" in entries(body)[0], b"/join/" in body, b"secret" in body) == (False, False, False)


def test_an_unlisted_groups_event_is_marked_private(client: Client, bo: User, feed: str) -> None:
    rsvp(meetup(GroupFactory(is_listed=False)), bo)
    assert str(only(client, feed)["CLASS"]) == "PRIVATE"


def test_its_language_is_asked_for(client: Client, bo: User, feed: str, group: Group) -> None:
    rsvp(meetup(group, title="A", status="cancelled"), bo)
    response = client.get(f"{feed}?lang=zh-hans", headers={"Accept-Language": "en"})
    assert (titles(response.content), response["Content-Language"]) == (["已取消: A"], "zh-Hans")


def test_the_answer_is_private_for_a_quarter_of_an_hour(client: Client, bo: User, feed: str, group: Group) -> None:
    rsvp(meetup(group), bo)
    response = client.get(feed, headers={"Accept": "text/html", "Cookie": "sessionid=x"})
    expected = {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": 'inline; filename="my-events.ics"',
        "Content-Language": "en",
        "Cache-Control": "private, max-age=900",
        "X-Robots-Tag": "noindex",
        "Referrer-Policy": "no-referrer",
        "Content-Length": str(len(response.content)),
    }
    assert {name: response.get(name) for name in expected} == expected
    assert {"Vary", "Set-Cookie", "Content-Encoding"} & set(response.headers) == set()


def test_the_key_is_nowhere_inside(client: Client, bo: User, feed: str) -> None:
    calendar = icalendar.Calendar.from_ical(client.get(feed).content)
    assert ("SOURCE" in calendar, str(calendar["URL"])) == (False, f"{settings.SITE_URL}/me/")
    assert str(calendar["X-WR-TIMEZONE"]) == "Asia/Singapore"


def test_a_known_entity_tag_gets_304_until_something_of_mine_changes(
    client: Client, bo: User, feed: str, group: Group
) -> None:
    mine = rsvp(meetup(group), bo)
    tag = client.get(feed)["ETag"]
    again = client.get(feed, headers={"If-None-Match": f'"x", W/{tag}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert (again["Cache-Control"], again["X-Robots-Tag"]) == ("private, max-age=900", "noindex")
    Registration.objects.filter(pk=mine.pk).update(state="cancelled")
    assert client.get(feed, headers={"If-None-Match": tag}).status_code == 200


def test_head_has_the_headers_of_get_and_other_methods_are_refused(client: Client, bo: User, feed: str) -> None:
    head, get = client.head(feed), client.get(feed)
    assert (head.status_code, head.content, dict(head.headers)) == (200, b"", dict(get.headers))
    assert client.options(feed)["Allow"] == "GET, HEAD, OPTIONS"
    assert [getattr(client, method)(feed).status_code for method in ("post", "put", "delete")] == [405] * 3


@pytest.mark.parametrize("key", ["x", "A" * 43, "a" * 80, "天津"])
def test_an_unknown_key_is_a_short_404(client: Client, feed: str, key: str) -> None:
    response = client.get(f"/calendars/personal/{key}.ics")
    assert (response.status_code, response.content) == (404, b"There is no such calendar.\n")
    assert {name: response[name] for name in SHUT} == SHUT


def test_a_new_key_replaces_the_old_one_at_once_whose_calendars_learn_that_it_is_gone(
    client: Client, bo: User, feed: str
) -> None:
    tag = client.get(feed)["ETag"]
    fresh = make_feed_key(user=bo, now=NOW)
    gone = client.get(feed, headers={"If-None-Match": tag})
    assert (gone.status_code, gone["Content-Type"]) == (410, "text/plain; charset=utf-8")
    assert {name: gone[name] for name in SHUT} == SHUT
    assert client.head(feed).status_code == 410
    assert client.get(f"/calendars/personal/{fresh}.ics").status_code == 200
    assert (FeedKey.objects.count(), fresh in gone.content.decode()) == (1, False)


def test_a_deleted_persons_keys_old_and_new_are_unknown(client: Client, bo: User, feed: str) -> None:
    fresh = make_feed_key(user=bo, now=NOW)
    delete_account(user=bo)
    assert [client.get(path).status_code for path in (feed, f"/calendars/personal/{fresh}.ics")] == [404, 404]


def test_a_calendar_that_comes_is_noted_roughly_and_a_browser_is_not(client: Client, feed: str) -> None:
    seen = []
    for agent in ("Mozilla/5.0 (X11) Firefox/130.0", "macOS/14.4 (23E214) dataaccessd/1.0"):
        client.get(feed, headers={"User-Agent": agent})
        seen.append((FeedKey.objects.get().last_fetched_at, FeedKey.objects.get().client))
    assert seen == [(None, ""), (NOW, "apple")]


def test_who_is_barred_has_no_feed(client: Client, bo: User, feed: str) -> None:
    User.objects.update(is_active=False)
    assert client.get(feed).status_code == 404


def test_a_foreign_host_gets_no_feed(client: Client, feed: str) -> None:
    assert client.get(feed, headers={"Host": "evil.example"}).status_code == 400


def test_when_it_was_fetched_is_kept_to_ten_minutes(
    client: Client, bo: User, feed: str, clock: time_machine.Traveller
) -> None:
    seen = []
    for _visit in range(3):
        client.get(feed)
        seen.append(FeedKey.objects.get().last_fetched_at)
        clock.shift(6 * MINUTE)
    assert seen == [NOW, NOW, NOW + 12 * MINUTE]


def test_no_log_names_the_key() -> None:
    """As Django writes it about a 404, and as the web server writes it about every request."""
    formatter = next(h.formatter for h in logging.getLogger().handlers if type(h) is logging.StreamHandler)
    record = logging.LogRecord("django.request", 30, "", 0, "Not Found: %s", ("/calendars/personal/KEY.ics?x=1",), None)
    assert formatter is not None
    assert "KEY" not in formatter.format(record)


@pytest.mark.parametrize("number", [1, 3])
def test_a_fetch_costs_the_same_however_many_events(
    client: Client, bo: User, feed: str, group: Group, number: int
) -> None:
    MembershipFactory(user=bo, group=group, role="organiser")
    speaker = SpeakerFactory(user=bo)
    for days in range(number):
        rsvp(meetup(group, days + 1), bo)
        session = SessionFactory(event=meetup(group, days + 1), speakers=[speaker])
        change_stars(user=bo, add=[session.ical_uid], now=NOW)
    client.get(feed)
    with CaptureQueriesContext(connection) as captured:
        client.get(f"{feed}?roles=going,waiting,organising,speaking,starred", headers={"Cookie": "sessionid=x"})
    assert (len(captured), [q for q in captured if "django_session" in q["sql"]]) == (13, [])


def test_the_same_rows_give_the_bytes_of_the_golden_file_and_two_readers_read_them(
    client: Client, bo: User, feed: str, group: Group
) -> None:
    """Run with UPDATE_GOLDEN=1 to accept new bytes."""
    venue = VenueFactory(name="Hub", latitude="1.276600", longitude="103.799300")
    for number, state in enumerate(("going", "waiting", "requested", "checked_in")):
        uid = f"0f8b7c1e-3f7a-4f0e-9f58-6d2c5d0c7b0{number}"
        event = meetup(
            group, 3 * number - 1, title=f"Night {number}", slug=f"night-{number}", ical_uid=uid, venue=venue
        )
        Event.objects.filter(pk=event.pk).update(created_at=NOW - 30 * DAY, revised_at=NOW - 20 * DAY)
        rsvp(event, bo, state)
    body = client.get(f"{feed}?alarm=30").content
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_bytes(body)
    assert body == GOLDEN.read_bytes() == client.get(f"{feed}?alarm=30").content
    calendar = icalendar.Calendar.from_ical(body)
    expected = {(str(e.ical_uid), e.starts_at, e.ends_at) for e in Event.objects.all()}
    assert {(str(e["UID"]), e["DTSTART"].dt, e["DTEND"].dt) for e in calendar.walk("VEVENT")} == expected
    occurrences = recurring_ical_events.of(calendar).between(dt.date(2026, 1, 1), dt.date(2028, 1, 1))
    assert {(str(e["UID"]), e.start, e.end) for e in occurrences} == expected
