"""What every letter about an event says: when, where, who hosts it, what is on."""

import datetime as dt

import pytest
from django.utils import translation

from events.letter_basis import ProgrammeItem
from events.letters import Fact, Link, event_letter, event_values, group_sender, plain_name, when, where
from events.models import Event, Session
from outbox.templatetags.letters import columns
from tests.factories import EventFactory, GroupFactory, SessionFactory, SpeakerFactory, VenueFactory

pytestmark = pytest.mark.django_db

SEVEN = dt.datetime(2026, 3, 19, 11, 0, tzinfo=dt.UTC)  # 19:00 in Singapore, a Thursday


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def test_when_names_day_times_and_whose_clock_it_is():
    event = EventFactory(starts_at=SEVEN, ends_at=SEVEN + dt.timedelta(hours=2))
    assert when(event) == Fact("When", "Thursday 19 March 2026, 19:00 to 21:00", ("Singapore time (UTC+8)",))


def test_over_midnight_both_days_are_named():
    event = EventFactory(starts_at=SEVEN, ends_at=SEVEN + dt.timedelta(hours=6))
    assert when(event).headline == "Thursday 19 March 2026, 19:00, to Friday 20 March 2026, 01:00"


@pytest.mark.parametrize(
    ("zone", "words"),
    [("Europe/Berlin", "Berlin time (CET)"), ("Asia/Kolkata", "India time (IST)"), ("UTC", "UTC")],
)
def test_the_clock_has_the_name_people_know(zone, words):
    assert when(EventFactory(starts_at=SEVEN, time_zone=zone)).details == (words,)


def test_chinese_has_chinese_days():
    with translation.override("zh-hans"):
        fact = when(EventFactory(starts_at=SEVEN))
    assert (fact.label, fact.headline[:14], fact.details) == ("时间", "2026年3月19日 星期四", ("新加坡时间（UTC+8）",))


def test_where_is_the_place_with_address_directions_and_a_map():
    venue = VenueFactory(name="Loft", directions="Level 3,\n*left*.", latitude="1.5", longitude="103.25")
    venue.refresh_from_db()
    [fact] = where(EventFactory(venue=venue), is_online=False)
    address = "https://www.openstreetmap.org/?mlat=1.5&mlon=103.25#map=17/1.5/103.25"
    details = ("1 Example Street, 117371 Singapore", "Level 3, left.")
    assert fact == Fact("Where", "Loft", details, Link("Map", address))


@pytest.mark.parametrize(
    ("format_", "has_venue", "is_online", "expected"),
    [
        (Event.Format.IN_PERSON, False, False, []),
        (Event.Format.ONLINE, True, False, [Fact("Where", "Online")]),
        (Event.Format.HYBRID, False, False, [Fact("Where", "Also online")]),
        (Event.Format.HYBRID, True, True, [Fact("Where", "Online")]),
        (
            Event.Format.HYBRID,
            True,
            False,
            [Fact("Where", "Loft", ("1 Example Street, 117371 Singapore", "Also online"))],
        ),
    ],
)
def test_where_tells_who_meets_from_who_joins(format_, has_venue, is_online, expected):
    venue = VenueFactory(name="Loft") if has_venue else None
    assert where(EventFactory(format=format_, venue=venue), is_online=is_online) == expected


def test_endless_directions_are_cut_between_words():
    venue = VenueFactory(directions="turn left " * 100)
    [fact] = where(EventFactory(venue=venue), is_online=False)
    assert (fact.details[1][-6:], len(fact.details[1]) <= 302) == ("left …", True)


def test_the_group_line_counts_the_meetups():
    group = GroupFactory(name="TFDL", earlier_events=21)
    event = EventFactory(group=group)
    assert str(event_values(event)["group_line"]) == "TFDL, meetup 22"


def test_the_number_in_a_letter_is_the_one_on_the_page():
    group = GroupFactory(name="TFDL", earlier_events=3)
    for fields in ({}, {"is_numbered": False}, {"status": "draft"}, {"status": "cancelled"}, {"status": "postponed"}):
        EventFactory(group=group, starts_at=SEVEN, **fields)
    events = Event.objects.with_number().select_related("group").order_by("id")
    lines = [str(event_values(event)["group_line"]) for event in events]
    assert lines == ["TFDL, meetup 4", "TFDL", "TFDL", "TFDL", "TFDL, meetup 5"]
    assert [event.number for event in events] == [4, None, None, None, 5]


def test_the_programme_has_what_is_on_and_has_a_time():
    event = EventFactory(starts_at=SEVEN)
    SessionFactory(event=event, title="Doors", kind=Session.Kind.SOCIAL)
    SessionFactory(event=event, title="Off", status=Session.Status.CANCELLED)
    SessionFactory(event=event, title="Some day", starts_at=None)
    late = SEVEN + dt.timedelta(hours=1)
    SessionFactory(
        event=event, title="关于时间", number="2.", starts_at=late, language="zh-Hans", speakers=cy_and_dee()
    )
    programme = event_values(event)["programme"]
    assert programme.items == (
        ProgrammeItem("19:00", "Doors", is_pause=True),
        ProgrammeItem("20:00", "2. 关于时间", speakers="Cy; Dee", language="zh-Hans"),
    )


def cy_and_dee():
    return [SpeakerFactory(name="Cy"), SpeakerFactory(name="Dee")]


def test_of_a_long_programme_the_beginning_is_shown():
    event = EventFactory()
    for _number in range(14):
        SessionFactory(event=event)
    programme = event_values(event)["programme"]
    assert (len(programme.items), programme.more) == (12, 2)


def test_values_alone_ask_nothing(django_assert_num_queries):
    event = EventFactory()
    with django_assert_num_queries(0):
        event_values(event)


def test_what_was_typed_is_one_line():
    venue = VenueFactory(name="Loft\nWhen  never\u2028")
    event = EventFactory(title="Talks\r\n\r\nWhen  never", venue=venue, language='en" id="')
    values = event_values(event)
    assert (values["title"], values["language"]) == ("Talks When never", "")
    assert values["facts"][1].headline == "Loft When never"


def test_no_value_makes_lines_of_its_own_in_text():
    rows = [Fact("Where\nWhen", "Loft\n\nWhen  never"), Link("Go", "https://lectern.example/")]
    assert columns(rows) == "Where When  Loft When never\nGo          https://lectern.example/"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Bo", "Bo"),
        ("J.R. O’Neil-Müller (he/him)", "J.R. O’Neil-Müller (he/him)"),
        ("王伟", "王伟"),
        ("[click](https://evil.example)", "click https evil example"),
        ("www.evil.example", "www evil example"),
        ("evil.example", "evil example"),
        ("pay@evil", "pay evil"),
        ("Bo\nBcc: dee", "Bo Bcc: dee"),
    ],
)
def test_a_name_is_nothing_a_mail_program_would_link(typed, shown):
    assert plain_name(typed) == shown


@pytest.mark.parametrize(
    ("name", "sender"),
    [
        ("TFDL", '"TFDL" <hello@lectern.example>'),
        ('Ada, "Bo" \\ Cy', '"Ada, \\"Bo\\" \\\\ Cy" <hello@lectern.example>'),
        ("TFDL\r\nBcc: dee@example.org", '"TFDL Bcc dee example org" <hello@lectern.example>'),
        ("TFDL\r\nBcc: dee", '"TFDL Bcc: dee" <hello@lectern.example>'),
        ("深度学习", '"深度学习" <hello@lectern.example>'),
        ("Node.js", '"Node.js" <hello@lectern.example>'),
        ("\n", "hello@lectern.example"),
    ],
)
def test_letters_come_from_the_group_at_the_sites_address(settings, name, sender):
    settings.DEFAULT_FROM_EMAIL = "Lectern <hello@lectern.example>"
    assert group_sender(name) == sender


def test_a_sender_always_fits_into_its_row():
    address = "a" * 64 + "@" + "b" * 180 + ".example"
    assert group_sender('"' * 120, address) == '"' + '\\"' * 31 + f'" <{address}>'


def test_every_letter_about_an_event_comes_from_its_group():
    event = EventFactory(group=GroupFactory(name="TFDL"))
    assert event_letter("registration_invitation", event_values(event)).sender == '"TFDL" <hello@lectern.example>'
