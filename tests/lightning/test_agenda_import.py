"""A pasted agenda becomes a programme as a whole, invents nothing, and merges nobody without being told."""

import datetime as dt
from typing import Any

import pytest

from core.errors import RuleViolation
from events.agenda_text.result import Agenda, Item, Link, Person
from events.models import Event, Session
from lightning.models import Talk
from lightning.selectors.agenda import propose_speakers, undoubted
from lightning.services.agenda_import import MAX_ITEMS, Imported, import_agenda
from speakers.models import Speaker, Topic
from tests.factories import EventFactory, RoomFactory, SessionFactory, SpeakerFactory, SpeakerLinkFactory, TopicFactory

pytestmark = pytest.mark.django_db

CY, DEE = Person("Cy Ng", "NUS"), Person("Dee")
EVENING = Agenda(
    sessions=(
        Item(line=1, kind="social", title="Doors", starts="19:00"),
        Item(
            line=2,
            title="Spikes",
            starts="19:20",
            number="2",
            speakers=(CY, DEE),
            links=(Link("", "https://arxiv.org/abs/1"), Link("Slides", "https://cy.example/spikes")),
            topics=("Research", "XLA"),
            notes="- a\n- b",
        ),
        Item(
            line=6,
            kind="lightning",
            title="Round",
            starts="20:30",
            talks=(
                Item(line=7, title="First", speakers=(CY,), links=(Link("github", "https://github.com/cy/x"),)),
                Item(line=8, speakers=(Person("Ta"),), notes="no title yet", topics=("xla",)),
            ),
        ),
    )
)


def evening(**fields: Any) -> Event:
    """A draft from 19:00 to 21:15 in Singapore."""
    starts_at = dt.datetime(2026, 11, 19, 11, 0, tzinfo=dt.UTC)
    ends_at = starts_at + dt.timedelta(hours=2, minutes=15)
    return EventFactory(**{"status": "draft", "starts_at": starts_at, "ends_at": ends_at} | fields)


def text_of(*items: Item) -> Agenda:
    return Agenda(sessions=items)


def refused(agenda: Agenda, now: dt.datetime, event: Event | None = None) -> RuleViolation:
    """The refusal, after looking that nothing was left behind."""
    event = event or evening()
    before = (event.sessions.count(), Speaker.objects.count(), Topic.objects.count())
    with pytest.raises(RuleViolation) as refusal:
        import_agenda(event=event, agenda=agenda, now=now)
    assert (event.sessions.count(), Speaker.objects.count(), Topic.objects.count()) == before
    return refusal.value


def test_it_says_what_came_of_the_text(now):
    result = import_agenda(event=evening(), agenda=EVENING, now=now)
    assert result == Imported(sessions=3, talks=2, speakers=3, new_speakers=3, links=3, topics=2)


def test_sessions_stand_in_order_at_their_instants_with_the_lengths_the_timetable_says(now):
    event = evening()
    import_agenda(event=event, agenda=EVENING, now=now)
    rows = event.sessions.in_order().values_list("kind", "title", "number", "starts_at", "minutes", "position")
    day = dt.datetime(2026, 11, 19, tzinfo=dt.UTC)
    assert list(rows) == [
        ("social", "Doors", "", day.replace(hour=11), 20, 0),
        ("talk", "Spikes", "2", day.replace(hour=11, minute=20), 70, 1),
        ("lightning", "Round", "", day.replace(hour=12, minute=30), 45, 2),
    ]


def test_a_session_gets_its_speakers_links_topics_and_notes(now):
    event = evening()
    import_agenda(event=event, agenda=EVENING, now=now)
    spikes = event.sessions.get(title="Spikes")
    assert list(spikes.session_speakers.values_list("speaker__name", "affiliation")) == [("Cy Ng", "NUS"), ("Dee", "")]
    assert list(spikes.resources.values_list("kind", "title", "url")) == [
        ("paper", "", "https://arxiv.org/abs/1"),
        ("slides", "Slides", "https://cy.example/spikes"),
    ]
    assert sorted(spikes.topics.values_list("name", flat=True)) == ["Research", "XLA"]
    assert (spikes.abstract, spikes.room) == ("- a\n- b", None)


def test_a_round_gets_a_block_and_its_talks_in_the_order_of_the_text(now):
    event = evening()
    import_agenda(event=event, agenda=EVENING, now=now)
    block = event.sessions.get(kind="lightning").block
    assert (block.talk_minutes, block.changeover_minutes, block.slots) == (5, 0, 9)
    assert list(block.talks.in_lineup().values_list("position", "title", "notes", "state", "speakers__name")) == [
        (0, "First", "", "accepted", "Cy Ng"),
        (1, "", "no title yet", "accepted", "Ta"),
    ]


def test_a_name_that_comes_twice_is_one_speaker(now):
    import_agenda(event=evening(), agenda=EVENING, now=now)
    cy = Speaker.objects.get(name="Cy Ng")
    assert (cy.sessions.count(), cy.talks.count(), cy.affiliations.get().organisation) == (1, 1, "NUS")


def test_one_name_with_two_affiliations_is_two_speakers(now):
    agenda = text_of(
        Item(line=1, title="A", speakers=(Person("Cy", "NUS"),)),
        Item(line=2, title="B", speakers=(Person("Cy", "SAP"),)),
    )
    assert import_agenda(event=evening(), agenda=agenda, now=now).new_speakers == 2


def test_somebody_named_twice_for_one_session_speaks_once(now):
    agenda = text_of(Item(line=1, title="A", speakers=(DEE, CY, Person("dee"))))
    event = evening()
    import_agenda(event=event, agenda=agenda, now=now)
    assert list(event.sessions.get().session_speakers.values_list("speaker__name", flat=True)) == ["Dee", "Cy Ng"]


def test_a_speaker_of_the_same_name_is_not_merged(now):
    SpeakerFactory(name="Cy Ng")
    import_agenda(event=evening(), agenda=EVENING, now=now)
    assert Speaker.objects.filter(name="Cy Ng").count() == 2


def test_a_speaker_who_is_said_to_be_the_same_is_used(now):
    cy = SpeakerFactory(name="Cy N.")
    result = import_agenda(event=evening(), agenda=EVENING, now=now, same_as={"cy ng": cy})
    assert (result.speakers, result.new_speakers) == (3, 2)
    assert (cy.sessions.count(), cy.talks.count()) == (1, 1)


def test_topics_are_found_whatever_their_case(now):
    xla = TopicFactory(name="XLA")
    import_agenda(event=evening(), agenda=EVENING, now=now)
    assert (Topic.objects.count(), xla.sessions.count(), xla.talks.count()) == (2, 1, 1)


def test_what_the_text_does_not_say_stays_empty(now):
    event = evening()
    import_agenda(event=event, agenda=text_of(Item(line=1, title="A"), Item(line=2, kind="lightning")), now=now)
    rows = event.sessions.in_order().values_list("title", "starts_at", "minutes", "number", "abstract", "room", "track")
    assert list(rows) == [("A", None, None, "", "", None, None), ("lightning", None, None, "", "", None, None)]
    assert event.sessions.get(kind="lightning").block.slots is None


def test_a_session_without_a_title_is_called_by_its_speakers(now):
    event = evening()
    import_agenda(event=event, agenda=text_of(Item(line=1, speakers=(CY, DEE))), now=now)
    assert event.sessions.get().title == "Cy Ng, Dee"


def test_talks_inside_an_item_make_it_a_round(now):
    event = evening()
    import_agenda(event=event, agenda=text_of(Item(line=1, kind="talk", title="A", talks=(Item(line=2),))), now=now)
    assert (event.sessions.get().kind, Talk.objects.count()) == ("lightning", 1)


def test_talks_of_an_evening_that_is_over_may_be_marked_as_given(now):
    import_agenda(event=evening(), agenda=EVENING, now=now, talk_state=Talk.State.GIVEN)
    assert set(Talk.objects.values_list("state", flat=True)) == {"given"}


def test_a_published_event_without_a_programme_takes_one(now):
    assert import_agenda(event=evening(status="published"), agenda=EVENING, now=now).sessions == 3


def test_a_second_import_is_refused_and_duplicates_nothing(now):
    event = evening()
    import_agenda(event=event, agenda=EVENING, now=now)
    assert refused(EVENING, now, event).code == "programme_not_empty"


def test_an_event_with_a_session_of_its_own_is_refused(now):
    assert refused(EVENING, now, SessionFactory(event=evening()).event).code == "programme_not_empty"


def test_a_cancelled_event_is_refused(now):
    assert refused(EVENING, now, evening(status="cancelled")).code == "cancelled"


def test_a_text_without_sessions_is_refused(now):
    assert refused(Agenda(), now).code == "nothing_found"


def test_a_text_with_too_many_items_is_refused(now):
    many = tuple(Item(line=i, title="x") for i in range(MAX_ITEMS))
    assert refused(text_of(Item(line=0, kind="lightning", talks=many)), now).code == "too_many_items"


def test_a_time_outside_the_event_is_refused_with_its_line(now):
    refusal = refused(text_of(Item(line=4, title="Breakfast", starts="07:00"), Item(line=5, title="A")), now)
    assert (refusal.code, refusal.message) == (
        "outside_event",
        (
            "The event lasts from 2026-11-19 19:00 to 2026-11-19 21:15 (Asia/Singapore), "
            "and this lies outside: line 4: 07:00 “Breakfast”."
        ),
    )


def test_a_round_too_short_for_its_talks_is_refused_with_its_line(now):
    talks = tuple(Item(line=10 + i, title="x") for i in range(7))
    refusal = refused(
        text_of(Item(line=9, kind="lightning", title="Round", starts="19:00", minutes=30, talks=talks)), now
    )
    assert (refusal.code, refusal.message) == (
        "block_full",
        "Line 9: “Round” has 30 minutes, too few for 7 talks of 5 minutes.",
    )


@pytest.mark.parametrize(
    ("item", "field"),
    [
        (Item(line=3, title="x" * 251), "title"),
        (Item(line=3, title="A", number="x" * 13), "number"),
        (Item(line=3, title="A", links=(Link("", "https://x.example/" + "x" * 500),)), "url"),
        (Item(line=3, title="A", links=(Link("", "javascript:alert(1)"),)), "url"),
        (Item(line=3, title="A", links=(Link("x" * 201, "https://x.example/"),)), "title"),
        (Item(line=3, title="A", speakers=(Person("x" * 121),)), "name"),
        (Item(line=3, title="A", speakers=(Person("Cy", "x" * 161),)), "organisation"),
        (Item(line=3, title="A", speakers=(Person("\x00"),)), "name"),
        (Item(line=3, title="A", topics=("x" * 81,)), "name"),
        (Item(line=3, title="A", kind="opera"), "kind"),
        (Item(line=1, kind="lightning", talks=(Item(line=3, title="x" * 251),)), "title"),
    ],
)
def test_what_the_database_could_not_hold_is_refused_with_its_line(item, field, now):
    refusal = refused(text_of(Item(line=1, title="fine", speakers=(DEE,), topics=("New",)), item), now)
    assert (refusal.code, refusal.message.partition(": ")[0]) == ("bad_value", "Line 3")
    assert refusal.message.split(": ")[1] == field


def test_nul_bytes_never_reach_the_database(now):
    event = evening()
    import_agenda(event=event, agenda=text_of(Item(line=1, title="A\x00B", notes="a\x00b")), now=now)
    assert list(event.sessions.values_list("title", "abstract")) == [("A B", "ab")]


def test_sessions_of_a_draft_have_never_been_in_a_calendar(now):
    event = evening()
    import_agenda(event=event, agenda=EVENING, now=now)
    assert set(Session.objects.values_list("sequence", flat=True)) == {0}


def test_known_speakers_are_proposed_by_name_and_by_link():
    cy, owner = SpeakerFactory(name="cy ng"), SpeakerFactory(name="Somebody")
    SpeakerLinkFactory(speaker=owner, url="https://github.com/cy")
    proposals = [(p.name, p.speaker, p.by) for p in propose_speakers(EVENING)]
    assert proposals == [("Cy Ng", cy, "name"), ("Cy Ng", owner, "link")]


def test_a_link_beside_two_speakers_tells_nothing():
    SpeakerLinkFactory(url="https://cy.example/spikes")
    assert propose_speakers(EVENING) == ()


def test_only_a_full_name_or_a_link_that_means_one_speaker_is_beyond_doubt():
    cy, _ta, owner = SpeakerFactory(name="Cy Ng"), SpeakerFactory(name="Ta"), SpeakerFactory(name="Dee D.")
    SpeakerLinkFactory(speaker=owner, url="https://dee.example/me")
    agenda = text_of(*EVENING.sessions, Item(line=9, speakers=(DEE,), links=(Link("", "https://dee.example/me/x"),)))
    assert undoubted(propose_speakers(agenda)) == {"Cy Ng": cy, "Dee": owner}


def test_two_speakers_of_one_name_are_in_doubt():
    SpeakerFactory(name="Cy Ng")
    SpeakerFactory(name="Cy Ng")
    assert undoubted(propose_speakers(EVENING)) == {}


@pytest.mark.parametrize("speakers", [1, 3])
def test_proposals_take_three_queries(speakers, django_assert_num_queries):
    SpeakerFactory.create_batch(speakers, name="Cy Ng")
    with django_assert_num_queries(3):
        assert len(propose_speakers(EVENING)) == speakers


def test_open_pages_are_told_once_however_long_the_programme(now, django_capture_on_commit_callbacks):
    event = evening()
    with django_capture_on_commit_callbacks() as calls:
        import_agenda(event=event, agenda=EVENING, now=now)
    assert len(calls) == 1


def test_what_no_text_holds_may_be_said_beside_it(now):
    room = RoomFactory()
    event = evening(venue=room.venue, rooms=[room])
    import_agenda(event=event, agenda=EVENING, now=now, beside=[{}, {"room": room, "level": "advanced"}, {}])
    assert list(event.sessions.in_order().values_list("room", "level")) == [
        (None, ""),
        (room.pk, "advanced"),
        (None, ""),
    ]
