"""Whom lightning rounds remind: who is told of a slot, and who stands by."""

import datetime as dt

import pytest

from events.audiences import Asked, Facts, Part, Reader
from events.models import Event
from events.reminder_slots import Person
from lightning.models import Talk
from lightning.services.reminders import ON_STAND_BY, WITH_A_SLOT, OfTalks
from tests.factories import BlockFactory, EventFactory, SessionFactory, SpeakerFactory, TalkFactory, UserFactory

pytestmark = pytest.mark.django_db
SLOTS, STAND_BY = OfTalks(WITH_A_SLOT), OfTalks(ON_STAND_BY)
FIVE, SIX = dt.timedelta(minutes=5), dt.timedelta(minutes=6)


@pytest.fixture
def block():
    """A round that begins with its event."""
    return BlockFactory(session=SessionFactory(event=EventFactory(), kind="lightning", minutes=60, title="Round"))


def told(audience: OfTalks, event: Event, reader: Reader) -> Facts | None:
    return audience.facts([Asked(event, reader)])(event, reader)


def test_of_all_states_only_a_confirmed_slot_and_stand_by_are_told(block):
    for state in Talk.State.values:
        TalkFactory(block=block, state=state, speakers=[SpeakerFactory(email=f"{state}@example.org")])
    TalkFactory(block=block, position=None, speakers=[SpeakerFactory(email="loose@example.org")])
    event = [block.session.event_id]
    found = [[person.address for person in audience.people(event)] for audience in (SLOTS, STAND_BY)]
    assert found == [["confirmed@example.org"], ["stand_by@example.org"]]


def test_each_talk_counts_from_its_own_slot(block):
    cy = SpeakerFactory(user=UserFactory(email="cy@example.org", language="de", time_zone="Europe/Berlin"))
    first, second = (TalkFactory(block=block, speakers=[cy]) for _ in range(2))
    start, event = block.session.starts_at, block.session.event
    account = (cy.user_id, "cy@example.org", "de", "Europe/Berlin", None)
    assert SLOTS.people([event.pk]) == [
        Person(event.pk, first.talk_speakers.get().pk, *account, start),
        Person(event.pk, second.talk_speakers.get().pk, *account, start + SIX),
    ]
    facts = told(SLOTS, event, Reader(cy.user_id, "cy@example.org"))
    assert facts.parts == (
        Part(first.title, start, start + FIVE),
        Part(second.title, start + SIX, start + SIX + FIVE),
    )


def test_who_stands_by_reads_when_the_round_begins(block):
    TalkFactory(block=block, state="stand_by", title="", speakers=[SpeakerFactory(email="cy@example.org")])
    facts = told(STAND_BY, block.session.event, Reader(None, "CY@example.org"))
    assert facts.parts == (Part("Round", block.session.starts_at),)


def test_a_round_that_is_called_off_reminds_nobody(block):
    speaker = SpeakerFactory(email="cy@example.org")
    TalkFactory(block=block, speakers=[speaker])
    type(block.session).objects.update(status="cancelled")
    assert SLOTS.people([block.session.event_id]) == []
    assert told(SLOTS, block.session.event, Reader(None, "cy@example.org")) is None


def test_events_of_a_speaker_in_the_coming_days(block):
    cy = SpeakerFactory(user=UserFactory())
    TalkFactory(block=block, speakers=[cy])
    TalkFactory(block=block, speakers=[cy])
    start, event = block.session.event.starts_at, block.session.event_id
    reader, dee = Reader(cy.user_id, "cy@example.org"), Reader(cy.user_id + 1, "dee@example.org")
    assert list(SLOTS.events_of([reader, dee], start - SIX, start)) == [(reader, event)]
    assert list(SLOTS.events_of([reader, dee], start, start + SIX)) == []


@pytest.mark.parametrize("count", [1, 3])
def test_reading_takes_the_same_queries_for_one_and_three(block, count, django_assert_num_queries):
    for _ in range(count):
        TalkFactory(block=block, speakers=[SpeakerFactory(user=UserFactory())])
    with django_assert_num_queries(2):
        assert len(SLOTS.people([block.session.event_id])) == count
