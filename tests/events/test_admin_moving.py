"""Moving a public event: a page of its own that shows who is told what, does it, and lets it be stopped."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from events.models import ChangeNotice, Event
from events.services.events import revise_event
from events.services.notices import expand_notices
from registrations.services.invites import settle_registrations
from registrations.states import State
from tests.admin_forms import ada_of, fields_of, messages_of, save, signed_in
from tests.factories import EventFactory, SessionFactory, UserFactory, VenueFactory
from tests.factories.registrations import RegistrationFactory

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
SEVEN_IN_SINGAPORE = dt.datetime(2097, 1, 21, 11, 0, tzinfo=dt.UTC)
TO_EIGHT = {"starts_at": "2097-01-21T20:00", "ends_at": "2097-01-21T22:00"}


@pytest.fixture
def evening():
    """From seven to nine, far away, with a talk; Bo has a seat and Cy waits."""
    event = EventFactory(
        title="XLA night",
        venue=VenueFactory(name="Hall"),
        starts_at=SEVEN_IN_SINGAPORE,
        ends_at=SEVEN_IN_SINGAPORE + 2 * HOUR,
        time_zone="Asia/Singapore",
    )
    SessionFactory(event=event, starts_at=event.starts_at + HOUR)
    RegistrationFactory(event=event, user=UserFactory(email="bo@example.org"), state=State.GOING)
    RegistrationFactory(event=event, user=UserFactory(email="cy@example.org"), state=State.WAITING)
    settle_registrations(timezone.now())
    return event


@pytest.fixture
def ada(evening):
    """Signed in, an organiser of this event's group."""
    return signed_in(ada_of(evening.group))


def page(event: Event, name: str) -> str:
    return reverse(f"admin:events_event_{name}", args=[event.pk])


def look(client, event: Event, changes: dict):
    """The preview of these changes."""
    return save(client, page(event, "move"), changes)


def confirm(client, event: Event, preview):
    """Say yes to what the preview shows."""
    return client.post(page(event, "move"), fields_of(preview))


def test_the_preview_says_who_is_told_what_and_changes_nothing(evening, ada):
    before = Event.objects.values().get()
    preview = look(ada, evening, TO_EIGHT | {"venue": VenueFactory(name="Library").pk})
    assert preview.context["differences"] == [
        "starts: Mon 21 Jan 2097, 19:00 → Mon 21 Jan 2097, 20:00",
        "ends: Mon 21 Jan 2097, 21:00 → Mon 21 Jan 2097, 22:00",
        "venue: Hall → Library",
    ]
    [words] = preview.context["consequences"]
    assert words.startswith("2 people are told: 1 by an update of their calendar, 1 by mail. It goes out at ")
    assert (Event.objects.values().get(), ChangeNotice.objects.count()) == (before, 0)


def test_a_yes_does_what_was_shown_with_the_programme(evening, ada):
    answer = confirm(ada, evening, look(ada, evening, TO_EIGHT))
    assert (answer.url, messages_of(answer)) == (page(evening, "change"), ["“XLA night” is moved."])
    evening.refresh_from_db()
    assert (evening.starts_at, evening.sequence) == (SEVEN_IN_SINGAPORE + HOUR, 1)
    assert evening.sessions.get().starts_at == SEVEN_IN_SINGAPORE + 2 * HOUR
    notice = ChangeNotice.objects.get()
    assert (notice.changed, notice.by.name) == (["starts_at", "ends_at"], "Ada")
    assert evening.history.first().history_user.name == "Ada"


def test_the_programme_stays_when_nobody_ticks_it(evening, ada):
    fields = fields_of(look(ada, evening, TO_EIGHT))
    del fields["with_programme"]
    preview = ada.post(page(evening, "move"), fields)  # another wish than the one that was shown
    assert (preview.status_code, ChangeNotice.objects.count()) == (200, 0)
    data = fields_of(preview)
    assert "with_programme" not in data
    ada.post(page(evening, "move"), data)
    assert evening.sessions.get().starts_at == SEVEN_IN_SINGAPORE + HOUR
    assert Event.objects.get().starts_at == SEVEN_IN_SINGAPORE + HOUR


def test_what_was_changed_after_the_preview_is_shown_again(evening, ada):
    fields = fields_of(look(ada, evening, TO_EIGHT)) | {"ends_at": "2097-01-21T23:00"}
    again = ada.post(page(evening, "move"), fields)
    assert again.context["differences"][1] == "ends: Mon 21 Jan 2097, 21:00 → Mon 21 Jan 2097, 23:00"
    assert ChangeNotice.objects.count() == 0
    assert confirm(ada, evening, again).status_code == 302


def test_a_few_minutes_are_told_to_calendars_alone(evening, ada):
    preview = look(ada, evening, {"starts_at": "2097-01-21T19:10"})
    [words] = preview.context["consequences"]
    assert words.startswith("1 person is told: 1 by an update of their calendar, 0 by mail.")


def test_a_new_zone_keeps_what_the_clock_shows(evening, ada):
    preview = look(ada, evening, {"time_zone": "Asia/Tokyo"})
    confirm(ada, evening, preview)
    evening.refresh_from_db()
    assert (evening.time_zone, evening.starts_at) == ("Asia/Tokyo", SEVEN_IN_SINGAPORE - HOUR)


def test_nothing_changed_is_said_and_nothing_done(evening, ada):
    answer = look(ada, evening, {})
    assert (answer.status_code, messages_of(answer)) == (302, ["Nothing was changed."])


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"ends_at": "2097-01-21T18:00"}, {"__all__": ["The event ends before it starts."]}),
        ({"starts_at": ""}, {"starts_at": ["This field is required."]}),
        ({"time_zone": ""}, {"time_zone": ["This field is required."]}),
        ({"venue": "999999"}, {"venue": ["Select a valid choice. That choice is not one of the available choices."]}),
    ],
)
def test_what_cannot_be_is_said_on_the_form(evening, ada, fields, errors):
    answer = look(ada, evening, fields)
    assert (answer.status_code, answer.context["form"].errors) == (400, errors)
    assert ChangeNotice.objects.count() == 0


def test_a_refusal_stands_above_the_form(evening, ada, monkeypatch):
    preview = look(ada, evening, TO_EIGHT)
    monkeypatch.setattr("events.services.notices._note", _breaks)
    answer = confirm(ada, evening, preview)
    [text] = answer.context["form"].non_field_errors()
    assert text.startswith("Nobody could have been told of this, so nothing was changed.")
    assert Event.objects.get().starts_at == SEVEN_IN_SINGAPORE


def _breaks(*args, **kwargs):
    from django.db import DatabaseError  # noqa: PLC0415 - only here

    raise DatabaseError


def test_in_the_plain_form_date_and_place_are_read_only_once_public(evening, ada):
    form = ada.get(page(evening, "change"))
    names = fields_of(form).keys()
    assert {"starts_at", "ends_at", "time_zone", "format", "venue"} & names == set()
    assert page(evening, "move") in form.content.decode()
    save(ada, page(evening, "change"), {"starts_at": "2097-01-21T20:00", "title": "XLA evening"})
    evening.refresh_from_db()
    assert (evening.title, evening.starts_at) == ("XLA evening", SEVEN_IN_SINGAPORE)


def test_new_words_reach_calendars_when_the_tick_says_so(evening, ada):
    save(ada, page(evening, "change"), {"summary": "With pizza"})
    assert ChangeNotice.objects.count() == 0
    save(ada, page(evening, "change"), {"summary": "With cake", "tells_calendars": "on"})
    notice = ChangeNotice.objects.get()
    assert (notice.changed, notice.is_said) == (["texts"], False)


def test_a_draft_is_moved_in_its_form_and_has_no_tick():
    draft = EventFactory(status="draft")
    client = signed_in(ada_of(draft.group))
    assert "tells_calendars" not in fields_of(client.get(page(draft, "change")))
    answer = client.get(page(draft, "move"))
    assert (answer.url, messages_of(answer)) == (
        page(draft, "change"),
        ["Nobody has seen this draft: change it here."],
    )


def test_a_waiting_notice_is_seen_and_stopped(evening, ada):
    revise_event(event=evening, now=timezone.now(), venue=None)
    form = ada.get(page(evening, "change"))
    assert "Waits to be told: venue: goes out at " in form.content.decode()
    assert page(evening, "stop_notice") in form.content.decode()
    asked = ada.get(page(evening, "stop_notice"))
    assert (asked.status_code, ChangeNotice.objects.get().finished_at) == (200, None)
    answer = ada.post(page(evening, "stop_notice"))
    assert (answer.url, messages_of(answer)) == (page(evening, "change"), ["Nobody is told."])
    assert ChangeNotice.objects.get().stopped_by.name == "Ada"
    assert page(evening, "stop_notice") not in ada.get(page(evening, "change")).content.decode()
    again = ada.post(page(evening, "stop_notice"))
    assert messages_of(again)[-1] == "Nothing waits to be told."


def test_what_is_out_cannot_be_stopped(evening, ada):
    now = timezone.now()
    revise_event(event=evening, now=now, venue=None)
    while expand_notices(now + HOUR):
        pass
    assert messages_of(ada.post(page(evening, "stop_notice"))) == ["Nothing waits to be told."]


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("postpone", "2 people are told: 1 by an update of their calendar, 1 by mail. It goes out at "),
        ("cancel", "2 people are told: 1 by an update of their calendar, 1 by mail. It goes out at "),
    ],
)
def test_the_other_buttons_say_it_too(evening, ada, step, words):
    assert ada.get(page(evening, step)).context["consequences"][-1].startswith(words)


def test_publishing_a_draft_tells_nobody():
    draft = EventFactory(status="draft")
    texts = signed_in(ada_of(draft.group)).get(page(draft, "publish")).context["consequences"]
    assert [text for text in texts if "told" in text] == []


def test_only_organisers_of_the_group_move_it(evening):
    revise_event(event=evening, now=timezone.now(), venue=None)
    other = ada_of(EventFactory().group, name="Dee")
    for name in ("move", "stop_notice"):
        for client, code in ((signed_in(other), 302), (signed_in(UserFactory(name="Bo")), 302)):
            assert client.post(page(evening, name), TO_EIGHT).status_code == code
    assert ChangeNotice.objects.get().finished_at is None
    assert Event.objects.get(pk=evening.pk).starts_at == SEVEN_IN_SINGAPORE
