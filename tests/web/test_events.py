"""One event's page in all its states."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from events.models import Event
from tests.factories.accounts import UserFactory
from tests.factories.events import (
    EventFactory,
    EventHostFactory,
    EventResourceFactory,
    MembershipFactory,
    OrganisationFactory,
    RecapFactory,
    VenueFactory,
)
from tests.factories.lightning import BlockFactory, TalkFactory, TalkResourceFactory
from tests.factories.programme import SessionFactory, SessionResourceFactory
from tests.factories.speakers import SpeakerFactory, TopicFactory
from tests.web.conftest import TUESDAY_EVENING

Get = Callable[..., str]
WEEK = dt.timedelta(weeks=1)


def evening(**values: object) -> Event:
    """A meetup in a week, at /events/evening/."""
    event: Event = EventFactory(slug="evening", **({"starts_at": TUESDAY_EVENING + WEEK} | values))
    return event


def test_the_facts_stand_on_the_page(page: Get) -> None:
    venue = VenueFactory(name="Google Singapore", latitude="1.276100", longitude="103.799900", step_free=True)
    event = evening(title="NeurIPS", venue=venue, group__earlier_events=21)
    EventHostFactory(event=event, organisation=OrganisationFactory(name="Google"))
    MembershipFactory(group=event.group, user=UserFactory(name="Ada"), role="organiser")
    text = page("/events/evening/")
    for words in (
        "Meetup number 22: ",
        "Tuesday 24 March 2026",
        "19:00",
        "21:00",
        "Singapore time",
        "Google Singapore",
    ):
        assert words in text
    assert "117371 Singapore" in text
    assert "mlat=1.276100&amp;mlon=103.799900" in text
    assert "Step-free" in text
    assert "Organised by" in text


@pytest.mark.parametrize(
    ("status", "offset", "words"),
    [
        ("published", WEEK, "Open to anyone"),
        ("published", dt.timedelta(hours=-1), "It is on"),
        ("published", -WEEK, "This meetup is over"),
        ("cancelled", WEEK, "This meetup will not take place."),
        ("cancelled", -WEEK, "This meetup will not take place."),
        ("postponed", WEEK, "The new date follows."),
    ],
)
def test_the_card_says_where_things_stand(page: Get, status: str, offset: dt.timedelta, words: str) -> None:
    evening(status=status, starts_at=TUESDAY_EVENING + offset)
    assert words in page("/events/evening/")


def test_an_event_without_rsvp_offers_no_seat(page: Get) -> None:
    evening()
    assert "<form" not in page("/events/evening/").split("<main")[1].split("</main>")[0]


def test_a_meetup_that_is_over_leads_to_its_recap(page: Get) -> None:
    RecapFactory(event=evening(starts_at=TUESDAY_EVENING - WEEK), byline="Cy")
    text = page("/events/evening/")
    assert 'href="/events/evening/recap/"' in text
    assert "by Cy" in text


def test_an_unpublished_recap_is_not_mentioned(page: Get) -> None:
    RecapFactory(event=evening(starts_at=TUESDAY_EVENING - WEEK), published_at=None)
    assert "/recap/" not in page("/events/evening/")


def test_the_programme_speakers_and_materials_are_there(page: Get) -> None:
    event = evening()
    cy = SpeakerFactory(name="Cy", slug="cy")
    session = SessionFactory(event=event, title="Spiking networks", speakers=[cy])
    SessionResourceFactory(session=session, title="", kind="slides")
    block = BlockFactory(session__event=event, session__title="Lightning")
    talk = TalkFactory(block=block, title="Cats", speakers=[SpeakerFactory(name="李茵", is_listed=False)])
    TalkResourceFactory(talk=talk, title="Code of the cats", kind="code")
    EventResourceFactory(event=event, title="Photos of the evening")
    text = page("/events/evening/")
    for words in ("Spiking networks", 'href="/speakers/cy/"', "李茵", "Code of the cats", "Photos of the evening"):
        assert words in text
    assert "1 × 5 min" in text


def test_neighbours_and_relatives_are_linked_and_drafts_are_not(page: Get) -> None:
    event = evening()
    EventFactory(group=event.group, title="The one before", starts_at=TUESDAY_EVENING)
    EventFactory(group=event.group, title="The one after", starts_at=TUESDAY_EVENING + 2 * WEEK)
    EventFactory(title="Its recap", related_event=event, relation="recap", starts_at=TUESDAY_EVENING + 3 * WEEK)
    EventFactory(title="A draft", related_event=event, relation="recap", status="draft")
    text = page("/events/evening/")
    for words in ("The one before", "The one after", "Its recap"):
        assert words in text
    assert "A draft" not in text


def test_what_it_belongs_to_is_hidden_while_a_draft(page: Get) -> None:
    evening(related_event=EventFactory(title="A draft", status="draft"), relation="extension")
    assert "A draft" not in page("/events/evening/")


def test_calendars_are_offered_in_the_head_and_in_menus(page: Get) -> None:
    evening(title="NeurIPS")
    text = page("/events/evening/")
    assert (
        '<link rel="alternate" type="text/calendar" title="NeurIPS" href="https://lectern.example/calendars/events/evening.ics">'
        in text
    )
    assert "calendar.google.com" in text


def test_the_online_address_is_not_on_the_page(page: Get) -> None:
    evening(format="online", venue=None, online_url="https://meet.example/secret")
    assert "meet.example" not in page("/events/evening/")


def test_linked_data_cannot_end_its_own_block(page: Get) -> None:
    evening(title="</script><script>alert(1)</script>")
    text = page("/events/evening/")
    assert "<script>alert" not in text
    assert "\\u003C/script\\u003E" in text


def test_breaks_and_socials_say_no_more_than_their_name(page: Get) -> None:
    event = evening()
    SessionFactory(event=event, title="Doors", kind="social")
    SessionFactory(event=event, title="Tea", kind="break")
    text = page("/events/evening/")
    assert text.count('class="agenda__break"') == 2
    assert "kind--" not in text


def test_a_cancelled_event_promises_neither_programme_nor_slides(page: Get) -> None:
    evening(status="cancelled")
    text = page("/events/evening/")
    assert "No programme yet" not in text
    assert "Slides" not in text


def test_an_event_over_midnight_names_both_days(page: Get) -> None:
    evening(starts_at=TUESDAY_EVENING + dt.timedelta(hours=4), ends_at=TUESDAY_EVENING + dt.timedelta(hours=7))
    text = page("/events/evening/")
    assert "Tuesday 17 March 2026" in text
    assert "Wednesday 18 March 2026" in text


def test_an_event_of_an_unlisted_group_is_kept_out_of_search_engines(page: Get) -> None:
    evening(group__is_listed=False)
    assert '<meta name="robots" content="noindex">' in page("/events/evening/")


@pytest.mark.parametrize("slug", ["none", "draft"])
def test_drafts_and_unknown_events_are_not_found(dee: Client, slug: str) -> None:
    EventFactory(slug="draft", status="draft")
    assert dee.get(f"/events/{slug}/").status_code == 404


def test_the_same_queries_for_one_session_and_for_three(
    dee: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    event = evening()

    def more() -> None:
        session = SessionFactory(event=event, speakers=[SpeakerFactory()], topics=[TopicFactory()])
        SessionResourceFactory(session=session)
        talk = TalkFactory(
            block=BlockFactory(session__event=event), speakers=[SpeakerFactory()], topics=[TopicFactory()]
        )
        TalkResourceFactory(talk=talk)
        EventHostFactory(event=event)
        EventResourceFactory(event=event)
        event.topics.add(TopicFactory())
        MembershipFactory(group=event.group, role="organiser", user=UserFactory(name="Ada"))
        EventFactory(related_event=event, relation="recap", topics=[TopicFactory()])

    more()
    with django_assert_num_queries(20):
        dee.get("/events/evening/")
    more()
    more()
    with django_assert_num_queries(20):
        dee.get("/events/evening/")
