"""Groups and one group."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from events.models import Group
from tests.factories.accounts import UserFactory
from tests.factories.events import EventFactory, GroupFactory, GroupLinkFactory, MembershipFactory, RecapFactory
from tests.factories.programme import SessionFactory, SessionResourceFactory
from tests.factories.speakers import SpeakerFactory, TopicFactory
from tests.web.conftest import TUESDAY_EVENING

Get = Callable[..., str]
WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def ai(db: None) -> Group:
    """A group that held twenty meetups before Lectern and one since."""
    group: Group = GroupFactory(name="AI Singapore", slug="ai", earlier_events=20)
    EventFactory(group=group, title="The last one", starts_at=TUESDAY_EVENING - WEEK)
    return group


def test_all_listed_groups_stand_with_their_next_meetup(page: Get, ai: Group) -> None:
    EventFactory(group=ai, title="The next one", starts_at=TUESDAY_EVENING + WEEK)
    EventFactory(group=ai, title="Called off", status="cancelled", starts_at=TUESDAY_EVENING + dt.timedelta(days=1))
    GroupFactory(name="A secret group", is_listed=False)
    text = page("/groups/")
    assert "AI Singapore" in text
    assert "The next one" in text
    assert "Called off" not in text
    assert "A secret group" not in text
    assert "21 meetups" in text


def test_numbers_are_counted_on_from_what_was_before(page: Get, ai: Group) -> None:
    EventFactory(group=ai, title="The next one", starts_at=TUESDAY_EVENING + WEEK)
    text = page("/groups/ai/")
    assert "Meetup number 22: " in text
    assert "in 7 days" in text


def test_past_meetups_lead_to_recap_and_slides(page: Get, ai: Group) -> None:
    event = ai.events.get()
    RecapFactory(event=event)
    SessionResourceFactory(session=SessionFactory(event=event))
    text = page("/groups/ai/")
    assert f'href="/events/{event.slug}/recap/"' in text
    assert "talks with slides" in text


def test_organisers_are_named_and_never_by_their_email(page: Get, ai: Group) -> None:
    ada = UserFactory(name="Ada", email="ada@example.org")
    SpeakerFactory(name="Ada Lovelace", slug="ada", user=ada)
    MembershipFactory(group=ai, user=ada, role="organiser")
    MembershipFactory(group=ai, user=UserFactory(name="", email="nameless@example.org"), role="organiser")
    MembershipFactory(group=ai, user=UserFactory(name="Bo"))
    text = page("/groups/ai/")
    assert "Ada Lovelace" in text
    assert 'href="/speakers/ada/"' in text
    assert "@example.org" not in text
    assert ">Bo<" not in text


def test_an_unlisted_group_is_open_to_who_knows_its_address_and_to_no_search_engine(page: Get) -> None:
    GroupFactory(name="Quiet", slug="quiet", is_listed=False)
    text = page("/groups/quiet/")
    assert "Quiet" in text
    assert '<meta name="robots" content="noindex">' in text
    assert "webcal:" not in text


def test_a_group_without_any_date_says_what_to_do_next(page: Get, db: None) -> None:
    GroupFactory(slug="new")
    text = page("/groups/new/")
    assert "No date yet." in text
    assert "None yet. The first one is still ahead." in text


def test_words_of_a_group_are_shown_as_markdown_and_cannot_do_harm(page: Get) -> None:
    GroupFactory(
        slug="x", name="<b>Bold</b>", description="**We** meet <script>alert(1)</script> [x](javascript:alert(1))"
    )
    text = page("/groups/x/")
    assert "&lt;b&gt;Bold&lt;/b&gt;" in text
    assert "<strong>We</strong>" in text
    assert "<script>alert" not in text
    assert 'href="javascript' not in text


def test_the_same_queries_for_one_meetup_and_for_three(
    dee: Client, ai: Group, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def more() -> None:
        GroupLinkFactory(group=ai)
        ai.topics.add(TopicFactory())
        MembershipFactory(group=ai, role="organiser", user=UserFactory(name="Ada"))
        EventFactory(group=ai, starts_at=TUESDAY_EVENING + WEEK, topics=[TopicFactory()])
        past = EventFactory(group=ai, starts_at=TUESDAY_EVENING - WEEK)
        SessionResourceFactory(session=SessionFactory(event=past))

    more()
    with django_assert_num_queries(16):
        dee.get("/groups/ai/")
    with django_assert_num_queries(3):
        dee.get("/groups/")
    more()
    more()
    with django_assert_num_queries(16):
        dee.get("/groups/ai/")
    with django_assert_num_queries(3):
        dee.get("/groups/")


def test_a_group_nobody_knows_is_not_found(dee: Client) -> None:
    assert dee.get("/groups/none/").status_code == 404


def test_a_short_name_is_found_whatever_its_case(page: Get, ai: Group) -> None:
    assert '<link rel="canonical" href="https://lectern.example/groups/ai/">' in page("/groups/AI/")
