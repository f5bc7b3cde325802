"""The demo is made by the import from the five texts, once; later it only moves what is over."""

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import User
from core.fingerprint import fingerprint
from events.models import Event, Group, Membership, Recap, Session
from events.services.events import publish_event, revise_event
from lightning.models import Block, Talk
from lightning.schedule_document import build_schedule_document, schedule_bytes
from lightning.services.demo import ORGANISER, PASSWORD, Loaded, load_demo
from speakers.models import Speaker, Topic

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 11, 17, 18, 7, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[Loaded]:
    """The demo as of NOW, made once for this file: it is some four thousand queries."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_demo(now=NOW)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _demo(loaded: Loaded, db: None) -> None:
    """Every test sees the demo and, at its end, puts back what it changed."""


def event(slug: str) -> Event:
    return Event.objects.get(slug=slug)


def programme(slug: str) -> list[tuple[Any, ...]]:
    """Local time, length, kind, title, number and room of each session."""
    this = event(slug)
    return [
        (
            s.starts_at and f"{s.starts_at.astimezone(this.zone):%H:%M}",
            s.minutes,
            s.kind,
            s.title,
            s.number,
            s.room and s.room.name,
        )
        for s in this.sessions.in_order().select_related("room")
    ]


def everything() -> str:
    """A fingerprint of all rows of the demo."""
    rows = (Event, Session, Block, Talk, Speaker, Topic, Group, Membership, Recap, User)
    return fingerprint(*(model.objects.all() for model in rows))


def test_the_counts_of_all_five_texts_are_told(loaded):
    assert [(text.name, text.sessions, text.talks) for text in loaded.texts] == [
        ("2017-io-highlights.txt", 12, 0),
        ("2018-dev-summit-recap.txt", 7, 0),
        ("2019-neurips-meetup.txt", 8, 8),
        ("2019-dev-summit-recap.txt", 5, 0),
        ("apac-expert-day.txt", 4, 23),
    ]
    assert all(text.not_understood for text in loaded.texts)


def test_the_evening_on_neurips_is_number_22_of_its_group():
    evening = event("neurips-and-the-cutting-edge")
    earlier = evening.group.events.published().filter(is_numbered=True, starts_at__lt=evening.starts_at).count()
    assert (evening.group.earlier_events + earlier + 1, evening.hosts.get().name) == (22, "Google Singapore")
    assert programme(evening.slug) == [
        ("19:00", 20, "social", "Doors, food and drinks", "", None),
        ("19:20", 35, "talk", "Advances in Unsupervised and Self Supervised Learning", "", "Hall"),
        ("19:55", 35, "talk", "SLAYER for Deep Spiking Neural Network", "", "Hall"),
        ("20:30", 15, "break", "Break", "", None),
        ("20:45", 15, "talk", "NeurIPS Lightning Talks", "", "Hall"),
        ("21:00", 15, "social", "Questions", "", None),
    ]


def test_the_speakers_of_that_evening_come_with_what_the_text_says_of_them():
    parts = event("neurips-and-the-cutting-edge").sessions.in_order().exclude(speakers=None)
    assert list(parts.values_list("speakers__name", "session_speakers__affiliation")) == [
        ("Sam Witteveen", ""),
        ("Sumit Bam Shrestha", "NUS"),
        ("Martin Andrews", "Red Cat Labs"),
    ]


def test_martin_andrews_is_one_speaker_in_two_texts():
    martin = Speaker.objects.get(name="Martin Andrews")
    events = {s.event.slug for s in martin.sessions.all()} | {t.block.session.event.slug for t in martin.talks.all()}
    assert events == {"neurips-and-the-cutting-edge", "apac-expert-day"}


def test_the_expert_day_has_23_talks_in_27_slots_of_five_minutes():
    round_ = event("apac-expert-day").sessions.get(kind="lightning")
    talks = list(round_.block.talks.in_lineup())
    times = round_.block.times
    assert (round_.block.slots, times.slot_minutes, [talk.position for talk in talks]) == (27, 5, list(range(23)))
    assert {talk.state for talk in talks} == {"given"}
    last = times.planned_end(round_.starts_at, 26).astimezone(round_.event.zone)
    assert f"{last:%H:%M}" == "15:30"


def test_the_expert_day_begins_with_what_its_text_says():
    day = [row[:5] for row in programme("apac-expert-day") if row[2] in ("keynote", "talk")]
    assert day == [
        ("09:15", 45, "keynote", "Keynote", ""),
        ("10:30", 45, "talk", "XLA", ""),
        ("11:15", 45, "talk", "TensorFlow High-Level API", ""),
    ]


def test_the_summit_of_2019_has_the_timetable_of_the_text_and_a_recap_elsewhere():
    assert programme("tensorflow-dev-summit-2019") == [
        ("09:50", 55, "lightning", "5-minute talks", "", None),
        ("10:45", 30, "talk", "Hacker Room", "", None),
        ("11:15", 45, "talk", "TF2.0 and porting models", "", None),
        ("12:00", 75, "break", "Lunch with Community contributions panel", "", None),
        ("13:15", 75, "talk", "Research and the Future", "", None),
    ]
    recap = event("tf-2019-summit-recap")
    assert (recap.relation, recap.related_event.slug) == ("recap", "tensorflow-dev-summit-2019")
    assert [row[3] for row in programme(recap.slug)] == [
        "In Codice Ratio",
        "Reinforcement Learning",
        "TF Probability",
        "Airbnb",
        "轻量化",
    ]


def test_the_recap_of_2018_picks_five_numbered_sessions_from_the_summit():
    recap = event("tf-dev-summit-2018-recap")
    picks = recap.sessions.in_order().exclude(picked_from=None)
    assert list(picks.values_list("number", "picked_from__number", "picked_from__event__slug")) == [
        (number, number, "tensorflow-dev-summit-2018") for number in ("9", "10", "11", "13", "19")
    ]


def test_the_highlights_of_2017_have_tracks_and_three_codelabs():
    highlights = event("io-2017-highlights")
    tracks = {track.name: track.sessions.count() for track in highlights.tracks.all()}
    assert tracks == {"High-level": 6, "Low-level": 3, "Codelabs": 3}
    assert list(highlights.sessions.filter(kind="codelab").in_order().values_list("minutes", flat=True)) == [22, 55, 55]
    assert set(highlights.sessions.values_list("speakers__name", flat=True)) == {"李茵"}


def test_five_events_that_are_over_have_a_recap():
    assert sorted(Recap.objects.values_list("event__slug", flat=True)) == [
        "apac-expert-day",
        "io-2017-highlights",
        "neurips-and-the-cutting-edge",
        "tf-2019-summit-recap",
        "tf-dev-summit-2018-recap",
    ]


def test_ten_events_are_yet_to_come_in_every_status_and_format():
    coming = list(Event.objects.published().listed().upcoming(now=NOW))
    assert len(coming) == 10
    assert {e.status for e in coming} == {"published", "postponed", "cancelled"}
    assert {e.format for e in coming} == {"in_person", "online", "hybrid"}
    assert coming[-1].starts_at < NOW + dt.timedelta(weeks=10)


def test_one_event_is_under_way_with_a_round_on_stage():
    (running,) = Event.objects.filter(starts_at__lte=NOW, ends_at__gt=NOW)
    on_now = running.sessions.get(starts_at__lte=NOW, ends_at__gt=NOW)
    assert (on_now.kind, on_now.block.slots, on_now.block.talks.in_lineup().count()) == ("lightning", 12, 8)


@pytest.mark.parametrize("hour", [0, 5, 14, 15, 16, 23])  # 14 to 16: around midnight in Singapore
def test_whatever_the_hour_the_running_event_can_be_made(hour):
    Event.objects.filter(slug="follow-the-sun").update(
        starts_at=NOW - dt.timedelta(days=3), ends_at=NOW - dt.timedelta(days=2)
    )
    now = NOW.replace(hour=hour)
    assert load_demo(now=now).moved == ("follow-the-sun",)
    assert event("follow-the-sun").ends_at > now


def test_nobody_speaks_without_a_topic():
    assert list(Speaker.objects.filter(topics=None).values_list("name", flat=True)) == []


def test_topics_form_a_tree():
    chain = Topic.objects.get(name="XLA")
    assert (chain.parent.name, chain.parent.parent.name) == ("TensorFlow", "Machine learning")


def test_the_organiser_signs_in_with_the_printed_password_and_a_confirmed_address():
    ada = User.objects.get(email=ORGANISER)
    assert (ada.check_password(PASSWORD), ada.is_staff, ada.is_superuser) == (True, True, False)
    address = EmailAddress.objects.get(user=ada)
    assert (address.email, address.verified, address.primary) == (ORGANISER, True, True)


def test_rights_differ_between_the_cast():
    roles = Membership.objects.order_by("user__email", "role").values_list("user__email", "role").distinct()
    assert sorted(set(roles)) == [
        ("ada@lectern.example", "organiser"),
        ("bo@lectern.example", "member"),
        ("cy@lectern.example", "member"),
        ("root@lectern.example", "organiser"),
    ]
    assert Speaker.objects.get(user__email="cy@lectern.example").name == "Cy Osei"


def test_no_address_of_a_real_person_is_stored():
    assert list(Speaker.objects.exclude(email="")) == []


def test_every_schedule_document_can_be_built():
    for one in Event.objects.select_related("group", "venue"):
        assert schedule_bytes(build_schedule_document(one))


def test_a_second_start_changes_nothing(django_assert_max_num_queries):
    before = everything()
    with django_assert_max_num_queries(4):
        assert load_demo(now=NOW + dt.timedelta(minutes=5)) == Loaded()
    assert everything() == before


def test_what_people_changed_meanwhile_stays():
    revise_event(event=event("lightweight-models"), now=NOW, title="改了")
    load_demo(now=NOW)
    assert event("lightweight-models").title == "改了"


def test_a_deleted_event_stays_deleted():
    Event.objects.filter(slug="human-in-the-loop").delete()
    assert load_demo(now=NOW + dt.timedelta(days=365)).moved
    assert not Event.objects.filter(slug="human-in-the-loop").exists()


def test_half_a_year_later_everything_is_yet_to_come_again_and_calendars_are_told():
    later = NOW + dt.timedelta(days=180)
    before = event("session-based-recommendation").sequence
    assert len(load_demo(now=later).moved) == 10
    assert Event.objects.published().upcoming(now=later).count() == 10
    moved = event("session-based-recommendation")
    assert (moved.sequence, moved.sessions.in_order()[0].starts_at) == (before + 1, moved.starts_at)


def test_events_of_the_series_move_to_third_thursdays_of_their_own():
    load_demo(now=NOW + dt.timedelta(days=180))
    starts = [e.starts_at.astimezone(e.zone) for e in Event.objects.filter(series__slug="third-thursday")]
    assert {(at.weekday(), 15 <= at.day <= 21) for at in starts} == {(3, True)}
    assert len({at.date() for at in starts}) == 2


def test_a_postponed_event_can_come_back():
    assert publish_event(event=event("demand-without-supply"), now=NOW).status == "published"


def test_the_command_prints_the_organisers_login_every_time(settings):
    settings.DEMO = True
    out = io.StringIO()
    call_command("load_demo", stdout=out)
    assert out.getvalue().splitlines()[-1] == f"Organiser login: {ORGANISER} with the password {PASSWORD}"


def test_the_command_refuses_where_nobody_asked_for_a_demo(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="published password"):
        call_command("load_demo", stdout=io.StringIO())


def test_force_loads_it_anyway(settings):
    settings.DEMO = False
    out = io.StringIO()
    call_command("load_demo", "--force", stdout=out)
    assert ORGANISER in out.getvalue()
