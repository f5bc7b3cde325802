"""Calendar feeds over HTTP: headers, methods, conditional requests, and how little it costs to ask again."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.http import parse_http_date

from core.http_cache import rendered
from events.models import Event, Group, Session
from events.services.events import revise_event
from lightning.models import Talk
from tests.factories import (
    BlockFactory,
    GroupFactory,
    SeriesFactory,
    SessionFactory,
    SpeakerFactory,
    TalkFactory,
    TopicFactory,
)
from tests.web.calendars.reading import ALL, DAY, HOUR, NOW, entries, meetup


def queries(client: Client, address: str, **headers: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, headers=headers).status_code in {200, 304}
    return len(captured)


def test_a_feed_is_public_for_a_quarter_of_an_hour_and_the_same_for_everybody(client: Client, group: Group) -> None:
    meetup(group)
    response = client.get(ALL, headers={"Accept-Language": "zh-Hans", "Accept": "text/html", "Cookie": "sessionid=x"})
    headers = {name: value for name, value in response.headers.items() if name not in {"ETag", "Content-Length"}}
    expected = {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": 'inline; filename="all.ics"',
        "Content-Language": "en",
        "Cache-Control": "public, max-age=900",
        "Last-Modified": "Tue, 17 Nov 2026 18:00:00 GMT",
    }
    assert {name: headers.get(name) for name in expected} == expected
    assert {"Vary", "Set-Cookie", "Content-Encoding"} & set(response.headers) == set()
    assert response.cookies == {}
    assert int(response["Content-Length"]) == len(response.content)
    assert response["ETag"].startswith('"')


def test_a_chinese_short_name_has_an_ascii_file_name(client: Client) -> None:
    group = GroupFactory(slug="天津")
    response = client.get("/calendars/groups/天津.ics")
    assert response["Content-Disposition"] == 'inline; filename="calendar.ics"'
    assert b"SOURCE;VALUE=URI:" in response.content
    assert group.slug not in response.content.decode()


def test_head_has_the_headers_of_get_and_no_body(client: Client, group: Group) -> None:
    meetup(group)
    for _warmth in ("cold", "warm"):
        head, get = client.head(ALL), client.get(ALL)
        assert (head.status_code, head.content, dict(head.headers)) == (200, b"", dict(get.headers))


def test_options_lists_the_methods_and_others_are_refused(client: Client) -> None:
    assert (client.options(ALL).status_code, client.options(ALL)["Allow"]) == (200, "GET, HEAD, OPTIONS")
    strict = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "patch", "delete"):
        response = getattr(strict, method)(ALL)
        assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize(
    "path",
    ["groups/none", "series/none", "events/none", "speakers/none", "topics/none", "events/天津", "groups/" + "x" * 80],
)
def test_an_unknown_name_is_a_short_404(client: Client, path: str) -> None:
    response = client.get(f"/calendars/{path}.ics")
    assert (response.status_code, response.content) == (404, b"There is no such calendar.\n")


def test_short_names_are_found_in_any_case_without_a_redirect(client: Client, group: Group) -> None:
    assert client.get("/calendars/groups/ADA.ics").content == client.get("/calendars/groups/ada.ics").content


def test_a_speaker_who_is_not_listed_has_no_feed(client: Client) -> None:
    SpeakerFactory(slug="cy", is_listed=False)
    assert client.get("/calendars/speakers/cy.ics").status_code == 404


def test_sessions_takes_one_or_nothing(client: Client, evening: Event) -> None:
    response = client.get("/calendars/events/evening.ics?sessions=yes")
    assert (response.status_code, response.content[:9]) == (400, b"sessions:")


def test_a_foreign_host_gets_no_feed(client: Client) -> None:
    assert client.get(ALL, headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("wrap", ["{}", "W/{}", '"other", {}', '"other", W/{}, "third"', "*"])
def test_a_known_entity_tag_gets_304(client: Client, group: Group, wrap: str) -> None:
    meetup(group)
    etag = client.get(ALL)["ETag"]
    response = client.get(ALL, headers={"If-None-Match": wrap.format(etag)})
    assert (response.status_code, response.content, response["ETag"]) == (304, b"", etag)
    assert (response["Cache-Control"], "Vary" in response) == ("public, max-age=900", False)


@pytest.mark.parametrize("tag", ['"other"', 'W/"other"', '""', '"a", "b"'])
def test_another_entity_tag_gets_the_feed_whatever_the_date(client: Client, group: Group, tag: str) -> None:
    client.get(ALL)
    headers = {"If-None-Match": tag, "If-Modified-Since": "Wed, 18 Nov 2026 18:00:00 GMT"}
    assert client.get(ALL, headers=headers).status_code == 200


def test_if_modified_since_gets_304_until_something_changes(
    client: Client, group: Group, clock: time_machine.Traveller
) -> None:
    event = meetup(group)
    since = {"If-Modified-Since": client.get(ALL)["Last-Modified"]}
    clock.shift(HOUR)
    assert client.get(ALL, headers=since).status_code == 304
    revise_event(event=event, title="Another title", now=NOW + HOUR)
    assert client.get(ALL, headers=since).status_code == 200


@pytest.mark.parametrize("warmth", ["cold", "warm"])
def test_the_same_rows_give_the_same_bytes(client: Client, evening: Event, warmth: str) -> None:
    address = "/calendars/events/evening.ics?sessions=1"
    first = client.get(address)
    if warmth == "cold":
        forget()
    second = client.get(address)
    assert (second.content, second["ETag"]) == (first.content, first["ETag"])


def test_a_change_that_shows_nowhere_changes_nothing(
    client: Client, evening: Event, clock: time_machine.Traveller
) -> None:
    before = client.get(ALL)
    clock.shift(HOUR)
    evening.save()
    evening.group.save()
    after = client.get(ALL)
    assert [after[name] for name in ("ETag", "Last-Modified")] == [before[name] for name in ("ETag", "Last-Modified")]
    assert after.content == before.content


def change_title(event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(title="Another")


def unpublish(event: Event) -> None:
    Event.objects.filter(pk=event.pk).update(status=Event.Status.DRAFT)


def unlist(event: Event) -> None:
    Group.objects.filter(pk=event.group_id).update(is_listed=False)


def rename_venue(event: Event) -> None:
    event.venue.name = "Elsewhere"
    event.venue.save()


def add_topic(event: Event) -> None:
    event.topics.add(TopicFactory(name="New"))


def rename_group(event: Event) -> None:
    Group.objects.filter(pk=event.group_id).update(name="Bo's group")


@pytest.mark.parametrize(
    "change", [change_title, unpublish, unlist, rename_venue, add_topic, rename_group, Event.delete]
)
def test_whatever_shows_gives_a_new_tag_and_a_later_date_however_it_was_written(
    client: Client, group: Group, clock: time_machine.Traveller, change: Any
) -> None:
    event = meetup(group)
    before = client.get(ALL)
    clock.shift(dt.timedelta(minutes=5))
    change(event)
    after = client.get(ALL, headers={"If-None-Match": before["ETag"], "If-Modified-Since": before["Last-Modified"]})
    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]
    assert parse_http_date(after["Last-Modified"]) > parse_http_date(before["Last-Modified"])


@pytest.mark.parametrize("what", ["speaker", "talk", "session", "room", "position"])
def test_a_change_in_the_programme_changes_the_feeds_that_show_it(client: Client, evening: Event, what: str) -> None:
    addresses = ["/calendars/events/evening.ics?sessions=1", "/calendars/speakers/cy.ics"]
    before = [client.get(address)["ETag"] for address in addresses]
    keynote, talk = evening.sessions.get(title="Keynote"), Talk.objects.get(title="", position=1)
    changes = {
        "speaker": lambda: keynote.speakers.update(name="Cyan"),
        "talk": lambda: Talk.objects.filter(pk=talk.pk).update(title="At last"),
        "session": lambda: Session.objects.filter(pk=keynote.pk).update(minutes=40),
        "room": lambda: type(keynote.room).objects.filter(pk=keynote.room_id).update(name="Cellar"),
        "position": lambda: Talk.objects.filter(pk=talk.pk).update(position=3),
    }
    changes[what]()
    assert all(client.get(a)["ETag"] != tag for a, tag in zip(addresses, before, strict=True))


def test_two_changes_within_a_second_are_both_seen_by_date(client: Client, group: Group) -> None:
    event = meetup(group)
    since = {"If-Modified-Since": client.get(ALL)["Last-Modified"]}
    change_title(event)
    response = client.get(ALL, headers=since)
    assert response.status_code == 200
    assert parse_http_date(response["Last-Modified"]) <= NOW.timestamp()


def test_the_window_moves_at_midnight_utc(client: Client, group: Group, clock: time_machine.Traveller) -> None:
    meetup(group, -59.9)
    before = client.get(ALL)
    clock.shift(DAY)
    after = client.get(ALL, headers={"If-None-Match": before["ETag"]})
    assert (len(entries(before.content)), after.status_code, len(entries(after.content))) == (1, 200, 0)


def test_a_midnight_without_consequences_keeps_the_tag(
    client: Client, group: Group, clock: time_machine.Traveller
) -> None:
    meetup(group)
    etag = client.get(ALL)["ETag"]
    clock.shift(DAY)
    assert client.get(ALL, headers={"If-None-Match": etag}).status_code == 304


def test_the_language_is_asked_for_in_the_address_only(client: Client, group: Group) -> None:
    meetup(group, title="A", status=Event.Status.CANCELLED)
    english, chinese = client.get(ALL), client.get(ALL + "?lang=zh-Hans")
    assert (english["Content-Language"], chinese["Content-Language"]) == ("en", "zh-Hans")
    assert b"SOURCE;VALUE=URI:" + f"{settings.SITE_URL}{ALL}?lang=zh-hans".encode() in chinese.content
    assert english["ETag"] != chinese["ETag"]


def test_without_its_cache_a_feed_is_slower_and_the_same(
    client: Client, group: Group, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    meetup(group)
    before = client.get(ALL)
    broken = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": broken}
    for headers in ({}, {"If-None-Match": '"other"'}):
        response = client.get(ALL, headers=headers)
        assert (response.content, response["ETag"]) == (before.content, before["ETag"])
    assert client.get(ALL, headers={"If-None-Match": before["ETag"]}).status_code == 304


def forget() -> None:
    cache.clear()
    rendered.clear()


def test_a_feed_whose_bytes_left_the_cache_is_written_again(client: Client, group: Group) -> None:
    meetup(group)
    before = client.get(ALL)
    cache.delete(f"calendar:bytes:{before['ETag']}")
    rendered.clear()
    after = client.get(ALL)
    assert (after.content, after["ETag"]) == (before.content, before["ETag"])


def fill(group: Group, count: int) -> None:
    series, topic, speaker = SeriesFactory(group=group, slug="s"), TopicFactory(slug="t"), SpeakerFactory(slug="cy")
    for n in range(count):
        event = meetup(group, n + 1, slug=f"e{n}", series=series, topics=[topic, TopicFactory()])
        for m in range(count):
            session = SessionFactory(event=event, speakers=[speaker, SpeakerFactory()], topics=[topic], parallel=True)
            if m:
                block = BlockFactory(session=session)
                TalkFactory(block=block, speakers=[speaker], topics=[topic])


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("feed", "cold", "warm"),
    [
        ("all.ics", 4, 2),
        ("search.ics?group=ada&topic=t", 7, 5),
        ("groups/ada.ics", 5, 3),
        ("series/s.ics", 5, 3),
        ("topics/t.ics", 6, 4),
        ("events/e0.ics", 4, 3),
    ],
)
def test_a_feed_costs_the_same_queries_whatever_its_size(
    client: Client, group: Group, count: int, feed: str, cold: int, warm: int
) -> None:
    fill(group, count)
    address = f"/calendars/{feed}"
    etag = client.get(address)["ETag"]
    forget()
    counted = [queries(client, address), queries(client, address), queries(client, address, **{"If-None-Match": etag})]
    assert counted == [cold, warm, warm]


@pytest.mark.parametrize("count", [2, 4])
@pytest.mark.parametrize(("feed", "cold", "warm"), [("events/e0.ics?sessions=1", 10, 3), ("speakers/cy.ics", 9, 3)])
def test_a_programme_costs_the_same_queries_whatever_its_size(
    client: Client, group: Group, count: int, feed: str, cold: int, warm: int
) -> None:
    fill(group, count)
    address = f"/calendars/{feed}"
    assert [queries(client, address), queries(client, address)] == [cold, warm]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("feed", ["groups/ada.ics", "events/e0.ics?sessions=1", "search.ics?q=e"])
def test_while_nothing_is_written_one_query_answers_and_a_commit_is_noticed(
    client: Client, group: Group, feed: str
) -> None:
    fill(group, 2)
    address = f"/calendars/{feed}"
    first = client.get(address)
    counted = [queries(client, address), queries(client, address, **{"If-None-Match": first["ETag"]})]
    Group.objects.update(name="Bo's group")
    assert counted == [1, 1]
    assert client.get(address)["ETag"] != first["ETag"]
