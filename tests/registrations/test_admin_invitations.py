"""Invitations, series and numbers in the admin."""

import datetime as dt

import pytest
from django.urls import reverse

from events.models import Event
from outbox.models import Message
from registrations.models import (
    Invitation,
    SeriesRegistration,
)
from registrations.services.series import join_series
from tests.admin_forms import ada_of, messages_of, signed_in
from tests.factories import EventFactory, GroupFactory, SeriesFactory, UserFactory
from tests.factories.registrations import RegistrationFactory
from tests.registrations.admin_cast import (
    FAR,
    page,
    row_of,
    rsvp,
    states,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("types_are_known")]


def test_people_are_invited_and_bad_addresses_stay_in_the_form(event, ada):
    answer = ada.post(page("event_invite", event.pk), {"emails": "bo@example.org, nonsense"})
    assert (answer.status_code, answer.context["form"]["emails"].value()) == (200, "nonsense")
    assert messages_of(answer) == ["1 person invited.", "Not an email address: nonsense."]
    again = ada.post(page("event_invite", event.pk), {"emails": "BO@example.org"})
    assert again.url == page("event_change", event.pk)
    assert list(Message.objects.values_list("kind", "address")) == [("registration_invitation", "bo@example.org")]


@pytest.mark.parametrize(("emails", "status"), [("", 400), (" , ;", 400), ("x" * 100_001, 400)])
def test_an_empty_or_endless_list_is_refused_on_the_field(event, ada, emails, status):
    answer = ada.post(page("event_invite", event.pk), {"emails": emails})
    assert (answer.status_code, list(answer.context["form"].errors)) == (status, ["emails"])


def test_an_event_without_rsvp_invites_nobody():
    event = EventFactory()
    assert signed_in(ada_of(event.group)).get(page("event_invite", event.pk)).url == "/admin/"


def test_the_list_of_invitations_says_who_answered(event, ada):
    row_of("invitation", event)
    Invitation.objects.create(plan=event.registration_plan, email="BO@example.org", invited_at=FAR)
    rsvp(event, "Bo")
    rows = ada.get(page("invitation_changelist")).context["cl"].queryset
    assert {row.email: row.has_registered for row in rows} == {"secret@example.org": False, "BO@example.org": True}


def test_somebody_is_taken_out_of_a_series_and_its_events_to_come(event, ada):
    series = SeriesFactory(group=event.group)
    Event.objects.update(series=series)
    bo = UserFactory(name="Bo")
    join_series(series=series, user=bo, name="Bo", now=FAR - dt.timedelta(days=9))
    row = SeriesRegistration.objects.get()
    answer = ada.post(page("seriesregistration_changelist"), {"action": "take_out", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert messages_of(answer) == ["1 person taken out."]
    assert (row.left_at is not None, states()) == (True, {"Bo": "cancelled"})


def test_the_first_page_shows_how_full_events_are_and_how_many_come(event, ada):
    rsvp(event, "Bo")
    rsvp(event, "Cy", minute=1)
    past = EventFactory(group=event.group, starts_at=FAR.replace(year=2020))
    for state in ("checked_in", "checked_in", "checked_in", "no_show"):
        RegistrationFactory(event=past, state=state)
    text = ada.get(reverse("admin:index")).content.decode()
    assert "1 of 1 in the room, 1 waiting" in text
    assert "75% came to the last event" in text
    dee = signed_in(ada_of(GroupFactory()))
    assert "came" not in dee.get(reverse("admin:index")).content.decode()


def test_the_event_and_the_group_show_the_rate_and_the_list_the_seats(event, ada):
    rsvp(event, "Bo")
    RegistrationFactory(event=EventFactory(group=event.group), state="checked_in")
    assert "100% came to the last event" in ada.get(page("event_change", event.pk)).content.decode()
    group = reverse("admin:events_group_change", args=[event.group_id])
    assert "100% came to the last event" in ada.get(group).content.decode()
    rows = ada.get(page("event_changelist"), {"q": "Third Thursday"}).context["cl"]
    assert [rows.model_admin.rsvp(row) for row in rows.queryset] == ["1/1"]
