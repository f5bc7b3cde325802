"""Lists stay quick however long they are, and bear any address somebody makes up."""

import datetime as dt

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.models import Event
from tests.admin_forms import ada_of, signed_in
from tests.factories import (
    AffiliationFactory,
    BlockFactory,
    EventFactory,
    EventHostFactory,
    EventRoomFactory,
    GroupFactory,
    MembershipFactory,
    RecapFactory,
    RoomFactory,
    SeriesFactory,
    SessionFactory,
    SpeakerFactory,
    TalkFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db

# Session, user and groups come first, then two counts and the rows; filters and drill-downs ask, too
QUERIES = {
    "events_event": 9,
    "events_session": 7,
    "events_recap": 7,
    "events_group": 6,
    "events_series": 7,
    "events_venue": 6,
    "events_room": 6,
    "events_organisation": 6,
    "speakers_speaker": 6,
    "speakers_topic": 6,
    "lightning_block": 7,
    "lightning_talk": 9,
}


def fill(client_group, count: int) -> None:
    """`count` of everything, all of one group."""
    for _ in range(count):
        event = EventFactory(group=client_group)
        room = RoomFactory(venue=event.venue)
        cy = SpeakerFactory()
        AffiliationFactory(speaker=cy)
        session = SessionFactory(event=event, room=room, speakers=[cy], topics=[TopicFactory()])
        block = BlockFactory(session=SessionFactory(event=event, kind="lightning"))
        TalkFactory(block=block, speakers=[cy, SpeakerFactory()])
        EventHostFactory(event=event)
        RecapFactory(event=event)
        SeriesFactory(group=client_group)
        MembershipFactory(group=client_group)
        assert session


@pytest.fixture(autouse=True)
def types_are_known():
    """Content types are read once a process: in which test that is, is chance."""
    for model in admin.site._registry:
        ContentType.objects.get_for_model(model)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("name", QUERIES)
def test_a_list_takes_the_same_queries_with_one_and_with_three_rows(name, count, django_assert_num_queries):
    group = GroupFactory()
    fill(group, count)
    ada = signed_in(ada_of(group))
    with django_assert_num_queries(QUERIES[name]):
        assert ada.get(reverse(f"admin:{name}_changelist")).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_an_events_page_takes_the_same_queries_with_one_and_with_three_rows_in_each_tab(
    count, django_assert_num_queries
):
    event = EventFactory()
    for number in range(count):
        room = EventRoomFactory(event=event).room
        SessionFactory(event=event, room=room, speakers=[SpeakerFactory(), SpeakerFactory()])
        BlockFactory(session=SessionFactory(event=event, kind="lightning"))
        event.reminder_steps.create(days=1 + number)
    ada = signed_in(ada_of(event.group))
    with django_assert_num_queries(26):
        ada.get(reverse("admin:events_event_change", args=[event.pk]))


@pytest.mark.parametrize("count", [1, 3])
def test_a_running_order_takes_the_same_queries_with_one_and_with_three_talks(count, django_assert_num_queries):
    soon = timezone.now() + dt.timedelta(days=7)
    event = EventFactory(starts_at=soon, ends_at=soon + dt.timedelta(hours=2))
    block = BlockFactory(session=SessionFactory(event=event, kind="lightning"))
    for _ in range(count):
        TalkFactory(block=block, speakers=[SpeakerFactory()])
    ada = signed_in(ada_of(block.session.event.group))
    with django_assert_num_queries(15):
        ada.get(reverse("admin:lightning_block_change", args=[block.pk]))


@pytest.mark.parametrize("count", [1, 3])
def test_the_dashboard_takes_the_same_queries_with_one_and_with_three_events(count, django_assert_num_queries):
    group, soon = GroupFactory(), timezone.now() + dt.timedelta(days=7)
    fill(group, count)
    Event.objects.update(starts_at=soon, ends_at=soon + dt.timedelta(hours=2))
    ada = signed_in(ada_of(group))
    with django_assert_num_queries(11):
        ada.get(reverse("admin:index"))


ODD = [
    "?q=%F0%9F%92%A5%27%22%3B--",
    "?q=" + "x" * 5000,
    "?o=99.-99.x",
    "?p=99999999999999999999",
    "?p=-1",
    "?all=",
    "?when=yesterday",
    "?group=abc",
    "?group=99999999999999999999999",
    "?group=١",
    "?status__exact=%FF",
    "?starts_at__year=abc",
    "?starts_at__year=99999",
    "?starts_at__year=2027&starts_at__month=13",
    "?group__name__startswith=secret",
    "?nonsense=1",
    "?e=1",
    "?_popup=1&_to_field=slug",
]


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("query", ODD)
def test_an_odd_address_is_answered_with_less_than_a_server_error(name, query):
    event = EventFactory()
    client = signed_in(ada_of(event.group))
    client.raise_request_exception = False
    assert client.get(reverse(f"admin:{name}_changelist") + query).status_code < 500


@pytest.mark.parametrize("name", QUERIES)
@pytest.mark.parametrize("query", ["?venue=abc&group=abc&topics=abc,1", "?event=9" + "9" * 30, "?starts_at=soon"])
def test_an_odd_preset_of_an_add_page_is_ignored_or_shown(name, query):
    client = signed_in(ada_of(GroupFactory()))
    client.raise_request_exception = False
    assert client.get(reverse(f"admin:{name}_add") + query).status_code < 500


@pytest.mark.parametrize("pk", ["abc", "0", "99999999999999999999999", "-1", "1_2F", "%F0%9F%92%A5", "1/2"])
@pytest.mark.parametrize("page", ["change", "history", "delete", "publish"])
def test_an_odd_id_leads_back_to_the_list_or_nowhere(pk, page):
    client = signed_in(ada_of(GroupFactory()))
    client.raise_request_exception = False
    assert client.get(f"/admin/events/event/{pk}/{page}/").status_code in (302, 404)


def test_the_themes_own_search_is_closed():
    client = signed_in(ada_of(GroupFactory()))
    assert client.get("/admin/search/?s=a&page=x&extended=1").url == reverse("admin:index")


def found(client: Client, query: str) -> list[str]:
    page = client.get(reverse("admin:events_event_changelist") + query)
    return [event.title for event in page.context["cl"].queryset]


def test_events_are_found_by_time_status_group_and_words(time_machine):
    time_machine.move_to("2026-11-17T18:00:00Z")
    hers, also_hers, theirs = GroupFactory(), GroupFactory(), GroupFactory()
    EventFactory(group=hers, title="Past", starts_at="2026-11-10T11:00Z", ends_at="2026-11-10T13:00Z")
    EventFactory(
        group=also_hers, title="Draft ahead", status="draft", starts_at="2026-12-10T11:00Z", ends_at="2026-12-10T13:00Z"
    )
    EventFactory(group=theirs, title="Theirs", starts_at="2026-12-11T11:00Z", ends_at="2026-12-11T13:00Z")
    ada = signed_in(ada_of(hers, also_hers))
    assert found(ada, "") == ["Draft ahead", "Past"]
    assert found(ada, "?when=upcoming") == ["Draft ahead"]
    assert found(ada, "?when=past") == ["Past"]
    assert found(ada, "?status__exact=draft") == ["Draft ahead"]
    assert found(ada, f"?group={hers.pk}") == ["Past"]
    assert found(ada, f"?group={theirs.pk}") == []
    assert found(ada, "?q=ahead") == ["Draft ahead"]


def test_a_list_shows_the_start_by_the_events_own_clock():
    event = EventFactory(starts_at="2027-01-21T11:00Z", ends_at="2027-01-21T13:00Z", time_zone="Asia/Singapore")
    page = signed_in(ada_of(event.group)).get(reverse("admin:events_event_changelist"))
    assert "Thu 21 Jan 2027, 19:00" in page.content.decode()
    assert Event.objects.count() == 1
